using Portal.Core.Kernel;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>What the platform still lacks before any invoice can be issued; what one invoice lacks is <see cref="TaxReadiness"/>'s.</summary>
public static class IssueReadiness
{
    /// <summary>The conflict <c>not_ready</c> that names all that lacks; null when nothing does.</summary>
    public static Failure? Check(PlatformSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var lacking = new List<string>();
        if (string.IsNullOrWhiteSpace(settings.Seller.LegalName))
            lacking.Add("the seller's legal name");
        if (string.IsNullOrWhiteSpace(settings.Seller.Address))
            lacking.Add("the seller's address");
        if (settings.Seller.Country is not { Length: 2 })
            lacking.Add("the seller's country");
        if (settings.Seller is { Country: "IN", TaxId: { Length: > 0 } gstin } && Gstin.Complaint(gstin, settings.Seller.StateCode) is { } complaint)
            lacking.Add($"a valid GSTIN for the seller ({complaint.TrimEnd('.')})");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out _))
            lacking.Add("a valid time zone");
        if (settings.FinancialYearStart is < 1 or > 12)
            lacking.Add("the month in which the financial year starts");
        if (InvoiceNumbers.CheckSeries(settings.InvoiceSeries) is { } series)
            lacking.Add($"a valid invoice series ({series.Message})");
        return lacking.Count == 0
            ? null
            : Failure.Conflict("not_ready", $"Before invoices can be issued, the settings need {string.Join(", ", lacking)}.");
    }
}

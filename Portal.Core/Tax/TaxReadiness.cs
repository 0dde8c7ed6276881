using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>What a tax invoice to a customer still lacks (India: CGST Rules, rule 46).</summary>
public static class TaxReadiness
{
    /// <summary>What lacks, in words that fit a list; empty when nothing does.</summary>
    /// <param name="treatment">How it is taxed.</param>
    /// <param name="seller">Who sells.</param>
    /// <param name="customer">Who buys.</param>
    /// <param name="hsnSacs">The codes of the lines, in order; null where a line has none.</param>
    public static IReadOnlyList<string> Lacking(TaxTreatment treatment, SellerProfile seller, CustomerTaxFacts customer, IEnumerable<(string Line, string? HsnSac)> hsnSacs)
    {
        ArgumentNullException.ThrowIfNull(treatment);
        ArgumentNullException.ThrowIfNull(seller);
        ArgumentNullException.ThrowIfNull(customer);
        ArgumentNullException.ThrowIfNull(hsnSacs);
        var lacking = new List<string>();
        if (!treatment.IsGst)
            return lacking;
        if (TaxTreatment.StateOf(seller) is null)
            lacking.Add("the seller's state");
        if (treatment.Kind == SupplyKind.Export)
        {
            if (!TaxTreatment.HasLut(seller, treatment.Day))
                lacking.Add("a letter of undertaking (LUT) in force on the day of issue");
            if (string.IsNullOrWhiteSpace(customer.Address))
                lacking.Add("the customer's address");
        }

        if (customer is not { Country: "IN", TaxId: { Length: > 0 } gstin })
            return lacking;
        if (Gstin.Complaint(gstin, customer.StateCode) is { } complaint)
            lacking.Add($"a valid GSTIN for the customer ({complaint.TrimEnd('.')})");
        if (string.IsNullOrWhiteSpace(customer.Address))
            lacking.Add("the customer's address");
        lacking.AddRange(hsnSacs.Where(line => string.IsNullOrWhiteSpace(line.HsnSac)).Select(line => $"the HSN or SAC code of {line.Line}"));
        return lacking;
    }

    /// <summary>The same as one sentence; null when nothing lacks.</summary>
    public static string? Sentence(IReadOnlyList<string> lacking)
    {
        ArgumentNullException.ThrowIfNull(lacking);
        return lacking.Count == 0 ? null : $"A tax invoice still needs {string.Join(", ", lacking)}.";
    }
}

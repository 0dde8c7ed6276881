using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Tax;

/// <summary>What was sold under a code in a month, as table 12 of GSTR-1 asks for it.</summary>
/// <param name="HsnSac">The code; empty where a line had none.</param>
/// <param name="Unit">What was counted.</param>
/// <param name="Currency">Of the amounts.</param>
/// <param name="Rate">Per cent of tax in all; 0 where none was charged.</param>
/// <param name="Quantity">Units.</param>
/// <param name="Total">Taxable and tax together.</param>
/// <param name="Taxable">Without tax.</param>
/// <param name="Integrated">IGST.</param>
/// <param name="Central">CGST.</param>
/// <param name="State">SGST or UTGST.</param>
/// <param name="Other">Any tax that is not GST of India.</param>
/// <param name="FiledIn">The currency that is filed in: the platform's.</param>
/// <param name="Filed">Taxable in that currency, each day's invoices at the rate in force on that day; null when a day has no rate.</param>
public sealed record HsnSummaryRow(
    string HsnSac,
    string Unit,
    string Currency,
    decimal Rate,
    decimal Quantity,
    decimal Total,
    decimal Taxable,
    decimal Integrated,
    decimal Central,
    decimal State,
    decimal Other,
    string FiledIn,
    decimal? Filed);

/// <summary>Sums the invoices that were issued in a month, where the seller is, by code; without those that are void.</summary>
public sealed class ReportHsnSummary(IBillingStore store)
{
    /// <summary>Needs <c>invoices:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<HsnSummaryRow>>> RunAsync(CallContext call, BillingMonth month, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var zone = settings.TimeZone;
        var (start, end) = TaxMonth.Bounds(month, zone);
        var sums = await (
            from invoice in db.Invoices
            where invoice.IssuedAt >= start && invoice.IssuedAt < end && invoice.Status != InvoiceStatus.Void
            from line in invoice.Lines
            let integrated = invoice.Taxes.Any(tax => tax.Name == "IGST")
            let halves = invoice.Taxes.Any(tax => tax.Name == "CGST")
            group line by new { HsnSac = line.HsnSac ?? "", line.Unit, invoice.Currency, Rate = line.TaxRate ?? 0, integrated, halves, TimeZoneInfo.ConvertTimeBySystemTimeZoneId(invoice.IssuedAt!.Value.UtcDateTime, zone).Date } into sum
            select new
            {
                sum.Key,
                Quantity = sum.Sum(line => line.Quantity),
                Taxable = sum.Sum(line => line.Amount - line.Discount),
                Tax = sum.Sum(line => line.TaxAmount),
            }).ToListAsync(cancellationToken);
        var filed = Currency.Of(settings.Defaults.Currency);
        var rates = await RatesAsync(db, month, filed.Code, [.. sums.Select(sum => sum.Key.Currency).Where(code => code != filed.Code).Distinct()], cancellationToken);
        return sums
            .GroupBy(sum => new { sum.Key.HsnSac, sum.Key.Unit, sum.Key.Currency, sum.Key.Rate })
            .OrderBy(group => group.Key.HsnSac, StringComparer.Ordinal).ThenBy(group => group.Key.Rate).ThenBy(group => group.Key.Unit, StringComparer.Ordinal).ThenBy(group => group.Key.Currency, StringComparer.Ordinal)
            .Select(group => new HsnSummaryRow(
                group.Key.HsnSac, group.Key.Unit, group.Key.Currency, group.Key.Rate, group.Sum(sum => sum.Quantity),
                group.Sum(sum => sum.Taxable + sum.Tax), group.Sum(sum => sum.Taxable),
                group.Sum(sum => sum.Key.integrated ? sum.Tax : 0),
                // The halves of an intra-state invoice are equal, and so are they in every sum.
                group.Sum(sum => sum.Key.halves && !sum.Key.integrated ? sum.Tax / 2 : 0),
                group.Sum(sum => sum.Key.halves && !sum.Key.integrated ? sum.Tax / 2 : 0),
                group.Sum(sum => sum.Key.halves || sum.Key.integrated ? 0 : sum.Tax),
                filed.Code,
                group.Key.Currency == filed.Code
                    ? group.Sum(sum => sum.Taxable)
                    : Sum(group.GroupBy(sum => sum.Key.Date).Select(day => rates.Convert(day.Sum(sum => sum.Taxable), group.Key.Currency, filed, DateOnly.FromDateTime(day.Key))?.Amount))))
            .ToList();
    }

    // One day without a rate, and the sum is not known.
    private static decimal? Sum(IEnumerable<decimal?> days) => days.Aggregate((decimal?)0, (sum, day) => sum + day);

    private static async Task<ExchangeRateBook> RatesAsync(IBillingDb db, BillingMonth month, string target, List<string> foreign, CancellationToken cancellationToken)
    {
        if (foreign.Count == 0)
            return ExchangeRateBook.Empty;
        var (first, end) = (month.FirstDay, month.Next.FirstDay);
        return new ExchangeRateBook(await db.ExchangeRates.AsNoTracking()
            .Where(rate => rate.TargetCurrency == target && foreign.Contains(rate.BaseCurrency) && rate.EffectiveFrom < end && (rate.EffectiveTo == null || rate.EffectiveTo > first))
            .ToListAsync(cancellationToken));
    }
}

/// <summary>The documents of a series in a month, as table 13 of GSTR-1 asks for them.</summary>
/// <param name="Nature">Of the documents, e.g. <c>Invoices for outward supply</c>.</param>
/// <param name="Series">E.g. <c>INV/26-27</c>.</param>
/// <param name="From">The first number.</param>
/// <param name="To">The last number.</param>
/// <param name="Total">Numbers given.</param>
/// <param name="Cancelled">Void.</param>
/// <param name="Missing">Numbers between the first and the last that no document bears; none, or something is wrong.</param>
public sealed record DocumentsIssuedRow(string Nature, string Series, string From, string To, long Total, long Cancelled, long Missing)
{
    /// <summary>Issued and not cancelled.</summary>
    public long Net => Total - Cancelled;
}

/// <summary>Counts the numbers that were given in a month, where the seller is, by series.</summary>
public sealed class ReportDocumentsIssued(IBillingStore store)
{
    /// <summary>Needs <c>invoices:read</c>, as staff.</summary>
    public async Task<Result<IReadOnlyList<DocumentsIssuedRow>>> RunAsync(CallContext call, BillingMonth month, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var (start, end) = TaxMonth.Bounds(month, (await db.PlatformSettingsAsync(cancellationToken)).TimeZone);
        var series = await db.Invoices
            .Where(invoice => invoice.IssuedAt >= start && invoice.IssuedAt < end)
            .GroupBy(invoice => invoice.Number!.Substring(0, invoice.Number.Length - 7))
            .Select(group => new { Series = group.Key, From = group.Min(invoice => invoice.Number)!, To = group.Max(invoice => invoice.Number)!, Total = group.LongCount(), Cancelled = group.LongCount(invoice => invoice.Status == InvoiceStatus.Void) })
            .OrderBy(row => row.Series)
            .ToListAsync(cancellationToken);
        return series.Select(row => new DocumentsIssuedRow("Invoices for outward supply", row.Series, row.From, row.To, row.Total, row.Cancelled, Number(row.To) - Number(row.From) + 1 - row.Total)).ToList();
    }

    private static long Number(string number) => long.Parse(number[^6..], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A calendar month where the seller is.</summary>
internal static class TaxMonth
{
    public static (DateTimeOffset From, DateTimeOffset To) Bounds(BillingMonth month, string timeZone)
    {
        var period = new BillingCalendar(timeZone, null, null).Period(month);
        return (period.Start, period.End);
    }
}

using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>
/// Makes an invoice out of usage and prices. Pure: the preview and the real run are this code. One line per metric, unit and month; each
/// is rounded once, half away from zero; tax is rounded once per component over the sum of the lines.
/// </summary>
public static class InvoiceDraftBuilder
{
    /// <summary>What the month comes to.</summary>
    /// <param name="organisation">Whom to bill, in its currency, zone and at its tax rate.</param>
    /// <param name="month">The month that the invoice is for.</param>
    /// <param name="usage">The usage of that month, and of earlier months where it differs from what was billed.</param>
    /// <param name="prices">The prices in question.</param>
    public static InvoiceDraft Build(Organisation organisation, BillingMonth month, IEnumerable<MeteredUsage> usage, PriceBook prices)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(prices);
        var calendar = organisation.Calendar;
        var period = calendar.Period(month);
        var currency = Currency.Of(organisation.Currency);
        var (lines, credits, unpriced, foreign) = (new List<DraftLine>(), new List<DraftLine>(), new List<MeteredUsage>(), new List<string>());
        foreach (var used in Ordered(usage, month))
        {
            if (Price(used, organisation, prices) is not { } price)
            {
                // A counter that stands at nothing owes nothing and hides nothing.
                if (used.Quantity != 0 || used.EventCount != 0)
                    unpriced.Add(used);
                continue;
            }

            var line = Line(used, month, price, currency);
            if (price.Terms.Currency != currency.Code || (used.Billed is { } billed && billed.Currency != currency.Code))
                foreign.Add(string.Create(CultureInfo.InvariantCulture, $"{used.MetricName} ({used.Unit}) costs {line.UnroundedAmount.ToString("0.############", CultureInfo.InvariantCulture)} {price.Terms.Currency}"));
            else if (line.Amount < 0)
                credits.Add(line);
            else if (line.Amount > 0 || (line.Quantity != 0 && line.Kind == InvoiceLineKind.Usage))
                lines.Add(line);
        }

        var subtotal = lines.Sum(line => line.Amount);
        var taxes = FlatTax.Of(subtotal, [new TaxRate(organisation.TaxName, organisation.TaxRate)], currency);
        var tax = taxes.Sum(component => component.Amount);
        return new InvoiceDraft
        {
            OrganisationId = organisation.Id,
            Month = month,
            Period = period,
            TimeZone = calendar.ZoneAt(period.Start).Id,
            Locale = organisation.Locale,
            Currency = currency,
            Lines = lines,
            Credits = credits,
            Taxes = taxes,
            Unpriced = unpriced,
            HoldReason = foreign.Count == 0 ? null : $"There is no exchange rate to {currency.Code} for: {string.Join("; ", foreign)}.",
            Subtotal = subtotal,
            Tax = tax,
            Total = subtotal + tax,
        };
    }

    // The month's own usage first, then late usage, oldest first.
    private static IEnumerable<MeteredUsage> Ordered(IEnumerable<MeteredUsage> usage, BillingMonth month) => usage
        .OrderBy(used => used.Month == month ? 0 : 1).ThenBy(used => used.Month)
        .ThenBy(used => used.MetricName, StringComparer.Ordinal).ThenBy(used => used.Unit, StringComparer.Ordinal);

    // What has been billed for a month keeps its price, whatever prices were made since.
    private static PricedTerms? Price(MeteredUsage used, Organisation organisation, PriceBook prices) =>
        (used.Billed is { } billed ? prices.Find(billed.PriceId) : null)
        ?? prices.InForce(used.MetricName, used.Unit, organisation.Id, planId: null, used.Month.FirstDay);

    private static DraftLine Line(MeteredUsage used, BillingMonth month, PricedTerms price, Currency currency)
    {
        var rated = Rating.Rate(price.Terms, used.Quantity);
        var before = used.Billed is { } billed ? new BilledBefore(billed.Quantity, billed.EventCount, billed.Amount) : null;
        var late = used.Month != month;
        return new DraftLine
        {
            Kind = late ? InvoiceLineKind.LateUsage : InvoiceLineKind.Usage,
            Description = late ? $"{used.MetricName} ({used.Unit}), late usage of {Name(used.Month)}" : $"{used.MetricName} ({used.Unit})",
            MetricName = used.MetricName,
            Unit = used.Unit,
            ProjectId = used.Projects.Count == 1 ? used.Projects.First().Key : null,
            UsageMonth = used.Month,
            EventCount = used.EventCount - (before?.EventCount ?? 0),
            Quantity = used.Quantity - (before?.Quantity ?? 0),
            UnitPrice = price.Terms.Model == PriceModel.Standard ? price.Terms.UnitPrice : null,
            // The month's total is rounded, then what was billed is taken off: the month's lines sum to its rounded total.
            Amount = currency.Round(rated.Amount) - (before?.Amount ?? 0),
            UnroundedAmount = rated.Amount - (before?.Amount ?? 0),
            HsnSac = price.Price.HsnSac,
            PriceId = price.Price.Id,
            Explanation = new LineExplanation(price.Terms, rated, used.Projects, before),
        };
    }

    private static string Name(BillingMonth month) => month.FirstDay.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
}

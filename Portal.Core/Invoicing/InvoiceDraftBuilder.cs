using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>
/// Makes an invoice out of usage and prices. Pure: the preview and the real run are this code. One line per metric, unit and month; each
/// is rounded once, half away from zero, and once more where it is converted; tax is rounded once per component over the sum of a rate's lines.
/// </summary>
public static class InvoiceDraftBuilder
{
    /// <summary>What the month comes to.</summary>
    /// <param name="organisation">Whom to bill, in its currency, zone and at its tax rate.</param>
    /// <param name="month">The month that the invoice is for.</param>
    /// <param name="usage">The usage of that month, and of earlier months where it differs from what was billed.</param>
    /// <param name="prices">The prices in question.</param>
    /// <param name="tables">What decides tax and conversion.</param>
    /// <param name="taxDay">The day whose tax profiles and rates hold: that of issue.</param>
    /// <param name="recurring">Its subscriptions and services; their plans' prices rate the usage.</param>
    /// <param name="discounts">What the organisation has been given, in the order of giving; none when left out.</param>
    /// <param name="withFees">False: usage alone, for an invoice beside the month's own.</param>
    public static InvoiceDraft Build(
        Organisation organisation,
        BillingMonth month,
        IEnumerable<MeteredUsage> usage,
        PriceBook prices,
        TaxTables tables,
        DateOnly taxDay,
        RecurringInput? recurring = null,
        IReadOnlyList<DiscountTerms>? discounts = null,
        bool withFees = true)
    {
        recurring ??= RecurringInput.None;
        discounts ??= [];
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(tables);
        var calendar = organisation.Calendar;
        var period = calendar.Period(month);
        var currency = Currency.Of(organisation.Currency);
        var lastDay = LastDay(period, calendar);
        var (lines, credits, unpriced, foreign) = (new List<DraftLine>(), new List<DraftLine>(), new List<MeteredUsage>(), new List<string>());
        foreach (var used in Ordered(usage, month))
        {
            if (Price(used, organisation, recurring.PlanOf(used.Month), prices) is not { } price)
            {
                // A counter that stands at nothing owes nothing and hides nothing; nor does usage that prepaid credits covered whole.
                if (used.Quantity != 0 || (used.EventCount != 0 && used.Covered is null))
                    unpriced.Add(used);
                continue;
            }

            var line = Line(used, month, price);
            var isForeign = price.Terms.Currency != currency.Code;
            var converted = isForeign ? tables.Exchange.Convert(line.Charge, price.Terms.Currency, currency, lastDay) : null;
            if ((isForeign && converted is null) || (used.Billed is { } billed && billed.Currency != price.Terms.Currency))
            {
                foreign.Add(Costs(used, price, line));
                continue;
            }

            if (converted is not null)
                line = line with { Amount = converted.Amount, Charge = converted.Amount, Conversion = converted };
            if (line.Charge < 0)
                credits.Add(line);
            else if (line.Charge > 0 || ((line.Quantity != 0 || used.Covered is not null) && line.Kind == InvoiceLineKind.Usage))
                lines.Add(line);
        }

        var fees = new RecurringLines(month, currency, tables, lastDay);
        if (withFees)
            lines.AddRange(fees.Charges(recurring));
        lines = Discounted(lines, discounts, currency);
        credits = [.. credits.Select(credit => DiscountedCredit(credit, discounts, currency))];
        if (withFees)
        {
            // What usage falls short of a promise is what is left after discounts; unused days are given back at what was paid for them.
            if (fees.TrueUp(recurring, lines) is { } shortfall)
                lines.Add(shortfall);
            lines.AddRange(fees.Credits(recurring, lines));
            foreign.AddRange(fees.Foreign);
        }

        var treatment = tables.Treatment(organisation, taxDay);
        var computed = TaxMath.Compute(treatment, [.. lines.Select(line => new TaxableLine(line.Charge - line.Discount, line.HsnSac))], tables.Rates, currency);
        lines = [.. lines.Zip(computed.Lines, (line, taxed) => line with { Amount = taxed.Net + line.Discount, TaxRate = taxed.Rate, TaxAmount = taxed.Tax, IsTaxInclusive = taxed.IsInclusive })];
        var subtotal = lines.Sum(line => line.Amount);
        var discount = lines.Sum(line => line.Discount);
        var tax = computed.Components.Sum(component => component.Amount);
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
            CreditCarried = fees.Carried,
            Taxes = computed.Components,
            TaxTreatment = treatment,
            Unpriced = unpriced,
            NotConverted = foreign,
            HoldReason = Hold(organisation, tables, treatment, currency, foreign, lines, computed, lastDay, OfAnotherCurrency(discounts, month, currency)),
            Subtotal = subtotal,
            Discount = discount,
            Tax = tax,
            Total = subtotal - discount + tax,
        };
    }

    // Before tax: what is taxed is what is left.
    private static List<DraftLine> Discounted(List<DraftLine> lines, IReadOnlyList<DiscountTerms> discounts, Currency currency)
    {
        if (discounts.Count == 0)
            return lines;
        var applied = DiscountMath.Apply([.. lines.Select(line => Discountable(line, line.Charge))], discounts, currency);
        return [.. lines.Zip(applied, (line, taken) => taken.Count == 0
            ? line
            : line with { Discount = taken.Sum(part => part.Amount), Explanation = line.Explanation with { Discounts = taken } })];
    }

    // What is given back is what had been charged, less the percentages that were taken off it then.
    private static DraftLine DiscountedCredit(DraftLine credit, IReadOnlyList<DiscountTerms> discounts, Currency currency)
    {
        if (discounts.Count == 0)
            return credit;
        var taken = DiscountMath.Apply([Discountable(credit, -credit.Charge)], discounts, currency)[0];
        var sum = taken.Sum(part => part.Amount);
        return sum == 0 ? credit : credit with { Discount = sum, Explanation = credit.Explanation with { Discounts = taken } };
    }

    private static DiscountableLine Discountable(DraftLine line, decimal charge) => new(charge, line.MetricName, line.Unit, line.UsageMonth, line.Kind == InvoiceLineKind.LateUsage);

    private static List<string> OfAnotherCurrency(IReadOnlyList<DiscountTerms> discounts, BillingMonth month, Currency currency) =>
        [.. discounts.Where(discount => discount.Kind == DiscountKind.Amount && discount.IsFor(month) && discount.Currency != currency.Code).Select(discount => $"{discount.Name} ({discount.Currency})")];

    // All that keeps it from being issued, each in a sentence.
    private static string? Hold(Organisation organisation, TaxTables tables, TaxTreatment treatment, Currency currency, List<string> foreign, List<DraftLine> lines, ComputedTax computed, DateOnly lastDay, List<string> discounts)
    {
        var reasons = new List<string>();
        if (foreign.Count > 0)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"No exchange rate to {currency.Code} in force on {lastDay:yyyy-MM-dd} for: {string.Join("; ", foreign)}."));
        if (discounts.Count > 0)
            reasons.Add($"A discount is in a currency other than {currency.Code}: {string.Join("; ", discounts)}.");
        if (computed.Unrated.Count > 0)
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"No tax rate in force on {treatment.Day:yyyy-MM-dd} for: {string.Join("; ", computed.Unrated)}."));
        if (lines.Count > 0
            && TaxReadiness.Sentence(TaxReadiness.Lacking(treatment, tables.SellerOn(treatment.Day), tables.CustomerOn(organisation, treatment.Day), lines.Select(line => (line.MetricName.Length > 0 ? line.MetricName : line.Description, line.HsnSac)).Distinct())) is { } lacking)
            reasons.Add(lacking);
        return reasons.Count == 0 ? null : string.Join(' ', reasons);
    }

    private static string Costs(MeteredUsage used, PricedTerms price, DraftLine line) =>
        string.Create(CultureInfo.InvariantCulture, $"{used.MetricName} ({used.Unit}) costs {line.UnroundedAmount.ToString("0.############", CultureInfo.InvariantCulture)} {price.Terms.Currency}");

    private static DateOnly LastDay(Period period, BillingCalendar calendar) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(period.End.AddTicks(-1), calendar.ZoneAt(period.Start)).DateTime);

    // The month's own usage first, then late usage, oldest first.
    private static IEnumerable<MeteredUsage> Ordered(IEnumerable<MeteredUsage> usage, BillingMonth month) => usage
        .OrderBy(used => used.Month == month ? 0 : 1).ThenBy(used => used.Month)
        .ThenBy(used => used.MetricName, StringComparer.Ordinal).ThenBy(used => used.Unit, StringComparer.Ordinal);

    // What has been billed for a month keeps its price, whatever prices were made since.
    private static PricedTerms? Price(MeteredUsage used, Organisation organisation, Guid? planId, PriceBook prices) =>
        (used.Billed is { } billed ? prices.Find(billed.PriceId) : null)
        ?? prices.InForce(used.MetricName, used.Unit, organisation.Id, planId, used.Month.FirstDay);

    // In the price's currency.
    private static DraftLine Line(MeteredUsage used, BillingMonth month, PricedTerms price)
    {
        var rated = Rating.Rate(price.Terms, used.Quantity, used.EventCount);
        var before = used.Billed is { } billed ? new BilledBefore(billed.Quantity, billed.EventCount, billed.Amount) : null;
        var late = used.Month != month;
        // The month's total is rounded, then what was billed is taken off: the month's lines sum to its rounded total.
        var charge = Currency.Of(price.Terms.Currency).Round(rated.Amount) - (before?.Amount ?? 0);
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
            Amount = charge,
            Charge = charge,
            UnroundedAmount = rated.Amount - (before?.Amount ?? 0),
            HsnSac = price.Price.HsnSac,
            PriceId = price.Price.Id,
            Explanation = new LineExplanation(price.Terms, rated, used.Projects, before, used.Measure, used.Covered),
        };
    }

    private static string Name(BillingMonth month) => month.FirstDay.ToString("MMMM yyyy", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Metering;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>Makes the lines of an invoice that are no usage: fees, unused days, and what usage fell short of a commitment. Pure.</summary>
internal sealed class RecurringLines(BillingMonth month, Currency currency, TaxTables tables, DateOnly rateDay)
{
    // What begins on the first day of the next month is billed in advance, beside this month's usage.
    private readonly DateOnly _through = month.Next.FirstDay;

    /// <summary>What can't be converted, in words.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>What of the credits found no room; negative.</summary>
    public decimal Carried { get; private set; }

    /// <summary>The fees that are due.</summary>
    public IEnumerable<DraftLine> Charges(RecurringInput recurring)
    {
        foreach (var fee in recurring.Fees)
        {
            foreach (var due in RecurringCharges.Due(fee.Terms, _through, recurring.Billed).Where(due => due.Amount > 0))
            {
                if (Line(fee, due, carried: 0) is { } line)
                    yield return line;
            }
        }
    }

    /// <summary>Unused days, each as far as the lines of its tax code bear it: the rest waits for the next invoice.</summary>
    public IEnumerable<DraftLine> Credits(RecurringInput recurring, IReadOnlyCollection<DraftLine> charged)
    {
        var room = charged.GroupBy(line => line.HsnSac ?? "", StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(line => line.Charge - line.Discount), StringComparer.Ordinal);
        var billed = WithDiscounts(recurring.Billed, charged);
        var made = new List<DraftLine>();
        foreach (var fee in recurring.Fees)
        {
            foreach (var due in RecurringCharges.Due(fee.Terms, _through, billed).Where(due => due.Amount < 0))
            {
                var code = fee.HsnSac ?? "";
                if (Line(fee, due, carried: 0) is not { } whole)
                    continue;
                var left = room.GetValueOrDefault(code);
                // In another currency a part can't be told apart from the rounding of the conversion: it is given back whole, or waits.
                var applied = left >= -whole.Charge ? whole : left > 0 && whole.Conversion is null ? Line(fee, due, carried: due.Amount + left) : null;
                Carried += whole.Charge - (applied?.Charge ?? 0);
                if (applied is null)
                    continue;
                room[code] = left + applied.Charge;
                made.Add(applied);
            }
        }

        return made;
    }

    // What this invoice takes off its own fees counts as well, when days of them are given back on it.
    private static IReadOnlyDictionary<string, BilledCharge> WithDiscounts(IReadOnlyDictionary<string, BilledCharge> billed, IReadOnlyCollection<DraftLine> charged)
    {
        if (charged.All(line => line.ChargeKey is null || line.Discount == 0))
            return billed;
        var sums = new Dictionary<string, BilledCharge>(billed, StringComparer.Ordinal);
        foreach (var line in charged.Where(line => line.ChargeKey is not null && line.Discount != 0))
        {
            var amount = line.Conversion is { } conversion ? line.Discount * conversion.Original / line.Charge : line.Discount;
            sums[line.ChargeKey!] = sums.GetValueOrDefault(line.ChargeKey!).Plus(new BilledCharge(0, amount));
        }

        return sums;
    }

    /// <summary>What the month's usage falls short of what was promised; null when it does not.</summary>
    public DraftLine? TrueUp(RecurringInput recurring, IReadOnlyCollection<DraftLine> charged)
    {
        var promises = recurring.Promises(month).ToList();
        if (promises.Count == 0)
            return null;
        var monthDays = month.Next.FirstDay.DayNumber - month.FirstDay.DayNumber;
        var (last, committed) = (promises[^1].Phase, 0m);
        var key = $"{last.SubscriptionId:n}:minimum:{month}";
        if (recurring.Billed.ContainsKey(key))
            return null;
        foreach (var group in promises.GroupBy(promise => promise.Phase.Currency, StringComparer.Ordinal))
        {
            var promised = MinimumCommitment.Of(group.Select(promise => new CommittedDays(promise.Phase.MinimumCommitment ?? 0, promise.Days)), monthDays, Currency.Of(group.Key));
            if (group.Key == currency.Code)
            {
                committed += promised;
            }
            else if (tables.Exchange.Convert(promised, group.Key, currency, rateDay) is { } converted)
            {
                committed += converted.Amount;
            }
            else
            {
                Foreign.Add(Costs($"Minimum commitment, {last.PlanName}", promised, group.Key));
                return null;
            }
        }

        var spent = charged.Where(line => line.Kind == InvoiceLineKind.Usage).Sum(line => line.Charge - line.Discount);
        var amount = MinimumCommitment.TrueUp(committed, spent);
        if (amount == 0)
            return null;
        var terms = new PriceTerms(PriceModel.Standard, currency.Code, amount, []);
        return new DraftLine
        {
            Kind = InvoiceLineKind.MinimumCommitment,
            Description = string.Create(CultureInfo.InvariantCulture, $"Minimum commitment, {last.PlanName}, {month.FirstDay:MMMM yyyy}"),
            MetricName = "",
            Unit = "month",
            UsageMonth = month,
            EventCount = 0,
            Quantity = 1,
            UnitPrice = null,
            Amount = amount,
            Charge = amount,
            UnroundedAmount = amount,
            HsnSac = last.HsnSac,
            SubscriptionPhaseId = last.Id,
            ChargeKey = key,
            Span = new DaySpan(month.FirstDay, month.Next.FirstDay),
            Explanation = new LineExplanation(terms, Rating.Rate(terms, 1), new Dictionary<Guid, decimal>())
            {
                Commitment = new CommitmentExplanation(committed, spent, promises.Sum(promise => promise.Days), monthDays),
            },
        };
    }

    private DraftLine? Line(RecurringFee fee, DueCharge due, decimal carried)
    {
        var (charge, terms) = (due.Charge, new PriceTerms(PriceModel.Standard, fee.Terms.Currency.Code, fee.UnitPrice, []));
        var amount = due.Amount - carried;
        var isCredit = amount < 0;
        var isForeign = fee.Terms.Currency != currency;
        var converted = isForeign ? tables.Exchange.Convert(amount, fee.Terms.Currency.Code, currency, rateDay) : null;
        if (isForeign && converted is null)
        {
            Foreign.Add(Costs(fee.Name, amount, fee.Terms.Currency.Code));
            return null;
        }

        var isPart = charge.Span != charge.Period || charge.IsCredit;
        var days = string.Create(CultureInfo.InvariantCulture, $"{charge.Span.From:d MMM yyyy} to {charge.Span.To.AddDays(-1):d MMM yyyy}");
        var words = isCredit ? $"{fee.Name}, unused {days}" : $"{fee.Name}, {days}";
        return new DraftLine
        {
            Kind = isCredit ? InvoiceLineKind.ProrationCredit : fee.IsService ? InvoiceLineKind.Service : InvoiceLineKind.Subscription,
            Description = isPart ? string.Create(CultureInfo.InvariantCulture, $"{words} ({charge.Span.Days} of {charge.Period.Days} days)") : words,
            MetricName = "",
            Unit = Unit(fee.Terms.Cycle),
            UsageMonth = month,
            EventCount = 0,
            Quantity = fee.Quantity,
            UnitPrice = isPart ? null : fee.UnitPrice,
            Amount = converted?.Amount ?? amount,
            Charge = converted?.Amount ?? amount,
            Conversion = converted,
            UnroundedAmount = amount,
            HsnSac = fee.HsnSac,
            SubscriptionPhaseId = fee.IsService ? null : fee.Terms.PhaseId,
            ServicePhaseId = fee.IsService ? fee.Terms.PhaseId : null,
            ChargeKey = charge.Key,
            Span = charge.Span,
            Explanation = new LineExplanation(terms, Rating.Rate(terms, fee.Quantity), new Dictionary<Guid, decimal>())
            {
                Recurring = new RecurringExplanation(charge.Period, charge.Span, charge.IsCredit, charge.Whole, charge.DaysBefore, due.Billed, carried),
            },
        };
    }

    private static string Unit(BillingCycle cycle) => cycle switch
    {
        { Interval: BillingInterval.Year, Count: 1 } => "year",
        { Interval: BillingInterval.Year } => string.Create(CultureInfo.InvariantCulture, $"{cycle.Count} years"),
        { Count: 1 } => "month",
        _ => string.Create(CultureInfo.InvariantCulture, $"{cycle.Count} months"),
    };

    private static string Costs(string name, decimal amount, string currencyCode) =>
        string.Create(CultureInfo.InvariantCulture, $"{name} costs {amount.ToString("0.############", CultureInfo.InvariantCulture)} {currencyCode}");
}

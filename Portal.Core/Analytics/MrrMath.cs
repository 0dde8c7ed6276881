using Portal.Core.Currencies;
using Portal.Core.Discounts;
using Portal.Core.Metering;
using Portal.Core.Plans;

namespace Portal.Core.Analytics;

/// <summary>A fee that counts on some days.</summary>
/// <param name="Name">Of the plan or service.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Monthly">Of a month, rounded to the minor unit.</param>
/// <param name="TrialFrom">The first day of a trial; the same as <paramref name="From"/> without one.</param>
/// <param name="From">The first day that is paid for.</param>
/// <param name="To">The first day no longer; null while open.</param>
/// <param name="KnownOn">The day on which it was entered.</param>
public sealed record RecurringFeeDays(string Name, string Currency, decimal Monthly, DateOnly TrialFrom, DateOnly From, DateOnly? To, DateOnly KnownOn);

/// <summary>A discount of fees, with the day on which it was given.</summary>
public sealed record RecurringDiscount(DiscountTerms Terms, DateOnly KnownOn);

/// <summary>A change of recurring revenue.</summary>
public sealed record MrrStep(MrrMovementKind Kind, decimal Amount, decimal After, DateOnly Day, string Cause);

/// <summary>
/// Monthly recurring revenue: what fees come to in a month, a yearly one a twelfth, after the discounts of the whole invoice that last more than a month. No tax,
/// no usage, no commitment, no credits, no proration: a fee counts from its first paid day on. Pure.
/// </summary>
public static class MrrMath
{
    /// <summary>The fees of subscriptions and services as days.</summary>
    public static IReadOnlyList<RecurringFeeDays> Fees(IEnumerable<Subscription> subscriptions, IEnumerable<Service> services, Func<DateTimeOffset, DateOnly> dayOf)
    {
        ArgumentNullException.ThrowIfNull(subscriptions);
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(dayOf);
        return
        [
            .. subscriptions.SelectMany(subscription => subscription.Phases)
                .Select(phase => new RecurringFeeDays(phase.PlanName, phase.Currency, Monthly(phase.Fee, phase.Cycle, phase.Currency), phase.StartsOn, phase.ChargedFrom, phase.EndsOn, dayOf(phase.CreatedAt))),
            .. services.SelectMany(service => service.Phases.Select(phase => (service, terms: phase.Terms(service), phase.CreatedAt)))
                .Select(row => new RecurringFeeDays(row.service.Name, row.service.Currency, Monthly(row.terms.Fee, row.terms.Cycle, row.service.Currency), row.terms.From, row.terms.From, row.terms.To, dayOf(row.CreatedAt))),
        ];
    }

    /// <summary>A period's fee as of a month, rounded once.</summary>
    public static decimal Monthly(decimal fee, BillingCycle cycle, string currency) => Currency.Of(currency).Round(fee / cycle.Months);

    /// <summary>What is paid for on a day, in one currency.</summary>
    public static decimal On(DateOnly day, string currency, IEnumerable<RecurringFeeDays> fees, IEnumerable<RecurringDiscount> discounts)
    {
        ArgumentNullException.ThrowIfNull(fees);
        ArgumentNullException.ThrowIfNull(discounts);
        var month = new BillingMonth(day.Year, day.Month);
        var lines = fees.Where(fee => fee.Currency == currency && fee.From <= day && fee.KnownOn <= day && !(fee.To <= day)).Select(fee => new DiscountableLine(fee.Monthly, "", "", month)).ToList();
        var gross = lines.Sum(line => line.Charge);
        var known = discounts.Where(discount => discount.KnownOn <= day).Select(discount => discount.Terms).ToList();
        return gross == 0 || known.Count == 0 ? gross : gross - DiscountMath.Apply(lines, known, Currency.Of(currency)).SelectMany(parts => parts).Sum(part => part.Amount);
    }

    /// <summary>What trials would be worth on a day, in one currency; before discounts.</summary>
    public static decimal TrialOn(DateOnly day, string currency, IEnumerable<RecurringFeeDays> fees) =>
        fees.Where(fee => fee.Currency == currency && fee.TrialFrom <= day && fee.From > day && fee.KnownOn <= day && !(fee.To <= day)).Sum(fee => fee.Monthly);

    /// <summary>
    /// What has moved since the last look: each change on its own day after that look, and what was entered for days before it on the day that is looked on.
    /// The steps sum to the difference between what was known and what is.
    /// </summary>
    /// <param name="before">The sum of all movements so far.</param>
    /// <param name="everBefore">True when there are some.</param>
    /// <param name="lookedOn">The day of the last look; null: there was none, and everything that was entered moves on its own day.</param>
    /// <param name="today">The day of this look.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="fees">All of the organisation's.</param>
    /// <param name="discounts">All of the organisation's.</param>
    public static IReadOnlyList<MrrStep> Steps(decimal before, bool everBefore, DateOnly? lookedOn, DateOnly today, string currency, IReadOnlyList<RecurringFeeDays> fees, IReadOnlyList<RecurringDiscount> discounts)
    {
        ArgumentNullException.ThrowIfNull(fees);
        ArgumentNullException.ThrowIfNull(discounts);
        var causes = Causes(currency, fees, discounts);
        var days = causes.Select(cause => cause.Day).Where(day => day <= today && !(day <= lookedOn)).Append(today).Distinct().Order();
        var (steps, sum, ever) = (new List<MrrStep>(), before, everBefore);
        foreach (var day in days)
        {
            var value = On(day, currency, fees, discounts);
            if (value == sum)
                continue;
            var kind = sum == 0 ? (ever ? MrrMovementKind.Reactivation : MrrMovementKind.New) : value == 0 ? MrrMovementKind.Churn : value > sum ? MrrMovementKind.Expansion : MrrMovementKind.Contraction;
            var words = string.Join(", ", causes.Where(cause => cause.Day == day).Select(cause => cause.Words).Distinct(StringComparer.Ordinal));
            steps.Add(new MrrStep(kind, value - sum, value, day, words.Length == 0 ? "Entered or changed after its day" : words));
            (sum, ever) = (value, true);
        }

        return steps;
    }

    // The days on which something can change, and what does.
    private static List<(DateOnly Day, string Words)> Causes(string currency, IReadOnlyList<RecurringFeeDays> fees, IReadOnlyList<RecurringDiscount> discounts)
    {
        var causes = new List<(DateOnly, string)>();
        foreach (var fee in fees.Where(fee => fee.Currency == currency && fee.To != fee.TrialFrom))
        {
            causes.Add((Later(fee.From, fee.KnownOn), fee.From > fee.TrialFrom ? $"Trial of {fee.Name} ended" : $"{fee.Name} began"));
            if (fee.To is { } end)
                causes.Add((Later(end, fee.KnownOn), $"{fee.Name} ended"));
        }

        foreach (var discount in discounts)
        {
            causes.Add((Later(BillingMonth.FromIndex(discount.Terms.FirstMonth).FirstDay, discount.KnownOn), $"Discount {discount.Terms.Name} began"));
            if (discount.Terms.EndMonth is { } end)
                causes.Add((Later(BillingMonth.FromIndex(end).FirstDay, discount.KnownOn), $"Discount {discount.Terms.Name} ended"));
        }

        return causes;
    }

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;
}

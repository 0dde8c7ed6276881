using System.Globalization;
using Portal.Core.Currencies;

namespace Portal.Core.Plans;

/// <summary>A fee that comes again and again while something is in force: a plan's, or a service's.</summary>
public sealed record RecurringTerms
{
    /// <summary>The phase that it is the fee of.</summary>
    public required Guid PhaseId { get; init; }

    /// <summary>First day that is charged; a trial lies before it.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day no longer charged; null while open.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Where the periods are counted from.</summary>
    public required DateOnly Anchor { get; init; }

    public required BillingCycle Cycle { get; init; }

    /// <summary>Of a whole period, rounded to the currency.</summary>
    public required decimal Fee { get; init; }

    public required Currency Currency { get; init; }
}

/// <summary>What is owed, or given back, for a stretch of a period.</summary>
/// <param name="Key">The same for the same charge, always: what was invoiced under it is not invoiced again.</param>
/// <param name="IsCredit">True: unused days that are given back.</param>
/// <param name="Period">The fee's period.</param>
/// <param name="Span">The days of it that this is for.</param>
/// <param name="Whole">What was split: the fee, or what had been charged.</param>
/// <param name="DaysBefore">Days whose part of it is not in the amount.</param>
/// <param name="Amount">Rounded; negative for a credit.</param>
public sealed record RecurringCharge(string Key, bool IsCredit, DaySpan Period, DaySpan Span, decimal Whole, int DaysBefore, decimal Amount);

/// <summary>What invoices that count have of a charge, in the fee's currency.</summary>
/// <param name="Amount">Charged, before discounts; negative where it was given back.</param>
/// <param name="Discount">Taken off it.</param>
public readonly record struct BilledCharge(decimal Amount, decimal Discount = 0)
{
    /// <summary>Charged, after discounts.</summary>
    public decimal Net => Amount - Discount;

    /// <summary>Both together.</summary>
    public BilledCharge Plus(BilledCharge other) => new(Amount + other.Amount, Discount + other.Discount);
}

/// <summary>A charge as far as no invoice has it yet.</summary>
/// <param name="Charge">In whole.</param>
/// <param name="Billed">What invoices that count have of it.</param>
public sealed record DueCharge(RecurringCharge Charge, decimal Billed)
{
    /// <summary>Still to be invoiced; negative when it is the customer's.</summary>
    public decimal Amount => Charge.Amount - Billed;
}

/// <summary>
/// Which recurring fees are owed through a day. A period's fee is owed whole on its first day; one that is entered in its middle, for the days
/// that remain; when the fee ends before its period does, the unused days are given back as a charge of their own. Pure: made of dates, whatever
/// was done when.
/// </summary>
public static class RecurringCharges
{
    /// <summary>All charges with a first day up to <paramref name="through"/>, in order. Unused days are given back at what was charged for them: after discounts.</summary>
    public static IEnumerable<RecurringCharge> Of(RecurringTerms terms, DateOnly through, IReadOnlyDictionary<string, BilledCharge> billed)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(billed);
        for (var index = BillingPeriods.IndexOf(terms.Anchor, terms.Cycle, terms.From); ; index++)
        {
            var period = BillingPeriods.At(terms.Anchor, terms.Cycle, index);
            var start = period.From < terms.From ? terms.From : period.From;
            if (start > through || start >= terms.To)
                yield break;
            var span = new DaySpan(start, period.To);
            var before = start.DayNumber - period.From.DayNumber;
            var amount = Proration.Rest(terms.Fee, terms.Currency, before, span.Days);
            yield return new RecurringCharge(Key(terms, index), false, period, span, terms.Fee, before, amount);
            if (terms.To is not { } to || to >= period.To)
                continue;
            if (to <= through)
            {
                var used = to.DayNumber - start.DayNumber;
                var unused = new DaySpan(to, period.To);
                var paid = terms.Currency.Round(amount - billed.GetValueOrDefault(Key(terms, index)).Discount);
                yield return new RecurringCharge($"{Key(terms, index)}:unused", true, period, unused, paid, used, -Proration.Rest(paid, terms.Currency, used, unused.Days));
            }

            yield break;
        }
    }

    /// <summary>
    /// What an invoice up to <paramref name="through"/> still has to charge or give back, given what was invoiced by key. What was invoiced
    /// and is not owed any more, because the fee ended on the very day its period began, is given back whole.
    /// </summary>
    public static IReadOnlyList<DueCharge> Due(RecurringTerms terms, DateOnly through, IReadOnlyDictionary<string, BilledCharge> billed)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(billed);
        var due = Of(terms, through, billed).Select(charge => new DueCharge(charge, billed.GetValueOrDefault(charge.Key).Amount)).ToList();
        var owed = due.Select(one => one.Charge.Key).ToHashSet(StringComparer.Ordinal);
        var prefix = $"{terms.PhaseId:n}:";
        foreach (var (key, had) in billed.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && !owed.Contains(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!int.TryParse(key.AsSpan(prefix.Length), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
                continue;
            var period = BillingPeriods.At(terms.Anchor, terms.Cycle, index);
            if (period.From <= through)
                due.Add(new DueCharge(new RecurringCharge(key, true, period, period, 0, 0, 0), had.Net));
        }

        due.RemoveAll(one => one.Amount == 0);
        return due;
    }

    private static string Key(RecurringTerms terms, int index) => string.Create(CultureInfo.InvariantCulture, $"{terms.PhaseId:n}:{index}");
}

using Portal.Core.Kernel;
using Portal.Core.Tax;

namespace Portal.Core.Currencies;

/// <summary>
/// What one unit of a currency is worth in another, over a range of days. Two of a pair are never in force on one day: the database refuses
/// it. A rate is ended, never edited: documents keep the rate that they were made with.
/// </summary>
public sealed class ExchangeRate : IInForce
{
    private ExchangeRate() { }

    public Guid Id { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string BaseCurrency { get; private set; } = "";

    /// <summary>ISO 4217.</summary>
    public string TargetCurrency { get; private set; } = "";

    /// <summary>1 of the base is so much of the target; above 0, at most 12 decimals.</summary>
    public decimal Rate { get; private set; }

    public DateOnly EffectiveFrom { get; private set; }

    public DateOnly? EffectiveTo { get; private set; }

    /// <summary>Who says so, e.g. <c>manual</c>, <c>RBI reference</c>.</summary>
    public string Source { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public static ExchangeRate Create(ExchangeRateTerms terms, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new ExchangeRate
        {
            Id = Guid.CreateVersion7(now),
            BaseCurrency = terms.BaseCurrency,
            TargetCurrency = terms.TargetCurrency,
            Rate = terms.Rate,
            EffectiveFrom = terms.EffectiveFrom,
            EffectiveTo = terms.EffectiveTo,
            Source = terms.Source,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    /// <summary>Ends it: <paramref name="effectiveTo"/> is the first day it is no longer in force. An end can be brought forward, not undone.</summary>
    public void End(DateOnly effectiveTo, DateTimeOffset now)
    {
        if (effectiveTo <= EffectiveFrom || EffectiveTo <= effectiveTo)
            throw new IllegalTransitionException("A rate ends after its first day and before any end that it already has.");
        (EffectiveTo, UpdatedAt) = (effectiveTo, now);
    }
}

/// <summary>A rate that is to be kept.</summary>
public sealed record ExchangeRateTerms(string BaseCurrency, string TargetCurrency, decimal Rate, DateOnly EffectiveFrom, DateOnly? EffectiveTo, string Source)
{
    /// <summary>Everything that is wrong, by field; empty when nothing is.</summary>
    public IReadOnlyList<Failure> Check()
    {
        var failures = new List<Failure>();
        Require(Currency.TryOf(BaseCurrency, out _), "baseCurrency", "Enter an ISO 4217 code, such as USD.");
        Require(Currency.TryOf(TargetCurrency, out _), "targetCurrency", "Enter an ISO 4217 code, such as INR.");
        Require(BaseCurrency != TargetCurrency, "targetCurrency", "The two currencies must differ.");
        Require(Rate is > 0 and < 1_000_000_000_000m && decimal.Round(Rate, 12, MidpointRounding.AwayFromZero) == Rate, "rate", "Enter a rate above 0 with at most 12 decimals.");
        Require(EffectiveFrom.Year is >= 2000 and < 2100, "effectiveFrom", "Enter a date between 2000 and 2100.");
        Require(EffectiveTo is null || EffectiveTo > EffectiveFrom, "effectiveTo", "The end must be after the first day.");
        Require(Source.Length is > 0 and <= 50, "source", "Enter the source in 1 to 50 characters.");
        return failures;

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                failures.Add(Failure.Invalid(field, message));
        }
    }
}

/// <summary>An amount that was converted: what it was, and by which rate.</summary>
/// <param name="Original">In <paramref name="Currency"/>, rounded to its minor unit.</param>
/// <param name="Currency">ISO 4217, of the price.</param>
/// <param name="Rate">1 of it is so much of the invoice's currency.</param>
/// <param name="Day">The day whose rate it is: the last of the period.</param>
/// <param name="Source">Who gave the rate.</param>
/// <param name="Amount">In the invoice's currency, rounded once.</param>
public sealed record ConvertedAmount(decimal Original, string Currency, decimal Rate, DateOnly Day, string Source, decimal Amount);

/// <summary>The rates in question, to convert by.</summary>
public sealed class ExchangeRateBook(IEnumerable<ExchangeRate> rates)
{
    private readonly ILookup<(string, string), ExchangeRate> _rates = rates.ToLookup(rate => (rate.BaseCurrency, rate.TargetCurrency));

    /// <summary>Knows no rate.</summary>
    public static ExchangeRateBook Empty { get; } = new([]);

    /// <summary>Converts a rounded amount by the rate in force on a day, and rounds once; null when no rate is in force.</summary>
    public ConvertedAmount? Convert(decimal amount, string from, Currency to, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(to);
        return _rates[(from, to.Code)].FirstOrDefault(rate => rate.IsInForce(day)) is { } rate
            ? new ConvertedAmount(amount, from, rate.Rate, day, rate.Source, to.Round(amount * rate.Rate))
            : null;
    }
}

/// <summary>Days of a pair of currencies on which no rate is in force.</summary>
/// <param name="BaseCurrency">ISO 4217.</param>
/// <param name="TargetCurrency">ISO 4217.</param>
/// <param name="From">First day without a rate.</param>
/// <param name="To">First day with a rate again; null: none follows.</param>
public sealed record ExchangeRateGap(string BaseCurrency, string TargetCurrency, DateOnly From, DateOnly? To)
{
    /// <summary>The gaps between the first rate of each pair and a day: days in between, and an end that nothing follows.</summary>
    public static IReadOnlyList<ExchangeRateGap> Find(IEnumerable<ExchangeRate> rates, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(rates);
        var gaps = new List<ExchangeRateGap>();
        foreach (var pair in rates.GroupBy(rate => (rate.BaseCurrency, rate.TargetCurrency)).OrderBy(pair => pair.Key))
        {
            DateOnly? end = null;
            var isOpen = false;
            foreach (var rate in pair.OrderBy(rate => rate.EffectiveFrom))
            {
                if (end is { } before && before < rate.EffectiveFrom)
                    gaps.Add(new ExchangeRateGap(pair.Key.BaseCurrency, pair.Key.TargetCurrency, before, rate.EffectiveFrom));
                (end, isOpen) = (rate.EffectiveTo, rate.EffectiveTo is null);
            }

            if (!isOpen && end <= today)
                gaps.Add(new ExchangeRateGap(pair.Key.BaseCurrency, pair.Key.TargetCurrency, end.Value, null));
        }

        return gaps;
    }
}

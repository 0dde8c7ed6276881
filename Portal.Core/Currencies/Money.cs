namespace Portal.Core.Currencies;

/// <summary>An amount of one currency. Arithmetic across currencies throws.</summary>
/// <param name="Amount">In major units, e.g. rupees; may carry more decimals than the currency until it is rounded.</param>
/// <param name="Currency">What it is an amount of.</param>
public readonly record struct Money(decimal Amount, Currency Currency)
{
    public static Money operator +(Money left, Money right) => new(left.Amount + right.In(left.Currency), left.Currency);

    public static Money operator -(Money left, Money right) => new(left.Amount - right.In(left.Currency), left.Currency);

    public static Money operator *(Money money, decimal factor) => new(money.Amount * factor, money.Currency);

    public Money Rounded() => this with { Amount = Currency.Round(Amount) };

    /// <summary>
    /// Splits the amount over the weights so that the parts sum to it exactly, by largest remainder; ties go to the first.
    /// 100.00 over three equal weights is 33.34, 33.33, 33.33. The amount must already be rounded to the minor unit.
    /// </summary>
    public IReadOnlyList<Money> Allocate(IReadOnlyList<decimal> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var total = weights.Sum();
        if (weights.Count == 0 || weights.Any(weight => weight < 0) || total == 0)
            throw new ArgumentException("Weights must not be negative and must not all be zero.", nameof(weights));
        var units = Currency.ToMinorUnits(Amount);
        var exact = weights.Select(weight => units * weight / total).ToArray();
        var parts = exact.Select(decimal.Truncate).Select(decimal.ToInt64).ToArray();
        var left = units - parts.Sum();
        var order = Enumerable.Range(0, parts.Length).OrderByDescending(index => Math.Abs(exact[index] - parts[index])).ThenBy(index => index);
        foreach (var index in order.Take((int)Math.Abs(left)))
            parts[index] += Math.Sign(left);
        var currency = Currency;
        return [.. parts.Select(part => new Money(currency.FromMinorUnits(part), currency))];
    }

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Amount} {Currency?.Code}");

    private decimal In(Currency currency) => Currency == currency
        ? Amount
        : throw new InvalidOperationException($"{Currency} and {currency} can't be added.");
}

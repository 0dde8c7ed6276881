using System.Text.RegularExpressions;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Core.Discounts;

/// <summary>A discount as it was typed or sent.</summary>
public sealed record DiscountInput
{
    /// <summary>1 to 100 characters, printed on invoices.</summary>
    public string? Name { get; init; }

    /// <summary>4 to 40 letters, digits and <c>-</c>; empty: only staff give it.</summary>
    public string? Code { get; init; }

    /// <summary><c>percentage</c> or <c>amount</c>.</summary>
    public string? Kind { get; init; }

    public decimal? Value { get; init; }

    /// <summary>ISO 4217; only of an amount.</summary>
    public string? Currency { get; init; }

    public string? MetricName { get; init; }

    public string? Unit { get; init; }

    /// <summary>Billing months, 1 to 120; empty: until it is ended.</summary>
    public int? Periods { get; init; }

    public DateOnly? RedeemBy { get; init; }

    public int? MaxRedemptions { get; init; }
}

/// <summary>Says what is wrong with a discount, every mistake at once, each beside its field.</summary>
public static partial class DiscountValidation
{
    private const decimal MaxAmount = 1_000_000_000m;

    /// <summary>The definition, when nothing is wrong with it; otherwise null, and the failures say what is.</summary>
    public static DiscountDefinition? Check(DiscountInput input, out List<Failure> failures)
    {
        ArgumentNullException.ThrowIfNull(input);
        var found = new List<Failure>();
        var (name, code, metric, unit) = (Trim(input.Name), NormaliseCode(input.Code), Trim(input.MetricName), Trim(input.Unit));
        Require(name is { Length: <= 100 }, "name", "Enter 1 to 100 characters.");
        Require(code is null || Code().IsMatch(code), "code", "Enter a code of 4 to 40 letters, digits and hyphens.");
        Require(metric is null || Metric().IsMatch(metric), "metricName", "Enter 1 to 100 letters, digits and _ . : -");
        Require(unit is null or { Length: <= 50 }, "unit", "At most 50 characters.");
        Require(unit is null || metric is not null, "unit", "A unit requires a metric.");
        Require(input.Periods is null or (>= 1 and <= 120), "periods", "Enter 1 to 120 months, or leave empty.");
        Require(input.MaxRedemptions is null or >= 1, "maxRedemptions", "Enter 1 or more, or leave empty.");
        var kind = CheckValue(input, found);
        failures = found;
        return found.Count > 0
            ? null
            : new DiscountDefinition(name!, kind!.Value, input.Value!.Value, kind == DiscountKind.Amount ? input.Currency : null, code, metric, unit, input.Periods, input.RedeemBy, input.MaxRedemptions);

        void Require(bool holds, string field, string message)
        {
            if (!holds)
                found.Add(Failure.Invalid(field, message));
        }
    }

    /// <summary>A code as it is stored: in capitals, without blanks around it; null when there is none.</summary>
    public static string? NormaliseCode(string? code) => Trim(code)?.ToUpperInvariant();

    private static DiscountKind? CheckValue(DiscountInput input, List<Failure> failures)
    {
        switch (input.Kind)
        {
            case "percentage":
                if (input.Value is not (> 0 and <= 100) || decimal.Round(input.Value.Value, 4, MidpointRounding.AwayFromZero) != input.Value)
                    failures.Add(Failure.Invalid("value", "Enter a percentage above 0 and up to 100, with at most 4 decimals."));
                if (Trim(input.Currency) is not null)
                    failures.Add(Failure.Invalid("currency", "A percentage has no currency."));
                return DiscountKind.Percentage;
            case "amount":
                if (!Currency.TryOf(input.Currency, out var currency))
                    failures.Add(Failure.Invalid("currency", "This is not an ISO 4217 currency code."));
                else if (input.Value is not (> 0 and < MaxAmount) || currency.Round(input.Value.Value) != input.Value)
                    failures.Add(Failure.Invalid("value", $"Enter an amount above 0, with at most {currency.Exponent} decimals."));
                return DiscountKind.Amount;
            default:
                failures.Add(Failure.Invalid("kind", "Choose percentage or amount."));
                return null;
        }
    }

    private static string? Trim(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    [GeneratedRegex(@"\A[A-Z0-9][A-Z0-9-]{3,39}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Code();

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,100}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Metric();
}

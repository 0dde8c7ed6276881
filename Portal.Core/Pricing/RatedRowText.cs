using System.Globalization;
using Portal.Core.Currencies;

namespace Portal.Core.Pricing;

/// <summary>The rows of an amount in words, for documents and pages alike.</summary>
public static class RatedRowText
{
    /// <summary>Which units a row is about, e.g. <c>First 1,000</c>, <c>3 packages of 500</c> or <c>2.9% above 10,000</c>.</summary>
    public static string Describe(RatedRow row, PriceTerms terms, string locale)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(terms);
        string Number(decimal number) => MoneyFormat.Number(number, locale);
        var span = (row.From, row.UpTo) switch
        {
            (0, null) => null,
            (0, { } upTo) => $"First {Number(upTo)}",
            (var from, null) => $"Above {Number(from)}",
            (var from, { } upTo) => $"Above {Number(from)}, up to {Number(upTo)}",
        };
        return row.Kind switch
        {
            RatedRowKind.Units when terms.Model == PriceModel.Volume => span is null ? "All units" : $"All units, tier {Lower(span)}",
            RatedRowKind.Units => span ?? "All units",
            RatedRowKind.Packages => $"Packages of {Number(terms.Package?.Size ?? 0)}{(row.From == 0 ? "" : $" after {Number(row.From)}")}",
            RatedRowKind.Step => span is null ? "Every quantity" : $"Step {Lower(span)}",
            RatedRowKind.Share => $"{MoneyFormat.Percent(row.Price, locale)}{(span is null ? "" : $" {Lower(span)}")}",
            RatedRowKind.Events => $"Events{(row.From == 0 ? "" : $" after {Number(row.From)}")}",
        };
    }

    private static string Lower(string span) => string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(span[0])}{span[1..]}");
}

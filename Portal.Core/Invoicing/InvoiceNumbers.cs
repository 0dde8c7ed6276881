using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Core.Kernel;

namespace Portal.Core.Invoicing;

/// <summary>
/// How invoice numbers look: <c>INV/26-27/000123</c>. The law of India wants them consecutive within a financial year and at most 16 of
/// letters, digits, <c>/</c> and <c>-</c> (CGST Rules 2017, rule 46(b)).
/// </summary>
public static partial class InvoiceNumbers
{
    public const int MaxLength = 16;

    /// <summary>The largest number of a series that still fits its six digits.</summary>
    public const long MaxNumber = 999_999;

    /// <summary>The number as it is printed. Throws when the series is full.</summary>
    public static string Format(string series, string financialYear, long number) => number is >= 1 and <= MaxNumber
        ? string.Create(CultureInfo.InvariantCulture, $"{series}/{financialYear}/{number:000000}")
        : throw new ArgumentOutOfRangeException(nameof(number), $"A series holds 1 to {MaxNumber} in a financial year.");

    /// <summary>The financial year of a day, e.g. <c>26-27</c>; <c>2026</c> where it is the calendar year.</summary>
    /// <param name="day">In the seller's zone.</param>
    /// <param name="firstMonth">Month in which the financial year begins, 1 to 12.</param>
    public static string FinancialYear(DateOnly day, int firstMonth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstMonth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstMonth, 12);
        var year = day.Month >= firstMonth ? day.Year : day.Year - 1;
        return firstMonth == 1
            ? year.ToString("0000", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{year % 100:00}-{(year + 1) % 100:00}");
    }

    /// <summary>What is wrong with a series, judged by the longest number that it can make; null when nothing is.</summary>
    public static Failure? CheckSeries(string? series)
    {
        if (series is null || !Series().IsMatch(series))
            return Failure.Invalid("invoiceSeries", "Start with a letter or digit, then use letters, digits, / and -.");
        var longest = Format(series, "99-00", MaxNumber);
        return longest.Length > MaxLength
            ? Failure.Invalid("invoiceSeries", $"The longest number, {longest}, would have {longest.Length} characters; {MaxLength} are allowed.")
            : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9/-]*\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex Series();
}

using System.Buffers.Text;
using System.Globalization;
using Portal.Core.Currencies;
using Portal.Core.Kernel;

namespace Portal.Endpoints.Admin;

/// <summary>How numbers and cursors are written in answers.</summary>
internal static class ApiText
{
    /// <summary>An amount as a string with the currency's decimals at least: <c>595.00</c>.</summary>
    public static string Amount(decimal amount, string currency)
    {
        var exponent = Currency.Of(currency).Exponent;
        var digits = new string('#', 28 - exponent);
        var least = exponent == 0 ? "0" : "0." + new string('0', exponent);
        return amount.ToString(exponent == 0 ? $"0.{digits}" : least + digits, CultureInfo.InvariantCulture);
    }

    /// <summary>A quantity, price or rate as a string without trailing zeros.</summary>
    public static string Number(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);

    /// <summary>As <see cref="Number(decimal)"/>; null stays null.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(number))]
    public static string? Number(decimal? number) => number is { } value ? Number(value) : null;

    /// <summary>The name of an enum's value as stored: <c>partially_paid</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => Portal.Data.Kernel.EnumText.Of(value);

    public static string Cursor(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    public static bool TryCursor(string? text, out Guid? id)
    {
        id = null;
        if (string.IsNullOrEmpty(text))
            return true;
        Span<byte> bytes = stackalloc byte[16];
        if (text.Length > 24 || !Base64Url.TryDecodeFromChars(text, bytes, out var written) || written != 16)
            return false;
        id = new Guid(bytes, bigEndian: true);
        return true;
    }
}

/// <summary>The paging parameters of every list.</summary>
/// <param name="Limit">1 to 200, 50 when left out.</param>
/// <param name="Cursor">The <c>nextCursor</c> of the answer before.</param>
internal sealed record Paging(int? Limit, string? Cursor)
{
    public Result<ListRequest> Read()
    {
        if (Limit is < 1 or > 200)
            return Failure.Invalid("limit", "Enter 1 to 200.");
        return ApiText.TryCursor(Cursor, out var after)
            ? new ListRequest { Take = Limit ?? 50, After = after }
            : Failure.Invalid("cursor", "Use the nextCursor of a response, unchanged.");
    }
}

/// <summary>A part of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="NextCursor">Give it back for the rows that follow; null at the end.</param>
internal sealed record ListBody<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    public static ListBody<T> Of<TRow>(PagedList<TRow> page, Func<TRow, Guid> id, Func<TRow, T> body) =>
        new([.. page.Items.Select(body)], page.HasMore ? ApiText.Cursor(id(page.Items[^1])) : null);
}

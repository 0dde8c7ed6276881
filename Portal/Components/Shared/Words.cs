using System.Globalization;
using System.Text.Json;

namespace Portal.Components.Shared;

/// <summary>Names of the program as words for people.</summary>
public static class Words
{
    /// <summary><c>PartiallyPaid</c> and <c>partially_paid</c> are <c>Partially paid</c>.</summary>
    public static string Sentence(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = JsonNamingPolicy.SnakeCaseLower.ConvertName(name).Replace('_', ' ').Replace('-', ' ');
        return words.Length == 0 ? "" : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <inheritdoc cref="Sentence(string)"/>
    public static string Sentence<TEnum>(TEnum value)
        where TEnum : struct, Enum => Sentence(value.ToString());

    /// <summary><c>1 key</c>, <c>3 keys</c>, <c>12,400 events</c>.</summary>
    public static string Count(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}

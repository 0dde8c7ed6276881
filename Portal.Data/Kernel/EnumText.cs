using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Data.Kernel;

/// <summary>An enum as its snake_case name; a stored name never changes its meaning.</summary>
public static class EnumText
{
    /// <summary>The stored name of a value.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.ByValue[value];

    /// <summary>The value of a stored name; throws for a name that is not known.</summary>
    public static TEnum Read<TEnum>(string text)
        where TEnum : struct, Enum => Names<TEnum>.ByName[text];

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        internal static readonly Dictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>()
            .ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

        internal static readonly Dictionary<string, TEnum> ByName = ByValue.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}

/// <summary>Stores an enum as <see cref="EnumText"/>.</summary>
public sealed class EnumTextConverter<TEnum>() : ValueConverter<TEnum, string>(value => EnumText.Of(value), text => EnumText.Read<TEnum>(text))
    where TEnum : struct, Enum;

using System.Globalization;

namespace Portal.Components.Layout;

/// <summary>One or two letters for an avatar.</summary>
public static class Initials
{
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var words = name.Split([' ', '.', '-', '_', '@'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? "?" : string.Concat(words.Take(2).Select(word => StringInfo.GetNextTextElement(word))).ToUpperInvariant();
    }
}

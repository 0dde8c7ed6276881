using System.Text.Json;

namespace Portal.Core.Metering;

/// <summary>A value that an event's metadata has under a name.</summary>
/// <param name="Name">The name, at the top of the object.</param>
/// <param name="Value">The value: a text, or a number, <c>true</c>, <c>false</c> or <c>null</c>.</param>
public sealed record MetadataFilter(string Name, string Value)
{
    private const int LongestName = 200;
    private const int LongestValue = 1_000;

    /// <summary>Reads <c>region=eu-west</c>; null for what has no name or no sign of equality.</summary>
    public static MetadataFilter? Read(string? text)
    {
        var sign = text?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        if (sign <= 0)
            return null;
        var (name, value) = (text![..sign].Trim(), text[(sign + 1)..].Trim());
        return name.Length is 0 or > LongestName || value.Length > LongestValue || name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal) ? null : new MetadataFilter(name, value);
    }

    /// <summary>As <see cref="Read"/> reads it.</summary>
    public override string ToString() => $"{Name}={Value}";

    // Senders write a number as text or as a number; who looks for it can't know. The second is the first where the value can only be a text.
    internal (string Text, string Literal) Parts
    {
        get
        {
            var text = JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { [Name] = Value });
            return (text, Literal() is { } literal ? JsonSerializer.Serialize(new Dictionary<string, JsonElement>(StringComparer.Ordinal) { [Name] = literal }) : text);
        }
    }

    private JsonElement? Literal()
    {
        try
        {
            using var document = JsonDocument.Parse(Value);
            return document.RootElement.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

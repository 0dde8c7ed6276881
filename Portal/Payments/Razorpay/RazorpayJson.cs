using System.Text.Json;

namespace Portal.Payments.Razorpay;

/// <summary>A tolerant reader: fields may be absent, null, or of another type than the page says, and then they are simply not there.</summary>
internal static class RazorpayJson
{
    private static readonly Dictionary<string, string> s_none = [];

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 32 };

    /// <summary>The JSON object of some bytes, or null when they are not one.</summary>
    public static JsonElement? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, s_options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null; // The caller says what an unreadable answer means for it.
        }
    }

    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } child && child.GetString() is { Length: > 0 } text ? text : null;

    public static long? Number(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Number } child && child.TryGetInt64(out var number) ? number : null;

    public static bool Flag(this JsonElement element, string name) => element.Child(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.Number } child => child.TryGetInt64(out var number) && number != 0,
        _ => false,
    };

    /// <summary>Unix seconds; null for absent, unreadable or 0, which stands for never.</summary>
    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.Number(name) is > 0 and < 253_402_300_800 and { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Notes are an object when there are some, and <c>[]</c>, <c>{}</c>, null or a string when not.</summary>
    public static IReadOnlyDictionary<string, string> Notes(this JsonElement element) => element.Child("notes") is { ValueKind: JsonValueKind.Object } notes
        ? notes.EnumerateObject()
            .Where(note => note.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            .GroupBy(note => note.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Value.ToString(), StringComparer.Ordinal)
        : s_none;
}

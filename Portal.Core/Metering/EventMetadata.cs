using System.Text;
using System.Text.Json;

namespace Portal.Core.Metering;

/// <summary>Reads an event's metadata: kept as it was sent, once it is certain that PostgreSQL will take it as jsonb.</summary>
internal static class EventMetadata
{
    private const int MaxBytes = 8 * 1024;
    private const int MaxDepth = 64;
    private const int MaxPower = 308;

    /// <summary>Walks over the value at the reader, whatever it is, and leaves the reader at its last token.</summary>
    /// <param name="reader">At the first token of the value.</param>
    /// <param name="body">What the reader reads.</param>
    /// <param name="metadata">The object's text; null when the value is null or refused.</param>
    public static EventProblem? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body, out string? metadata)
    {
        metadata = null;
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return EventProblem.MetadataInvalid;
        }

        var start = (int)reader.TokenStartIndex;
        var outer = reader.CurrentDepth;
        var storable = true;
        while (reader.Read() && reader.CurrentDepth > outer)
        {
            storable &= reader.CurrentDepth - outer <= MaxDepth && reader.TokenType switch
            {
                JsonTokenType.String or JsonTokenType.PropertyName => !reader.ValueIsEscaped || JsonText.EscapesAreStorable(reader.ValueSpan),
                JsonTokenType.Number => IsWithinRange(reader.ValueSpan),
                _ => true,
            };
        }

        var text = body[start..(int)reader.BytesConsumed];
        if (text.Length > MaxBytes)
            return EventProblem.MetadataTooLarge;
        if (!storable)
            return EventProblem.MetadataInvalid;
        metadata = Encoding.UTF8.GetString(text);
        return null;
    }

    // jsonb keeps numbers as numeric, which ends at 131,072 digits before the point and 16,383 behind it.
    private static bool IsWithinRange(ReadOnlySpan<byte> number)
    {
        var exponentAt = number.IndexOfAny((byte)'e', (byte)'E');
        if (exponentAt < 0)
            return true;
        var digits = number[(exponentAt + 1)..].TrimStart("+-"u8).TrimStart((byte)'0');
        var power = 0;
        foreach (var digit in digits)
        {
            power = (power * 10) + digit - '0';
            if (power > MaxPower)
                return false;
        }

        return true;
    }
}

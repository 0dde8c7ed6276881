using System.Buffers;
using System.Text.Json;

namespace Portal.Core.Metering;

/// <summary>Texts of a JSON body as PostgreSQL can store them. The body as a whole is known to be UTF-8.</summary>
internal static class JsonText
{
    private const int CacheSlots = 4096;
    private const int LongestCached = 100;

    // Names of metrics and units come again and again: one string for each, in slots that the next one may overwrite.
    private static readonly string?[] s_cache = new string?[CacheSlots];
    private static readonly SearchValues<char> s_metricCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    /// <summary>The string at the reader, or null when it has more than <paramref name="maxCharacters"/>, none, U+0000 or a lone surrogate.</summary>
    public static string? Read(ref Utf8JsonReader reader, int maxCharacters, bool cached)
    {
        // Twelve bytes write a character at worst: two escapes of six.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty || reader.ValueSpan.Length > maxCharacters * 12)
            return null;
        if (reader.ValueIsEscaped && !EscapesAreStorable(reader.ValueSpan))
            return null;
        Span<char> buffer = stackalloc char[reader.ValueSpan.Length];
        var text = buffer[..reader.CopyString(buffer)];
        var characters = text.Length;
        foreach (var character in text)
        {
            if (char.IsLowSurrogate(character))
                characters--;
        }

        if (characters > maxCharacters)
            return null;
        return cached ? Cached(text) : new string(text);
    }

    /// <summary>The bytes of the string at the reader; nothing when it is escaped and does not fit into the buffer. Some writers escape even a plus sign.</summary>
    public static ReadOnlySpan<byte> Bytes(in Utf8JsonReader reader, Span<byte> buffer)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        return reader.ValueSpan.Length > buffer.Length || !EscapesAreStorable(reader.ValueSpan) ? [] : buffer[..reader.CopyString(buffer)];
    }

    /// <summary>1 to 100 of letters, digits and <c>_ . : -</c>.</summary>
    public static bool IsMetricName(string text) => !text.AsSpan().ContainsAnyExcept(s_metricCharacters);

    /// <summary>False when an escape stands for U+0000 or for half a pair of surrogates. The text is the inside of a string that a reader accepted.</summary>
    public static bool EscapesAreStorable(ReadOnlySpan<byte> text)
    {
        var highPending = false;
        for (var index = 0; index < text.Length; index++)
        {
            var unit = -1;
            if (text[index] == '\\')
            {
                index++;
                if (text[index] == 'u')
                {
                    unit = ReadHex(text.Slice(index + 1, 4));
                    index += 4;
                }
            }

            if (unit == 0 || char.IsLowSurrogate((char)Math.Max(unit, 0)) != highPending)
                return false;
            highPending = unit > 0 && char.IsHighSurrogate((char)unit);
        }

        return !highPending;
    }

    private static string Cached(ReadOnlySpan<char> text)
    {
        if (text.Length > LongestCached)
            return new string(text);
        ref var slot = ref s_cache[string.GetHashCode(text, StringComparison.Ordinal) & (CacheSlots - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && text.SequenceEqual(known))
            return known;
        var made = new string(text);
        Volatile.Write(ref slot, made);
        return made;
    }

    private static int ReadHex(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        foreach (var digit in digits)
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return unit;
    }
}

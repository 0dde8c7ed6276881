using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Core.ApiKeys;

/// <summary>
/// A bearer key: <c>bk_</c> (projects) or <c>bka_</c> (administration), 8 public characters, <c>_</c>, 32 random base62 characters and
/// 6 characters that are the base62 CRC-32 of those 32, so that a mistyped key is refused without a look-up (the layout that GitHub made common).
/// </summary>
public sealed class SecretKey
{
    /// <summary>Starts every project key.</summary>
    public const string ProjectMark = "bk_";

    /// <summary>Starts every administration key.</summary>
    public const string AdminMark = "bka_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> s_alphabet = SearchValues.Create(Alphabet);

    private const int PublicLength = 8;
    private const int RandomLength = 32;
    private const int ChecksumLength = 6;

    private SecretKey(string value, string prefix) => (Value, Prefix, Hash) = (value, prefix, HashOf(value));

    /// <summary>The whole key. Shown once, never stored.</summary>
    public string Value { get; }

    /// <summary>Mark and public part, e.g. <c>bk_4fH2kQ9z</c>.</summary>
    public string Prefix { get; }

    /// <summary>SHA-256 of the whole key.</summary>
    public byte[] Hash { get; }

    public static SecretKey Create(string mark)
    {
        var prefix = mark + RandomNumberGenerator.GetString(Alphabet, PublicLength);
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return new SecretKey($"{prefix}_{random}{Checksum(random)}", prefix);
    }

    /// <summary>SHA-256 of a presented key.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>True when a presented key has the right form and its checksum fits; says nothing about whether it exists.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> key, string mark)
    {
        if (!key.StartsWith(mark, StringComparison.Ordinal) || key.Length != mark.Length + PublicLength + 1 + RandomLength + ChecksumLength)
            return false;
        if (key[mark.Length + PublicLength] != '_' || key[mark.Length..(mark.Length + PublicLength)].ContainsAnyExcept(s_alphabet))
            return false;
        var random = key.Slice(mark.Length + PublicLength + 1, RandomLength);
        return !random.ContainsAnyExcept(s_alphabet) && key[^ChecksumLength..].SequenceEqual(Checksum(random));
    }

    /// <summary>Six base62 characters of the CRC-32 (IEEE) of the text, padded on the left with zeros.</summary>
    public static string Checksum(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var character in text)
        {
            crc ^= (byte)character;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }

        crc = ~crc;
        Span<char> digits = stackalloc char[ChecksumLength];
        for (var index = ChecksumLength - 1; index >= 0; index--, crc /= 62)
            digits[index] = Alphabet[(int)(crc % 62)];
        return new string(digits);
    }
}

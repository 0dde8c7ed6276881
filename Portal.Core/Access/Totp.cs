using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Portal.Core.Access;

/// <summary>Time-based one-time codes (RFC 6238: HMAC-SHA1, 30 seconds, 6 digits), as authenticator apps make them.</summary>
public static class Totp
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    /// <summary>160 random bits in Base32, 32 characters.</summary>
    public static string NewKey() => RandomNumberGenerator.GetString(Base32, 32);

    /// <summary>What the QR code says.</summary>
    public static string Address(string key, string email, string issuer) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(email)}?secret={key}&issuer={Uri.EscapeDataString(issuer)}&digits=6&period={StepSeconds}";

    /// <summary>The code at a time.</summary>
    public static string CodeAt(string key, DateTimeOffset now) => Code(Decode(key), StepOf(now));

    /// <summary>
    /// The step whose code this is: now, one before or one after, and later than the last one that was used, so that none counts twice. Null for
    /// a wrong code.
    /// </summary>
    public static long? Match(string key, string code, long? lastStep, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(code);
        var typed = string.Concat(code.Where(letter => !char.IsWhiteSpace(letter)));
        if (typed.Length != 6 || !typed.All(char.IsAsciiDigit))
            return null;
        var secret = Decode(key);
        long? found = null;
        for (var step = StepOf(now) - 1; step <= StepOf(now) + 1; step++)
        {
            // All three are made, so that the time tells nothing.
            var fits = CryptographicOperations.FixedTimeEquals(System.Text.Encoding.ASCII.GetBytes(Code(secret, step)), System.Text.Encoding.ASCII.GetBytes(typed));
            if (fits && found is null && (lastStep is null || step > lastStep))
                found = step;
        }

        return found;
    }

    private static long StepOf(DateTimeOffset now) => now.ToUnixTimeSeconds() / StepSeconds;

    private static string Code(byte[] secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // What the RFC says and what apps do; a keyed hash is not weakened by collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xf;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string key)
    {
        var bytes = new byte[key.Length * 5 / 8];
        var (buffer, bits, at) = (0, 0, 0);
        foreach (var letter in key)
        {
            buffer = (buffer << 5) | Base32.IndexOf(letter, StringComparison.Ordinal);
            bits += 5;
            if (bits < 8)
                continue;
            bits -= 8;
            bytes[at++] = (byte)(buffer >> bits);
            buffer &= (1 << bits) - 1;
        }

        return bytes;
    }
}

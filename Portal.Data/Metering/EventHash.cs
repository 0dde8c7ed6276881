using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>The hashes by which a repeated event is known.</summary>
internal static class EventHash
{
    private const int LongestKey = 255 * 4;

    /// <summary>The first 16 bytes of SHA-256 over the project's id and the idempotency key, in the byte order of <c>uuid</c>.</summary>
    public static Guid OfKey(Guid projectId, string key)
    {
        Span<byte> text = stackalloc byte[16 + LongestKey];
        projectId.TryWriteBytes(text, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(key, text[16..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>The first 8 bytes of SHA-256 over what must be the same in a repeat: metric, value, unit, and what it supersedes.</summary>
    public static long OfBody(UsageEventDraft draft)
    {
        // Lengths stand before the texts, so that no two bodies read the same.
        Span<byte> text = stackalloc byte[4 + 100 + 4 + (50 * 4) + 16 + 16];
        var at = Append(text, 0, draft.MetricName);
        at = Append(text, at, draft.Unit);
        BinaryPrimitives.WriteInt128BigEndian(text[at..], draft.Value.Steps);
        at += 16;
        if (draft.Supersedes is { } superseded)
        {
            superseded.TryWriteBytes(text[at..], bigEndian: true, out _);
            at += 16;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..at], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    private static int Append(Span<byte> target, int at, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, target[(at + 4)..]);
        BinaryPrimitives.WriteInt32BigEndian(target[at..], length);
        return at + 4 + length;
    }
}

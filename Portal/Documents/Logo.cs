using System.Buffers.Binary;

namespace Portal.Documents;

/// <summary>Lets through only what is safe to decode: a PNG of a bounded size.</summary>
internal static class Logo
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxPixels = 4_000_000;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="ArgumentException">It is no PNG, or too large.</exception>
    public static ReadOnlyMemory<byte> Checked(ReadOnlyMemory<byte>? logo)
    {
        if (logo is not { } bytes)
            return default;
        if (bytes.Length is < 33 or > MaxBytes || !bytes.Span.StartsWith(Signature) || !bytes.Span.Slice(12, 4).SequenceEqual("IHDR"u8))
            throw new ArgumentException("A logo is a PNG file of at most 1 MiB.", nameof(logo));
        long width = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[16..]);
        long height = BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[20..]);
        if (width is 0 or > 10_000 || height is 0 or > 10_000 || width * height > MaxPixels)
            throw new ArgumentException("A logo has at most 4,000,000 pixels.", nameof(logo));
        return bytes;
    }
}

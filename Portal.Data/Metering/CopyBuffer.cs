using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>Rows in the format of PostgreSQL's binary COPY, in one growing buffer that is used again and again.</summary>
internal sealed class CopyBuffer : IDisposable
{
    private const long EpochTicks = 630822816000000000; // 2000-01-01, where PostgreSQL counts from.
    private const int GroupsOfFraction = UsageValue.Decimals / 4;
    private const ulong StepsPerUnit = 1_000_000_000_000;
    private static readonly byte[] s_header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Begin()
    {
        _length = 0;
        s_header.CopyTo(Take(s_header.Length));
    }

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);

    public void Row(short columns) => BinaryPrimitives.WriteInt16BigEndian(Take(2), columns);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    public void Uuid(Guid value)
    {
        var target = Field(16);
        value.TryWriteBytes(target, bigEndian: true, out _);
    }

    public void Integer(int value) => BinaryPrimitives.WriteInt32BigEndian(Field(4), value);

    public void Timestamp(DateTimeOffset value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), (value.UtcTicks - EpochTicks) / TimeSpan.TicksPerMicrosecond);

    public void Text(string? value)
    {
        if (value is null)
            Null();
        else
            Text(value, 0);
    }

    /// <summary>jsonb's binary form is a version byte and the text.</summary>
    public void Jsonb(string? value)
    {
        if (value is null)
            Null();
        else
            Text(value, 1);
    }

    /// <summary>A value of 0 or more and below 10^19, as numeric: groups of four digits, without zeros at the ends.</summary>
    public void Numeric(UsageValue value)
    {
        var whole = (ulong)(value.Steps / StepsPerUnit);
        var fraction = (ulong)(value.Steps % StepsPerUnit);
        Span<short> groups = stackalloc short[5 + GroupsOfFraction];
        for (var index = groups.Length - 1; index >= 5; index--, fraction /= 10_000)
            groups[index] = (short)(fraction % 10_000);
        for (var index = 4; index >= 0; index--, whole /= 10_000)
            groups[index] = (short)(whole % 10_000);

        var first = 0;
        while (first < groups.Length && groups[first] == 0)
            first++;
        var last = groups.Length;
        while (last > first && groups[last - 1] == 0)
            last--;
        var target = Field(8 + ((last - first) * 2));
        BinaryPrimitives.WriteInt16BigEndian(target, (short)(last - first));
        BinaryPrimitives.WriteInt16BigEndian(target[2..], (short)(last > first ? 4 - first : 0));
        BinaryPrimitives.WriteInt16BigEndian(target[4..], 0);
        BinaryPrimitives.WriteInt16BigEndian(target[6..], (short)DecimalsIn(groups, last));
        for (var index = first; index < last; index++)
            BinaryPrimitives.WriteInt16BigEndian(target[(8 + ((index - first) * 2))..], groups[index]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    // Four for each group behind the point, less the zeros that the last one ends with.
    private static int DecimalsIn(ReadOnlySpan<short> groups, int last)
    {
        if (last <= 5)
            return 0;
        var group = groups[last - 1];
        var zeros = group % 1000 == 0 ? 3 : group % 100 == 0 ? 2 : group % 10 == 0 ? 1 : 0;
        return ((last - 5) * 4) - zeros;
    }

    private void Text(string value, int version)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        var target = Reserve(4 + version + most);
        if (version != 0)
            target[4] = (byte)version;
        var length = version + Encoding.UTF8.GetBytes(value, target[(4 + version)..]);
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        _length += 4 + length;
    }

    private Span<byte> Field(int length)
    {
        var target = Take(4 + length);
        BinaryPrimitives.WriteInt32BigEndian(target, length);
        return target[4..];
    }

    private Span<byte> Take(int length)
    {
        var target = Reserve(length)[..length];
        _length += length;
        return target;
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + length));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(_length);
    }
}

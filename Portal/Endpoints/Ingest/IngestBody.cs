using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Portal.Endpoints.Ingest;

/// <summary>How reading a body ended.</summary>
internal enum BodyProblem
{
    None,

    /// <summary>More bytes than are accepted, as sent or once unpacked.</summary>
    TooLarge,

    /// <summary>Not gzip though it says so, or cut off.</summary>
    Malformed,

    /// <summary>The node has no room for it now.</summary>
    NoRoom,
}

/// <summary>Reads a body into one pooled buffer, unpacking gzip; a bomb is given up at the limit. Disposing gives buffer and budget back.</summary>
internal sealed class IngestBody(IngestBudget budget, int limit) : IDisposable
{
    private const int FirstBytes = 4096;
    private const int GzipFrame = 18; // Ten bytes before and eight behind what is packed.

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlySpan<byte> Text => _buffer.AsSpan(0, _length);

    public async Task<BodyProblem> ReadAsync(HttpRequest request, bool gzip, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return BodyProblem.TooLarge;
        if (!TryGrow((int)(request.ContentLength ?? FirstBytes)))
            return BodyProblem.NoRoom;
        var problem = await ReadAsync(request, cancellationToken);
        return problem == BodyProblem.None && gzip ? Unpack() : problem;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Return(buffer);
    }

    private async Task<BodyProblem> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            var chunk = read.Buffer;
            var problem = chunk.Length > limit - _length ? BodyProblem.TooLarge : TryGrow(_length + (int)chunk.Length) ? BodyProblem.None : BodyProblem.NoRoom;
            if (problem == BodyProblem.None)
            {
                chunk.CopyTo(_buffer.AsSpan(_length));
                _length += (int)chunk.Length;
            }

            request.BodyReader.AdvanceTo(chunk.End);
            if (problem != BodyProblem.None || read.IsCompleted)
                return problem;
        }
    }

    private BodyProblem Unpack()
    {
        var packed = _buffer;
        var length = _length;
        (_buffer, _length) = ([], 0);
        try
        {
            return length < GzipFrame ? BodyProblem.Malformed : Unpack(packed, length);
        }
        catch (InvalidDataException)
        {
            return BodyProblem.Malformed;
        }
        finally
        {
            Return(packed);
        }
    }

    private BodyProblem Unpack(byte[] packed, int length)
    {
        using var unpacked = new GZipStream(new MemoryStream(packed, 0, length, writable: false), CompressionMode.Decompress);
        while (true)
        {
            if (_length == _buffer.Length && !TryGrow(_length + FirstBytes))
                return BodyProblem.NoRoom;
            var read = unpacked.Read(_buffer.AsSpan(_length));
            if (read == 0)
                break;
            _length += read;
            if (_length > limit)
                return BodyProblem.TooLarge;
        }

        // The stream takes the end of a body that was cut off for its end. The length that stands last tells; so only one member may be sent.
        return BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(length - 4)) == (uint)_length ? BodyProblem.None : BodyProblem.Malformed;
    }

    private bool TryGrow(int length)
    {
        if (length <= _buffer.Length)
            return true;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, Math.Min(_buffer.Length * 2, limit + 1)));
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        Text.CopyTo(larger);
        Dispose();
        _buffer = larger;
        return true;
    }

    private void Return(byte[] buffer)
    {
        if (buffer.Length == 0)
            return;
        budget.Give(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}

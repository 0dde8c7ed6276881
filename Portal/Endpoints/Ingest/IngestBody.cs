using System.Buffers;
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

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlySpan<byte> Text => _buffer.AsSpan(0, _length);

    public async Task<BodyProblem> ReadAsync(HttpRequest request, bool gzip, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
            return BodyProblem.TooLarge;
        // One byte more than expected, so that the end is seen without growing.
        if (!TryGrow(gzip ? FirstBytes : (int)(request.ContentLength ?? FirstBytes) + 1))
            return BodyProblem.NoRoom;
        try
        {
            return gzip ? await UnpackAsync(request, cancellationToken) : await ReadPlainAsync(request, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return BodyProblem.Malformed;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length == 0)
            return;
        budget.Give(_buffer.Length);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private async Task<BodyProblem> ReadPlainAsync(HttpRequest request, CancellationToken cancellationToken)
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

    private async Task<BodyProblem> UnpackAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        await using var unpacked = new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true);
        while (true)
        {
            if (_length == _buffer.Length && !TryGrow(_length + 1))
                return BodyProblem.NoRoom;
            var read = await unpacked.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
                return BodyProblem.None;
            _length += read;
            if (_length > limit)
                return BodyProblem.TooLarge;
        }
    }

    private bool TryGrow(int length)
    {
        if (length <= _buffer.Length)
            return true;
        var wanted = Math.Max(length, Math.Min(_buffer.Length * 2, limit + 1));
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
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
}

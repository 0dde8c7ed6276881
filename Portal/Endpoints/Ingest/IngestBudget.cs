using Microsoft.Extensions.Options;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>The memory that bodies may take on this node, from their first byte until they are answered.</summary>
internal sealed class IngestBudget(IOptions<IngestOptions> options)
{
    private readonly long _most = options.Value.MaxBytesInFlight;
    private long _taken;

    /// <summary>Takes room for so many bytes; false when there is none.</summary>
    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _most)
            return true;
        Interlocked.Add(ref _taken, -bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _taken, -bytes);
}

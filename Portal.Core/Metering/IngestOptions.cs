using System.ComponentModel.DataAnnotations;

namespace Portal.Core.Metering;

/// <summary>How usage is taken in. Section <c>Ingest</c>.</summary>
public sealed class IngestOptions
{
    /// <summary>Events in one request, at most.</summary>
    [Range(1, 100_000)]
    public int MaxEvents { get; set; } = 10_000;

    /// <summary>Bytes of one request's body once unpacked, at most.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How old an event may be.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(35);

    /// <summary>How far an event's time may lie ahead of this node's clock.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections that gather what waits and commit it.</summary>
    [Range(1, 16)]
    public int Writers { get; set; } = 2;

    /// <summary>Events that must wait before another writer begins while one is committing; fewer wait for that one and are then committed together.</summary>
    [Range(1, 1_000_000)]
    public int SecondWriterFrom { get; set; } = 32;

    /// <summary>Events in one transaction; one request is never split.</summary>
    [Range(1, 100_000)]
    public int MaxGather { get; set; } = 2000;

    /// <summary>From so many events on, a transaction sends them by COPY; fewer go in one call, which saves round trips.</summary>
    [Range(1, int.MaxValue)]
    public int CopyFrom { get; set; } = 256;

    /// <summary>Events that may wait; beyond that, requests are answered 503.</summary>
    [Range(1, 10_000_000)]
    public int MaxQueuedEvents { get; set; } = 100_000;

    /// <summary>Bytes of bodies that are being read, wait or are being committed; beyond that, requests are answered 503.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MaxBytesInFlight { get; set; } = 256 * 1024 * 1024;

    /// <summary>How long a request may wait for its turn before it is taken back and answered 503.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one transaction may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(20);
}

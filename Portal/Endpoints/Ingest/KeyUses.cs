using System.Collections.Concurrent;
using Portal.Core.Metering;

namespace Portal.Endpoints.Ingest;

/// <summary>Counts the requests of each key on this node: for its hourly limit, and for when it was last used, which is written once a minute.</summary>
internal sealed class KeyUses(IProjectKeys keys, TimeProvider clock, ILogger<KeyUses> logger) : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, Use> _uses = new();

    /// <summary>Counts one request. Over the limit: the seconds until the next clock hour, when counting begins anew; otherwise 0.</summary>
    public int Count(ProjectKey key, DateTimeOffset now)
    {
        var use = _uses.GetOrAdd(key.Id, static _ => new Use());
        var hour = now.UtcTicks / TimeSpan.TicksPerHour;
        if (key.RateLimitPerHour is not { } limit || use.Count(hour) <= limit)
        {
            use.LastUsed = now.UtcTicks;
            return 0;
        }

        return (int)Math.Ceiling(TimeSpan.FromTicks(((hour + 1) * TimeSpan.TicksPerHour) - now.UtcTicks).TotalSeconds);
    }

    /// <summary>Writes what was used since the last time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var idleSince = clock.GetUtcNow().AddHours(-2).UtcTicks;
        List<(Use Use, long Ticks)> written = [];
        List<KeyValuePair<Guid, DateTimeOffset>> uses = [];
        foreach (var (id, use) in _uses)
        {
            var last = use.LastUsed;
            if (last > use.Written)
            {
                written.Add((use, last));
                uses.Add(new(id, new DateTimeOffset(last, TimeSpan.Zero)));
            }
            else if (last < idleSince)
            {
                _uses.TryRemove(id, out _);
            }
        }

        if (uses.Count == 0)
            return;
        try
        {
            await keys.RecordUseAsync(uses, cancellationToken);
            foreach (var (use, ticks) in written)
                use.Written = ticks;
        }
        catch (UsageStoreUnavailableException exception)
        {
            // The next round writes it.
            Log.UsesNotWritten(logger, uses.Count, exception);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // StopAsync writes the rest.
        }
    }

    private sealed class Use
    {
        private readonly Lock _lock = new();
        private long _lastUsed;
        private long _hour;
        private int _count;

        public long LastUsed
        {
            get => Interlocked.Read(ref _lastUsed);
            set => Interlocked.Exchange(ref _lastUsed, value);
        }

        public long Written { get; set; }

        public int Count(long hour)
        {
            lock (_lock)
            {
                if (_hour != hour)
                    (_hour, _count) = (hour, 0);
                // Refused requests don't count on for ever.
                return _count = Math.Min(_count + 1, int.MaxValue - 1);
            }
        }
    }
}

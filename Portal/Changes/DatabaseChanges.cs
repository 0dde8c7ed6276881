using System.Collections.Concurrent;
using System.Net.Sockets;
using Npgsql;

namespace Portal.Changes;

/// <summary>
/// Holds one connection that listens on the channel <c>billing</c>. It asks the server for a sign of life four times a second, because a
/// connection that died without a word looks like one on which nothing happens. Needs a connection of its own to the server: a pooler
/// between them must hand out sessions, not transactions.
/// </summary>
internal sealed class DatabaseChanges(NpgsqlDataSource dataSource, ILogger<DatabaseChanges> logger) : BackgroundService, IDatabaseChanges
{
    private const string Channel = "billing";
    private const long CurrentForMilliseconds = 500;
    private const int SignOfLifeTimeoutSeconds = 2;
    private static readonly TimeSpan s_signOfLife = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Subscription, byte> _subscriptions = new();
    private long _heardAt = -CurrentForMilliseconds;
    private int _epoch;

    public bool IsCurrent => Environment.TickCount64 - Interlocked.Read(ref _heardAt) < CurrentForMilliseconds;

    public int Epoch => Volatile.Read(ref _epoch);

    public IDisposable Subscribe(string kind, Action<Guid?> changed, Action? missed = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(changed);
        var subscription = new Subscription(this, kind, changed, missed);
        _subscriptions.TryAdd(subscription, 0);
        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            var epoch = _epoch;
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or SocketException or IOException or TimeoutException or InvalidOperationException)
            {
                Log.FeedLost(logger, exception);
            }
            finally
            {
                Interlocked.Exchange(ref _heardAt, -CurrentForMilliseconds);
            }

            // A connection that had worked is tried again at once; after that, ever more slowly.
            pause = epoch != _epoch ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromMilliseconds(Math.Clamp(pause.TotalMilliseconds * 2, 100, s_longestPause.TotalMilliseconds));
            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, message) => Deliver(message.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection) { CommandTimeout = SignOfLifeTimeoutSeconds })
            await listen.ExecuteNonQueryAsync(cancellationToken);
        await using var signOfLife = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = SignOfLifeTimeoutSeconds };
        Interlocked.Increment(ref _epoch);
        DeliverMissed();
        Log.FeedListening(logger);
        while (true)
        {
            // The moment before the question: what was committed until then has been heard once the answer is here.
            var asked = Environment.TickCount64;
            await signOfLife.ExecuteNonQueryAsync(cancellationToken);
            Interlocked.Exchange(ref _heardAt, asked);
            await connection.WaitAsync(s_signOfLife, cancellationToken);
        }
    }

    private void Deliver(string payload)
    {
        var colon = payload.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? payload : payload[..colon];
        var id = colon >= 0 && Guid.TryParse(payload.AsSpan(colon + 1), out var parsed) ? parsed : (Guid?)null;
        foreach (var (subscription, _) in _subscriptions)
        {
            if (string.Equals(subscription.Kind, kind, StringComparison.Ordinal))
                Call(kind, () => subscription.Changed(id));
        }
    }

    private void DeliverMissed()
    {
        foreach (var (subscription, _) in _subscriptions)
        {
            if (subscription.Missed is { } missed)
                Call(subscription.Kind, missed);
        }
    }

    // One listener's fault must not deafen the others.
    private void Call(string kind, Action listener)
    {
        try
        {
            listener();
        }
#pragma warning disable CA1031 // Whatever it is, it is the listener's: logged with its kind, and the next one is called.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ListenerFailed(logger, kind, exception);
        }
    }

    private sealed class Subscription(DatabaseChanges owner, string kind, Action<Guid?> changed, Action? missed) : IDisposable
    {
        public string Kind => kind;

        public Action<Guid?> Changed => changed;

        public Action? Missed => missed;

        public void Dispose() => owner._subscriptions.TryRemove(this, out _);
    }
}

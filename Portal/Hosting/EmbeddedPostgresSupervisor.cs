using System.Diagnostics;

namespace Portal.Hosting;

/// <summary>Starts the embedded server again when it dies while the product runs; requests fail meanwhile and then work.</summary>
public sealed class EmbeddedPostgresSupervisor(EmbeddedPostgres server, ILogger<EmbeddedPostgresSupervisor> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Healthy = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        using var timer = new PeriodicTimer(Look);
        var alive = Stopwatch.StartNew();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (server.IsRunning)
            {
                continue;
            }

            pause = alive.Elapsed > Healthy ? ShortestPause : pause;
            Log.EmbeddedPostgresDied(logger, server.ProcessId, (long)pause.TotalMilliseconds);
            await Task.Delay(pause, stoppingToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
            await TryRestartAsync(stoppingToken);
            alive.Restart();
        }
    }

    private async Task TryRestartAsync(CancellationToken stoppingToken)
    {
        try
        {
            await server.RestartAsync(stoppingToken);
            Log.EmbeddedPostgresRestarted(logger, server.ProcessId);
        }
        catch (Exception exception) when (exception is StartupException or IOException or UnauthorizedAccessException)
        {
            // The next look finds it still dead and tries again, after a longer pause.
            Log.EmbeddedPostgresNotRestarted(logger, exception.Message);
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Portal.Hosting;

public sealed partial class EmbeddedPostgres
{
    // Replaying the log after a crash takes its time; the server says "ready" itself.
    private const string SecondsToStart = "300";
    private const string SecondsToStop = "30";

    private static readonly TimeSpan OrphanPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OrphanPause = TimeSpan.FromMilliseconds(50);

    private async Task StartAnywhereAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!LoopbackPort.IsFree(System.Net.IPAddress.Loopback, port) && EmbeddedPostgresProcesses.FindServer(settings.Cluster) is null)
                {
                    port = LoopbackPort.FindFree();
                }

                await LaunchAsync(cancellationToken);
                PrivateFolder.WriteFile(settings.PortFile, port.ToString(CultureInfo.InvariantCulture));
                return;
            }
            catch (PortTakenException) when (attempt < 5)
            {
                port = LoopbackPort.FindFree();
            }
        }
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        await EndLeftoversAsync(cancellationToken);
        File.Delete(settings.StartLog);
        var log = EmbeddedPostgresLog.From(settings);
        // pg_ctl makes the server the leader of a session of its own: Ctrl+C in the terminal reaches the product
        // only, which stops the server after its own work is done.
        var (exitCode, output) = await EmbeddedPostgresCommand.RunAsync(
            binaries.Program("pg_ctl"),
            settings.Cluster,
            null,
            [
                "start", "-D", Name, "-w", "-t", SecondsToStart, "-l", $"{Name}/{EmbeddedPostgresSettings.StartLogName}",
                "-o", $"-p {port.ToString(CultureInfo.InvariantCulture)} -h 127.0.0.1 -c unix_socket_directories=",
            ],
            cancellationToken);
        if (exitCode != 0)
        {
            throw Failure(log, output);
        }

        ProcessId = EmbeddedPostgresProcesses.ReadId(settings.Cluster) ?? 0;
    }

    private string Name => EmbeddedPostgresCommand.Name(settings.Cluster);

    /// <summary>
    /// A server that outlived the process that started it is stopped: its settings and port may be others than ours,
    /// and what the dead process began must not go on. Processes whose server was killed end by themselves, or are ended.
    /// </summary>
    private async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        if (EmbeddedPostgresProcesses.FindServer(settings.Cluster) is not null)
        {
            await StopAsync(cancellationToken);
        }

        var waited = Stopwatch.StartNew();
        while (EmbeddedPostgresProcesses.FindAll(settings.Cluster) is { Count: > 0 } orphans)
        {
            if (waited.Elapsed > OrphanPatience)
            {
                foreach (var orphan in orphans)
                {
                    Kill(orphan);
                }
            }

            await Task.Delay(OrphanPause, cancellationToken);
        }

        // Nothing works on the folder. The server sees by itself that the file is stale, unless the number in it is
        // another process's by now. (Where the orphans can't be seen, the file stays: it guards against them.)
        if (OperatingSystem.IsLinux())
        {
            File.Delete(Path.Combine(settings.Cluster, "postmaster.pid"));
        }
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        string[] modes = settings.Durable ? ["fast", "immediate"] : ["immediate"];
        foreach (var mode in modes)
        {
            if (EmbeddedPostgresProcesses.FindServer(settings.Cluster) is null)
            {
                break;
            }

            await EmbeddedPostgresCommand.RunAsync(
                binaries.Program("pg_ctl"), settings.Cluster, null, ["stop", "-D", Name, "-m", mode, "-w", "-t", SecondsToStop], cancellationToken);
        }

        if (EmbeddedPostgresProcesses.FindServer(settings.Cluster) is { } survivor)
        {
            Kill(survivor);
        }

        await LeftAsync(cancellationToken);
    }

    // The server takes its file away before it ends, and the process that writes the log ends after it.
    private async Task LeftAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < 5 * OrphanPatience && EmbeddedPostgresProcesses.FindAll(settings.Cluster).Count > 0)
        {
            await Task.Delay(OrphanPause, cancellationToken);
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // It ended between the look and the blow.
        }
    }

    private Exception Failure(EmbeddedPostgresLog log, string output)
    {
        var said = log.ReadSince();
        return said.Any(line => line.Contains("could not bind", StringComparison.Ordinal) && line.Contains("in use", StringComparison.Ordinal))
            ? new PortTakenException()
            : new StartupException(
                $"the embedded PostgreSQL did not start: {EmbeddedPostgresLog.Reason(said) ?? Tail(output)} (its log is in {settings.Cluster})");
    }

    private sealed class PortTakenException() : Exception("The port was taken by another program.");
}

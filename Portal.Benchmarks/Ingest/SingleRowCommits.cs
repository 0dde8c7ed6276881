using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Portal.Benchmarks.Ingest;

/// <summary>The baseline of single events: one row, one commit, prepared, from 32 connections. By pgbench where there is one, else by Npgsql.</summary>
internal sealed partial class SingleRowCommits(BenchmarkServer server)
{
    private const int Connections = 32;
    private readonly string? _pgbench = FindPgbench();

    /// <summary>What runs it.</summary>
    public string Tool => _pgbench is null ? "Npgsql" : "pgbench";

    public Task PrepareAsync() => server.ExecuteAsync("CREATE TABLE single_rows (id bigint NOT NULL, value numeric NOT NULL, at timestamptz NOT NULL)");

    /// <summary>Commits per second.</summary>
    public Task<double> RunAsync(int seconds) => _pgbench is null ? RunByNpgsqlAsync(seconds) : RunByPgbenchAsync(_pgbench, seconds);

    private async Task<double> RunByPgbenchAsync(string pgbench, int seconds)
    {
        var address = new NpgsqlConnectionStringBuilder(server.Address);
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "\\set id random(1, 1000000000)\nINSERT INTO single_rows VALUES (:id, 12.5, now());\n");
        var start = new ProcessStartInfo(pgbench, ["-n", "-M", "prepared", "-c", $"{Connections}", "-j", "2", "-T", $"{seconds}", "-f", script, "-h", address.Host!, "-p", $"{address.Port}", "-U", address.Username!, address.Database!])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = address.Password ?? "";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(script);
        if (Rate().Match(output) is not { Success: true } rate)
            throw new InvalidOperationException($"pgbench failed: {await errors}");
        return double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<double> RunByNpgsqlAsync(int seconds)
    {
        var until = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        var commits = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await server.Database.OpenConnectionAsync();
            await using var insert = new NpgsqlCommand("INSERT INTO single_rows VALUES ($1, 12.5, now())", connection);
            var id = new NpgsqlParameter<long>();
            insert.Parameters.Add(id);
            var done = 0L;
            for (; Stopwatch.GetTimestamp() < until; done++)
            {
                id.TypedValue = done;
                if (!insert.IsPrepared)
                    await insert.PrepareAsync();
                await insert.ExecuteNonQueryAsync();
            }

            return done;
        })));
        return commits.Sum() / (double)seconds;
    }

    private static string? FindPgbench()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).ToList();
        if (Directory.Exists("/usr/lib/postgresql"))
            folders.AddRange(Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => Path.Combine(version, "bin")));
        return folders.Select(folder => Path.Combine(folder, "pgbench")).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"tps = ([0-9.]+) \(without", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}

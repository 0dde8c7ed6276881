using System.Diagnostics;

namespace Portal.Benchmarks.Ingest;

/// <summary><c>ingest-single</c>: one event per request, 64 keep-alive connections, against single-row commits on the same server.</summary>
internal static class IngestSingle
{
    /// <summary>Keep-alive connections, unless told otherwise.</summary>
    internal const int Connections = 64;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        var (connections, seconds, rounds) = (options.Number("connections", Connections), options.Number("seconds", 10), options.Number("rounds", 3));
        Machine.Report("ingest-single");
        await using var server = await BenchmarkServer.StartAsync();
        await using var portal = await BenchmarkPortal.StartAsync(server, options.Settings);
        await Machine.ReportAsync(server.Database);
        var keys = await IngestWorld.MakeAsync(server);
        var baseline = new SingleRowCommits(server);
        await baseline.PrepareAsync();
        Console.WriteLine($"sizes      {connections} connections, {keys.Count} projects, {rounds} rounds of {seconds} s each; baseline: 32 connections by {baseline.Tool}");
        Send(portal, keys, connections, 5);
        await baseline.RunAsync(3);

        List<double> floors = [], figures = [], p50s = [], p99s = [];
        for (var round = 1; round <= rounds; round++)
        {
            floors.Add(await baseline.RunAsync(seconds));
            var used = portal.Processor;
            var (rate, p50, p99) = Send(portal, keys, connections, seconds);
            figures.Add(rate);
            p50s.Add(p50);
            p99s.Add(p99);
            Console.WriteLine($"round {round}    baseline {floors[^1]:N0}/s, ours {rate:N0}/s = {rate / floors[^1]:N2}; p50 {p50:N1} ms, p99 {p99:N1} ms, Portal {(portal.Processor - used).TotalSeconds / seconds:N2} processors, {portal.Memory / 1_048_576} MiB");
        }

        await IngestCheck.ShouldAgreeAsync(server);
        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = "ingest-single",
            ["unit"] = "events/s",
            ["figure"] = Math.Round(Machine.Median(figures)),
            ["baseline"] = Math.Round(Machine.Median(floors)),
            ["ratio"] = Math.Round(Machine.Median(figures.Zip(floors, (ours, floor) => ours / floor)), 3),
            ["target"] = 1.5,
            ["p50Ms"] = Math.Round(Machine.Median(p50s), 2),
            ["p99Ms"] = Math.Round(Machine.Median(p99s), 2),
            ["p99TargetMs"] = 15,
        });
    }

    /// <summary>Sends for so many seconds; events a second, and milliseconds of an answer.</summary>
    internal static (double Rate, double P50, double P99) Send(BenchmarkPortal portal, IReadOnlyList<string> keys, int connections, int seconds)
    {
        using var events = new SingleEvents(portal.Address, keys, connections);
        var (elapsed, taken) = events.Run(seconds);
        taken.Sort();
        return (taken.Count / elapsed, Milliseconds(taken, 0.5), Milliseconds(taken, 0.99));
    }

    private static double Milliseconds(List<long> sorted, double quantile) => sorted[(int)(sorted.Count * quantile)] * 1000.0 / Stopwatch.Frequency;
}

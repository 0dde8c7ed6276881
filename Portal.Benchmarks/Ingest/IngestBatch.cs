using System.Diagnostics;
using System.Text.Json;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// <c>ingest-batch</c>: batches of 1,000 over 8 connections, against COPY of the same rows. <c>ingest-dup</c>: half of each batch was sent before, against the former.
/// With <c>--stored N</c>, N events lie there already.
/// </summary>
internal static class IngestBatch
{
    private const int BatchSize = 1000;

    public static Task RunAsync(IReadOnlyList<string> arguments) => RunAsync(new BenchmarkArguments(arguments), "ingest-batch", 0.6, async (server, portal, keys, options, round) =>
    {
        var seconds = options.Number("seconds", 10);
        var since = TimeProvider.System.GetUtcNow();
        var ours = await SendAsync(portal, keys, options.Number("connections", 8), seconds, repeats: false);
        var floor = new CopyFloor(server);
        var rows = await floor.TakeAsync(since, 400_000);
        var half = rows.Count / 2;
        // Which number of connections is faster differs from machine to machine: the faster one counts.
        var (one, two) = (await floor.RunAsync([.. rows.Take(half)], 1), await floor.RunAsync([.. rows.Skip(half)], 2));
        Console.WriteLine($"round {round}    COPY by 1 connection {one:N0}/s, by 2 {two:N0}/s; ours {ours:N0}/s = {ours / Math.Max(one, two):N2}");
        return (ours, Math.Max(one, two));
    });

    public static Task RunRepeatsAsync(IReadOnlyList<string> arguments) => RunAsync(new BenchmarkArguments(arguments), "ingest-dup", 0.9, async (_, portal, keys, options, round) =>
    {
        var (connections, seconds) = (options.Number("connections", 8), options.Number("seconds", 10));
        var fresh = await SendAsync(portal, keys, connections, seconds, repeats: false);
        var repeated = await SendAsync(portal, keys, connections, seconds, repeats: true);
        Console.WriteLine($"round {round}    fresh {fresh:N0}/s, half repeated {repeated:N0}/s = {repeated / fresh:N2}");
        return (repeated, fresh);
    });

    private static async Task RunAsync(
        BenchmarkArguments options, string name, double target, Func<BenchmarkServer, BenchmarkPortal, IReadOnlyList<string>, BenchmarkArguments, int, Task<(double Figure, double Baseline)>> round)
    {
        Machine.Report(name);
        await using var server = await BenchmarkServer.StartAsync();
        await using var portal = await BenchmarkPortal.StartAsync(server, options.Settings);
        await Machine.ReportAsync(server.Database);
        var keys = await IngestWorld.MakeAsync(server);
        var (stored, rounds) = (options.Number("stored", 0), options.Number("rounds", 3));
        if (stored > 0)
            await StoredUsage.FillAsync(server, stored);
        await new CopyFloor(server).PrepareAsync();
        Console.WriteLine($"sizes      batches of {BatchSize}, {options.Number("connections", 8)} connections, {keys.Count} projects, {stored:N0} events stored before, {rounds} rounds of {options.Number("seconds", 10)} s");
        await SendAsync(portal, keys, options.Number("connections", 8), 4, repeats: false);

        List<(double Figure, double Baseline)> results = [];
        for (var number = 1; number <= rounds; number++)
            results.Add(await round(server, portal, keys, options, number));
        Console.WriteLine($"memory     {portal.Memory / 1_048_576} MiB");
        await IngestCheck.ShouldAgreeAsync(server);
        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = name,
            ["unit"] = "events/s",
            ["figure"] = Math.Round(Machine.Median(results.Select(result => result.Figure))),
            ["baseline"] = Math.Round(Machine.Median(results.Select(result => result.Baseline))),
            ["ratio"] = Math.Round(Machine.Median(results.Select(result => result.Figure / result.Baseline)), 3),
            ["target"] = target,
            ["stored"] = stored,
        });
    }

    /// <summary>Sends for so many seconds; events a second.</summary>
    internal static async Task<double> SendAsync(BenchmarkPortal portal, IReadOnlyList<string> keys, int connections, int seconds, bool repeats)
    {
        var started = Stopwatch.GetTimestamp();
        var until = started + (seconds * Stopwatch.Frequency);
        var events = await Task.WhenAll(Enumerable.Range(0, connections).Select(number => Task.Run(async () =>
        {
            var random = new Random(HashCode.Combine(number, started));
            var sent = 0L;
            using var client = await IngestClient.ConnectAsync(portal.Address, keys[number % keys.Count]);
            var template = EventTemplate.Make(random, BatchSize, halves: true);
            template.Renew(random);
            for (var first = true; Stopwatch.GetTimestamp() < until; first = false)
            {
                if (!first && repeats)
                    template.RepeatSecondHalf();
                if (!first)
                    template.Renew(random, repeats ? BatchSize / 2 : 0);
                var (status, body) = await client.PostAsync(template.Body);
                Expect(status, body, repeats && !first ? BatchSize / 2 : 0);
                sent += template.Events;
            }

            return sent;
        })));
        return events.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Expect(int status, string body, int duplicates)
    {
        // In chunks, as the length is not known when the answer begins.
        var start = body.IndexOf('{', StringComparison.Ordinal);
        using var answer = JsonDocument.Parse(body[start..(body.LastIndexOf('}') + 1)]);
        if (status != 202 || answer.RootElement.GetProperty("duplicates").GetInt32() != duplicates || answer.RootElement.GetProperty("accepted").GetInt32() != BatchSize - duplicates)
            throw new InvalidOperationException($"A batch was answered {status}: {body}");
    }
}

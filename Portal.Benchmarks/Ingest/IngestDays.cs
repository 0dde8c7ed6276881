using System.Diagnostics;

namespace Portal.Benchmarks.Ingest;

/// <summary>
/// <c>ingest-days</c>: what the days of usage cost the intake. One event per request and batches of 1,000, each in turn with the product's function and with one that
/// passes the days over: pairs of one run, so that what else the machine does is in both.
/// </summary>
internal static class IngestDays
{
    private const int BatchConnections = 8;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        var (seconds, rounds) = (options.Number("seconds", 5), options.Number("rounds", 5));
        Machine.Report("ingest-days");
        await using var server = await BenchmarkServer.StartAsync();
        await using var portal = await BenchmarkPortal.StartAsync(server, options.Settings);
        await Machine.ReportAsync(server.Database);
        var keys = await IngestWorld.MakeAsync(server);
        var whole = await server.ScalarAsync<string>("SELECT pg_get_functiondef('add_usage_sums'::regproc)");
        var without = Without(whole);
        Console.WriteLine($"sizes      {keys.Count} projects; {rounds} rounds, each of them four times {seconds} s");
        IngestSingle.Send(portal, keys, IngestSingle.Connections, 3);
        await IngestBatch.SendAsync(portal, keys, BatchConnections, 3, repeats: false);

        List<double> single = [], batch = [];
        for (var round = 1; round <= rounds; round++)
        {
            var rates = new Dictionary<(bool Days, bool Batch), double>();
            // Who goes first changes, so that what the first leaves to do is borne by both.
            foreach (var days in round % 2 == 0 ? (bool[])[true, false] : [false, true])
            {
                await server.ExecuteAsync(days ? whole : without);
                rates[(days, false)] = IngestSingle.Send(portal, keys, IngestSingle.Connections, seconds).Rate;
                rates[(days, true)] = await IngestBatch.SendAsync(portal, keys, BatchConnections, seconds, repeats: false);
            }

            single.Add(rates[(true, false)] / rates[(false, false)]);
            batch.Add(rates[(true, true)] / rates[(false, true)]);
            Console.WriteLine($"round {round}    single {rates[(true, false)]:N0}/s with days, {rates[(false, false)]:N0}/s without = {single[^1]:N2}; batches {rates[(true, true)]:N0}/s, {rates[(false, true)]:N0}/s = {batch[^1]:N2}");
        }

        await IngestCheck.ShouldAgreeAsync(server);
        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = "ingest-days",
            ["unit"] = "rate with days / rate without",
            ["single"] = Math.Round(Machine.Median(single), 3),
            ["batch"] = Math.Round(Machine.Median(batch), 3),
            ["target"] = 0.9,
        });
    }

    // The statement about days lies between those about quarter hours and months.
    private static string Without(string function)
    {
        var (from, to) = (function.IndexOf("INSERT INTO usage_days", StringComparison.Ordinal), function.IndexOf("INSERT INTO usage_aggregates", StringComparison.Ordinal));
        return from > 0 && to > from ? function.Remove(from, to - from) : throw new UnreachableException("The function keeps no days.");
    }
}

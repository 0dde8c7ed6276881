using System.Security.Cryptography;

namespace Portal.Benchmarks.Pages;

/// <summary>
/// <c>pages</c>: every list and overview with 10,000 organisations and 5,000,000 events, asked for over HTTP by somebody who is signed in. What counts is the
/// request that answers with the first content: how long it took at the server, and how many commands it sent to the database, by the Portal's own traces.
/// </summary>
internal static class PagesBenchmark
{
    private const int MostQueries = 12;
    private const double MostMilliseconds = 300;
    private const string Static = "/health/live";

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        var (organisations, events, times) = (options.Number("organisations", 10_000), options.Number("events", 5_000_000), options.Number("times", 20));
        Machine.Report("pages");
        // Filling takes minutes: with "--data FOLDER" the database stays, and the next run with it only measures.
        await using var server = options.Text("filled") is { } filled ? BenchmarkServer.Join(filled) : options.Text("data") is { } data ? await BenchmarkServer.KeepAsync(data) : await BenchmarkServer.StartAsync();
        await Machine.ReportAsync(server.Database);
        var took = await PagesSeed.IsFilledAsync(server) ? TimeSpan.Zero : await PagesSeed.FillAsync(server, organisations, events);
        Console.WriteLine($"sizes      {await server.ScalarAsync<long>("SELECT count(*) FROM organisations"):N0} organisations, {await server.ScalarAsync<long>("SELECT count(*) FROM usage_events"):N0} events, "
            + $"{await server.ScalarAsync<long>("SELECT count(*) FROM invoices"):N0} invoices, {await server.ScalarAsync<long>("SELECT count(*) FROM audit_log"):N0} audit entries, "
            + $"{await server.ScalarAsync<long>("SELECT pg_database_size(current_database())") / 1_048_576:N0} MiB, made in {took.TotalSeconds:N0} s; each page {times} times");
        await MeasureAsync(server, options, times);
    }

    /// <summary>Measures on a database that is filled.</summary>
    private static async Task MeasureAsync(BenchmarkServer server, BenchmarkArguments options, int times)
    {
        await using var spans = new SpanCollector();
        await using var portal = await BenchmarkPortal.StartAsync(server, [("Access__RequireHttps", "false"), .. spans.Settings, .. options.Settings]);
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await PagesSeed.AdmitAsync(server, password);
        var places = await PagesList.FindAsync(server);
        using var nobody = PagesBrowser.Open(portal.Address);
        using var staff = await PagesBrowser.SignInAsync(portal.Address, PagesSeed.Staff, password);
        using var owner = await PagesBrowser.SignInAsync(portal.Address, PagesSeed.Owner, password);
        List<(PagesBrowser Browser, string Path)> pages =
            [(nobody, "/account/sign-in"), .. PagesList.Staff(places).Select(path => (staff, path)), .. PagesList.Customer(places).Select(path => (owner, path))];

        if (PagesList.Forgotten(pages.Select(page => page.Path)) is { Count: > 0 } forgotten)
            throw new InvalidOperationException($"Nothing asks for {string.Join(", ", forgotten)}.");
        if (options.Text("only") is { } part)
            pages.RemoveAll(page => !page.Path.Contains(part, StringComparison.Ordinal));

        List<PageFigures> figures = [];
        // The baseline is taken before, between and after, so that it sees what the pages saw.
        List<PageFigures> floors = [await MeasureAsync(spans, nobody, Static, times)];
        Console.WriteLine($"{"page",-64} {"queries",8} {"p50 ms",8} {"p95 ms",8}");
        foreach (var (browser, path) in pages)
        {
            var figure = await MeasureAsync(spans, browser, path, times);
            figures.Add(figure);
            Console.WriteLine($"{Short(path, places),-64} {figure.Queries,8} {figure.P50,8:N1} {figure.P95,8:N1}{(figure.Queries > MostQueries || figure.P95 > MostMilliseconds ? "  !" : "")}");
            if (options.Number("show", 0) > 0)
                figure.Slowest.ForEach(statement => Console.WriteLine($"      {statement.Took.TotalMilliseconds,8:N1} ms  {statement.Statement!.ReplaceLineEndings(" ")}"));
            if (figures.Count % 20 == 0)
                floors.Add(await MeasureAsync(spans, nobody, Static, times));
        }

        floors.Add(await MeasureAsync(spans, nobody, Static, times));
        var (floor, p50, most, slowest) = (Machine.Median(floors.Select(round => round.P50)), Machine.Median(figures.Select(page => page.P50)), figures.MaxBy(page => page.Queries)!, figures.MaxBy(page => page.P95)!);
        var kept = most.Queries <= MostQueries && slowest.P95 <= MostMilliseconds;
        Console.WriteLine($"verdict    {(kept ? "kept" : "not kept")}: most queries {most.Queries} ({Short(most.Path, places)}), slowest p95 {slowest.P95:N0} ms ({Short(slowest.Path, places)}); "
            + $"{figures.Count(page => page.Queries > MostQueries)} pages above {MostQueries} queries, {figures.Count(page => page.P95 > MostMilliseconds)} above {MostMilliseconds} ms; Portal {portal.Memory / 1_048_576} MiB");
        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = "pages",
            ["unit"] = "ms",
            ["figure"] = Math.Round(p50, 1),
            ["baseline"] = Math.Round(floor, 2),
            ["ratio"] = Math.Round(p50 / floor, 1),
            ["pages"] = figures.Count,
            ["slowestP95Ms"] = Math.Round(slowest.P95, 1),
            ["p95TargetMs"] = MostMilliseconds,
            ["mostQueries"] = most.Queries,
            ["queriesTarget"] = MostQueries,
            ["kept"] = kept,
        });
    }

    private static async Task<PageFigures> MeasureAsync(SpanCollector spans, PagesBrowser browser, string path, int times)
    {
        // Compiled, planned and in memory: what a page costs every day, not once after a start.
        for (var warm = 0; warm < 3; warm++)
            await browser.GetAsync(path);
        List<string> traces = [];
        for (var time = 0; time < times; time++)
            traces.Add((await browser.GetAsync(path)).Trace);
        var found = await spans.TakeAsync(traces);
        var requests = traces.Select(trace => found[trace].Single(span => span.Statement is null).Took.TotalMilliseconds).Order().ToList();
        var commands = traces.Select(trace => found[trace].Where(span => span.Statement is not null).ToList()).OrderBy(list => list.Count).ToList();
        // The middle one: once a minute, some request looks at its session again, whichever page it is for.
        return new PageFigures(path, commands[commands.Count / 2].Count, requests[requests.Count / 2], requests[(int)Math.Ceiling(requests.Count * 0.95) - 1], [.. commands[commands.Count / 2].OrderByDescending(span => span.Took)]);
    }

    private static string Short(string path, PagesList.Places places) => typeof(PagesList.Places).GetProperties().Where(place => place.PropertyType == typeof(Guid))
        .Aggregate(path, (text, place) => text.Replace(place.GetValue(places)!.ToString()!, $"{{{place.Name.ToLowerInvariant()}}}", StringComparison.Ordinal));

    private sealed record PageFigures(string Path, int Queries, double P50, double P95, List<PortalSpan> Slowest);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Portal.Core.Invoicing;
using Portal.Documents;
using Portal.Outbox;

namespace Portal.Benchmarks.Documents;

/// <summary>
/// <c>invoice-pdf</c>: a one-page invoice with logo and tax table, from the stored invoice to stored bytes, asked for by as many as the outbox has
/// workers, with the document processes that are configured by default. Against the bare compiler on the same inputs, and against warm Chromium
/// that prints the same content as HTML.
/// </summary>
internal static class InvoicePdf
{
    private const int WarmUp = 60;

    /// <summary>
    /// Arguments: <c>--rounds 15</c>, many short ones because what else the machine does should meet both sides; <c>--documents 50</c> per round,
    /// <c>--pages 5</c> per round for Chromium, <c>--callers 4</c>.
    /// </summary>
    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        var (rounds, documents, pages) = (options.Number("rounds", 15), options.Number("documents", 50), options.Number("pages", 5));
        var callers = options.Number("callers", new OutboxOptions().Workers);
        Machine.Report("invoice-pdf");
        await using var server = await BenchmarkServer.StartAsync();
        await Machine.ReportAsync(server.Database);
        await using var chromium = await WarmChromium.StartAsync();
        var logo = await chromium.LogoAsync();
        await using var world = await InvoicePdfWorld.MakeAsync(server, WarmUp + (rounds * 2 * documents), logo, options.Settings);
        await using var bare = await BareTypst.StartAsync(world.Paths, logo);
        var ids = await IdsAsync(server.Database);
        BillingRunBenchmark.Expect(ids.Count == WarmUp + (rounds * 2 * documents), $"{ids.Count} invoices were issued");
        var next = 0;
        Guid[] Next(int count) => [.. ids.Skip((next += count) - count).Take(count)];

        var warm = await OursAsync(world, Next(WarmUp), callers);
        await bare.RunAsync(warm.Documents);
        await chromium.RunAsync(Html(warm.Documents.Take(10), logo));
        await VersionsAsync(world, chromium);
        Console.WriteLine($"sizes      {rounds} rounds; each {documents} invoices by {callers} callers and {documents} one after another, {world.Options.Workers} document process(es), {pages} pages by Chromium; logo {logo.Length:N0} bytes");

        List<double> figures = [], floors = [], ratios = [], singles = [], engines = [], browsers = [], multiples = [], onePage = [];
        for (var round = 1; round <= rounds; round++)
        {
            var together = await OursAsync(world, Next(documents), callers);
            var floor = await bare.RunAsync(together.Documents);
            var html = Html(together.Documents.Take(pages), logo);
            var printed = await chromium.RunAsync(html);
            BillingRunBenchmark.Expect(printed.Documents.All(document => StoredDocuments.Pages(document) == 1), "Chromium printed something else than one page");
            onePage.Add(pages * 1000 / await chromium.RunInOnePageAsync(html));
            var single = await OursAsync(world, Next(documents), 1);
            var singleFloor = await bare.RunAsync(single.Documents);
            figures.Add(documents * 1000 / together.Milliseconds);
            floors.Add(documents * 1000 / floor.Milliseconds);
            ratios.Add(floor.Milliseconds / together.Milliseconds);
            singles.Add(singleFloor.Milliseconds / single.Milliseconds);
            engines.Add(singleFloor.Milliseconds / single.EngineMilliseconds);
            browsers.Add(pages * 1000 / printed.Milliseconds);
            multiples.Add(figures[^1] / browsers[^1]);
            Console.WriteLine($"round {round}    ours {figures[^1]:N1}/s, bare Typst {floors[^1]:N1}/s = {ratios[^1]:N2}, Chromium {browsers[^1]:N1}/s = {multiples[^1]:N1}x (in one page {onePage[^1]:N1}/s = {figures[^1] / onePage[^1]:N1}x); "
                + $"one after another {single.Milliseconds / documents:N2} ms (engine {single.EngineMilliseconds / documents:N2}, this process {single.ProcessorMilliseconds / documents:N2} of processor), "
                + $"bare Typst {singleFloor.Milliseconds / documents:N2} = {singles[^1]:N2}");
        }

        await StoredDocuments.CheckAsync(server.Database, ids);
        Machine.Result(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["benchmark"] = "invoice-pdf",
            ["unit"] = "documents/s",
            ["figure"] = Math.Round(Machine.Median(figures), 1),
            ["baseline"] = Math.Round(Machine.Median(floors), 1),
            ["ratio"] = Math.Round(Machine.Median(ratios), 3),
            ["target"] = 0.6,
            ["oneAfterAnotherRatio"] = Math.Round(Machine.Median(singles), 3),
            ["engineOneAfterAnotherRatio"] = Math.Round(Machine.Median(engines), 3),
            ["chromium"] = Math.Round(Machine.Median(browsers), 1),
            ["chromiumRatio"] = Math.Round(Machine.Median(multiples), 2),
            ["chromiumTarget"] = 5,
            ["chromiumInOnePageRatio"] = Math.Round(Machine.Median(figures.Zip(onePage, (ours, browser) => ours / browser)), 2),
            ["callers"] = callers,
            ["workers"] = world.Options.Workers,
        });
    }

    private static async Task<(double Milliseconds, double EngineMilliseconds, double ProcessorMilliseconds, IReadOnlyList<InvoiceDocument> Documents)> OursAsync(InvoicePdfWorld world, Guid[] ids, int callers)
    {
        var waiting = new ConcurrentQueue<Guid>(ids);
        var used = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (waiting.TryDequeue(out var id))
            {
                var answer = await world.Files.EnsureAsync(BillingRunBenchmark.Call, id, default);
                BillingRunBenchmark.Expect(answer.Succeeded, $"invoice {id} has no document");
            }
        })));
        var milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var (documents, engine) = world.Engine.Take();
        return (milliseconds, engine, (Environment.CpuUsage.TotalTime - used).TotalMilliseconds, documents);
    }

    private static List<string> Html(IEnumerable<InvoiceDocument> documents, byte[] logo) => [.. documents.Select(document => InvoiceHtml.Of(InvoiceSheet.Of(document), logo))];

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT id FROM invoices WHERE status = 'issued' ORDER BY number");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static async Task VersionsAsync(InvoicePdfWorld world, WarmChromium chromium)
    {
        using var node = Process.Start(new ProcessStartInfo(world.Options.Node, ["--version"]) { RedirectStandardOutput = true })!;
        var version = (await node.StandardOutput.ReadToEndAsync()).Trim();
        await node.WaitForExitAsync();
        using var package = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(world.Paths.NodeModules, TypstPaths.Compiler, "package.json")));
        Console.WriteLine($"engines    Node.js {version}, {TypstPaths.Compiler} {package.RootElement.GetProperty("version").GetString()}, Chromium {chromium.Version}");
    }
}

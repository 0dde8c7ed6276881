using Portal.Benchmarks;
using Portal.Benchmarks.Documents;
using Portal.Benchmarks.Ingest;
using Portal.Benchmarks.Pages;

// A benchmark takes the arguments that follow its name, prints what it does, and ends with one line of JSON.
Dictionary<string, Func<IReadOnlyList<string>, Task>> benchmarks = new(StringComparer.Ordinal)
{
    ["ingest-single"] = IngestSingle.RunAsync,
    ["ingest-batch"] = IngestBatch.RunAsync,
    ["ingest-dup"] = IngestBatch.RunRepeatsAsync,
    ["ingest-days"] = IngestDays.RunAsync,
    ["ingest-commit"] = IngestCommit.RunAsync,
    ["pages"] = PagesBenchmark.RunAsync,
    ["rating"] = RatingBenchmark.RunAsync,
    ["invoice-pdf"] = InvoicePdf.RunAsync,
    ["billing-run"] = arguments => BillingRunBenchmark.RunAsync(["billing-run", .. arguments]),
};

if (args.Length == 0 || !benchmarks.TryGetValue(args[0], out var benchmark))
{
    await Console.Error.WriteLineAsync($"usage: dotnet run -c Release --project Portal.Benchmarks -- NAME [options]\nNAME: {string.Join(", ", benchmarks.Keys)}");
    return 2;
}

#if DEBUG
await Console.Error.WriteLineAsync("A Debug build measures nothing: run with -c Release.");
return 2;
#else
await benchmark(args[1..]);
return 0;
#endif

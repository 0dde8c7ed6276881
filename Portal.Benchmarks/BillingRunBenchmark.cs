using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Metering;
using Portal.Core.Pricing;
using Portal.Data;
using Portal.Data.BillingRuns;

namespace Portal.Benchmarks;

/// <summary>
/// <c>billing-run</c>: a month of many organisations with five metrics each, two of them graduated, and subscriptions, services, discounts and prepaid
/// credits for a part of them: drafts with lines and tax, then all issued with numbers and ledger entries, then a second run that makes none. Baseline, on the same server and in the same process run:
/// SQL alone writes the same rows, one transaction per invoice, over 16 connections.
/// </summary>
internal static class BillingRunBenchmark
{
    private static readonly BillingMonth s_month = new(2026, 10);

    /// <summary>Runs it. Arguments: <c>--organisations 10000</c>, <c>--months 0</c> (months billed before, as stored data), <c>--usage-only</c> (no subscriptions and
    /// what goes with them), <c>--no-baseline</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
#if DEBUG
        await Console.Error.WriteLineAsync("A benchmark is run in Release: dotnet run -c Release --project Portal.Benchmarks -- billing-run");
        return 2;
#else
        var organisations = Option(args, "--organisations", 10_000);
        var months = Option(args, "--months", 0);
        await using var server = await BillingRunServer.StartAsync();
        await using var database = await server.MakeAsync("ours");
        await BillingRunSeed.FillAsync(database.DataSource, organisations, s_month, months);
        await using (var before = Services(database.ConnectionString))
        {
            // With connections of its own: those are closed when the database is copied.
            for (var earlier = months; earlier > 0; earlier--)
                await BillAsync(before, BillingMonth.FromIndex(s_month.Index - earlier), issue: true);
        }

        if (!args.Contains("--usage-only"))
            await BillingRunSeed.SubscribeAsync(database.DataSource, s_month);

        // What was stored before is vacuumed and counted; tables that are still empty stay as a new product has them.
        await server.SettleAsync(database, months == 0 ? "organisations, projects, prices, price_tiers, usage_aggregates, subscriptions, subscription_phases, services, service_phases, organisation_discounts, prepaid_grants, prepaid_wallets" : "");
        await using var baselineDatabase = args.Contains("--no-baseline") ? null : await server.CopyAsync("baseline", database);
        await using var services = Services(database.ConnectionString);
        var memory = Memory("VmRSS");
        await ResetPeakAsync();

        var drafts = await TimedAsync(() => BillAsync(services, s_month, issue: false));
        var issued = await TimedAsync(() => services.GetRequiredService<IssueInvoices>().RunAsync(Call, new IssueInvoicesRequest { Month = s_month }, default));
        var again = await TimedAsync(() => BillAsync(services, s_month, issue: false));
        var peak = Memory("VmHWM");
        Expect(drafts.Result.Done == organisations, $"{drafts.Result.Done} drafts were made of {organisations}");
        Expect(issued.Result.Value.Issued == organisations, $"{issued.Result.Value.Issued} were issued of {organisations}");
        Expect(again.Result.Done == 0 && again.Result.Skipped == organisations, "the second run made invoices");
        var ours = organisations / (drafts.Seconds + issued.Seconds);
        double? baseline = baselineDatabase is null ? null : await BillingRunBaseline.RunAsync(baselineDatabase, database, organisations, s_month);

        Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(new
        {
            benchmark = "billing-run",
            organisations,
            monthsBefore = months,
            lines = await LinesAsync(database.DataSource),
            draftsPerSecond = Round(organisations / drafts.Seconds),
            issuedPerSecond = Round(organisations / issued.Seconds),
            invoicesPerSecond = Round(ours),
            secondRunSeconds = Math.Round(again.Seconds, 2),
            secondRunMade = again.Result.Done,
            baselineInvoicesPerSecond = baseline is { } figure ? Round(figure) : (double?)null,
            ratio = baseline is { } other ? Math.Round(ours / other, 2) : (double?)null,
            target = 0.5,
            memoryBeforeMb = memory,
            memoryPeakMb = peak,
            processors = Environment.ProcessorCount,
            runtime = Environment.Version.ToString(),
            server = await server.DescribeAsync(),
        }));
        return 0;
#endif
    }

    internal static CallContext Call { get; } = CallContext.System("benchmark", "Bills every organisation.");

    internal static async Task<(T Result, double Seconds)> TimedAsync<T>(Func<Task<T>> work)
    {
        var watch = Stopwatch.StartNew();
        var result = await work();
        return (result, watch.Elapsed.TotalSeconds);
    }

    internal static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException($"The benchmark does not count: {otherwise}.");
    }

    private static ServiceProvider Services(string connectionString) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddBillingData(connectionString)
        .AddBillingRunData()
        .AddPricing()
        .AddInvoicing()
        .AddBillingRuns()
        .AddSingleton(Options.Create(new BillingOptions()))
        .BuildServiceProvider();

    private static async Task<BillingRunDetails> BillAsync(ServiceProvider services, BillingMonth month, bool issue)
    {
        var started = await services.GetRequiredService<StartBillingRun>().RunAsync(Call, new StartBillingRunRequest { Year = month.Year, Month = month.Month, AutoIssue = issue }, default);
        while (await services.GetRequiredService<RunBilling>().RunNextAsync(default))
        {
        }

        return (await services.GetRequiredService<GetBillingRun>().RunAsync(Call, started.Value.Id, default)).Value;
    }

    private static async Task<Dictionary<string, long>> LinesAsync(Npgsql.NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT l.kind, count(*) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE i.year * 12 + i.month - 1 = $1 GROUP BY l.kind ORDER BY l.kind");
        command.Parameters.AddWithValue(s_month.Index);
        await using var reader = await command.ExecuteReaderAsync();
        var kinds = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
            kinds[reader.GetString(0)] = reader.GetInt64(1);
        return kinds;
    }

    private static int Option(string[] args, string name, int otherwise)
    {
        var index = Array.IndexOf(args, name);
        return index < 0 ? otherwise : int.Parse(args[index + 1], CultureInfo.InvariantCulture);
    }

    // The kernel's own figures, in MB.
    private static long Memory(string name) => File.ReadLines("/proc/self/status").Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(new string([.. line.Where(char.IsAsciiDigit)]), CultureInfo.InvariantCulture) / 1024).First();

    private static Task ResetPeakAsync() => File.WriteAllTextAsync("/proc/self/clear_refs", "5");

    private static double Round(double value) => Math.Round(value, 0, MidpointRounding.AwayFromZero);
}

using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Metering;
using Portal.Data;
using Portal.Data.Metering;

namespace Portal.Benchmarks.Ingest;

/// <summary><c>ingest-commit</c>: the writer alone, by the size of what it gathers, with rows as arrays and by COPY. Tells where <see cref="IngestOptions.CopyFrom"/> belongs.</summary>
internal static class IngestCommit
{
    private static readonly int[] s_sizes = [1, 8, 32, 64, 128, 256, 512, 1000, 2000, 4000, 10_000];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var options = new BenchmarkArguments(arguments);
        Machine.Report("ingest-commit");
        await using var server = await BenchmarkServer.StartAsync();
        await using (await BenchmarkPortal.StartAsync(server))
        {
            // It migrates the database.
        }

        await Machine.ReportAsync(server.Database);
        await IngestWorld.MakeAsync(server);
        Dictionary<string, object> result = new(StringComparer.Ordinal) { ["benchmark"] = "ingest-commit", ["unit"] = "events/s" };
        foreach (var size in s_sizes)
        {
            // In turns, so that what else the machine does meets both.
            List<double> byArrays = [], byCopy = [];
            for (var turn = 0; turn < 3; turn++)
            {
                byCopy.Add(await CommitAsync(server, size, copyFrom: 1, options.Number("seconds", 1)));
                byArrays.Add(await CommitAsync(server, size, copyFrom: int.MaxValue, options.Number("seconds", 1)));
            }

            var (arrays, copy) = (Machine.Median(byArrays), Machine.Median(byCopy));
            Console.WriteLine($"{size,5} events  arrays {arrays,9:N0}/s ({size / arrays * 1000:N2} ms), COPY {copy,9:N0}/s ({size / copy * 1000:N2} ms)");
            result[$"arrays{size}"] = Math.Round(arrays);
            result[$"copy{size}"] = Math.Round(copy);
        }

        await IngestCheck.ShouldAgreeAsync(server);
        Machine.Result(result);
    }

    private static async Task<double> CommitAsync(BenchmarkServer server, int size, int copyFrom, int seconds)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddBillingData(server.Address).AddUsageStore()
            .Configure<IngestOptions>(ingest => ingest.CopyFrom = copyFrom).BuildServiceProvider();
        var projects = await ProjectsAsync(server);
        await using var writer = services.GetRequiredService<IUsageEventStore>().OpenWriter();
        var random = new Random(size);
        await OneAsync(writer, projects, size, random);
        var events = 0L;
        var started = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds; events += size)
            await OneAsync(writer, projects, size, random);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // As the queue gathers: up to 64 requests of single events, or batches of a thousand.
    private static async Task OneAsync(IUsageWriter writer, List<ProjectKey> projects, int size, Random random)
    {
        var now = Rfc3339.ToMicroseconds(TimeProvider.System.GetUtcNow());
        List<UsageSubmission> gather = [];
        var perRequest = size <= 128 ? 1 : Math.Min(size, 1000);
        for (var left = size; left > 0; left -= perRequest)
        {
            var drafts = Enumerable.Range(0, Math.Min(perRequest, left)).Select(index => new UsageEventDraft
            {
                Index = index,
                MetricName = "api_calls",
                Value = UsageValue.ReadStored("12.5"),
                Unit = "count",
                Timestamp = now,
                Metadata = """{"region":"ap-south-1"}""",
                IdempotencyKey = IngestWorld.Key(random),
            });
            gather.Add(new UsageSubmission(projects[random.Next(projects.Count)], now, [.. drafts]));
        }

        if (await writer.CommitAsync(gather, CancellationToken.None) is { Result: not SubmissionResult.Decided } failed)
            throw new InvalidOperationException($"{failed.Result}", failed.Error);
    }

    private static async Task<List<ProjectKey>> ProjectsAsync(BenchmarkServer server)
    {
        List<ProjectKey> projects = [];
        await using var command = server.Database.CreateCommand("SELECT id, prefix, organisation_id, project_id FROM api_keys ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync();
        var calendar = new BillingCalendar("Asia/Kolkata", null, null);
        while (await reader.ReadAsync())
        {
            projects.Add(new ProjectKey
            {
                Id = reader.GetGuid(0),
                Prefix = reader.GetString(1),
                OrganisationId = reader.GetGuid(2),
                ProjectId = reader.GetGuid(3),
                Scopes = [],
                RateLimitPerHour = null,
                ExpiresAt = null,
                IsInForce = true,
                IsSuspended = false,
                Calendar = calendar,
            });
        }

        return projects;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Portal.E2E.Support;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>What was acknowledged is there, once, whatever was killed.</summary>
public sealed class CrashJourneys
{
    private static readonly string[] s_scopes = ["usage:write", "usage:read"];
    private static readonly IReadOnlyDictionary<string, string> s_smallChunks = new Dictionary<string, string>
    {
        ["Billing__Runs__ChunkSize"] = "5",
        ["Billing__Runs__LeaseSeconds"] = "5",
        ["Scheduling__ResumeBillingRunsSeconds"] = "2",
    };

    [Fact]
    public async Task The_app_is_killed_in_the_middle_of_ingest()
    {
        await using var portal = await PortalProcess.StartAsync();
        await IngestThroughAsync(portal, async () =>
        {
            await portal.KillAsync();
            await portal.RestartAsync();
        });
    }

    [Fact]
    public async Task PostgreSQL_is_killed_in_the_middle_of_ingest()
    {
        await using var portal = await PortalProcess.StartAsync();
        await IngestThroughAsync(portal, () =>
        {
            KillPostmaster(portal.Folder);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task The_app_is_killed_in_the_middle_of_a_billing_run()
    {
        const int organisations = 120;
        await using var portal = await PortalProcess.StartAsync(s_smallChunks);
        var month = PreviousMonth();
        var metric = $"crash_{Guid.CreateVersion7():n}";
        string runId;
        using (var admin = new Api(portal.Address, portal.Demo.AdminApiKey))
        {
            await admin.PostAsync("/api/v1/admin/prices", new { metricName = metric, unit = "count", currency = "INR", model = "standard", price = "2.5", effectiveFrom = "2020-01-01" }, HttpStatusCode.Created);
            await Task.WhenAll(Enumerable.Range(0, organisations).GroupBy(index => index % 4).Select(part => OrganisationsAsync(portal, part, metric, month)));
            var run = await admin.PostAsync("/api/v1/admin/billing-runs", new { month.Year, month.Month, autoIssue = true }, HttpStatusCode.Accepted);
            runId = run["id"]!.GetValue<string>();
            await Eventually.HoldsAsync(async () => (await admin.GetAsync($"/api/v1/admin/billing-runs/{runId}"))["done"]!.GetValue<int>() > 0, "the run has begun");
        }

        await portal.KillAsync();
        await portal.RestartAsync();

        using var again = new Api(portal.Address, portal.Demo.AdminApiKey);
        var finished = await RunEndsAsync(again, runId);
        finished["state"]!.GetValue<string>().ShouldBe("completed");
        finished["failed"]!.GetValue<int>().ShouldBe(0);
        // Started again by hand, it finds nothing left to do.
        var second = await again.PostAsync("/api/v1/admin/billing-runs", new { month.Year, month.Month, autoIssue = true }, HttpStatusCode.Accepted);
        await RunEndsAsync(again, second["id"]!.GetValue<string>());

        var invoices = await InvoicesAsync(again, month);
        var ours = invoices.Where(invoice => invoice["subtotal"]!.GetValue<string>() == "25.00").ToList();
        ours.Count.ShouldBe(organisations);
        invoices.GroupBy(invoice => invoice["organisationId"]!.GetValue<string>()).ShouldAllBe(group => group.Count() == 1);
        ours.ShouldAllBe(invoice => invoice["number"] != null);
        await InvariantsHoldAsync(again);
    }

    /// <summary>Posts 6,000 events from four clients, breaks something half-way, sends again what was not acknowledged, and compares the sums.</summary>
    private static async Task IngestThroughAsync(PortalProcess portal, Func<Task> fault)
    {
        const int perClient = 1_500;
        using var admin = new Api(portal.Address, portal.Demo.AdminApiKey);
        var organisation = await admin.PostAsync("/api/v1/admin/organisations", new { name = "Crash", billingEmail = "crash@example.com", currency = "INR", timeZone = "Asia/Kolkata", country = "IN" }, HttpStatusCode.Created);
        var key = await KeyAsync(admin, organisation["id"]!.GetValue<string>());
        var metric = $"crash_{Guid.CreateVersion7():n}";
        var acknowledged = new ConcurrentDictionary<string, int>();
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        async Task ClientAsync(int client)
        {
            using var usage = new UsageClient(portal.Address, key);
            foreach (var batch in Enumerable.Range(0, perClient).Select(index => new SentEvent(metric, "1.25", "count", DateTimeOffset.UtcNow, $"{client}-{index}")).Chunk(25))
            {
                if (await TryPostAsync(usage, batch))
                {
                    foreach (var sent in batch)
                        acknowledged[sent.IdempotencyKey!] = 1;
                }

                if (acknowledged.Count > perClient)
                    half.TrySetResult();
            }

            half.TrySetResult();
        }

        var clients = Task.WhenAll(Enumerable.Range(0, 4).Select(ClientAsync));
        await half.Task;
        await fault();
        await clients;
        await Eventually.HoldsAsync(() => IsReadyAsync(portal), "the portal is ready again", TimeSpan.FromSeconds(60));

        // Everything is sent again: what was acknowledged must all be there already, and in the end each event counts once.
        using var reader = new UsageClient(portal.Address, key);
        foreach (var batch in acknowledged.Keys.Chunk(500))
        {
            var (status, body) = await reader.PostAsync(batch.Select(id => new SentEvent(metric, "1.25", "count", null, id)));
            status.ShouldBe(HttpStatusCode.Accepted);
            body!["duplicates"]!.GetValue<int>().ShouldBe(batch.Length, "an acknowledged event was lost");
        }

        foreach (var batch in Enumerable.Range(0, 4).SelectMany(client => Enumerable.Range(0, perClient).Select(index => $"{client}-{index}")).Chunk(500))
            (await reader.PostAsync(batch.Select(id => new SentEvent(metric, "1.25", "count", null, id)))).Status.ShouldBe(HttpStatusCode.Accepted);
        (await SumAsync(portal, key, metric)).ShouldBe(4 * perClient * 1.25m);
        await InvariantsHoldAsync(admin);
    }

    private static async Task<bool> TryPostAsync(UsageClient usage, SentEvent[] batch)
    {
        try
        {
            var (status, body) = await usage.PostAsync(batch);
            return status == HttpStatusCode.Accepted && body!["accepted"]!.GetValue<int>() + body["duplicates"]!.GetValue<int>() == batch.Length;
        }
        catch (HttpRequestException)
        {
            // Killed while we spoke: nothing was acknowledged.
            return false;
        }
    }

    private static async Task OrganisationsAsync(PortalProcess portal, IEnumerable<int> numbers, string metric, DateOnly month)
    {
        using var admin = new Api(portal.Address, portal.Demo.AdminApiKey);
        var at = new DateTimeOffset(month.AddMonths(1).AddDays(-1), new TimeOnly(6, 0), TimeSpan.Zero);
        foreach (var number in numbers)
        {
            var organisation = await admin.PostAsync("/api/v1/admin/organisations", new { name = $"Crash {number}", billingEmail = "crash@example.com", currency = "INR", timeZone = "Asia/Kolkata", country = "IN" }, HttpStatusCode.Created);
            using var usage = new UsageClient(portal.Address, await KeyAsync(admin, organisation["id"]!.GetValue<string>()));
            (await usage.PostAsync([new SentEvent(metric, "10", "count", at, null)])).Status.ShouldBe(HttpStatusCode.Accepted);
        }
    }

    private static async Task<string> KeyAsync(Api admin, string organisationId)
    {
        var project = await admin.PostAsync($"/api/v1/admin/organisations/{organisationId}/projects", new { name = "Production" }, HttpStatusCode.Created);
        var key = await admin.PostAsync($"/api/v1/admin/projects/{project["id"]}/api-keys", new { name = "Collector", scopes = s_scopes }, HttpStatusCode.Created);
        return key["key"]!.GetValue<string>();
    }

    private static async Task<decimal> SumAsync(PortalProcess portal, string key, string metric)
    {
        using var api = new Api(portal.Address, key);
        var from = DateTime.UtcNow.AddDays(-2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var to = DateTime.UtcNow.AddDays(2).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var usage = await api.GetAsync($"/api/v1/usage?from={from}&to={to}&metric={metric}&groupBy=day");
        return usage["items"]!.AsArray().Sum(item => decimal.Parse(item!["value"]!.GetValue<string>(), CultureInfo.InvariantCulture));
    }

    private static async Task<JsonNode> RunEndsAsync(Api admin, string id)
    {
        JsonNode run = null!;
        await Eventually.HoldsAsync(async () =>
        {
            run = await admin.GetAsync($"/api/v1/admin/billing-runs/{id}");
            return run["state"]!.GetValue<string>() is "completed" or "failed";
        }, "the billing run ends", TimeSpan.FromSeconds(60));
        return run;
    }

    private static async Task<List<JsonNode>> InvoicesAsync(Api admin, DateOnly month)
    {
        var invoices = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = await admin.GetAsync($"/api/v1/admin/invoices?period={month:yyyy-MM}&limit=50{(cursor is null ? "" : $"&cursor={cursor}")}");
            invoices.AddRange(page["items"]!.AsArray().Select(item => item!));
            cursor = page["nextCursor"]?.GetValue<string>();
        }
        while (cursor is not null);
        return invoices;
    }

    private static async Task InvariantsHoldAsync(Api admin)
    {
        var invariants = await admin.GetAsync("/api/v1/admin/health/invariants");
        invariants["items"]!.AsArray().Where(row => !row!["ok"]!.GetValue<bool>()).Select(row => row!.ToJsonString()).ShouldBeEmpty();
    }

    private static async Task<bool> IsReadyAsync(PortalProcess portal)
    {
        using var http = new HttpClient { BaseAddress = portal.Address };
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static void KillPostmaster(string folder)
    {
        var pid = int.Parse(File.ReadLines(Path.Combine(folder, "postgres", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var postmaster = System.Diagnostics.Process.GetProcessById(pid);
        postmaster.Kill(entireProcessTree: true);
    }

    private static DateOnly PreviousMonth()
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
    }
}

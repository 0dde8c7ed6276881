using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Portal.E2E.Support;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>From nothing to a paid invoice, by programs alone.</summary>
[Collection(RunningPortal.Name)]
public sealed class JourneyByHttp(RunningPortal running)
{
    private static readonly string[] s_write = ["usage:write", "usage:read"];

    [Fact]
    public async Task Usage_becomes_an_invoice_that_is_paid()
    {
        using var admin = running.Admin();
        var organisationId = await OrganisationAsync(admin);
        var project = await admin.PostAsync($"/api/v1/admin/organisations/{organisationId}/projects", new { name = "Production" }, HttpStatusCode.Created);
        var key = await admin.PostAsync($"/api/v1/admin/projects/{project["id"]}/api-keys", new { name = "Collector", scopes = s_write }, HttpStatusCode.Created);
        var metric = $"journey_{Guid.CreateVersion7():n}";
        await PriceAsync(admin, metric, organisationId);
        var month = PreviousMonth();

        await PostTwelveThousandAsync(key["key"]!.GetValue<string>(), metric, month);

        var run = await admin.PostAsync("/api/v1/admin/billing-runs", new { year = month.Year, month = month.Month, organisationId }, HttpStatusCode.Accepted);
        var finished = await RunAsync(admin, run["id"]!.GetValue<string>());
        finished["state"]!.GetValue<string>().ShouldBe("completed");
        finished["failed"]!.GetValue<int>().ShouldBe(0);
        finished["unpriced"]!.GetValue<int>().ShouldBe(0);

        var drafts = await admin.GetAsync($"/api/v1/admin/invoices?organisationId={organisationId}&period={month:yyyy-MM}");
        var draft = drafts["items"]!.AsArray().ShouldHaveSingleItem()!;
        draft["status"]!.GetValue<string>().ShouldBe("draft");
        // Graduated: 1,000 x 0.10 + 5; 9,000 x 0.05; 2,000 x 0.01 + 20.
        var id = draft["id"]!.GetValue<string>();
        var invoice = await admin.GetAsync($"/api/v1/admin/invoices/{id}");
        invoice["subtotal"]!.GetValue<string>().ShouldBe("595.00");
        invoice["taxes"]![0]!["amount"]!.GetValue<string>().ShouldBe("53.55");
        invoice["total"]!.GetValue<string>().ShouldBe("702.10");

        // A second run makes no second invoice.
        var again = await admin.PostAsync("/api/v1/admin/billing-runs", new { year = month.Year, month = month.Month, organisationId }, HttpStatusCode.Accepted);
        await RunAsync(admin, again["id"]!.GetValue<string>());
        (await admin.GetAsync($"/api/v1/admin/invoices?organisationId={organisationId}"))["items"]!.AsArray().Count.ShouldBe(1);

        var issued = await admin.PostAsync($"/api/v1/admin/invoices/{id}/issue", new { });
        issued["number"]!.GetValue<string>().ShouldMatch("^INV/[0-9]{2}-[0-9]{2}/[0-9]{6}$");
        issued["amountDue"]!.GetValue<string>().ShouldBe("702.10");

        var pdf = await admin.Http.GetByteArrayAsync(new Uri($"/api/v1/admin/invoices/{id}/pdf", UriKind.Relative));
        pdf.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
        (await admin.Http.GetByteArrayAsync(new Uri($"/api/v1/admin/invoices/{id}/pdf", UriKind.Relative))).ShouldBe(pdf);

        var partly = await admin.PostAsync($"/api/v1/admin/invoices/{id}/payments", new { method = "bank_transfer", amount = "200.00", reference = "NEFT 1", receivedAt = DateTimeOffset.UtcNow });
        partly.ShouldNotBeNull();
        (await admin.GetAsync($"/api/v1/admin/invoices/{id}"))["status"]!.GetValue<string>().ShouldBe("partially_paid");
        await admin.PostAsync($"/api/v1/admin/invoices/{id}/payments", new { method = "cash", amount = "502.10", reference = "Receipt 7", receivedAt = DateTimeOffset.UtcNow });
        var paid = await admin.GetAsync($"/api/v1/admin/invoices/{id}");
        paid["status"]!.GetValue<string>().ShouldBe("paid");
        paid["amountDue"]!.GetValue<string>().ShouldBe("0.00");

        await BooksAsync(admin);
        await RevokedAsync(admin, key);
    }

    private static async Task<string> OrganisationAsync(Api admin)
    {
        var organisation = await admin.PostAsync("/api/v1/admin/organisations", new
        {
            name = "Journey by HTTP",
            billingEmail = "journey@example.com",
            currency = "INR",
            timeZone = "Asia/Kolkata",
            country = "IN",
            stateCode = "29",
            address = "1 Example Street\nBengaluru",
        }, HttpStatusCode.Created);
        return organisation["id"]!.GetValue<string>();
    }

    private static async Task PriceAsync(Api admin, string metric, string organisationId)
    {
        var price = new
        {
            metricName = metric,
            unit = "count",
            currency = "INR",
            model = "graduated",
            effectiveFrom = "2020-01-01",
            organisationId,
            tiers = new object[] { new { upTo = 1000, price = "0.10", flat = 5 }, new { upTo = 10000, price = 0.05 }, new { upTo = (int?)null, price = "0.01", flat = "20" } },
        };
        var quote = await admin.PostAsync("/api/v1/admin/prices/quote", new { price.currency, price.model, price.tiers, quantity = 12000 });
        quote["rounded"]!.GetValue<string>().ShouldBe("595.00");
        await admin.PostAsync("/api/v1/admin/prices", price, HttpStatusCode.Created);
        await admin.PostAsync("/api/v1/admin/prices", price, HttpStatusCode.Conflict);
    }

    /// <summary>12,000 events in batches; some twice, some bad.</summary>
    private async Task PostTwelveThousandAsync(string key, string metric, DateOnly month)
    {
        using var client = new UsageClient(running.Portal.Address, key);
        // The month's last day: never more than 31 days ago, and events may be 35 days old.
        var start = new DateTimeOffset(month.AddMonths(1).AddDays(-1), new TimeOnly(6, 0), TimeSpan.Zero);
        var events = Enumerable.Range(0, 12_000).Select(index => new SentEvent(metric, "1", "count", start.AddSeconds(index % 3600), $"{metric}-{index}")).ToList();
        foreach (var batch in events.Chunk(1_000))
        {
            var (status, body) = await client.PostAsync(batch);
            status.ShouldBe(HttpStatusCode.Accepted);
            body!["accepted"]!.GetValue<int>().ShouldBe(1_000);
        }

        var (repeated, repeatedBody) = await client.PostAsync(events.Take(500));
        repeated.ShouldBe(HttpStatusCode.Accepted);
        repeatedBody!["duplicates"]!.GetValue<int>().ShouldBe(500);
        repeatedBody["accepted"]!.GetValue<int>().ShouldBe(0);

        var (mixed, mixedBody) = await client.PostAsync([events[0], events[1] with { MetricValue = "2" }, events[2] with { MetricName = "no spaces allowed" }, events[3] with { MetricValue = "-1", IdempotencyKey = "bad" }]);
        mixed.ShouldBe(HttpStatusCode.Accepted);
        mixedBody!["rejected"]!.AsArray().Select(rejected => rejected!["index"]!.GetValue<int>()).ShouldBe([1, 2, 3]);
        mixedBody["rejected"]![0]!["code"]!.GetValue<string>().ShouldBe("idempotency_conflict");

        var sums = await UsageAsync(key, metric, month);
        sums.ShouldBe(12_000m);
    }

    private async Task<decimal> UsageAsync(string key, string metric, DateOnly month)
    {
        using var reader = new Api(running.Portal.Address, key);
        var from = month.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var to = month.AddMonths(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var usage = await reader.GetAsync($"/api/v1/usage?from={from}&to={to}&metric={metric}&groupBy=day");
        return usage["items"]!.AsArray().Sum(item => decimal.Parse(item!["value"]!.GetValue<string>(), CultureInfo.InvariantCulture));
    }

    private static async Task<JsonNode> RunAsync(Api admin, string id)
    {
        JsonNode run = null!;
        await Eventually.HoldsAsync(async () =>
        {
            run = await admin.GetAsync($"/api/v1/admin/billing-runs/{id}");
            return run["state"]!.GetValue<string>() is "completed" or "failed";
        }, "the billing run ends", TimeSpan.FromSeconds(60));
        return run;
    }

    private static async Task BooksAsync(Api admin)
    {
        var balance = await admin.GetAsync("/api/v1/admin/ledger/trial-balance");
        foreach (var currency in balance["items"]!.AsArray().GroupBy(row => row!["currency"]!.GetValue<string>()))
            currency.Sum(row => Number(row!["debit"])).ShouldBe(currency.Sum(row => Number(row!["credit"])));
        var invariants = await admin.GetAsync("/api/v1/admin/health/invariants");
        invariants["items"]!.AsArray().Where(row => !row!["ok"]!.GetValue<bool>()).Select(row => row!.ToJsonString()).ShouldBeEmpty();
    }

    private async Task RevokedAsync(Api admin, JsonNode key)
    {
        using var client = new UsageClient(running.Portal.Address, key["key"]!.GetValue<string>());
        (await admin.StatusAsync(HttpMethod.Delete, $"/api/v1/admin/api-keys/{key["id"]}")).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () => (await client.PostAsync([new SentEvent("after", "1", "count", null, null)])).Status == HttpStatusCode.Unauthorized,
            "the revoked key is refused", TimeSpan.FromSeconds(1));
    }

    private static decimal Number(JsonNode? node) => decimal.Parse(node!.GetValue<string>(), CultureInfo.InvariantCulture);

    private static DateOnly PreviousMonth()
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>A price with four tiers: drawn while it is typed, saved, used, billed, and explained to the customer.</summary>
[Collection(RunningPortal.Name)]
public sealed partial class PriceJourney(RunningPortal running)
{
    private static readonly string[] s_write = ["usage:write"];

    private readonly string _metric = $"priced_{Guid.CreateVersion7():n}";

    [Fact]
    public async Task A_price_is_drawn_saved_used_and_explained()
    {
        using var admin = running.Admin();
        await using var browser = await Browser.StartAsync();
        await using var staff = await browser.VisitAsync(running.Portal.Address);
        var person = running.Portal.Demo.User("admin");
        await staff.SignInAsync(person.Email, person.Password);
        var organisation = (await admin.PostAsync("/api/v1/admin/organisations", new
        {
            name = "Priced Foods", billingEmail = "priced@example.com", currency = "INR", timeZone = "Asia/Kolkata", country = "IN", stateCode = "29", taxRate = "18", taxName = "GST",
        }, HttpStatusCode.Created))["id"]!.GetValue<string>();

        await UnpricedAsync(admin, staff, organisation);
        await MakePriceAsync(staff);
        var invoice = await BillAsync(admin, organisation);
        await ExplainedAsync(admin, browser, organisation, invoice);
        staff.HasSeenNoError();
    }

    // What is sent before it has a price is listed, with the way out.
    private async Task UnpricedAsync(Api admin, Visitor staff, string organisation)
    {
        var project = await admin.PostAsync($"/api/v1/admin/organisations/{organisation}/projects", new { name = "Production" }, HttpStatusCode.Created);
        var key = await admin.PostAsync($"/api/v1/admin/projects/{project["id"]}/api-keys", new { name = "Collector", scopes = s_write }, HttpStatusCode.Created);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var at = new DateTimeOffset(new DateOnly(today.Year, today.Month, 1).AddDays(-1), new TimeOnly(6, 0), TimeSpan.Zero);
        using var client = new UsageClient(running.Portal.Address, key["key"]!.GetValue<string>());
        var events = Enumerable.Range(0, 150).Select(index => new SentEvent(_metric, "500", "calls", at.AddSeconds(index), $"{_metric}-{index}")).ToList();
        (await client.PostAsync(events)).Body!["accepted"]!.GetValue<int>().ShouldBe(150);

        await staff.OpenAsync($"/admin/usage/unpriced?q={_metric}");
        await staff.Page.GetByRole(AriaRole.Link, new() { Name = "Create price" }).ClickAsync();
        await staff.Page.WaitForURLAsync("**/admin/prices/new?*");
        await staff.ReadyAsync();
    }

    private async Task MakePriceAsync(Visitor staff)
    {
        var page = staff.Page;
        await Assertions.Expect(page.GetByLabel("Metric", new() { Exact = true })).ToHaveValueAsync(_metric);
        await page.GetByLabel("Model", new() { Exact = true }).SelectOptionAsync("graduated");
        for (var more = 0; more < 2; more++)
            await page.GetByRole(AriaRole.Button, new() { Name = "Add tier" }).ClickAsync();
        (string UpTo, string Price)[] tiers = [("1000", "0"), ("10000", "0.50"), ("50000", "0.40"), ("", "0.25")];
        for (var index = 0; index < tiers.Length; index++)
        {
            var tier = page.GetByRole(AriaRole.Group, new() { Name = $"Tier {index + 1}", Exact = true });
            if (tiers[index].UpTo.Length > 0)
                await tier.GetByLabel("Up to").FillAsync(tiers[index].UpTo);
            await tier.GetByLabel("Per unit").FillAsync(tiers[index].Price);
        }

        await page.GetByLabel("Quantity per month").FillAsync("75000");
        // 0 + 4,500 + 16,000 + 6,250.
        await Assertions.Expect(page.Locator(".quote .figure-value")).ToHaveTextAsync("₹26,750.00");
        await Assertions.Expect(page.Locator(".quote tbody tr").First).ToBeVisibleAsync();
        var total = await page.Locator(".curve-line").GetAttributeAsync("d");
        await page.GetByRole(AriaRole.Button, new() { Name = "Per unit", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".curve-line")).Not.ToHaveAttributeAsync("d", total!);
        await staff.NothingInTheWayAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create price" }).ClickAsync();
        await page.WaitForURLAsync(PriceUrl());
        await staff.ReadyAsync();
        await Assertions.Expect(page.Locator(".curve-line")).ToBeVisibleAsync();
    }

    private static async Task<string> BillAsync(Api admin, string organisation)
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var month = new DateOnly(today.Year, today.Month, 1).AddMonths(-1);
        var run = (await admin.PostAsync("/api/v1/admin/billing-runs", new { year = month.Year, month = month.Month, organisationId = organisation }, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        await Eventually.HoldsAsync(async () => (await admin.GetAsync($"/api/v1/admin/billing-runs/{run}"))["state"]!.GetValue<string>() == "completed", "the run is completed", TimeSpan.FromSeconds(60));
        var draft = (await admin.GetAsync($"/api/v1/admin/invoices?organisationId={organisation}"))["items"]!.AsArray().ShouldHaveSingleItem()!;
        draft["subtotal"]!.GetValue<string>().ShouldBe("26750.00");
        var id = draft["id"]!.GetValue<string>();
        await admin.PostAsync($"/api/v1/admin/invoices/{id}/issue", new { });
        return id;
    }

    private static async Task ExplainedAsync(Api admin, Browser browser, string organisation, string invoice)
    {
        var member = await admin.PostAsync($"/api/v1/admin/organisations/{organisation}/members", new { email = $"owner-{Guid.CreateVersion7():n}@example.com", role = "owner" }, HttpStatusCode.Created);
        await using var customer = await browser.VisitAsync(admin.Http.BaseAddress!, new ViewportSize { Width = 390, Height = 844 });
        await customer.SignInAsync(member["email"]!.GetValue<string>(), member["password"]!.GetValue<string>());
        await customer.OpenAsync($"/o/{organisation}/invoices/{invoice}");
        var page = customer.Page;
        await page.GetByText("How this was calculated").First.ClickAsync();
        var explained = page.Locator(".explain-body").First;
        await Assertions.Expect(explained).ToContainTextAsync("75,000 calls in 150 events");
        await Assertions.Expect(explained).ToContainTextAsync("Above 10,000, up to 50,000");
        await Assertions.Expect(explained).ToContainTextAsync("₹16,000.00");
        await Assertions.Expect(explained).ToContainTextAsync("Share of tax, 18% over all lines of that rate");
        await customer.NothingInTheWayAsync();
        var events = await page.APIRequest.GetAsync($"/o/{organisation}/invoices/{invoice}/lines/1/events.csv");
        (await events.TextAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(151);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check calculation" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Every figure matches what is stored")).ToBeVisibleAsync();
        await customer.NothingInTheWayAsync();
        customer.HasSeenNoError();
    }

    [GeneratedRegex("/admin/prices/[0-9a-f-]{36}$")]
    private static partial Regex PriceUrl();
}

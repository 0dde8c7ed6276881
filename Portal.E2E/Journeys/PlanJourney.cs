using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>Two plans, a customer who changes from one to the other in the middle of a period, and the invoice that has what was previewed.</summary>
public sealed partial class PlanJourney
{
    private static readonly TimeZoneInfo s_zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

    private static DateTime Now => TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, s_zone).DateTime;

    [Fact]
    public async Task A_customer_changes_plan_and_the_invoice_has_the_previewed_lines()
    {
        await using var portal = await PortalProcess.StartAsync();
        using var admin = new Api(portal.Address, portal.Demo.AdminApiKey);
        await using var browser = await Browser.StartAsync();
        await using var staff = await browser.VisitAsync(portal.Address);
        var person = portal.Demo.User("admin");
        await staff.SignInAsync(person.Email, person.Password);

        await MakePlanAsync(staff, "Journey basic", "journey-basic", "3100");
        await MakePlanAsync(staff, "Journey pro", "journey-pro", "6200");
        var organisation = (await admin.PostAsync("/api/v1/admin/organisations", new
        {
            name = "Changing Foods", billingEmail = "changing@example.com", currency = "INR", timeZone = s_zone.Id, country = "IN", stateCode = "29", address = "1 Sample Street",
        }, HttpStatusCode.Created))["id"]!.GetValue<string>();
        await StartAsync(staff, organisation);
        var member = await admin.PostAsync($"/api/v1/admin/organisations/{organisation}/members", new { email = "owner@changing.example.com", role = "owner" }, HttpStatusCode.Created);
        var (email, password) = (member["email"]!.GetValue<string>(), member["password"]!.GetValue<string>());

        IReadOnlyList<string> previewed;
        await using (var customer = await browser.VisitAsync(portal.Address))
        {
            await customer.SignInAsync(email, password);
            previewed = await ChangeAsync(customer, organisation);
            customer.HasSeenNoError();
        }

        staff.HasSeenNoError();
        var today = Now;
        var nextMonth = new DateTime(today.Year, today.Month, 1, 12, 0, 0, DateTimeKind.Unspecified).AddMonths(1).AddDays(1);
        await portal.MoveAheadAsync(nextMonth - today);
        var invoice = await BillAsync(admin, organisation, today);

        await using var reader = await browser.VisitAsync(portal.Address, new ViewportSize { Width = 390, Height = 844 });
        await reader.SignInAsync(email, password);
        await HasLinesAsync(reader, organisation, invoice, previewed);
        reader.HasSeenNoError();
    }

    private static async Task MakePlanAsync(Visitor staff, string name, string code, string price)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/plans/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code);
        await page.GetByLabel("Features").FillAsync($"What {name} has");
        await page.GetByLabel("Fee", new() { Exact = true }).FillAsync(price);
        await page.GetByLabel("Customers can change plans").CheckAsync();
        await Assertions.Expect(page.Locator(".quote .figure-value")).ToContainTextAsync("a month");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create plan" }).ClickAsync();
        await page.WaitForURLAsync(PlanUrl());
        await staff.ReadyAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true })).ToBeVisibleAsync();
    }

    // Ten days ago, so that today is in the middle of a period whatever day it is.
    private static async Task StartAsync(Visitor staff, string organisation)
    {
        var page = staff.Page;
        await staff.OpenAsync($"/admin/organisations/{organisation}/subscription");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start subscription" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Plan", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Journey basic, ₹3,100.00 a month" });
        await dialog.Locator("#field-startsOn").FillAsync(Now.AddDays(-10).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        await staff.NothingInTheWayAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Start subscription" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".facts").First).ToContainTextAsync("₹3,100.00 a month");
        await staff.NothingInTheWayAsync();
    }

    /// <summary>The amounts that the customer agreed to.</summary>
    private static async Task<IReadOnlyList<string>> ChangeAsync(Visitor customer, string organisation)
    {
        var page = customer.Page;
        await customer.OpenAsync($"/o/{organisation}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Plan Journey basic" }).ClickAsync();
        await page.WaitForURLAsync("**/subscription");
        await customer.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Choose Journey pro" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        var lines = dialog.Locator("tbody tr");
        await Assertions.Expect(lines).ToHaveCountAsync(2);
        await Assertions.Expect(lines.First).ToContainTextAsync("Journey basic, unused days credited");
        await Assertions.Expect(lines.Last).ToContainTextAsync("Journey pro");
        await customer.NothingInTheWayAsync();
        var amounts = await dialog.Locator("tbody td.end").AllInnerTextsAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Change plan" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".figure-value").First).ToHaveTextAsync("Journey pro");
        await customer.NothingInTheWayAsync();
        return amounts;
    }

    private static async Task<string> BillAsync(Api admin, string organisation, DateTime month)
    {
        var run = (await admin.PostAsync("/api/v1/admin/billing-runs", new { year = month.Year, month = month.Month, organisationId = organisation }, HttpStatusCode.Accepted))["id"]!.GetValue<string>();
        await Eventually.HoldsAsync(async () => (await admin.GetAsync($"/api/v1/admin/billing-runs/{run}"))["state"]!.GetValue<string>() == "completed", "the run is completed", TimeSpan.FromSeconds(60));
        var id = (await admin.GetAsync($"/api/v1/admin/invoices?organisationId={organisation}"))["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<string>();
        await admin.PostAsync($"/api/v1/admin/invoices/{id}/issue", new { });
        return id;
    }

    private static async Task HasLinesAsync(Visitor customer, string organisation, string invoice, IReadOnlyList<string> previewed)
    {
        var page = customer.Page;
        await customer.OpenAsync($"/o/{organisation}/invoices/{invoice}");
        var day = Now.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        var unused = page.Locator(".paper-line", new() { HasText = "Journey basic, unused" });
        await Assertions.Expect(unused).ToHaveCountAsync(1);
        await Assertions.Expect(unused).ToContainTextAsync(day);
        (await unused.Locator("td.end").Last.InnerTextAsync()).Trim().ShouldBe(previewed[0].Trim());
        var rest = page.Locator(".paper-line", new() { HasTextRegex = RestOfPeriod() });
        await Assertions.Expect(rest).ToHaveCountAsync(1);
        await Assertions.Expect(rest).ToContainTextAsync(day);
        (await rest.Locator("td.end").Last.InnerTextAsync()).Trim().ShouldBe(previewed[1].Trim());
        foreach (var summary in await page.GetByText("How this was calculated").AllAsync())
            await summary.ClickAsync();
        await Assertions.Expect(page.Locator(".explain-body", new() { HasText = "Unused, to be credited" })).ToHaveCountAsync(1);
        await customer.NothingInTheWayAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check calculation" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Every figure matches what is stored")).ToBeVisibleAsync();
        await customer.NothingInTheWayAsync();
    }

    [GeneratedRegex("/admin/plans/[0-9a-f-]{36}$")]
    private static partial Regex PlanUrl();

    [GeneratedRegex(@"Journey pro, .* of \d+ days\)")]
    private static partial Regex RestOfPeriod();
}

using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;
using Portal.Emails;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>From nothing to a paid invoice, by people in browsers, with a real mail server in between.</summary>
public sealed partial class JourneyInBrowser
{
    private readonly string _metric = $"journey_{Guid.CreateVersion7():n}";

    [Fact]
    public async Task Staff_bill_usage_and_the_customer_pays_it()
    {
        await using var mail = SmtpServer.Start();
        await using var portal = await PortalProcess.StartAsync(new Dictionary<string, string>
        {
            ["Smtp__Host"] = "127.0.0.1",
            ["Smtp__Port"] = mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Smtp__Security"] = "None",
            ["Smtp__From"] = "billing@seller.example.com",
        });
        await using var browser = await Browser.StartAsync();
        await using var staff = await browser.VisitAsync(portal.Address);
        var admin = portal.Demo.User("admin");
        await staff.SignInAsync(admin.Email, admin.Password);

        var organisationId = await MakeOrganisationAsync(staff);
        var secret = await MakeProjectAndKeyAsync(staff, organisationId);
        await MakePriceAsync(staff);
        await PostUsageAsync(portal, secret);
        var number = await BillAsync(staff, organisationId);

        var pdf = await InvoiceMailAsync(mail, number);
        pdf.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();

        await using var customer = await CustomerAsync(portal, browser, organisationId);
        await PayAsync(customer, organisationId, number, pdf);
        await ReceiptAsync(mail);
        await BooksBalanceAsync(staff);
        await RevokeAsync(portal, staff, organisationId, secret);
        staff.HasSeenNoError();
        customer.HasSeenNoError();
    }

    private static async Task<string> MakeOrganisationAsync(Visitor staff)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/organisations");
        await page.GetByRole(AriaRole.Link, new() { Name = "New organisation" }).First.ClickAsync();
        await page.WaitForURLAsync("**/admin/organisations/new");
        await staff.ReadyAsync();
        // What is missing is said beside the field, and what was typed stays.
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Journey Foods");
        await page.GetByLabel("Billing email").FillAsync("nobody");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create organisation" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Enter an email address, such as billing@example.com.").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Journey Foods");
        await page.GetByLabel("Billing email").FillAsync("accounts@journey.example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create organisation" }).ClickAsync();
        await page.WaitForURLAsync(OrganisationUrl());
        await staff.ReadyAsync();
        return OrganisationUrl().Match(page.Url).Groups[1].Value;
    }

    private static async Task<string> MakeProjectAndKeyAsync(Visitor staff, string organisationId)
    {
        var page = staff.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Projects and keys" }).ClickAsync();
        await page.WaitForURLAsync($"**/admin/organisations/{organisationId}/projects");
        await staff.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New project" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Production");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/projects/*");
        await staff.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync("Collector");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        var secret = await dialog.Locator(".secret code").InnerTextAsync();
        await staff.NothingInTheWayAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "I've saved it" }).ClickAsync();
        return secret.Trim();
    }

    private async Task MakePriceAsync(Visitor staff)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/prices/new");
        await page.GetByLabel("Metric", new() { Exact = true }).FillAsync(_metric);
        await page.GetByLabel("Unit", new() { Exact = true }).FillAsync("count");
        await page.GetByLabel("Price per unit").FillAsync("0.05");
        await page.GetByLabel("Effective from").FillAsync("2020-01-01");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create price" }).ClickAsync();
        await page.WaitForURLAsync(PriceUrl());
        await staff.ReadyAsync();
    }

    /// <summary>12,000 events; some twice, some bad.</summary>
    private async Task PostUsageAsync(PortalProcess portal, string secret)
    {
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var at = new DateTimeOffset(new DateOnly(today.Year, today.Month, 1).AddDays(-1), new TimeOnly(6, 0), TimeSpan.Zero);
        using var client = new UsageClient(portal.Address, secret);
        var events = Enumerable.Range(0, 12_000).Select(index => new SentEvent(_metric, "1", "count", at.AddSeconds(index % 3_600), $"{_metric}-{index}")).ToList();
        foreach (var batch in events.Chunk(2_000))
            (await client.PostAsync(batch)).Body!["accepted"]!.GetValue<int>().ShouldBe(batch.Length);
        var (_, body) = await client.PostAsync([.. events.Take(100), events[0] with { MetricValue = "7" }, events[1] with { MetricName = "not a metric", IdempotencyKey = "bad" }]);
        body!["duplicates"]!.GetValue<int>().ShouldBe(100);
        body["rejected"]!.AsArray().Count.ShouldBe(2);
    }

    private static async Task<string> BillAsync(Visitor staff, string organisationId)
    {
        var page = staff.Page;
        await staff.OpenAsync($"/admin/usage?organisation={organisationId}");
        await staff.OpenAsync($"/admin/billing/runs/new?organisation={organisationId}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start run" }).ClickAsync();
        await page.WaitForURLAsync(RunUrl());
        await Assertions.Expect(page.GetByText("Completed").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await staff.ReadyAsync();
        await staff.OpenAsync("/admin/billing/invoices?status=draft&q=Journey");
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Journey Foods" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await page.WaitForURLAsync(InvoiceUrl());
        await staff.ReadyAsync();
        // 12,000 x 0.05 = 600.00, and 18 per cent.
        await Assertions.Expect(page.GetByText("₹708.00").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = IssueWord() }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(NumberPattern(), new() { Timeout = 20_000 });
        await staff.ReadyAsync();
        return NumberPattern().Match(await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).Value;
    }

    private static async Task<byte[]> InvoiceMailAsync(SmtpServer server, string number)
    {
        EmlMail? found = null;
        await Eventually.HoldsAsync(
            () => (found = server.Mails.Select(mail => EmlMail.Parse(mail.Bytes)).FirstOrDefault(mail => mail.Subject.Contains(number, StringComparison.Ordinal))) is not null,
            "the invoice is mailed", TimeSpan.FromSeconds(60));
        found!.To.ShouldContain("accounts@journey.example.com");
        found.Text.ShouldNotBeNull().ShouldContain("708.00");
        return found.Attachments.ShouldHaveSingleItem().Content;
    }

    private static async Task<Visitor> CustomerAsync(PortalProcess portal, Browser browser, string organisationId)
    {
        using var api = new Api(portal.Address, portal.Demo.AdminApiKey);
        var member = await api.PostAsync($"/api/v1/admin/organisations/{organisationId}/members", new { email = "owner@journey.example.com", role = "owner" }, HttpStatusCode.Created);
        var customer = await browser.VisitAsync(portal.Address);
        await customer.SignInAsync("owner@journey.example.com", member["password"]!.GetValue<string>());
        await customer.ReadyAsync();
        return customer;
    }

    private static async Task PayAsync(Visitor customer, string organisationId, string number, byte[] mailed)
    {
        var page = customer.Page;
        await customer.OpenAsync($"/o/{organisationId}/usage");
        await customer.OpenAsync($"/o/{organisationId}/projects");
        await customer.OpenAsync($"/o/{organisationId}/invoices");
        await page.GetByRole(AriaRole.Link, new() { Name = number }).ClickAsync();
        await page.WaitForURLAsync($"**/o/{organisationId}/invoices/*");
        await customer.ReadyAsync();
        var address = page.Url;
        var download = await page.APIRequest.GetAsync($"{new Uri(address).AbsolutePath}/pdf");
        (await download.BodyAsync()).ShouldBe(mailed, "the mailed and the downloaded document differ");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = PayWord() }).First.ClickAsync();
        var checkout = page.FrameLocator("iframe");
        await PayInSandboxAsync(checkout);
        // No reload: the webhook settles it and the page follows.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Paid", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        page.Url.ShouldStartWith(address);
        await customer.NothingInTheWayAsync();
    }

    private static async Task PayInSandboxAsync(IFrameLocator checkout)
    {
        await checkout.GetByLabel("UPI ID").FillAsync("success@razorpay");
        await checkout.GetByRole(AriaRole.Button, new() { NameRegex = PayWord() }).ClickAsync();
    }

    private static async Task ReceiptAsync(SmtpServer server) => await Eventually.HoldsAsync(
        () => server.Mails.Select(mail => EmlMail.Parse(mail.Bytes)).Any(mail => mail.Subject.Contains("eceipt", StringComparison.Ordinal) || mail.Subject.Contains("ayment", StringComparison.Ordinal)),
        "the receipt is mailed", TimeSpan.FromSeconds(60));

    private static async Task BooksBalanceAsync(Visitor staff)
    {
        await staff.OpenAsync("/admin/billing/ledger");
        await staff.OpenAsync("/admin/billing/payments");
        await staff.OpenAsync("/admin/system/health");
        await Assertions.Expect(staff.Page.GetByText("Failing", new() { Exact = true })).ToHaveCountAsync(0);
    }

    private static async Task RevokeAsync(PortalProcess portal, Visitor staff, string organisationId, string secret)
    {
        var page = staff.Page;
        await staff.OpenAsync($"/admin/organisations/{organisationId}/projects");
        await page.GetByRole(AriaRole.Link, new() { Name = "Production" }).First.ClickAsync();
        await page.WaitForURLAsync("**/admin/projects/*");
        await staff.ReadyAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Collector" }).Locator("summary").ClickAsync();
        await page.GetByText("Revoke", new() { Exact = true }).First.ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = RevokeWord() }).ClickAsync();
        await Assertions.Expect(page.GetByText("Revoked").First).ToBeVisibleAsync();
        using var client = new UsageClient(portal.Address, secret);
        await Eventually.HoldsAsync(async () => (await client.PostAsync([new SentEvent("late", "1", "count", null, null)])).Status == HttpStatusCode.Unauthorized, "the revoked key is refused", TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex("/admin/organisations/([0-9a-f-]{36})$")]
    private static partial Regex OrganisationUrl();

    [GeneratedRegex("/admin/prices/[0-9a-f-]{36}$")]
    private static partial Regex PriceUrl();

    [GeneratedRegex("/admin/billing/runs/[0-9a-f-]{36}")]
    private static partial Regex RunUrl();

    [GeneratedRegex("/admin/billing/invoices/[0-9a-f-]{36}")]
    private static partial Regex InvoiceUrl();

    [GeneratedRegex("INV/[0-9]{2}-[0-9]{2}/[0-9]{6}")]
    private static partial Regex NumberPattern();

    [GeneratedRegex("^Issue")]
    private static partial Regex IssueWord();

    [GeneratedRegex("^Pay")]
    private static partial Regex PayWord();

    [GeneratedRegex("^Revoke")]
    private static partial Regex RevokeWord();
}

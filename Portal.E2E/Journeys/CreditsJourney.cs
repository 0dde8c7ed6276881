using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>From a pack that staff make to usage that its credits cover, by people in browsers.</summary>
[Collection(RunningPortal.Name)]
public sealed partial class CreditsJourney(RunningPortal running)
{
    private const string Pack = "Journey pack";

    private readonly string _metric = $"journey_{Guid.CreateVersion7():n}";

    [Fact]
    public async Task Credits_are_bought_cover_usage_and_a_code_is_redeemed()
    {
        var portal = running.Portal;
        await using var browser = await Browser.StartAsync();
        await using var staff = await browser.VisitAsync(portal.Address);
        var admin = portal.Demo.User("admin");
        await staff.SignInAsync(admin.Email, admin.Password);
        await MakePackAsync(staff);
        await MakeCostAsync(staff);
        var code = await MakeDiscountAsync(staff);

        await using var customer = await browser.VisitAsync(portal.Address);
        var owner = portal.Demo.User("owner");
        await customer.SignInAsync(owner.Email, owner.Password);
        var before = await BalanceAsync(portal.Demo.OrganisationId);
        await BuyAsync(customer, portal.Demo.OrganisationId, before);
        await RedeemAsync(customer, code);
        await VoucherAsync(customer);

        await UseAsync(portal.Demo.IngestApiKey);
        await RunTheJobAsync(staff);
        // The page hears of it by itself.
        await Assertions.Expect(customer.Page.GetByText($"Used for 400 calls of {_metric}").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        (await BalanceAsync(portal.Demo.OrganisationId)).ShouldBeLessThan(before + 1000);
        await customer.ReadyAsync();

        await staff.OpenAsync($"/admin/organisations/{portal.Demo.OrganisationId}/credits");
        await Assertions.Expect(staff.Page.GetByText($"Purchased: {Pack}").First).ToBeVisibleAsync();
        await staff.OpenAsync("/admin/system/health");
        await Assertions.Expect(staff.Page.GetByText("Failing", new() { Exact = true })).ToHaveCountAsync(0);
        staff.HasSeenNoError();
        customer.HasSeenNoError();
    }

    private static async Task MakePackAsync(Visitor staff)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/credit-products");
        await page.GetByRole(AriaRole.Link, new() { Name = "New pack" }).First.ClickAsync();
        await page.WaitForURLAsync("**/admin/credit-products/new");
        await staff.ReadyAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(Pack);
        await page.GetByLabel("Credits", new() { Exact = true }).FillAsync("1000");
        await page.GetByLabel("Price", new() { Exact = true }).FillAsync("999");
        await page.GetByLabel("HSN or SAC").FillAsync("998315");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create pack" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = Pack })).ToBeVisibleAsync();
        await staff.ReadyAsync();
    }

    private async Task MakeCostAsync(Visitor staff)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/credit-costs/new");
        await page.GetByLabel("Metric", new() { Exact = true }).FillAsync(_metric);
        await page.GetByLabel("Unit", new() { Exact = true }).FillAsync("calls");
        await page.GetByLabel("Credits per unit").FillAsync("0.5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create credit cost" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/credit-costs");
        await Assertions.Expect(page.GetByText(_metric).First).ToBeVisibleAsync();
        await staff.ReadyAsync();
    }

    private static async Task<string> MakeDiscountAsync(Visitor staff)
    {
        var page = staff.Page;
        var code = $"J-{Guid.CreateVersion7():n}"[..20].ToUpperInvariant();
        await staff.OpenAsync("/admin/discounts/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Journey offer");
        await page.GetByLabel("Percent off").FillAsync("10");
        await page.Locator("#field-code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create discount" }).ClickAsync();
        await page.WaitForURLAsync(DiscountUrl());
        await Assertions.Expect(page.GetByText(code).First).ToBeVisibleAsync();
        await staff.ReadyAsync();
        await staff.OpenAsync("/admin/discounts");
        return code;
    }

    private static async Task BuyAsync(Visitor customer, Guid organisationId, decimal before)
    {
        var page = customer.Page;
        await customer.OpenAsync($"/o/{organisationId}/credits");
        await page.GetByRole(AriaRole.Link, new() { Name = $"Buy {Pack}" }).ClickAsync();
        await page.WaitForURLAsync("**/credits/buy/*");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Buy {Pack}" })).ToBeVisibleAsync();
        await customer.ReadyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue to payment" }).ClickAsync();
        var checkout = page.FrameLocator("iframe");
        await checkout.GetByLabel("UPI ID").FillAsync("success@razorpay");
        await checkout.GetByRole(AriaRole.Button, new() { NameRegex = PayWord() }).ClickAsync();
        await page.WaitForURLAsync("**/credits?purchase=*");
        // No reload: the webhook settles it and the page follows.
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{Pack} is paid" })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var balance = (before + 1000).ToString("#,##0.######", System.Globalization.CultureInfo.InvariantCulture);
        await Assertions.Expect(page.Locator(".figure-value").First).ToContainTextAsync(balance, new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText($"Purchased: {Pack}").First).ToBeVisibleAsync();
        await customer.ReadyAsync();
    }

    private static async Task RedeemAsync(Visitor customer, string code)
    {
        var page = customer.Page;
        await page.GetByLabel("Discount code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Redeem code" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Journey offer").First).ToBeVisibleAsync();
        await customer.ReadyAsync();
    }

    private static async Task VoucherAsync(Visitor customer)
    {
        var page = customer.Page;
        var link = await page.Locator("a[href*='/voucher']").First.GetAttributeAsync("href");
        var first = await page.APIRequest.GetAsync(link!);
        first.Status.ShouldBe((int)HttpStatusCode.OK);
        var bytes = await first.BodyAsync();
        bytes.AsSpan(0, 5).SequenceEqual("%PDF-"u8).ShouldBeTrue();
        (await (await page.APIRequest.GetAsync(link!)).BodyAsync()).ShouldBe(bytes);
        (await (await page.APIRequest.GetAsync($"{new Uri(page.Url).AbsolutePath}.csv")).TextAsync()).ShouldContain("Balance after");
    }

    private async Task UseAsync(string key)
    {
        using var client = new UsageClient(running.Portal.Address, key);
        var events = Enumerable.Range(0, 400).Select(index => new SentEvent(_metric, "1", "calls", null, $"{_metric}-{index}"));
        (await client.PostAsync(events)).Body!["accepted"]!.GetValue<int>().ShouldBe(400);
    }

    private static async Task RunTheJobAsync(Visitor staff)
    {
        var page = staff.Page;
        await staff.OpenAsync("/admin/system/jobs/consume-prepaid-credits");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).First.ClickAsync();
    }

    private async Task<decimal> BalanceAsync(Guid organisationId)
    {
        using var admin = running.Admin();
        var wallet = await admin.GetAsync($"/api/v1/admin/organisations/{organisationId}/prepaid-credits");
        return decimal.Parse(wallet["balance"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("/admin/discounts/[0-9a-f-]{36}$")]
    private static partial Regex DiscountUrl();

    [GeneratedRegex("^Pay")]
    private static partial Regex PayWord();
}

using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>A customer makes, replaces and ends a key, and pays an invoice, without ever touching a mouse.</summary>
public sealed class KeyboardJourney
{
    [Fact]
    public async Task A_key_is_made_rotated_and_revoked_and_an_invoice_paid_by_keys_alone()
    {
        await using var portal = await PortalProcess.StartAsync();
        await using var browser = await Browser.StartAsync();
        await using var customer = await browser.VisitAsync(portal.Address);
        var page = customer.Page;
        var keyboard = new Keyboard(page);

        await SignInAsync(customer, keyboard, portal.Demo.User("owner"));
        await KeysAsync(customer, keyboard);
        await PayAsync(customer, keyboard, await OpenInvoiceAsync(portal));
        customer.HasSeenNoError();
    }

    private static async Task SignInAsync(Visitor customer, Keyboard keyboard, DemoUser user)
    {
        await customer.Page.GotoAsync("/account/sign-in");
        await keyboard.TabToAsync("Email address");
        await keyboard.TypeAsync(user.Email);
        await keyboard.TabToAsync("Password");
        await keyboard.TypeAsync(user.Password);
        await keyboard.PressAsync("Enter");
        await customer.Page.WaitForURLAsync(url => !url.Contains("/account/", StringComparison.Ordinal));
        await customer.ReadyAsync();
        // Who belongs to several chooses first.
        await keyboard.ChooseAsync("Acme Analytics", "a");
        await customer.Page.WaitForURLAsync("**/o/*");
        await customer.ReadyAsync();
    }

    private static async Task KeysAsync(Visitor customer, Keyboard keyboard)
    {
        var page = customer.Page;
        await keyboard.ChooseAsync("Projects and keys", "a");
        await page.WaitForURLAsync("**/projects");
        await customer.ReadyAsync();
        await keyboard.ChooseAsync("Production", "a");
        await page.WaitForURLAsync("**/projects/*");
        await customer.ReadyAsync();

        await keyboard.OpenDialogAsync("New key");
        await keyboard.TabToAsync("Name", "input");
        await keyboard.TypeAsync("Walker");
        await keyboard.ChooseAsync("Create key", "button");
        await KeptAsync(page, keyboard);

        await keyboard.ChooseAsync("Actions for Walker", "summary");
        await keyboard.OpenDialogAsync("Rotate");
        await keyboard.ChooseAsync("Rotate", "button");
        await KeptAsync(page, keyboard);
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Walker" });
        await Assertions.Expect(row).ToHaveCountAsync(2);

        // Esc gives up, and the focus is where it came from.
        await keyboard.ChooseAsync("Actions for Walker", "summary");
        await keyboard.OpenDialogAsync("Revoke");
        await keyboard.PressAsync("Escape");
        await keyboard.BackOnPageAsync();
        (await keyboard.FocusAsync()).Name.ShouldBe("Actions for Walker");

        await keyboard.PressAsync("Enter");
        await keyboard.OpenDialogAsync("Revoke");
        await keyboard.ChooseAsync("Revoke key", "button");
        await keyboard.BackOnPageAsync();
        await Assertions.Expect(row.Locator(".badge").Filter(new() { HasText = "Revoked" })).ToHaveCountAsync(1);
        // Its menu is gone with what could be done: the focus stays in the row.
        (await page.EvaluateAsync<string>("() => document.activeElement.closest('tr')?.textContent ?? ''")).ShouldContain("Walker");

        await BulkAsync(page, keyboard, row);
    }

    /// <summary>What is left is chosen by Space and revoked from the bar.</summary>
    private static async Task BulkAsync(IPage page, Keyboard keyboard, ILocator row)
    {
        await page.Keyboard.PressAsync("Shift+Tab");
        await keyboard.TabToAsync("Select Walker", "input");
        await keyboard.PressAsync(" ");
        await Assertions.Expect(page.GetByText("1 key selected")).ToBeVisibleAsync();
        for (var back = 0; back < 40 && (await keyboard.FocusAsync()).Name != "Revoke"; back++)
            await keyboard.PressAsync("Shift+Tab");
        await keyboard.PressAsync("Enter");
        await keyboard.InDialogAsync();
        await keyboard.ChooseAsync("Revoke key", "button");
        await keyboard.BackOnPageAsync();
        await Assertions.Expect(row.Locator(".badge").Filter(new() { HasText = "Revoked" })).ToHaveCountAsync(2);
    }

    // The secret is shown once; the dialog goes when it is kept.
    private static async Task KeptAsync(IPage page, Keyboard keyboard)
    {
        await Assertions.Expect(page.Locator(".secret code")).ToBeVisibleAsync();
        await keyboard.ChooseAsync("I've saved it", "button");
        await keyboard.BackOnPageAsync();
    }

    private static async Task<string> OpenInvoiceAsync(PortalProcess portal)
    {
        using var admin = new Api(portal.Address, portal.Demo.AdminApiKey);
        var invoices = await admin.GetAsync($"/api/v1/admin/invoices?organisationId={portal.Demo.OrganisationId}");
        return invoices["items"]!.AsArray().First(invoice => invoice!["status"]!.GetValue<string>() is "issued" or "overdue" or "partially_paid")!["number"]!.GetValue<string>();
    }

    private static async Task PayAsync(Visitor customer, Keyboard keyboard, string number)
    {
        var page = customer.Page;
        await keyboard.ChooseAsync("Invoices", "a");
        await page.WaitForURLAsync("**/invoices");
        await customer.ReadyAsync();
        await keyboard.ChooseAsync(number, "a");
        await page.WaitForURLAsync("**/invoices/*");
        await customer.ReadyAsync();
        await keyboard.ChooseAsync("Pay ", "button");
        await Assertions.Expect(page.FrameLocator("iframe").GetByLabel("UPI ID")).ToBeVisibleAsync();
        await keyboard.TabToAsync("UPI ID");
        await keyboard.TypeAsync("success@razorpay");
        await keyboard.ChooseAsync("Pay ", "button");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Paid", Exact = true })).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("iframe")).ToHaveCountAsync(0);
        await keyboard.BackOnPageAsync();
        (await page.GetByRole(AriaRole.Heading, new() { Level = 1 }).InnerTextAsync()).ShouldContain(number);
    }
}

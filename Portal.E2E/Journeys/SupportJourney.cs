using Microsoft.Playwright;
using Portal.E2E.Support;
using Portal.Emails;
using Portal.Tests.Support;

namespace Portal.E2E.Journeys;

/// <summary>A ticket between a customer and staff, in two browsers, with a real mail server in between.</summary>
public sealed class SupportJourney
{
    [Fact]
    public async Task A_ticket_goes_to_and_fro_and_each_side_gets_the_other_s_words_by_mail()
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
        await using var customer = await SignedInAsync(browser, portal, "owner");
        await using var staff = await SignedInAsync(browser, portal, "admin");

        var path = await OpenAsync(customer, portal.Demo.OrganisationId);
        var asked = await MailAsync(mail, "accounts@example.com", "Where do I see the limit?");
        asked.Subject.ShouldContain("SUP-");

        var id = path.Split('/')[^1];
        await staff.OpenAsync($"/admin/support/{id}");
        await NoteAsync(staff);
        await AnswerAsync(staff);
        await MailAsync(mail, portal.Demo.User("owner").Email, "On the page of the key.");

        // The customer's page follows by itself, and never shows the note.
        await Assertions.Expect(customer.Page.GetByText("On the page of the key.")).ToBeVisibleAsync();
        await Assertions.Expect(customer.Page.GetByText("Waiting on you").First).ToBeVisibleAsync();
        (await customer.Page.ContentAsync()).ShouldNotContain("Between us");
        await customer.NothingInTheWayAsync();
        await DownloadAsync(customer, staff);

        await customer.Page.GetByLabel("Message", new() { Exact = true }).FillAsync("Found it, thanks.");
        await customer.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await MailAsync(mail, "accounts@example.com", "Found it, thanks.");
        await Assertions.Expect(staff.Page.GetByText("Found it, thanks.")).ToBeVisibleAsync();
        mail.Mails.Select(received => EmlMail.Parse(received.Bytes)).ShouldNotContain(received => received.Text != null && received.Text.Contains("Between us", StringComparison.Ordinal));

        await customer.Page.GetByRole(AriaRole.Button, new() { Name = "Mark as resolved" }).ClickAsync();
        await Assertions.Expect(customer.Page.GetByRole(AriaRole.Button, new() { Name = "Reopen" })).ToBeVisibleAsync();
        await staff.OpenAsync("/admin/support");
        await customer.OpenAsync($"/o/{portal.Demo.OrganisationId}/support");
        customer.HasSeenNoError();
        staff.HasSeenNoError();
    }

    private static async Task<Visitor> SignedInAsync(Browser browser, PortalProcess portal, string role)
    {
        var visitor = await browser.VisitAsync(portal.Address);
        var user = portal.Demo.User(role);
        await visitor.SignInAsync(user.Email, user.Password);
        return visitor;
    }

    private static async Task<string> OpenAsync(Visitor customer, Guid organisation)
    {
        var page = customer.Page;
        await customer.OpenAsync($"/o/{organisation}/support/new");
        await page.GetByLabel("Subject").FillAsync("The limit of a key");
        await page.GetByLabel("Message", new() { Exact = true }).FillAsync("Where do I see the limit?");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "trace.log", MimeType = "application/octet-stream", Buffer = "10:02 429"u8.ToArray() });
        await Assertions.Expect(page.Locator(".files")).ToContainTextAsync("trace.log");
        await customer.NothingInTheWayAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Open ticket" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The limit of a key");
        await customer.ReadyAsync();
        return new Uri(page.Url).AbsolutePath;
    }

    private static async Task NoteAsync(Visitor staff)
    {
        await staff.Page.GetByLabel("Internal note").CheckAsync();
        await staff.Page.GetByLabel("Note", new() { Exact = true }).FillAsync("Between us: they ask every month.");
        await staff.Page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await Assertions.Expect(staff.Page.Locator(".message.internal")).ToContainTextAsync("Between us");
    }

    private static async Task AnswerAsync(Visitor staff)
    {
        await staff.Page.GetByRole(AriaRole.Textbox, new() { Name = "Reply", Exact = true }).FillAsync("On the page of the key.");
        await staff.Page.GetByLabel("Set status to").SelectOptionAsync("waiting_on_customer");
        await staff.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await Assertions.Expect(staff.Page.Locator(".message.staff")).ToContainTextAsync("On the page of the key.");
        await staff.NothingInTheWayAsync();
    }

    private static async Task DownloadAsync(Visitor customer, Visitor staff)
    {
        var href = await customer.Page.GetByRole(AriaRole.Link, new() { Name = "trace.log" }).GetAttributeAsync("href");
        var file = await customer.Page.APIRequest.GetAsync(href!);
        (await file.TextAsync()).ShouldBe("10:02 429");
        file.Headers["content-disposition"].ShouldStartWith("attachment");
        file.Headers["x-content-type-options"].ShouldBe("nosniff");
        file.Headers["content-type"].ShouldStartWith("text/plain");
        // The same file is not had under staff's address by a customer, nor without being signed in.
        (await customer.Page.APIRequest.GetAsync($"/admin/support/files/{href!.Split('/')[^1]}", new() { MaxRedirects = 0 })).Status.ShouldBeOneOf(302, 403, 404);
        (await staff.Page.APIRequest.GetAsync($"/admin/support/files/{href!.Split('/')[^1]}")).Status.ShouldBe(200);
    }

    private static async Task<EmlMail> MailAsync(SmtpServer server, string to, string words)
    {
        EmlMail? found = null;
        await Eventually.HoldsAsync(
            () => (found = server.Mails.Select(mail => EmlMail.Parse(mail.Bytes)).FirstOrDefault(mail => mail.To.Contains(to, StringComparison.Ordinal) && mail.Text?.Contains(words, StringComparison.Ordinal) == true)) is not null,
            $"'{words}' is mailed to {to}", TimeSpan.FromSeconds(60));
        return found!;
    }
}

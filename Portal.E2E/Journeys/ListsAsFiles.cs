using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portal.E2E.Support;

namespace Portal.E2E.Journeys;

/// <summary>Every list is had as a file: what the page counts is what the file holds, searched and filtered as the page is.</summary>
[Collection(RunningPortal.Name)]
public sealed partial class ListsAsFiles(RunningPortal running)
{
    private static readonly string[] s_staff =
    [
        "/admin/organisations", "/admin/prices", "/admin/plans", "/admin/metrics", "/admin/credit-products", "/admin/credit-costs", "/admin/discounts", "/admin/tax-rates", "/admin/exchange-rates",
        "/admin/billing/runs", "/admin/billing/invoices", "/admin/billing/payments", "/admin/billing/subscriptions", "/admin/billing/ledger", "/admin/support", "/admin/people/everybody",
        "/admin/audit", "/admin/system/mail", "/admin/system/outbox", "/admin/analytics",
        "/admin/organisations?q=acme", "/admin/prices?state=in_force", "/admin/billing/invoices?status=paid", "/admin/plans?currency=EUR", "/admin/support?state=open",
    ];

    private static readonly string[] s_customer = ["/invoices", "/payments", "/support"];

    [Fact]
    public async Task A_list_s_file_holds_the_rows_that_the_page_counts()
    {
        await using var browser = await Browser.StartAsync();
        await using var admin = await SignInAsync(browser, "admin");
        foreach (var address in s_staff)
            await CompareAsync(admin.Page, address);
        await using var owner = await SignInAsync(browser, "owner");
        foreach (var address in s_customer)
            await CompareAsync(owner.Page, $"/o/{running.Portal.Demo.OrganisationId}{address}");
    }

    // A customer's session gets nothing of the staff's.
    [Fact]
    public async Task A_customer_gets_no_list_of_the_staff_s()
    {
        await using var browser = await Browser.StartAsync();
        await using var owner = await SignInAsync(browser, "owner");
        foreach (var address in (string[])["/admin/organisations.csv", "/admin/audit.csv", "/admin/billing/ledger.csv", "/admin/people.csv", "/admin/support.csv", "/admin/prices.csv"])
            (await owner.Page.APIRequest.GetAsync(address, new() { MaxRedirects = 0 })).Status.ShouldBeOneOf([403, 404], address);
    }

    private async Task<Visitor> SignInAsync(Browser browser, string role)
    {
        var visitor = await browser.VisitAsync(running.Portal.Address);
        var user = running.Portal.Demo.User(role);
        await visitor.SignInAsync(user.Email, user.Password);
        return visitor;
    }

    private static async Task CompareAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await Assertions.Expect(page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        var list = page.Locator("list-columns:has(a[download])").Last;
        var file = await list.Locator("a[download]").GetAttributeAsync("href");
        // A list of nothing has no pages, and its file nothing but the head.
        await Assertions.Expect(list.Locator(".pager, .empty")).ToBeVisibleAsync();
        var counted = await list.Locator(".empty").CountAsync() > 0 ? "0 of 0" : await list.Locator(".pager [role=status]").InnerTextAsync();
        var shown = await list.Locator("tbody tr").CountAsync();

        var answer = await page.APIRequest.GetAsync(file!);

        answer.Status.ShouldBe(200, file);
        answer.Headers["content-type"].ShouldStartWith("text/csv");
        var rows = Rows(await answer.TextAsync());
        rows.Select(row => row.Count).Distinct().Count().ShouldBe(1, $"{file}: a row has other cells than the head");
        // A log without an end counts no rows; the jobs write on while it is read.
        if (Total().Match(counted) is { Success: true } total)
            (rows.Count - 1).ShouldBe(int.Parse(total.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), $"{file} of {address}");
        else
            (rows.Count - 1).ShouldBeGreaterThanOrEqualTo(shown, $"{file} of {address}");
    }

    // RFC 4180, every cell quoted.
    private static List<List<string>> Rows(string text)
    {
        List<List<string>> rows = [[]];
        foreach (var match in Cell().Matches(text.TrimStart('\uFEFF')).Cast<Match>())
        {
            rows[^1].Add(match.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal));
            if (match.Groups[2].Value == "\r\n")
                rows.Add([]);
        }

        return [.. rows.Where(row => row.Count > 0)];
    }

    [GeneratedRegex("\"((?:[^\"]|\"\")*)\"(,|\r\n)")]
    private static partial Regex Cell();

    [GeneratedRegex(@" of ([\d,]+)$")]
    private static partial Regex Total();
}

using Bunit;
using Portal.Components.Admin.Usage;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Usage;

[Covers(typeof(LatePage))]
public sealed class LatePageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_waits_is_shown_with_its_difference_and_written_off_once_with_a_reason()
    {
        var books = await LateAsync(25);
        var page = _world.Open<LatePage>("/admin/usage/late");
        await page.WaitForAssertionAsync(() => page.Rows("Late usage").ShouldHaveSingleItem()[..7].ShouldBe([books.Customer.Name, "October 2026", "api_calls", "25\u00A0calls", "1", "Next invoice", "₹25.00"]));
        page.Find(".row-link").GetAttribute("href").ShouldBe($"/admin/organisations/{books.Customer.Id}/unbilled");
        page.Find("a[download]").GetAttribute("href").ShouldBe("/admin/usage/late.csv");
        await page.DoAsync("tbody button", element => element.ClickAsync(new()));
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find("#field-reason-error").TextContent.ShouldContain("1 to 500"));
        await page.PutAsync("#field-reason", "A goodwill gesture");

        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.FindAll("dialog").ShouldBeEmpty());
        await page.WaitForAssertionAsync(() => page.Find("tbody .badge").TextContent.ShouldBe("Written off"));
        page.Find("tbody .cell-sub").TextContent.ShouldBe("A goodwill gesture");
        page.FindAll("tbody button").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_address_filters_and_what_is_set_is_taken_off_by_a_click()
    {
        await LateAsync(25);
        var page = _world.Open<LatePage>("/admin/usage/late?state=written_off&month=2026-10");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
        page.FindAll(".chip-text").Select(chip => chip.TextContent).ShouldBe(["Status: Written off", "Month: October 2026"]);
        _world.Navigation.NavigateTo(page.FindAll(".chip")[0].GetAttribute("href")!);

        await page.WaitForAssertionAsync(() => page.Rows("Late usage").ShouldHaveSingleItem());
        page.FindAll(".chip-text").Select(chip => chip.TextContent).ShouldBe(["Month: October 2026"]);
        _world.Navigation.NavigateTo(page.Find(".chips-clear").GetAttribute("href")!);
        await page.WaitForAssertionAsync(() => page.FindAll(".chips").ShouldBeEmpty());
    }

    [Fact]
    public async Task A_credit_is_not_to_be_given_up_and_who_may_not_is_offered_nothing()
    {
        var books = await Books.KeepAsync(_world);
        var project = await ProjectAsync(books);
        await _world.Billing.UsageAsync(books.Customer.Id, project, BillingWorld.October, "api_calls", -25);

        var page = _world.Open<LatePage>("/admin/usage/late");

        await page.WaitForAssertionAsync(() => page.Find("tbody .badge").TextContent.ShouldBe("Credit in next run"));
        page.FindAll("tbody button").ShouldBeEmpty();
        await _world.Billing.UsageAsync(books.Customer.Id, project, BillingWorld.October, "api_calls", 75);
        await _world.BecomeAsync(SystemRoles.Viewer);
        var viewed = _world.Open<LatePage>("/admin/usage/late");
        await viewed.WaitForAssertionAsync(() => viewed.Find("tbody .badge").TextContent.ShouldBe("Next invoice"));
        viewed.FindAll("tbody button").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_billed_leads_to_its_invoice()
    {
        var books = await LateAsync(25);
        (await _world.Billing.Get<StartBillingRun>().RunAsync(_world.Billing.Staff, new StartBillingRunRequest { OrganisationId = books.Customer.Id, LateOnly = true, AutoIssue = true }, default)).Failures.ShouldBeEmpty();
        await _world.Billing.WorkAsync();

        var page = _world.Open<LatePage>("/admin/usage/late?state=billed");

        var invoice = (await _world.Billing.InvoicesAsync(books.Customer.Id)).Single(one => one.Supplement == 1);
        await page.WaitForAssertionAsync(() => page.Find("tbody .cell-sub a").GetAttribute("href").ShouldBe($"/admin/billing/invoices/{invoice.Id}"));
        page.Find("tbody .cell-sub a").TextContent.ShouldBe(invoice.Number);
    }

    private Task<Guid> ProjectAsync(Books books) => _world.Billing.ScalarAsync<Guid>("SELECT id FROM projects WHERE organisation_id = $1", books.Customer.Id);

    private async Task<Books> LateAsync(decimal value)
    {
        var books = await Books.KeepAsync(_world);
        await _world.SendAsync(books.Customer, await ProjectAsync(books), new DateTimeOffset(2026, 10, 21, 6, 0, 0, TimeSpan.Zero), value);
        return books;
    }
}

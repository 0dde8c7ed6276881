using Bunit;
using Portal.Components.Admin.Organisations;
using Portal.Core.Access;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Admin;

/// <summary>What the page of a customer begins with.</summary>
public sealed class OrganisationOverviewTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Books _books = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _books = await Books.KeepAsync(_world);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void What_is_owed_the_usage_invoices_and_payments_are_on_one_page()
    {
        var page = Open(_books.Customer.Id);

        page.WaitForAssertion(() => page.FindAll(".figure-name").Select(name => name.TextContent).ShouldBe(["Outstanding", "Billed, last 12 months", "Active keys", "People"]));
        page.FindAll(".figure-value").Select(figure => figure.TextContent.Trim()).ShouldBe(["₹68.00", "₹118.00", "0", "0"]);
        page.Find(".figure-note").TextContent.Trim().ShouldBe("1 open invoice, none past due");
        page.Rows("Latest invoices").Single()[0].ShouldBe(_books.Issued.Number);
        page.Rows("Latest payments").Single()[^1].ShouldBe("₹50.00");
        page.WaitForAssertion(() => page.FindAll(".chart tbody tr").Count.ShouldBe(30));
        page.FindAll(".chart tbody tr a").Select(day => day.GetAttribute("href")).ShouldContain($"/admin/organisations/{_books.Customer.Id}/usage?day=2026-10-20");
    }

    [Fact]
    public void What_is_past_due_is_said_below_what_is_owed()
    {
        _world.Billing.Clock.Now = _books.Issued.DueAt!.Value.AddDays(1);

        var page = Open(_books.Customer.Id);

        page.WaitForAssertion(() => page.Find(".figure-note .bad").TextContent.ShouldBe("₹68.00"));
    }

    [Fact]
    public void Who_may_not_read_money_sees_none()
    {
        _world.Calls.Permissions = Permissions.All.Where(permission => permission is not (Permissions.InvoicesRead or Permissions.PaymentsRead or Permissions.CreditsRead)).ToHashSet(StringComparer.Ordinal);

        var page = Open(_books.Customer.Id);

        page.WaitForAssertion(() => page.FindAll(".figure-name").Select(name => name.TextContent).ShouldBe(["Active keys", "People"]));
        page.Markup.ShouldNotContain("₹");
        page.FindAll("caption").Select(caption => caption.TextContent).ShouldNotContain("Latest invoices");
    }

    [Fact]
    public async Task A_new_customer_is_led_to_a_project_a_key_and_a_price()
    {
        var fresh = await _world.Billing.OrganisationAsync();
        await _world.Billing.ProjectAsync(fresh.Id, "Shop");

        var page = Open(fresh.Id);

        page.WaitForAssertion(() => page.Rows("Next steps").Select(row => row[^1]).ShouldBe(["Done", "Issue key", "Done"]));
        page.Find("a.button-primary:contains('Issue key')").GetAttribute("href").ShouldBe($"/admin/organisations/{fresh.Id}/projects");
        page.FindAll(".chart").ShouldBeEmpty();
        page.FindAll(".empty h2").Select(title => title.TextContent).ShouldContain("No invoices yet");
    }

    [Fact]
    public async Task A_usage_chart_that_fails_leaves_the_page_standing()
    {
        await _world.Billing.SqlAsync("ALTER TABLE usage_days RENAME TO usage_days_gone");

        var page = Open(_books.Customer.Id);

        page.WaitForAssertion(() => page.Find("[role=alert] h2").TextContent.ShouldBe("Usage, last 30 days could not be loaded"));
        page.Find(".figure-value").TextContent.Trim().ShouldBe("₹68.00");
        await _world.Billing.SqlAsync("ALTER TABLE usage_days_gone RENAME TO usage_days");
        await page.DoAsync("[role=alert] button", element => element.ClickAsync(new()));
        page.WaitForAssertion(() => page.FindAll(".chart tbody tr").Count.ShouldBe(30));
    }

    private IRenderedComponent<OrganisationPage> Open(Guid id)
    {
        _world.Navigation.NavigateTo($"/admin/organisations/{id}");
        return _world.Pages.Render<OrganisationPage>(parameters => parameters.Add(page => page.Id, id));
    }
}

using Bunit;
using Portal.Components.Admin.Audit;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Audit;

[Covers(typeof(AuditPage))]
public sealed class AuditPageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_anything_has_happened_the_list_says_so()
    {
        var page = _world.Open<AuditPage>("/admin/audit");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("Nothing has happened yet"));
    }

    [Fact]
    public async Task Every_change_names_who_made_it_and_leads_to_the_thing()
    {
        var books = await Books.KeepAsync(_world);

        var page = _world.Open<AuditPage>("/admin/audit?type=invoice");

        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").Select(action => action.TextContent).ShouldContain("Invoice issued"));
        var row = page.FindAll("tbody tr").Single(row => row.QuerySelector("summary")?.TextContent == "Invoice issued");
        row.TextContent.ShouldContain(_world.Billing.Staff.Actor.Name);
        row.TextContent.ShouldContain(books.Customer.Name);
        row.QuerySelector($"a[href='/admin/billing/invoices/{books.Issued.Id}']").ShouldNotBeNull();
        page.FindAll("tbody summary").Select(action => action.TextContent).ShouldNotContain("Payment recorded");
    }

    [Fact]
    public async Task The_details_show_what_was_before_and_after()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync(
            """
            INSERT INTO audit_log (id, actor_kind, actor_name, action, entity_type, entity_id, before, after, correlation_id, created_at)
            VALUES ($1, 'user', 'somebody@example.com', 'settings.changed', 'settings', $1, '{"prefix":"INV"}', '{"prefix":"<b>BILL</b>"}', 'none', $2)
            """,
            Guid.CreateVersion7(_world.Billing.Clock.Now), _world.Billing.Clock.Now);

        var page = _world.Open<AuditPage>("/admin/audit?type=settings");

        await page.WaitForAssertionAsync(() => page.Find(".explain-rows tbody tr").TextContent.ShouldBe("PrefixINV<b>BILL</b>"));
        page.FindAll("tbody b").ShouldBeEmpty();
    }

    [Fact]
    public async Task One_thing_s_history_can_be_left_for_all_of_it()
    {
        var books = await Books.KeepAsync(_world);
        var page = _world.Open<AuditPage>($"/admin/audit?entity={books.Payment.PaymentId}");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").ShouldHaveSingleItem().TextContent.ShouldBe("Payment recorded"));

        _world.Navigation.NavigateTo(page.FindAll(".table-bar a").Single(link => link.TextContent.StartsWith("One thing", StringComparison.Ordinal)).GetAttribute("href")!);

        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").Count.ShouldBeGreaterThan(3));
    }
}

using Bunit;
using Portal.Components.Admin.Audit;
using Portal.Core.Audit;
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

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No activity yet"));
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
        (page.Find("tbody del").TextContent, page.Find("tbody ins").TextContent).ShouldBe(("INV", "<b>BILL</b>"));
    }

    [Fact]
    public async Task One_thing_s_history_can_be_left_for_all_of_it()
    {
        var books = await Books.KeepAsync(_world);
        var page = _world.Open<AuditPage>($"/admin/audit?entity={books.Payment.PaymentId}");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").ShouldHaveSingleItem().TextContent.ShouldBe("Payment recorded"));

        _world.Navigation.NavigateTo(page.FindAll(".chip").Single(link => link.TextContent.StartsWith("One object", StringComparison.Ordinal)).GetAttribute("href")!);

        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").Count.ShouldBeGreaterThan(3));
    }

    [Fact]
    public async Task The_log_is_verified_once_by_a_double_click_and_what_is_wrong_is_named()
    {
        await Books.KeepAsync(_world);
        await _world.Get<SealAudit>().RunAsync(Portal.Core.Access.CallContext.System("seal-audit", "Tests seal"), default);
        var page = _world.Open<AuditPage>("/admin/audit");
        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("Not verified yet"));

        (await _world.TwiceAsync(() => page.Buttons("Verify now").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("The log is intact"));
        page.Find(".note").TextContent.ShouldContain("1 entry waiting to be sealed.");
        await _world.Billing.SqlAsync("SET session_replication_role = replica; UPDATE audit_log SET actor_name = 'nobody' WHERE id = (SELECT entry_id FROM audit_seals WHERE position = 2); SET session_replication_role = DEFAULT");
        _world.Billing.Clock.Now = _world.Billing.Clock.Now.AddMinutes(1);
        await page.InvokeAsync(() => page.Buttons("Verify now").Single().ClickAsync(new()));
        await page.WaitForAssertionAsync(() => page.Find(".note h2").TextContent.ShouldBe("The log has been altered"));
        page.Find(".note li").TextContent.ShouldContain("Seal 2: the entry was changed.");
        var entry = await _world.Billing.ScalarAsync<Guid>("SELECT entry_id FROM audit_seals WHERE position = 2");
        page.Find(".note li a").GetAttribute("href").ShouldBe($"/admin/audit?row={entry}");
    }

    [Fact]
    public async Task Days_and_an_organisation_narrow_the_list()
    {
        var books = await Books.KeepAsync(_world);
        var page = _world.Open<AuditPage>($"/admin/audit?organisation={books.Customer.Id}&from=2026-11-03&until=2026-11-03");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody summary").Count.ShouldBeGreaterThan(1));
        page.Rows("Audit entries").Where(row => row.Length == 6).ShouldAllBe(row => row[3] == books.Customer.Name);
        await page.WaitForAssertionAsync(() => page.FindAll(".table-bar a").Select(link => link.TextContent).ShouldContain(text => text.StartsWith(books.Customer.Name)));

        await page.DoAsync("input[aria-label='Until day']", element => element.ChangeAsync(new() { Value = "2026-11-02" }));

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
        _world.Navigation.Uri.ShouldContain("until=2026-11-02");
    }

    [Fact]
    public async Task An_organisation_is_found_by_typing_and_let_go_by_a_click()
    {
        var books = await Books.KeepAsync(_world);
        var page = _world.Open<AuditPage>("/admin/audit");
        await page.WaitForAssertionAsync(() => page.Find(".filter-panel [role=status]").TextContent.ShouldBe("Type to search."));
        await page.DoAsync(".filter-panel input", element => element.InputAsync(new() { Value = "nobody like this" }));
        await page.WaitForAssertionAsync(() => page.Find(".filter-panel [role=status]").TextContent.ShouldBe("No organisation found."));
        await page.DoAsync(".filter-panel input", element => element.InputAsync(new() { Value = books.Customer.Name }));
        await page.WaitForAssertionAsync(() => page.FindAll(".filter-panel a").ShouldNotBeEmpty());
        var found = page.FindAll(".filter-panel a").First(link => link.GetAttribute("href")!.Contains(books.Customer.Id.ToString(), StringComparison.Ordinal));

        _world.Navigation.NavigateTo(found.GetAttribute("href")!);

        await page.WaitForAssertionAsync(() => page.FindAll(".table-bar a").Select(link => link.TextContent).ShouldContain(text => text.StartsWith(books.Customer.Name)));
        page.Rows("Audit entries").Where(row => row.Length == 6).ShouldAllBe(row => row[3] == books.Customer.Name);
        page.FindAll(".filter-panel").ShouldBeEmpty();
        page.FindAll(".table-bar a").First(link => link.TextContent.StartsWith(books.Customer.Name, StringComparison.Ordinal)).GetAttribute("href").ShouldNotBeNull().ShouldEndWith("/admin/audit");
    }

    [Fact]
    public void A_difference_takes_nested_facts_apart_and_puts_changes_first()
    {
        var changes = AuditDiff.Of("""{"name":"A","seller":{"taxId":"1","open":true},"keys":["x","y"]}""", """{"name":"A","seller":{"taxId":"2","open":true},"rows":[{"n":1}]}""");

        changes.ShouldBe([
            new AuditChange("Seller · Tax id", "1", "2"), new AuditChange("Keys", "x, y", null), new AuditChange("Rows · 1 · N", null, "1"),
            new AuditChange("Name", "A", "A"), new AuditChange("Seller · Open", "Yes", "Yes")]);
        AuditDiff.Of(null, null).ShouldBeEmpty();
        AuditDiff.Of("3", "\"x\"").ShouldBe([new AuditChange("Value", "3", "x")]);
    }
}

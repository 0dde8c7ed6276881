using Bunit;
using Portal.Changes;
using Portal.Components.Admin.Invoices;
using Portal.Components.Shared;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Tests.Components.Support;
using Portal.Tests.Data.BillingRuns;

namespace Portal.Tests.Components.Invoices;

[Covers(typeof(InvoicesPage), typeof(InvoicePage))]
public sealed class InvoicePagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_invoices_the_list_says_how_they_come_about()
    {
        var page = List();

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No invoices yet"));
        page.WaitForElement(".empty a").GetAttribute("href").ShouldBe("/admin/billing/runs/new");
    }

    [Fact]
    public async Task The_list_shows_what_is_due_on_each_and_lets_drafts_be_chosen()
    {
        var books = await Books.KeepAsync(_world);

        var page = List("?sort=organisation");

        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
        var rows = page.Rows("Invoices");
        rows[0][1..].ShouldBe([books.Issued.Number!, "Partially paid", books.Customer.Name, "October 2026", "18 Nov 2026", "₹118.00", "₹68.00"]);
        rows[1][1..5].ShouldBe(["Draft", "Draft", books.Other.Name, "October 2026"]);
        page.WaitForAssertion(() => page.FindAll("tbody input[type=checkbox]").ShouldHaveSingleItem());
        page.FindAll(".row-link").Select(link => link.GetAttribute("href")).ShouldBe([$"/admin/billing/invoices/{books.Issued.Id}", $"/admin/billing/invoices/{books.Draft.Id}"]);
    }

    [Fact]
    public async Task A_filter_of_the_address_narrows_the_list_and_its_export()
    {
        var books = await Books.KeepAsync(_world);

        var page = List($"?status=draft&run={books.Run.Id}");

        await page.WaitForAssertionAsync(() => page.Rows("Invoices").ShouldHaveSingleItem()[1].ShouldBe("Draft"));
        page.Find("a[download]").GetAttribute("href").ShouldBe($"/admin/billing/invoices.csv?run={books.Run.Id}&status=draft");
        _world.Navigation.NavigateTo("/admin/billing/invoices?status=void");
        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No results"));
    }

    [Fact]
    public async Task Chosen_drafts_are_issued_once_by_a_double_click_and_the_list_shows_it()
    {
        var (first, second) = (await DraftAsync(), await DraftAsync());
        var page = List();
        await page.WaitForAssertionAsync(() => page.FindAll("tbody input[type=checkbox]").Count.ShouldBe(2));
        await page.PutAsync($"tr:has(a[href$='{first.Id}']) input", true);
        page.Find(".bulk-bar [role=status]").TextContent.ShouldBe("1 draft selected");
        await page.PressAsync("Issue", ".bulk-bar");
        page.Find("dialog").TextContent.ShouldContain("1 draft gets its number");

        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find("dialog [role=status]").TextContent.ShouldContain("1 invoice was issued"));
        await page.PressAsync("Done", "dialog");
        await page.WaitForAssertionAsync(() => page.FindAll("tbody input[type=checkbox]").ShouldHaveSingleItem());
        page.FindAll("dialog").ShouldBeEmpty();
        page.FindAll(".bulk-bar").ShouldBeEmpty();
        (await InvoiceAsync(first.Id)).Status.ShouldBe(InvoiceStatus.Issued);
        (await InvoiceAsync(second.Id)).Status.ShouldBe(InvoiceStatus.Draft);
        (await AuditedAsync("invoice.issued")).ShouldBe(1);
    }

    [Fact]
    public async Task All_drafts_of_a_month_are_issued_but_those_held_back()
    {
        var (ready, held) = (await DraftAsync(), await DraftAsync());
        await HoldBackAsync(held);
        var page = List();
        await page.WaitForAssertionAsync(() => page.FindAll("tbody input[type=checkbox]").ShouldHaveSingleItem());
        await page.PressAsync("Issue drafts");
        page.Find("#field-month").GetAttribute("value").ShouldBe("2026-10");

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("dialog [role=status]").TextContent.ShouldContain("1 draft was skipped"));
        (await InvoiceAsync(ready.Id)).Number.ShouldNotBeNull();
        (await InvoiceAsync(held.Id)).Number.ShouldBeNull();
    }

    [Fact]
    public async Task Who_reads_only_is_offered_nothing_that_changes_an_invoice()
    {
        var books = await Books.KeepAsync(_world);
        await _world.BecomeAsync(SystemRoles.Viewer);

        var list = List();
        await list.WaitForAssertionAsync(() => list.FindAll("tbody tr.linked").Count.ShouldBe(2));
        list.Buttons("Issue drafts").ShouldBeEmpty();
        list.FindAll("input[type=checkbox]:not([data-column])").ShouldBeEmpty();

        foreach (var id in new[] { books.Issued.Id, books.Draft.Id })
        {
            var one = One(id);
            await one.WaitForAssertionAsync(() => one.Find(".paper"));
            foreach (var action in new[] { "Issue", "Delete draft", "Void", "Record payment", "Resend", "Regenerate" })
                one.Buttons(action).ShouldBeEmpty(action);
        }
    }

    [Fact]
    public async Task An_invoice_is_its_document_with_facts_payments_mails_and_history()
    {
        var books = await Books.KeepAsync(_world);

        var page = One(books.Issued.Id);

        await page.WaitForAssertionAsync(() => page.Find("h1").TextContent.ShouldBe(books.Issued.Number));
        page.Find(".page-lead").TextContent.ShouldBe($"{books.Customer.Name} · October 2026");
        (page.Fact("Paid"), page.Fact("Amount due")).ShouldBe(("₹50.00", "₹68.00"));
        page.Find(".paper-line").TextContent.ShouldContain("₹100.00");
        page.Find(".explain").TextContent.ShouldContain("Shop: 100 calls");
        page.Rows("Payments of this invoice").Single()[1..].ShouldBe(["Bank transfer", "UTR-1", "Received", "₹50.00"]);
        page.Find("ul.rows li").TextContent.ShouldContain("To billing@example.com");
        page.FindAll(".timeline li").Select(entry => entry.TextContent).ShouldContain(entry => entry.Contains("Invoice issued", StringComparison.Ordinal));
        page.Buttons("PDF").Single().GetAttribute("href").ShouldBe($"/admin/invoices/{books.Issued.Id}/pdf");
    }

    [Fact]
    public async Task A_draft_is_issued_once_by_a_double_click_after_being_asked()
    {
        var draft = await DraftAsync();
        var page = One(draft.Id);
        await page.PressAsync("Issue");
        page.Find("dialog h2").TextContent.ShouldStartWith("Issue the invoice for Organisation");

        await page.ButtonAsync("Issue", "dialog");
        (await _world.TwiceAsync(() => page.Buttons("Issue", "dialog").Single())).ShouldBe(1);

        var issued = await InvoiceAsync(draft.Id);
        await page.WaitForAssertionAsync(() => page.Find("h1").TextContent.ShouldBe(issued.Number));
        page.FindAll("dialog").ShouldBeEmpty();
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe($"Issued as {issued.Number}.");
        (await AuditedAsync("invoice.issued")).ShouldBe(1);
    }

    [Fact]
    public async Task A_draft_that_is_held_back_says_why_and_can_t_be_issued()
    {
        var draft = await DraftAsync();
        await HoldBackAsync(draft);

        var page = One(draft.Id);

        (await page.ButtonAsync("Issue")).HasAttribute("disabled").ShouldBeTrue();
        page.Find(".note").TextContent.ShouldContain("The seller has no tax number.");
    }

    [Fact]
    public async Task A_draft_that_somebody_else_has_issued_is_refused_in_the_dialog()
    {
        var draft = await DraftAsync();
        var page = One(draft.Id);
        await page.PressAsync("Delete draft");
        await Books.IssueAsync(_world, draft.Id);

        await page.PressAsync("Delete draft", "dialog");

        await page.WaitForAssertionAsync(() => page.Find("dialog [role=alert]").TextContent.ShouldContain("An issued invoice can't be deleted"));
        (await InvoiceAsync(draft.Id)).Status.ShouldBe(InvoiceStatus.Issued);
    }

    [Fact]
    public async Task A_draft_is_thrown_away_once_by_a_double_click_and_the_list_is_next()
    {
        var draft = await DraftAsync();
        var page = One(draft.Id);
        await page.PressAsync("Delete draft");

        await page.ButtonAsync("Delete draft", "dialog");
        (await _world.TwiceAsync(() => page.Buttons("Delete draft", "dialog").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => _world.Navigation.Uri.ShouldEndWith("/admin/billing/invoices"));
        (await _world.Billing.InvoicesAsync()).ShouldBeEmpty();
        (await AuditedAsync("invoice.draft_discarded")).ShouldBe(1);
    }

    [Fact]
    public async Task An_invoice_is_voided_once_by_a_double_click_and_only_with_a_reason()
    {
        var draft = await DraftAsync();
        await Books.IssueAsync(_world, draft.Id);
        var page = One(draft.Id);
        await page.PressAsync("Void");
        await page.DoAsync("dialog form", element => element.SubmitAsync());
        await page.WaitForAssertionAsync(() => page.Find("#field-reason-error"));
        (await InvoiceAsync(draft.Id)).Status.ShouldBe(InvoiceStatus.Issued);

        await page.PutAsync("#field-reason", "Billed to the wrong company");
        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find(".note").TextContent.ShouldContain("Billed to the wrong company"));
        page.FindAll("dialog").ShouldBeEmpty();
        page.Fact("Amount due").ShouldBe("₹0.00");
        (await AuditedAsync("invoice.voided")).ShouldBe(1);
    }

    [Fact]
    public async Task A_payment_is_recorded_once_by_a_double_click_and_settles_the_invoice()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);
        await page.PressAsync("Record payment");
        page.Find("#field-amount").GetAttribute("value").ShouldBe("68");
        await page.PutAsync("#field-reference", "UTR-2");

        (await _world.TwiceAsync(() => page.Find("dialog form"), "submit")).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Fact("Amount due").ShouldBe("₹0.00"));
        page.FindAll("dialog").ShouldBeEmpty();
        page.Rows("Payments of this invoice").Select(row => row[2]).ShouldBe(["UTR-1", "UTR-2"]);
        page.Buttons("Record payment").ShouldBeEmpty();
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Payment recorded.");
        (await AuditedAsync("payment.recorded")).ShouldBe(2);
    }

    [Fact]
    public async Task A_payment_that_can_t_be_says_why_beside_its_field_and_keeps_what_was_typed()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);
        await page.PressAsync("Record payment");
        await page.PutAsync("#field-amount", "0");
        await page.PutAsync("#field-reference", "UTR-2");

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => page.Find("#field-amount-error"));
        page.Find("#field-reference").GetAttribute("value").ShouldBe("UTR-2");
        (await AuditedAsync("payment.recorded")).ShouldBe(1);
    }

    [Fact]
    public async Task More_than_is_due_is_told_to_have_become_account_credit()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);
        await page.PressAsync("Record payment");
        await page.PutAsync("#field-amount", "70");

        await page.DoAsync("dialog form", element => element.SubmitAsync());

        await page.WaitForAssertionAsync(() => _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Recorded. ₹2.00 overpaid was added to account credit."));
    }

    [Fact]
    public async Task A_mail_is_sent_again_once_by_a_double_click()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);

        await page.ButtonAsync("Resend");
        (await _world.TwiceAsync(() => page.Buttons("Resend").Single())).ShouldBe(1);

        await page.WaitForAssertionAsync(() => page.Find("ul.rows .badge").TextContent.Trim().ShouldBe("Pending"));
        page.Buttons("Resend").ShouldBeEmpty();
        _world.Toasts.Current.ShouldHaveSingleItem().Text.ShouldBe("Email resent.");
        (await AuditedAsync("email.resent")).ShouldBe(1);
    }

    [Fact]
    public async Task Leaving_while_a_mail_is_being_sent_again_leaves_no_error_behind()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);
        var button = await page.ButtonAsync("Resend");
        _world.Store.Hold();
        var sending = button.ClickAsync(new());

        await _world.Pages.DisposeComponentsAsync();
        _world.Store.LetGo();

        await sending;
        (await AuditedAsync("email.resent")).ShouldBe(1);
    }

    [Fact]
    public async Task The_page_changes_by_itself_when_money_comes()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);
        await page.WaitForAssertionAsync(() => page.Fact("Amount due").ShouldBe("₹68.00"));

        await Books.PayAsync(_world, books.Issued.Id, 68, "UTR-2");
        _world.Changes.Say(ChangeKinds.Invoice, books.Issued.Id);

        await page.WaitForAssertionAsync(() => page.Fact("Amount due").ShouldBe("₹0.00"));
        page.Find(".page-title .badge").TextContent.Trim().ShouldBe("Paid");
    }

    [Fact]
    public async Task The_figures_are_proved_from_the_usage_and_the_prices()
    {
        var books = await Books.KeepAsync(_world);
        var page = One(books.Issued.Id);

        await page.PressAsync("Check calculation");

        await page.WaitForAssertionAsync(() => page.Find("dialog [role=status]").TextContent.ShouldContain("Every figure matches what is stored"));
        page.Rows("Stored and recalculated figures").Select(row => row[4]).ShouldAllBe(agrees => agrees == "Yes");
    }

    [Fact]
    public void An_invoice_that_is_not_there_is_the_page_for_that()
    {
        var asked = false;
        _world.Navigation.OnNotFound += (_, _) => asked = true;

        One(Guid.CreateVersion7(_world.Billing.Clock.Now)).WaitForAssertion(() => asked.ShouldBeTrue());
    }

    private IRenderedComponent<PageBoundary> List(string query = "") => _world.Open<InvoicesPage>("/admin/billing/invoices" + query);

    private IRenderedComponent<PageBoundary> One(Guid id) => _world.Open<InvoicePage>($"/admin/billing/invoices/{id}", page => page.Add(invoice => invoice.Id, id));

    private async Task<Invoice> DraftAsync()
    {
        if ((await _world.Billing.InvoicesAsync()).Count == 0)
            await _world.Billing.PriceAsync("api_calls", 1);
        var organisation = await _world.Billing.BillableAsync();
        await _world.Billing.RunAsync(BillingWorld.October);
        return (await _world.Billing.InvoicesAsync(organisation)).Single();
    }

    private Task HoldBackAsync(Invoice draft) => _world.Billing.SqlAsync("UPDATE invoices SET hold_reason = 'The seller has no tax number.' WHERE id = $1", draft.Id);

    private async Task<Invoice> InvoiceAsync(Guid id) => (await _world.Billing.InvoicesAsync()).Single(invoice => invoice.Id == id);

    private Task<long> AuditedAsync(string action) => _world.Billing.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = $1", action);
}

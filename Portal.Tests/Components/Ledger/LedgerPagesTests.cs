using Bunit;
using Portal.Components.Admin.Ledger;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Components.Ledger;

[Covers(typeof(LedgerPage), typeof(SeriesPage))]
public sealed class LedgerPagesTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_the_first_entry_both_parts_say_when_it_comes()
    {
        var page = _world.Open<LedgerPage>("/admin/billing/ledger");

        await page.WaitForAssertionAsync(() => page.FindAll(".empty h2").Select(title => title.TextContent).ShouldBe(["No entries yet", "No entries yet"]));
    }

    [Fact]
    public async Task The_trial_balance_balances_and_every_entry_names_both_sides()
    {
        var books = await Books.KeepAsync(_world);

        var page = _world.Open<LedgerPage>("/admin/billing/ledger");

        await page.WaitForAssertionAsync(() => page.FindAll("tbody tr.linked").Count.ShouldBe(2));
        await page.WaitForAssertionAsync(() => page.Find("tfoot .badge").TextContent.Trim().ShouldBe("Balanced"));
        var balance = page.Rows("Trial balance in INR").ToDictionary(row => row[0], row => row[1..], StringComparer.Ordinal);
        balance["Accounts receivable"].ShouldBe(["₹118.00", "₹50.00", "₹68.00 Dr"]);
        balance["Bank"].ShouldBe(["₹50.00", "₹0.00", "₹50.00 Dr"]);
        balance["Revenue"].ShouldBe(["₹0.00", "₹100.00", "₹100.00 Cr"]);
        var payment = page.Rows("Ledger entries").Single(row => row[0].Contains("UTR-1", StringComparison.Ordinal));
        (payment[2], payment[3], payment[4], payment[5]).ShouldBe((books.Customer.Name, "Bank ₹50.00", "Accounts receivable ₹50.00", "₹50.00"));
        page.FindAll(".row-link").Select(link => link.GetAttribute("href")).ShouldBe(
            [$"/admin/billing/payments/{books.Payment.PaymentId}", $"/admin/billing/invoices/{books.Issued.Id}"], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_currencies_have_a_line_each_that_leads_to_the_accounts_of_one()
    {
        await Books.KeepAsync(_world);
        await _world.Billing.SqlAsync(
            """
            SET session_replication_role = replica;
            INSERT INTO ledger_transactions SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'source_id', gen_random_uuid(), 'currency', 'USD'))).* FROM ledger_transactions t WHERE kind = 'invoice.issued';
            INSERT INTO ledger_entries SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'currency', 'USD', 'transaction_id', (SELECT id FROM ledger_transactions WHERE currency = 'USD')))).*
            FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.kind = 'invoice.issued' AND t.currency = 'INR';
            SET session_replication_role = DEFAULT
            """);

        var page = _world.Open<LedgerPage>("/admin/billing/ledger");

        await page.WaitForAssertionAsync(() => page.Rows("Trial balance by currency").Select(row => (row[0], row[4])).ShouldBe([("INR", "Balanced"), ("USD", "Balanced")]));
        page.Rows("Trial balance by currency").Select(row => row[3]).ShouldBe(["₹68.00", "$118.00"]);
        _world.Navigation.NavigateTo(page.FindAll(".row-link").Single(link => link.TextContent == "USD").GetAttribute("href")!);
        await page.WaitForAssertionAsync(() => page.Rows("Trial balance in USD")[0][..3].ShouldBe(["Accounts receivable", "$118.00", "$0.00"]));
        await page.WaitForAssertionAsync(() => page.Rows("Ledger entries").ShouldHaveSingleItem());
    }

    [Fact]
    public async Task One_account_can_be_looked_at()
    {
        await Books.KeepAsync(_world);

        var page = _world.Open<LedgerPage>("/admin/billing/ledger?account=bank");

        await page.WaitForAssertionAsync(() => page.Rows("Ledger entries").ShouldHaveSingleItem()[5].ShouldBe("₹50.00"));
    }

    [Fact]
    public async Task Before_the_first_number_the_series_say_so()
    {
        var page = _world.Open<SeriesPage>("/admin/billing/series");

        await page.WaitForAssertionAsync(() => page.Find(".empty h2").TextContent.ShouldBe("No numbers issued yet"));
    }

    [Fact]
    public async Task A_series_shows_its_numbers_and_that_none_is_missing()
    {
        var books = await Books.KeepAsync(_world);

        var page = _world.Open<SeriesPage>("/admin/billing/series");

        await page.WaitForAssertionAsync(() => page.Rows("Invoice numbering").ShouldHaveSingleItem()[1..].ShouldBe([books.Issued.Number!, books.Issued.Number!, "1", "0", "0", "No gaps"]));
    }
}

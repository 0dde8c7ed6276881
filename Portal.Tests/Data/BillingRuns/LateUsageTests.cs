using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Metering;
using Portal.Core.Pricing;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.BillingRuns;

public sealed class LateUsageTests : IAsyncLifetime
{
    private static readonly BillingMonth s_december = new(2026, 12);

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Usage_that_comes_after_the_invoice_is_billed_by_the_next_run_at_the_difference()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", 200.005m, 4);
        await _world.UsageAsync(organisation, project, November, "api_calls", 10);
        InDecember();

        var run = await _world.RunAsync(November, autoIssue: true);

        var invoices = await _world.InvoicesAsync(organisation);
        invoices.Select(invoice => invoice.Subtotal).ShouldBe([95.00m, 21.00m]);
        var listed = (await _world.Get<ListLateUsage>().RunAsync(_world.Staff, run.Id, new Portal.Core.Kernel.ListRequest { WithTotal = true }, default)).Value;
        (listed.Total, listed.Items[0].Month, listed.Items[0].Amount, listed.Items[0].InvoiceId).ShouldBe((1, October, 15.00m, invoices[1].Id));
        var late = invoices[1].Lines.Single(line => line.Kind == InvoiceLineKind.LateUsage);
        (late.Quantity, late.EventCount, late.Amount, late.UnroundedAmount).ShouldBe((200.005m, 4L, 15.00m, 15.00025m));
        (late.UsageYear, late.UsageMonth, late.Description).ShouldBe((2026, 10, "api_calls (calls), late usage of October 2026"));
        InvoiceJson.Read<LineExplanation>(late.Explanation).BilledBefore.ShouldBe(new BilledBefore(900, 1, 95));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoices[1].Id, default)).Value.Ok.ShouldBeTrue();
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoices[0].Id, default)).Value.Lines.ShouldHaveSingleItem().QuantityNow.ShouldBe(1100.005m);
    }

    [Fact]
    public async Task Late_usage_is_billed_once_however_often_runs_are_started()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", 100);
        InDecember();
        await _world.RunAsync(November, autoIssue: true);
        await _world.RunAsync(November, autoIssue: true);
        _world.Clock.Now = new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero);
        await _world.UsageAsync(organisation, project, s_december, "api_calls", 1);

        await _world.RunAsync(s_december, autoIssue: true);

        var invoices = await _world.InvoicesAsync(organisation);
        invoices.Select(invoice => (invoice.Month, invoice.Subtotal)).ShouldBe([(10, 95m), (11, 10m), (12, 5.10m)]);
    }

    [Fact]
    public async Task A_correction_that_makes_an_invoiced_month_cheaper_becomes_account_credit_once()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", -200, 1);
        await _world.UsageAsync(organisation, project, November, "api_calls", 10);
        InDecember();

        await _world.RunAsync(November);
        await _world.RunAsync(November, remake: true);

        (await _world.ScalarAsync<decimal>("SELECT balance FROM account_credit_balances WHERE organisation_id = $1", organisation)).ShouldBe(20);
        (await _world.ScalarAsync<string>("SELECT reason || ' ' || amount || ' ' || balance_after FROM account_credit_movements")).ShouldBe("late_usage 20.00 20.00");
        (await _world.ScalarAsync<string>("SELECT string_agg(account || ' ' || debit || ' ' || credit, ', ' ORDER BY position) FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id WHERE t.kind = 'late_usage.credited'"))
            .ShouldBe("revenue 20.00 0, customer_credit 0 20.00");
        (await _world.InvoicesAsync(organisation))[1].Lines.ShouldHaveSingleItem().Amount.ShouldBe(6.00m);

        await _world.IssueAllAsync(November);
        var issued = (await _world.InvoicesAsync(organisation))[1];
        (issued.Total, issued.AmountPaid, issued.AmountDue, issued.Status).ShouldBe((7.08m, 7.08m, 0m, InvoiceStatus.Paid));
        (await _world.ScalarAsync<decimal>("SELECT balance FROM account_credit_balances WHERE organisation_id = $1", organisation)).ShouldBe(12.92m);

        // What was taken away comes back: the month stands as it was billed at first.
        await _world.UsageAsync(organisation, project, October, "api_calls", 200, 1);
        _world.Clock.Now = new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero);
        await _world.RunAsync(s_december);
        (await _world.InvoicesAsync(organisation))[2].Lines.ShouldHaveSingleItem().Amount.ShouldBe(20);
    }

    [Fact]
    public async Task Late_usage_keeps_the_price_that_the_month_was_billed_by()
    {
        await _world.PriceAsync("api_calls", 1);
        var (organisation, project) = await BilledAsync(100);
        await _world.PriceAsync("api_calls", 7, organisation);
        await _world.UsageAsync(organisation, project, October, "api_calls", 1);
        InDecember();

        await _world.RunAsync(November);

        (await _world.InvoicesAsync(organisation))[1].Lines.ShouldHaveSingleItem().Amount.ShouldBe(1);
    }

    [Fact]
    public async Task Usage_that_was_unpriced_when_its_month_was_billed_is_billed_once_it_has_a_price()
    {
        await _world.PriceAsync("api_calls", 1);
        var (organisation, project) = await BilledAsync(100, "unknown");
        (await _world.InvoicesAsync(organisation)).ShouldBeEmpty();
        await _world.PriceAsync("unknown", 2);
        await _world.UsageAsync(organisation, project, November, "api_calls", 1);
        InDecember();

        await _world.RunAsync(November);

        (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem().Lines.OrderBy(line => line.Position).Select(line => (line.Kind, line.Amount))
            .ShouldBe([(InvoiceLineKind.Usage, 1m), (InvoiceLineKind.LateUsage, 200m)]);
        // The month's own run, started after all, finds that it is billed.
        (await _world.RunAsync(October)).Skipped.ShouldBe(1);
    }

    [Fact]
    public async Task A_month_whose_run_was_never_made_keeps_its_usage_for_its_own_invoice()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync();
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "second"), November, "api_calls", 5);
        InDecember();

        await _world.RunAsync(November);
        (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem().Subtotal.ShouldBe(5);

        await _world.RunAsync(October);
        (await _world.InvoicesAsync(organisation)).Select(invoice => (invoice.Month, invoice.Subtotal)).ShouldBe([(10, 100m), (11, 5m)]);
    }

    [Fact]
    public async Task Usage_later_than_a_draft_is_not_late_the_draft_is_made_anew()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync();
        await _world.RunAsync(October);
        var project = await _world.ProjectAsync(organisation, "second");
        await _world.UsageAsync(organisation, project, October, "api_calls", 50);
        await _world.UsageAsync(organisation, project, November, "api_calls", 5);
        InDecember();

        await _world.RunAsync(November);
        await _world.RunAsync(October, remake: true);

        (await _world.InvoicesAsync(organisation)).Select(invoice => (invoice.Month, invoice.Subtotal)).ShouldBe([(10, 150m), (11, 5m)]);
    }

    [Fact]
    public async Task Two_months_run_at_once_bill_the_same_late_usage_once()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisations = new List<Guid>();
        for (var index = 0; index < 20; index++)
        {
            var organisation = await _world.BillableAsync();
            organisations.Add(organisation);
        }

        await _world.RunAsync(October, autoIssue: true);
        _world.Clock.Now = new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero);
        foreach (var organisation in organisations)
            await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "second"), October, "api_calls", 11);
        await _world.QueueAsync(November);
        await _world.QueueAsync(s_december);

        await using var node = _world.Build(chunkSize: 3);
        await using var other = _world.Build(chunkSize: 4);
        await Task.WhenAll(Task.Run(() => _world.WorkAsync(node)), Task.Run(() => _world.WorkAsync(other)));

        (await _world.ScalarAsync<decimal>("SELECT sum(amount) FROM invoice_lines WHERE kind = 'late_usage'")).ShouldBe(220);
    }

    [Fact]
    public async Task Late_usage_that_is_written_off_is_not_billed_and_what_comes_after_it_is()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", 50, 2);
        var give = _world.Get<WriteOffLateUsage>();
        var request = new WriteOffLateUsageRequest { OrganisationId = organisation, Year = 2026, Month = 10, MetricName = "api_calls", Unit = "calls", Reason = "Our mistake", Amount = 5 };

        (await give.RunAsync(_world.Staff, request with { Reason = " " }, default)).Failure.Field.ShouldBe("reason");
        (await give.RunAsync(_world.Staff, request with { Amount = 4 }, default)).Failure.Code.ShouldBe("late_usage_changed");
        (await give.RunAsync(_world.Staff, request with { Month = 9 }, default)).Failure.Code.ShouldBe("late_usage_gone");
        (await give.RunAsync(_world.Customer(organisation), request, default)).Failure.Kind.ShouldBe(Portal.Core.Kernel.FailureKind.Forbidden);
        (await give.RunAsync(_world.Staff, request, default)).Value.ShouldSatisfyAllConditions(written => written.Amount.ShouldBe(5), written => written.Quantity.ShouldBe(50));

        (await give.RunAsync(_world.Staff, request, default)).Failure.Code.ShouldBe("late_usage_gone");
        await _world.UsageAsync(organisation, project, October, "api_calls", 10);
        await _world.UsageAsync(organisation, project, November, "api_calls", 10);
        InDecember();
        await _world.RunAsync(November, autoIssue: true);
        (await _world.InvoicesAsync(organisation))[1].Lines.Single(line => line.Kind == InvoiceLineKind.LateUsage).Amount.ShouldBe(1);
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.SqlAsync("DELETE FROM late_usage_write_offs"));
    }

    [Fact]
    public async Task A_credit_of_the_customer_cannot_be_written_off()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", -200, 1);

        (await _world.Get<WriteOffLateUsage>().RunAsync(
            _world.Staff, new WriteOffLateUsageRequest { OrganisationId = organisation, Year = 2026, Month = 10, MetricName = "api_calls", Unit = "calls", Reason = "No" }, default)).Failure.Code.ShouldBe("late_usage_is_credit");
        (await _world.Get<GetUnbilledUsage>().RunAsync(_world.Staff, organisation, default)).Value.Late.ShouldHaveSingleItem().Amount.ShouldBe(-20);
    }

    [Fact]
    public async Task Late_usage_is_billed_at_once_beside_the_months_invoices_and_never_twice()
    {
        await TiersAsync();
        var (organisation, project) = await BilledAsync(900);
        await _world.UsageAsync(organisation, project, October, "api_calls", 50);
        await _world.UsageAsync(organisation, project, November, "api_calls", 10);
        var start = _world.Get<StartBillingRun>();
        (await start.RunAsync(_world.Staff, new StartBillingRunRequest { LateOnly = true }, default)).Failure.Field.ShouldBe("organisationId");

        for (var times = 0; times < 2; times++)
            (await start.RunAsync(_world.Staff, new StartBillingRunRequest { OrganisationId = organisation, LateOnly = true, AutoIssue = true }, default)).Succeeded.ShouldBeTrue();
        await _world.WorkAsync();
        await _world.UsageAsync(organisation, project, October, "api_calls", 20);
        (await start.RunAsync(_world.Staff, new StartBillingRunRequest { OrganisationId = organisation, LateOnly = true }, default)).Succeeded.ShouldBeTrue();
        await _world.WorkAsync();
        InDecember();
        await _world.RunAsync(November, autoIssue: true);

        (await _world.InvoicesAsync(organisation)).Select(invoice => (invoice.Month, invoice.Supplement, invoice.Subtotal)).ShouldBe([(10, 0, 95m), (11, 1, 5m), (11, 2, 2m), (11, 0, 6m)], ignoreOrder: true);
        (await _world.InvoicesAsync(organisation)).Single(invoice => invoice.Supplement == 1).Status.ShouldBe(InvoiceStatus.Issued);
        // The month's own invoice is still only one.
        await Should.ThrowAsync<Npgsql.PostgresException>(() => _world.SqlAsync("UPDATE invoices SET supplement = 0 WHERE supplement = 2"));
    }

    private async Task TiersAsync() => await _world.PriceAsync(new PriceInput
    {
        MetricName = "api_calls",
        Unit = "calls",
        Currency = "INR",
        Model = "graduated",
        EffectiveFrom = new DateOnly(2026, 1, 1),
        Tiers = [new TierInput(1000, 0.10m, 5), new TierInput(null, 0.05m)],
    });

    private async Task<(Guid Organisation, Guid Project)> BilledAsync(decimal quantity, string metric = "api_calls")
    {
        var organisation = await _world.OrganisationAsync();
        var project = await _world.ProjectAsync(organisation.Id);
        await _world.UsageAsync(organisation.Id, project, October, metric, quantity);
        await _world.RunAsync(October, autoIssue: true);
        return (organisation.Id, project);
    }

    private void InDecember() => _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
}

using Portal.Core.BillingRuns;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Pricing;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.BillingRuns;

public sealed class BillingRunTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_months_usage_becomes_a_draft_with_lines_and_tax()
    {
        await _world.PriceAsync("api_calls", 0.125m);
        await _world.PriceAsync(new PriceInput
        {
            MetricName = "storage",
            Unit = "calls",
            Currency = "INR",
            Model = "graduated",
            EffectiveFrom = new DateOnly(2026, 1, 1),
            HsnSac = "998315",
            Tiers = [new TierInput(1000, 0.10m, 5), new TierInput(10_000, 0.05m), new TierInput(null, 0.01m, 20)],
        });
        var organisation = await _world.OrganisationAsync();
        var (web, jobs) = (await _world.ProjectAsync(organisation.Id, "web"), await _world.ProjectAsync(organisation.Id, "jobs"));
        await _world.UsageAsync(organisation.Id, web, October, "api_calls", 29.5m, 3);
        await _world.UsageAsync(organisation.Id, web, October, "storage", 7_000);
        await _world.UsageAsync(organisation.Id, jobs, October, "storage", 5_000);

        var run = await _world.RunAsync(October);

        run.State.ShouldBe(BillingRunState.Completed);
        (run.Total, run.Done, run.Skipped, run.Failed, run.Unpriced, run.Issued).ShouldBe((1, 1, 0, 0, 0, 0));
        var invoice = (await _world.InvoicesAsync(organisation.Id)).ShouldHaveSingleItem();
        invoice.Status.ShouldBe(InvoiceStatus.Draft);
        (invoice.Subtotal, invoice.Tax, invoice.Total, invoice.AmountDue).ShouldBe((598.69m, 107.76m, 706.45m, 706.45m));
        invoice.PeriodStart.ShouldBe(new DateTimeOffset(2026, 9, 30, 18, 30, 0, TimeSpan.Zero));
        invoice.PeriodEnd.ShouldBe(new DateTimeOffset(2026, 10, 31, 18, 30, 0, TimeSpan.Zero));
        var lines = invoice.Lines.OrderBy(line => line.Position).ToList();
        lines.Select(line => (line.MetricName, line.Quantity, line.UnitPrice, line.Amount, line.ProjectId)).ShouldBe(
            [("api_calls", 29.5m, 0.125m, 3.69m, (Guid?)web), ("storage", 12_000m, null, 595.00m, null)]);
        lines[0].UnroundedAmount.ShouldBe(3.6875m);
        lines[1].HsnSac.ShouldBe("998315");
        var explanation = InvoiceJson.Read<LineExplanation>(lines[1].Explanation);
        explanation.Projects.ShouldBe(new Dictionary<Guid, decimal> { [web] = 7_000, [jobs] = 5_000 }, ignoreOrder: true);
        explanation.Rated.Rows.Select(row => row.Amount).ShouldBe([105m, 450m, 40m]);
        invoice.Taxes.Select(tax => (tax.Name, tax.Rate, tax.Base, tax.Amount)).ShouldBe([("GST", 18m, 598.69m, 107.76m)]);
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task A_month_run_again_makes_no_second_invoice_and_says_why()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync();
        await _world.RunAsync(October);

        var again = await _world.RunAsync(October);

        (again.Total, again.Done, again.Skipped).ShouldBe((1, 0, 1));
        (await _world.InvoicesAsync()).Count.ShouldBe(1);
        var items = (await _world.Get<ListBillingRunItems>().RunAsync(_world.Staff, again.Id, BillingRunItemState.Skipped, new ListRequest(), default)).Value;
        items.Items.ShouldHaveSingleItem().Reason.ShouldBe("It already has a draft for this month.");
        items.Items[0].OrganisationId.ShouldBe(organisation);
    }

    [Fact]
    public async Task A_draft_is_made_anew_only_when_asked()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync();
        await _world.RunAsync(October);
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "second"), October, "api_calls", 20);

        await _world.RunAsync(October);
        (await _world.InvoicesAsync()).ShouldHaveSingleItem().Subtotal.ShouldBe(100);

        var remade = await _world.RunAsync(October, remake: true);
        (remade.Done, remade.Skipped).ShouldBe((1, 0));
        (await _world.InvoicesAsync()).ShouldHaveSingleItem().Subtotal.ShouldBe(120);
    }

    [Fact]
    public async Task A_month_is_billed_only_where_it_has_ended()
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.BillableAsync();
        var west = await _world.OrganisationAsync(timeZone: "America/Los_Angeles");
        await _world.UsageAsync(west.Id, await _world.ProjectAsync(west.Id), October, "api_calls", 5);
        _world.Clock.Now = new DateTimeOffset(2026, 10, 31, 18, 31, 0, TimeSpan.Zero);

        var run = await _world.RunAsync(October);
        (run.Done, run.Skipped).ShouldBe((1, 1));
        (await _world.InvoicesAsync(west.Id)).ShouldBeEmpty();

        _world.Clock.Now = new DateTimeOffset(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);
        (await _world.RunAsync(October)).Done.ShouldBe(1);
        (await _world.InvoicesAsync(west.Id)).ShouldHaveSingleItem().TimeZone.ShouldBe("America/Los_Angeles");
    }

    [Theory]
    [InlineData(2026, 11, "month", "month_not_over")]
    [InlineData(2027, 1, "month", "month_not_over")]
    [InlineData(2026, 13, "month", "invalid")]
    [InlineData(1999, 1, "year", "invalid")]
    public async Task A_month_that_has_not_ended_anywhere_is_refused(int year, int month, string field, string code)
    {
        var refused = await _world.Get<StartBillingRun>().RunAsync(_world.Staff, new StartBillingRunRequest { Year = year, Month = month }, default);
        (refused.Failure.Field, refused.Failure.Code).ShouldBe((field, code));
    }

    [Fact]
    public async Task Two_runs_of_a_month_at_once_make_one_invoice_each()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < 60; index++)
            await _world.BillableAsync();
        var (first, second) = (await _world.QueueAsync(October, autoIssue: true), await _world.QueueAsync(October, autoIssue: true));

        await using var node = _world.Build(chunkSize: 7);
        await using var other = _world.Build(chunkSize: 11);
        await Task.WhenAll(Task.Run(() => _world.WorkAsync(node)), Task.Run(() => _world.WorkAsync(other)));

        var (one, two) = (await _world.RunAsync(first), await _world.RunAsync(second));
        (one.State, two.State).ShouldBe((BillingRunState.Completed, BillingRunState.Completed));
        (one.Done + two.Done, one.Skipped + two.Skipped, one.Failed + two.Failed).ShouldBe((60, 60, 0));
        var invoices = await _world.InvoicesAsync();
        invoices.Count.ShouldBe(60);
        invoices.Select(invoice => invoice.OrganisationId).Distinct().Count().ShouldBe(60);
        invoices.Select(invoice => invoice.Number).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(1, 60).Select(number => $"INV/26-27/{number:000000}"));
    }

    [Fact]
    public async Task An_organisation_that_fails_is_parked_and_the_others_are_billed()
    {
        await _world.PriceAsync("api_calls", 1);
        var (before, broken, overflow, after) = (await _world.BillableAsync(), await _world.BillableAsync(), await _world.BillableAsync(), await _world.BillableAsync());
        await _world.SqlAsync("UPDATE organisations SET time_zone = 'Mars/Base' WHERE id = $1", broken);
        // More digits than a decimal holds: reading it fails for the whole chunk.
        await _world.SqlAsync("UPDATE usage_aggregates SET total_value = 1e40 WHERE organisation_id = $1", overflow);

        var run = await _world.RunAsync(October);

        (run.State, run.Done, run.Failed).ShouldBe((BillingRunState.Completed, 2, 2));
        (await _world.InvoicesAsync()).Select(invoice => invoice.OrganisationId).ShouldBe([before, after], ignoreOrder: true);
        var failures = (await _world.Get<ListBillingRunItems>().RunAsync(_world.Staff, run.Id, BillingRunItemState.Failed, new ListRequest(), default)).Value.Items;
        failures.ToDictionary(item => item.OrganisationId, item => item.Reason).ShouldBe(new Dictionary<Guid, string?>
        {
            [broken] = "Unexpected failure: TimeZoneNotFoundException. The log has the details.",
            [overflow] = "An amount is too large to be computed.",
        }, ignoreOrder: true);

        await _world.SqlAsync("UPDATE organisations SET time_zone = 'Asia/Kolkata' WHERE id = $1", broken);
        var mended = await _world.RunAsync(October);
        (mended.Done, mended.Skipped, mended.Failed).ShouldBe((1, 2, 1));
    }

    [Fact]
    public async Task Usage_without_a_price_is_listed_and_never_billed_at_zero()
    {
        await _world.PriceAsync("api_calls", 1);
        var some = await _world.BillableAsync();
        var none = await _world.BillableAsync("unknown", 7);
        await _world.UsageAsync(some, await _world.ProjectAsync(some, "second"), October, "unknown", 3);

        var run = await _world.RunAsync(October);

        (run.Done, run.Skipped, run.Unpriced).ShouldBe((1, 1, 2));
        (await _world.InvoicesAsync()).ShouldHaveSingleItem().Lines.ShouldHaveSingleItem().MetricName.ShouldBe("api_calls");
        var listed = (await _world.Get<ListUnpricedUsage>().RunAsync(_world.Staff, run.Id, new ListRequest { WithTotal = true }, default)).Value;
        listed.Total.ShouldBe(2);
        listed.Items.Select(usage => (usage.OrganisationId, usage.MetricName, usage.Quantity)).ShouldBe([(some, "unknown", 3m), (none, "unknown", 7m)]);
    }

    [Fact]
    public async Task Suspended_and_closed_organisations_are_billed_for_what_they_used()
    {
        await _world.PriceAsync("api_calls", 1);
        var (suspended, closed) = (await _world.BillableAsync(), await _world.BillableAsync());
        await _world.SqlAsync("UPDATE organisations SET status = 'suspended' WHERE id = $1", suspended);
        await _world.SqlAsync("UPDATE organisations SET is_active = false WHERE id = $1", closed);

        (await _world.RunAsync(October)).Done.ShouldBe(2);
    }

    [Fact]
    public async Task A_price_in_another_currency_holds_the_draft_back_until_it_is_mended()
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.PriceAsync("maps", 2, currency: "USD");
        var organisation = await _world.BillableAsync();
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation, "second"), October, "maps", 10);

        await _world.RunAsync(October, autoIssue: true);

        var held = (await _world.InvoicesAsync()).ShouldHaveSingleItem();
        held.Status.ShouldBe(InvoiceStatus.Draft);
        held.HoldReason.ShouldBe("No exchange rate to INR in force on 2026-10-31 for: maps (calls) costs 20 USD.");
        held.Subtotal.ShouldBe(100);
        var refused = await _world.Get<IssueInvoice>().RunAsync(_world.Staff, held.Id, default);
        refused.Failure.Code.ShouldBe("invoice_held");
        (await _world.Get<IssueInvoices>().RunAsync(_world.Staff, new IssueInvoicesRequest { InvoiceIds = [held.Id] }, default)).Value.ShouldBe(new IssueOutcome(0, 1));

        await _world.PriceAsync("maps", 170, organisation);
        await _world.RunAsync(October, autoIssue: true);
        var mended = (await _world.InvoicesAsync()).ShouldHaveSingleItem();
        (mended.Status, mended.Subtotal, mended.HoldReason).ShouldBe((InvoiceStatus.Issued, 1800m, null));
    }

    [Fact]
    public async Task Usage_within_the_allowance_stands_on_the_invoice_at_nothing()
    {
        await _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 1, Included = 1000, EffectiveFrom = new DateOnly(2026, 1, 1) });
        var organisation = await _world.BillableAsync();
        var silent = await _world.BillableAsync(quantity: 0);

        var run = await _world.RunAsync(October, autoIssue: true);

        (run.Done, run.Skipped, run.Issued).ShouldBe((1, 1, 1));
        (await _world.InvoicesAsync(silent)).ShouldBeEmpty();
        var invoice = (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
        (invoice.Total, invoice.Status, invoice.Number).ShouldBe((0m, InvoiceStatus.Paid, "INV/26-27/000001"));
        invoice.Lines.ShouldHaveSingleItem().Quantity.ShouldBe(100);
        (await _world.ScalarAsync<long>("SELECT count(*) FROM ledger_transactions")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_seller_a_run_that_should_issue_leaves_drafts_and_says_why()
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.BillableAsync();
        await _world.SqlAsync("DELETE FROM settings");

        var run = await _world.RunAsync(October, autoIssue: true);

        (run.State, run.Done, run.Issued).ShouldBe((BillingRunState.Completed, 1, 0));
        run.Error.ShouldBe("Before invoices can be issued, the settings need the seller's legal name, the seller's address.");
    }

    [Fact]
    public async Task A_preview_says_what_the_run_then_makes()
    {
        await _world.PriceAsync("api_calls", 1.005m);
        var organisation = await _world.BillableAsync();

        var preview = (await _world.Get<PreviewInvoice>().RunAsync(_world.Staff, organisation, October, default)).Value;
        await _world.RunAsync(October);

        var invoice = (await _world.InvoicesAsync()).ShouldHaveSingleItem();
        (preview.Subtotal, preview.Tax, preview.Total).ShouldBe((invoice.Subtotal, invoice.Tax, invoice.Total));
        invoice.Subtotal.ShouldBe(100.50m);
        (await _world.Get<PreviewInvoice>().RunAsync(_world.Staff, Guid.CreateVersion7(_world.Clock.Now), October, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
    }

    [Fact]
    public async Task A_run_of_one_organisation_leaves_the_others_alone()
    {
        await _world.PriceAsync("api_calls", 1);
        var (one, _) = (await _world.BillableAsync(), await _world.BillableAsync());

        var run = await _world.RunAsync(October, organisationId: one);

        (run.Total, run.Done).ShouldBe((1, 1));
        (await _world.InvoicesAsync()).ShouldHaveSingleItem().OrganisationId.ShouldBe(one);
    }

    [Fact]
    public async Task Customers_may_neither_start_nor_see_runs()
    {
        var organisation = await _world.BillableAsync();
        var customer = _world.Customer(organisation);

        (await _world.Get<StartBillingRun>().RunAsync(customer, new StartBillingRunRequest { Year = 2026, Month = 10 }, default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<ListBillingRuns>().RunAsync(customer, new BillingRunFilter(), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }
}

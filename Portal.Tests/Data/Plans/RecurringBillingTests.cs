using Npgsql;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Plans;

/// <summary>Fees beside usage on the invoices of real runs, and what the database refuses.</summary>
public sealed class RecurringBillingTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_month_s_invoice_has_its_usage_and_the_fees_that_began_since_the_last_one()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync(month: November);
        await StartAsync(organisation, await PlanAsync("pro", 1000), new DateOnly(2026, 11, 10));
        On(new DateOnly(2026, 12, 2));

        await _world.RunAsync(November);

        var invoice = (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
        invoice.Lines.OrderBy(line => line.Position).Select(line => (line.Kind, line.Description, line.Amount)).ShouldBe(
            [(InvoiceLineKind.Usage, "api_calls (calls)", 100m), (InvoiceLineKind.Subscription, "pro, 10 Nov 2026 to 9 Dec 2026", 1000m)]);
        (invoice.Subtotal, invoice.Tax).ShouldBe((1100m, 198m));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task A_fee_of_the_first_is_billed_in_advance_once_however_often_the_run_is_started()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        await StartAsync(organisation, await PlanAsync("pro", 1000), new DateOnly(2026, 11, 1));

        await _world.RunAsync(October, autoIssue: true);
        await _world.RunAsync(October, autoIssue: true);
        On(new DateOnly(2026, 12, 2));
        await _world.RunAsync(November, autoIssue: true);

        (await _world.InvoicesAsync(organisation)).Select(invoice => (invoice.Month, invoice.Subtotal, invoice.Lines.Single().ServiceFrom!.Value)).ShouldBe(
            [(10, 1000m, new DateOnly(2026, 11, 1)), (11, 1000m, new DateOnly(2026, 12, 1))]);
    }

    [Fact]
    public async Task What_a_void_invoice_charged_is_charged_by_the_next_run()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        await StartAsync(organisation, await PlanAsync("pro", 1000), new DateOnly(2026, 11, 1));
        await _world.RunAsync(October, autoIssue: true);
        var first = (await _world.InvoicesAsync(organisation)).Single();
        (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(first.Id, "Wrong address"), default)).Succeeded.ShouldBeTrue();

        await _world.RunAsync(October);

        (await _world.InvoicesAsync(organisation)).Where(invoice => invoice.Status == InvoiceStatus.Draft).ShouldHaveSingleItem().Subtotal.ShouldBe(1000);
    }

    [Fact]
    public async Task A_change_now_stands_in_two_lines_as_it_was_previewed()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        var pro = await PlanAsync("pro", 6000);
        var id = await StartAsync(organisation, await PlanAsync("basic", 3000), new DateOnly(2026, 11, 1));
        On(new DateOnly(2026, 11, 16));

        var preview = (await _world.Get<ChangeSubscription>().PreviewAsync(_world.Staff, id, pro, ChangeTiming.Now, default)).Value;
        (await _world.Get<ChangeSubscription>().RunAsync(_world.Staff, id, pro, ChangeTiming.Now, default)).Succeeded.ShouldBeTrue();
        On(new DateOnly(2026, 12, 2));
        await _world.RunAsync(November);

        preview.Lines.Select(line => (line.Name, line.Amount, line.Span.Days)).ShouldBe([("basic", -1500m, 15), ("pro", 3000m, 15)]);
        var invoice = (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
        invoice.Lines.OrderBy(line => line.Position).Select(line => (line.Kind, line.Description, line.Amount, line.TaxAmount)).ShouldBe(
        [
            (InvoiceLineKind.Subscription, "basic, 1 Nov 2026 to 30 Nov 2026", 3000m, 540m),
            (InvoiceLineKind.Subscription, "pro, 16 Nov 2026 to 30 Nov 2026 (15 of 30 days)", 3000m, 540m),
            (InvoiceLineKind.Subscription, "pro, 1 Dec 2026 to 31 Dec 2026", 6000m, 1080m),
            (InvoiceLineKind.ProrationCredit, "basic, unused 16 Nov 2026 to 30 Nov 2026 (15 of 30 days)", -1500m, -270m),
        ]);
        (invoice.Subtotal, invoice.Tax).ShouldBe((10500m, 1890m));
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_given_back_beyond_an_invoice_waits_for_the_next_one()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = (await _world.OrganisationAsync()).Id;
        var project = await _world.ProjectAsync(organisation);
        var id = await StartAsync(organisation, await PlanAsync("basic", 3000), new DateOnly(2026, 11, 1));
        await _world.RunAsync(October, autoIssue: true);
        On(new DateOnly(2026, 11, 16));
        (await _world.Get<CancelSubscription>().RunAsync(_world.Staff, id, ChangeTiming.Now, "Moved away", default)).Value.Status.ShouldBe(SubscriptionStatus.Cancelled);
        await _world.UsageAsync(organisation, project, November, "api_calls", 600);
        await _world.UsageAsync(organisation, project, November.Next, "api_calls", 2000);

        On(new DateOnly(2026, 12, 2));
        await _world.RunAsync(November);
        On(new DateOnly(2027, 1, 2));
        await _world.RunAsync(November.Next);

        var invoices = await _world.InvoicesAsync(organisation);
        invoices.Select(invoice => invoice.Subtotal).ShouldBe([3000m, 0m, 1100m]);
        invoices[1].Lines.Single(line => line.Kind == InvoiceLineKind.ProrationCredit).Amount.ShouldBe(-600);
        invoices[2].Lines.Single(line => line.Kind == InvoiceLineKind.ProrationCredit).Amount.ShouldBe(-900);
        foreach (var invoice in invoices)
            (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Theory]
    [InlineData(100, 500)]
    [InlineData(600, 600)]
    public async Task A_commitment_makes_up_what_usage_falls_short(int used, int subtotal)
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = await _world.BillableAsync(quantity: used, month: November);
        await StartAsync(organisation, await PlanAsync("committed", 0, commitment: 500), new DateOnly(2026, 11, 1));
        On(new DateOnly(2026, 12, 2));

        await _world.RunAsync(November);

        var invoice = (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
        invoice.Subtotal.ShouldBe(subtotal);
        invoice.Lines.Count(line => line.Kind == InvoiceLineKind.MinimumCommitment).ShouldBe(used < 500 ? 1 : 0);
    }

    [Fact]
    public async Task A_plan_s_price_rates_its_subscribers_usage_and_nobody_else_s()
    {
        await _world.PriceAsync("api_calls", 1);
        var plan = await PlanAsync("pro", 0);
        await _world.PriceAsync(new PriceInput { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "standard", Price = 0.5m, PlanId = plan, EffectiveFrom = new DateOnly(2026, 1, 1) });
        var (subscriber, other) = (await _world.BillableAsync(month: November), await _world.BillableAsync(month: November));
        await StartAsync(subscriber, plan, new DateOnly(2026, 11, 1));
        On(new DateOnly(2026, 12, 2));

        await _world.RunAsync(November);

        (await _world.InvoicesAsync(subscriber)).Single().Subtotal.ShouldBe(50);
        (await _world.InvoicesAsync(other)).Single().Subtotal.ShouldBe(100);
    }

    [Fact]
    public async Task Two_subscriptions_of_one_organisation_never_overlap()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        var (basic, pro) = (await PlanAsync("basic", 100), await PlanAsync("pro", 200));
        var id = await StartAsync(organisation, basic, new DateOnly(2026, 11, 1));
        var again = new StartSubscriptionRequest { OrganisationId = organisation, PlanId = pro, StartsOn = new DateOnly(2026, 11, 3) };

        (await _world.Get<StartSubscription>().RunAsync(_world.Staff, again, default)).Failure.Code.ShouldBe("subscription_overlap");
        (await _world.Get<CancelSubscription>().RunAsync(_world.Staff, id, ChangeTiming.Now, null, default)).Succeeded.ShouldBeTrue();
        (await _world.Get<StartSubscription>().RunAsync(_world.Staff, again, default)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Customers_change_and_cancel_only_where_their_plan_lets_them_and_see_no_one_else_s()
    {
        var (organisation, other) = ((await _world.OrganisationAsync()).Id, (await _world.OrganisationAsync()).Id);
        var (fixedPlan, open, wide) = (await PlanAsync("fixed", 100), await PlanAsync("open", 100, byCustomers: true), await PlanAsync("wide", 200, byCustomers: true));
        var (held, own) = (await StartAsync(other, fixedPlan, new DateOnly(2026, 11, 1)), await StartAsync(organisation, open, new DateOnly(2026, 11, 1)));
        var (change, cancel) = (_world.Get<ChangeSubscription>(), _world.Get<CancelSubscription>());

        (await change.RunAsync(_world.Customer(other), held, wide, ChangeTiming.Now, default)).Failure.Code.ShouldBe("not_by_yourself");
        (await cancel.RunAsync(_world.Customer(other), held, ChangeTiming.PeriodEnd, null, default)).Failure.Code.ShouldBe("not_by_yourself");
        (await cancel.RunAsync(_world.Customer(organisation), held, ChangeTiming.PeriodEnd, null, default)).Failure.Kind.ShouldBe(FailureKind.NotFound);
        (await change.RunAsync(_world.Customer(organisation), own, fixedPlan, ChangeTiming.Now, default)).Failure.Code.ShouldBe("not_by_yourself");
        (await change.RunAsync(_world.Customer(organisation), own, wide, ChangeTiming.PeriodEnd, default)).Succeeded.ShouldBeTrue();
        (await cancel.RunAsync(_world.Customer(organisation), own, ChangeTiming.PeriodEnd, null, default)).Value.CancelAtPeriodEnd.ShouldBeTrue();
        (await cancel.ResumeAsync(_world.Customer(organisation), own, default)).Value.EndsOn.ShouldBeNull();
        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE entity_id = $1", own)).ShouldBe(4);
    }

    [Fact]
    public async Task Services_stand_still_with_their_account()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        On(new DateOnly(2026, 11, 1));
        var service = (await _world.Get<SaveService>().ActivateAsync(_world.Staff, new ServiceInput { OrganisationId = organisation, Name = "POS terminal", Type = "terminal", Serial = "T-1", UnitPrice = 300 }, default)).Value;
        var suspend = new SuspendOrganisation(_world.Store, _world.Clock);
        On(new DateOnly(2026, 11, 11));
        (await suspend.SuspendAsync(_world.Staff, organisation, "Past due", default)).Succeeded.ShouldBeTrue();
        (await _world.Get<SaveService>().RestoreAsync(_world.Staff, service.Id, default)).Failure.Code.ShouldBe("account_suspended");
        On(new DateOnly(2026, 11, 21));
        (await suspend.RestoreAsync(_world.Staff, organisation, default)).Succeeded.ShouldBeTrue();
        On(new DateOnly(2026, 12, 2));

        await _world.RunAsync(November);

        (await _world.InvoicesAsync(organisation)).Single().Lines.OrderBy(line => line.Position).Select(line => (line.Kind, line.Amount)).ShouldBe(
            [(InvoiceLineKind.Service, 300m), (InvoiceLineKind.Service, 100m), (InvoiceLineKind.Service, 300m), (InvoiceLineKind.ProrationCredit, -200m)]);
    }

    [Fact]
    public async Task The_terms_of_a_phase_and_an_invoiced_anchor_do_not_change_and_nothing_is_deleted()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        await StartAsync(organisation, await PlanAsync("pro", 1000), new DateOnly(2026, 11, 1));
        await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync("UPDATE subscription_phases SET fee = 1"));
        await _world.SqlAsync("UPDATE subscription_phases SET anchor_on = anchor_on");
        await _world.RunAsync(October);

        await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync("UPDATE subscription_phases SET anchor_on = '2026-12-01'"));
        foreach (var table in new[] { "plans", "subscriptions", "subscription_phases", "services", "service_phases" })
            await Should.ThrowAsync<PostgresException>(() => _world.SqlAsync($"DELETE FROM {table}"));
    }

    [Fact]
    public async Task A_plan_for_one_person_takes_no_second()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        await StartAsync(organisation, await PlanAsync("solo", 100, seats: 1), new DateOnly(2026, 11, 1));
        var invitations = new Portal.Core.Access.Invitations(_world.Store, new Microsoft.AspNetCore.Identity.UpperInvariantLookupNormalizer(), _world.Clock);
        // Staff prove who they are long before: the world's clock decides.
        var staff = _world.Staff with { ConfirmedAt = _world.Clock.Now };

        (await invitations.InviteAsync(staff, organisation, "first@example.com", Portal.Core.Access.SystemRoles.Member, default)).Succeeded.ShouldBeTrue();
        (await invitations.InviteAsync(staff, organisation, "second@example.com", Portal.Core.Access.SystemRoles.Member, default)).Failure.Code.ShouldBe("seats_full");
    }

    [Fact]
    public async Task Plans_are_checked_by_field_and_their_codes_are_their_own()
    {
        var save = _world.Get<SavePlan>();
        var input = new PlanInput { Code = "Pro!", PriceAmount = 9.999m, Currency = "INR", Interval = "week" };

        (await save.CreateAsync(_world.Staff, input, default)).Failures.Select(failure => failure.Field).ShouldBe(["code", "name", "priceAmount", "interval"]);
        await PlanAsync("pro", 100);
        (await save.CreateAsync(_world.Staff, new PlanInput { Code = "pro", Name = "Another", PriceAmount = 1, Currency = "INR" }, default)).Failure.Code.ShouldBe("code_taken");
        (await save.CreateAsync(_world.Customer(Guid.CreateVersion7()), new PlanInput(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private void On(DateOnly day) => _world.Clock.Now = new DateTimeOffset(day.Year, day.Month, day.Day, 6, 30, 0, TimeSpan.Zero);

    private async Task<Guid> PlanAsync(string code, decimal price, decimal? commitment = null, bool byCustomers = false, int? seats = null)
    {
        var made = await _world.Get<SavePlan>().CreateAsync(
            _world.Staff,
            new PlanInput { Code = code, Name = code, PriceAmount = price, Currency = "INR", MinimumCommitment = commitment, CustomersMayChange = byCustomers, CustomersMayCancel = byCustomers, MaxUsers = seats },
            default);
        made.Succeeded.ShouldBeTrue(made.Succeeded ? null : made.Failure.Message);
        return made.Value.Id;
    }

    private async Task<Guid> StartAsync(Guid organisation, Guid plan, DateOnly day)
    {
        var started = await _world.Get<StartSubscription>().RunAsync(_world.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan, StartsOn = day }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }
}

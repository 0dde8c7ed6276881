using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.PrepaidCredits;

public sealed class PrepaidBillingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_midOctober = new(2026, 10, 15, 6, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_november = new(2026, 11, 3, 6, 30, 0, TimeSpan.Zero);

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_credits_do_not_cover_is_rated_at_the_price()
    {
        // 100 calls at 2 credits each; 150 credits cover 75 of them, 25 are left at 1.00.
        await PricedAsync(2);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(100);
        await GrantAsync(organisation, 150);
        await ConsumeAsync();
        _world.Clock.Now = s_november;

        await _world.RunAsync(October, autoIssue: true);

        var invoice = (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem();
        var line = invoice.Lines.ShouldHaveSingleItem();
        (line.Quantity, line.Amount, invoice.Subtotal, invoice.Tax).ShouldBe((25m, 25m, 25m, 4.50m));
        InvoiceJson.Read<LineExplanation>(line.Explanation).Covered.ShouldBe(new CoveredUsage(75, 150));
        (await BalanceAsync(organisation)).ShouldBe(0);
        (await _world.Get<DeriveInvoiceAgain>().RunAsync(_world.Staff, invoice.Id, default)).Value.Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task The_billing_run_covers_what_the_job_had_not_come_to()
    {
        await PricedAsync(1);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(100);
        await GrantAsync(organisation, 30);
        _world.Clock.Now = s_november;
        // Bought after the month: it serves the months from then on.
        await GrantAsync(organisation, 500);

        await _world.RunAsync(October, autoIssue: true);

        (await _world.InvoicesAsync(organisation)).ShouldHaveSingleItem().Subtotal.ShouldBe(70m);
        (await BalanceAsync(organisation)).ShouldBe(500);
    }

    [Fact]
    public async Task Runs_of_the_job_at_once_take_what_is_used_once()
    {
        await PricedAsync(1);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(40);
        await GrantAsync(organisation, 100);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(ConsumeAsync)));

        (await BalanceAsync(organisation)).ShouldBe(60);
        (await MovementsAsync(organisation, PrepaidMovementKind.Consumed)).ShouldHaveSingleItem().Quantity.ShouldBe(40);
    }

    [Fact]
    public async Task Usage_that_is_corrected_away_gives_its_credits_back()
    {
        await PricedAsync(0.5m);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(40);
        await GrantAsync(organisation, 100);
        await ConsumeAsync();
        await _world.SqlAsync("UPDATE usage_aggregates SET total_value = 10 WHERE organisation_id = $1", organisation);

        await ConsumeAsync();

        (await BalanceAsync(organisation)).ShouldBe(95);
        var back = (await MovementsAsync(organisation, PrepaidMovementKind.Returned)).ShouldHaveSingleItem();
        (back.Amount, back.Quantity).ShouldBe((15m, -30m));
    }

    [Fact]
    public async Task What_is_over_expires_after_it_was_used()
    {
        await PricedAsync(1);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(10);
        await GrantAsync(organisation, 25, s_midOctober.AddDays(2));
        _world.Clock.Now = s_midOctober.AddDays(3);

        await ConsumeAsync();
        await ConsumeAsync();

        (await BalanceAsync(organisation)).ShouldBe(0);
        (await MovementsAsync(organisation, PrepaidMovementKind.Expired)).ShouldHaveSingleItem().Amount.ShouldBe(-15);
    }

    [Fact]
    public async Task An_invoiced_month_takes_no_more_credits_and_late_usage_is_billed_at_the_price()
    {
        await PricedAsync(1);
        _world.Clock.Now = s_midOctober;
        var organisation = await UsingAsync(100);
        await GrantAsync(organisation, 60);
        _world.Clock.Now = s_november;
        await _world.RunAsync(October, autoIssue: true);
        await GrantAsync(organisation, 1000);
        await _world.SqlAsync("UPDATE usage_aggregates SET total_value = total_value + 7, event_count = event_count + 1 WHERE organisation_id = $1", organisation);

        await ConsumeAsync();
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 6, 30, 0, TimeSpan.Zero);
        await _world.RunAsync(November, autoIssue: true);

        (await _world.InvoicesAsync(organisation)).Select(invoice => invoice.Subtotal).ShouldBe([40m, 7m]);
        (await BalanceAsync(organisation)).ShouldBe(1000);
    }

    private async Task PricedAsync(decimal cost)
    {
        await _world.PriceAsync("api_calls", 1);
        var created = await _world.Get<CreateCreditCost>().RunAsync(
            _world.Staff, new CreditCostInput { Name = "Calls", MetricName = "api_calls", Unit = "calls", CreditsPerUnit = cost, EffectiveFrom = new DateOnly(2026, 1, 1) }, default);
        created.Succeeded.ShouldBeTrue();
    }

    private async Task<Guid> UsingAsync(decimal quantity)
    {
        var organisation = await _world.OrganisationAsync();
        await _world.UsageAsync(organisation.Id, await _world.ProjectAsync(organisation.Id), October, "api_calls", quantity);
        return organisation.Id;
    }

    private async Task GrantAsync(Guid organisation, decimal credits, DateTimeOffset? expiresAt = null)
    {
        var granted = await _world.Get<GrantPrepaidCredits>().RunAsync(
            _world.Staff, new GrantPrepaidCreditsRequest { OrganisationId = organisation, Credits = credits, ExpiresAt = expiresAt, IsPromotional = true, Reason = "Welcome" }, default);
        granted.Succeeded.ShouldBeTrue();
    }

    private async Task ConsumeAsync() => (await _world.Get<ConsumePrepaidCredits>().RunAsync(CallContext.System("test", "tests look everywhere"), default)).Value.Failed.ShouldBe(0);

    private Task<decimal> BalanceAsync(Guid organisation) => _world.ScalarAsync<decimal>("SELECT balance FROM prepaid_wallets WHERE organisation_id = $1", organisation);

    private async Task<List<PrepaidMovement>> MovementsAsync(Guid organisation, PrepaidMovementKind kind)
    {
        await using var db = await _world.Store.OpenAsync(_world.Staff.Scope, default);
        return await db.PrepaidMovements.AsNoTracking().Where(movement => movement.OrganisationId == organisation && movement.Kind == kind).OrderBy(movement => movement.Sequence).ToListAsync();
    }
}

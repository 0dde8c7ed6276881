using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.PrepaidCredits;
using Portal.Tests.Data.BillingRuns;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.Plans;

/// <summary>Credits that plans include, and what the closing of an account does to its plan and services. Today is 3 November 2026 until it is moved.</summary>
public sealed class PlanCreditsTests : IAsyncLifetime
{
    private static readonly CallContext s_system = CallContext.System("test", "Advances subscriptions");

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_period_brings_its_credits_once_whatever_runs_twice_and_they_expire_with_it()
    {
        var organisation = await _world.OrganisationAsync();
        await StartAsync(organisation.Id, await PlanAsync("pro", credits: 500));

        await Task.WhenAll(AdvanceAsync(), AdvanceAsync(), AdvanceAsync());
        await AdvanceAsync();

        var grant = (await GrantsAsync(organisation.Id)).ShouldHaveSingleItem();
        (grant.Kind, grant.Credits, grant.Remaining, grant.Reason).ShouldBe((PrepaidGrantKind.Plan, 500m, 500m, "Included in pro"));
        grant.ExpiresAt.ShouldBe(organisation.Calendar.Day(new DateOnly(2026, 12, 1)).Start);
        On(new DateOnly(2026, 12, 2));
        await AdvanceAsync();
        (await GrantsAsync(organisation.Id)).Select(one => one.ExpiresAt).ShouldBe([organisation.Calendar.Day(new DateOnly(2026, 12, 1)).Start, organisation.Calendar.Day(new DateOnly(2027, 1, 1)).Start]);
    }

    [Fact]
    public async Task A_change_brings_the_part_of_the_days_that_remain_and_going_to_and_fro_brings_nothing()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        var (basic, pro) = (await PlanAsync("basic", credits: 300), await PlanAsync("pro", credits: 600));
        var id = await StartAsync(organisation, basic);
        await AdvanceAsync();
        On(new DateOnly(2026, 11, 16));
        await ChangeAsync(id, pro);
        await AdvanceAsync();
        On(new DateOnly(2026, 11, 21));
        await ChangeAsync(id, basic);
        await AdvanceAsync();

        (await GrantsAsync(organisation)).Select(grant => grant.Credits).ShouldBe([300m, 300m]);
    }

    [Fact]
    public async Task A_trial_and_a_subscription_that_is_over_bring_none()
    {
        var (trying, over) = ((await _world.OrganisationAsync()).Id, (await _world.OrganisationAsync()).Id);
        var pro = await PlanAsync("pro", credits: 500);
        await StartAsync(trying, pro, trialDays: 10);
        var id = await StartAsync(over, pro);
        (await _world.Get<CancelSubscription>().RunAsync(_world.Staff, id, ChangeTiming.Now, null, default)).Failures.ShouldBeEmpty();

        await AdvanceAsync();

        (await GrantsAsync(trying)).ShouldBeEmpty();
        (await GrantsAsync(over)).ShouldBeEmpty();
        On(new DateOnly(2026, 11, 12));
        await AdvanceAsync();
        (await GrantsAsync(trying)).ShouldHaveSingleItem().Credits.ShouldBe(500m);
    }

    [Fact]
    public async Task Closing_an_account_ends_its_plan_and_services_today_and_gives_unused_days_back()
    {
        await _world.PriceAsync("api_calls", 1);
        var organisation = (await _world.OrganisationAsync()).Id;
        await _world.UsageAsync(organisation, await _world.ProjectAsync(organisation), November, "api_calls", 5000);
        var id = await StartAsync(organisation, await PlanAsync("basic", credits: 0));
        var service = (await _world.Get<SaveService>().ActivateAsync(_world.Staff, new ServiceInput { OrganisationId = organisation, Name = "Terminal", Type = "terminal", UnitPrice = 300, ActivatedOn = new DateOnly(2026, 11, 1) }, default)).Value;
        await _world.RunAsync(October, autoIssue: true);
        On(new DateOnly(2026, 11, 16));

        (await new ChangeOrganisation(_world.Store, _world.Clock).RunAsync(_world.Staff, organisation, new OrganisationChanges { IsActive = false }, default)).Failures.ShouldBeEmpty();

        var subscription = (await _world.Get<ListSubscriptions>().GetAsync(_world.Staff, id, default)).Value;
        (subscription.Status, subscription.EndsOn, subscription.CancelReason).ShouldBe((SubscriptionStatus.Cancelled, new DateOnly(2026, 11, 16), "The account was closed."));
        (await _world.Get<ListSubscriptions>().ServiceAsync(_world.Staff, service.Id, default)).Value.CancelledOn.ShouldBe(new DateOnly(2026, 11, 16));
        (await _world.Get<StartSubscription>().RunAsync(_world.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = subscription.PlanId }, default)).Failure.Code.ShouldBe("account_closed");
        On(new DateOnly(2026, 12, 2));
        await _world.RunAsync(November);
        (await _world.InvoicesAsync(organisation))[^1].Lines.OrderBy(line => line.Position).Select(line => (line.Kind, line.Amount)).ShouldBe(
            [(InvoiceLineKind.Usage, 5000m), (InvoiceLineKind.ProrationCredit, -1500m), (InvoiceLineKind.ProrationCredit, -150m)]);
    }

    [Fact]
    public async Task A_cancellation_now_is_given_back_as_it_was_previewed()
    {
        var organisation = (await _world.OrganisationAsync()).Id;
        var id = await StartAsync(organisation, await PlanAsync("basic", credits: 0));
        await _world.RunAsync(October, autoIssue: true);
        On(new DateOnly(2026, 11, 16));

        var now = (await _world.Get<CancelSubscription>().PreviewAsync(_world.Staff, id, ChangeTiming.Now, default)).Value;
        var later = (await _world.Get<CancelSubscription>().PreviewAsync(_world.Staff, id, ChangeTiming.PeriodEnd, default)).Value;

        now.Lines.Select(line => (line.Name, line.IsCredit, line.Amount, line.Span.Days)).ShouldBe([("basic", true, -1500m, 15)]);
        (later.TakesEffectOn, later.Lines.Count).ShouldBe((new DateOnly(2026, 12, 1), 0));
        (await _world.Get<ListSubscriptions>().GetAsync(_world.Staff, id, default)).Value.CancelledAt.ShouldBeNull();
    }

    private void On(DateOnly day) => _world.Clock.Now = new DateTimeOffset(day.Year, day.Month, day.Day, 6, 30, 0, TimeSpan.Zero);

    private Task<int> AdvanceAsync() => _world.Get<AdvanceSubscriptions>().RunAsync(s_system, default);

    private async Task ChangeAsync(Guid id, Guid plan) => (await _world.Get<ChangeSubscription>().RunAsync(_world.Staff, id, plan, ChangeTiming.Now, default)).Failures.ShouldBeEmpty();

    private async Task<Guid> PlanAsync(string code, decimal credits)
    {
        var made = await _world.Get<SavePlan>().CreateAsync(_world.Staff, new PlanInput { Code = code, Name = code, PriceAmount = 3000, Currency = "INR", IncludedCredits = credits }, default);
        made.Succeeded.ShouldBeTrue(made.Succeeded ? null : made.Failure.Message);
        return made.Value.Id;
    }

    private async Task<Guid> StartAsync(Guid organisation, Guid plan, int trialDays = 0)
    {
        var started = await _world.Get<StartSubscription>().RunAsync(_world.Staff, new StartSubscriptionRequest { OrganisationId = organisation, PlanId = plan, StartsOn = new DateOnly(2026, 11, 1), TrialDays = trialDays }, default);
        started.Succeeded.ShouldBeTrue(started.Succeeded ? null : started.Failure.Message);
        return started.Value.Id;
    }

    private async Task<List<PrepaidGrant>> GrantsAsync(Guid organisation)
    {
        await using var db = await _world.Store.OpenAsync(_world.Staff.Scope, default);
        return await db.PrepaidGrants.AsNoTracking().Where(grant => grant.OrganisationId == organisation).OrderBy(grant => grant.Id).ToListAsync();
    }
}

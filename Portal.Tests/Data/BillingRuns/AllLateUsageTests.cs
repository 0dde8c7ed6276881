using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.BillingRuns;

public sealed class AllLateUsageTests : IAsyncLifetime
{
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_waits_is_priced_as_the_run_will_and_afterwards_stands_on_its_invoice()
    {
        await _world.PriceAsync("api_calls", 1);
        var (organisation, project) = await BilledAsync();
        await BilledAsync();
        await _world.UsageAsync(organisation, project, October, "api_calls", 25, 3);

        var waiting = (await ListAsync()).ShouldHaveSingleItem();
        (waiting.State, waiting.OrganisationId, waiting.OrganisationName, waiting.Month, waiting.MetricName).ShouldBe((LateUsageState.Waiting, organisation, "Organisation 00001", October, "api_calls"));
        (waiting.Quantity, waiting.EventCount, waiting.Amount, waiting.Currency, waiting.InvoiceId).ShouldBe((25m, 3L, 25m, "INR", (Guid?)null));

        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
        await _world.RunAsync(November);
        var draft = (await ListAsync()).ShouldHaveSingleItem();
        (draft.State, draft.Amount, draft.InvoiceNumber).ShouldBe((LateUsageState.Billed, 25m, null));
        draft.InvoiceId.ShouldBe((await _world.InvoicesAsync(organisation))[1].Id);
        await _world.IssueAllAsync(November);
        (await ListAsync()).ShouldHaveSingleItem().InvoiceNumber.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_credited_or_given_up_says_so_and_each_is_found_by_its_state()
    {
        await _world.PriceAsync("api_calls", 1);
        var (cheaper, one) = await BilledAsync();
        var (forgiven, two) = await BilledAsync();
        await _world.UsageAsync(cheaper, one, October, "api_calls", -40);
        await _world.UsageAsync(forgiven, two, October, "api_calls", 7);
        (await ListAsync()).Select(row => row.Amount).ShouldBe([-40m, 7m]);

        (await _world.Get<WriteOffLateUsage>().RunAsync(
            _world.Staff, new WriteOffLateUsageRequest { OrganisationId = forgiven, Year = 2026, Month = 10, MetricName = "api_calls", Unit = "calls", Reason = "Our mistake", Amount = 7 }, default)).Failures.ShouldBeEmpty();
        _world.Clock.Now = new DateTimeOffset(2026, 12, 2, 0, 0, 0, TimeSpan.Zero);
        var run = await _world.RunAsync(November);

        var credited = (await ListAsync(new LateUsageFilter { State = LateUsageState.Credited })).ShouldHaveSingleItem();
        (credited.OrganisationId, credited.Amount, credited.Quantity, credited.BillingRunId).ShouldBe((cheaper, -40m, -40m, run.Id));
        var given = (await ListAsync(new LateUsageFilter { State = LateUsageState.WrittenOff })).ShouldHaveSingleItem();
        (given.OrganisationId, given.Amount, given.Reason).ShouldBe((forgiven, 7m, "Our mistake"));
        (await ListAsync(new LateUsageFilter { State = LateUsageState.Waiting })).ShouldBeEmpty();
        (await ListAsync(new LateUsageFilter { State = LateUsageState.Billed })).ShouldBeEmpty();
        (await ListAsync(new LateUsageFilter { OrganisationId = cheaper })).ShouldHaveSingleItem();
        (await ListAsync(new LateUsageFilter { Month = November })).ShouldBeEmpty();
        (await ListAsync(new LateUsageFilter { Month = October }, new ListRequest { Search = "API" })).Count.ShouldBe(2);
        (await ListAsync(list: new ListRequest { Search = "stora%" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_month_without_its_run_a_draft_and_what_has_no_price_are_not_late()
    {
        await _world.PriceAsync("api_calls", 1);
        var (organisation, project) = await BilledAsync();
        await _world.UsageAsync(organisation, project, October, "unknown", 5);
        await _world.UsageAsync(organisation, project, November, "api_calls", 5);
        var unbilled = await _world.OrganisationAsync();
        await _world.UsageAsync(unbilled.Id, await _world.ProjectAsync(unbilled.Id), new BillingMonth(2026, 9), "api_calls", 5);
        var draft = await _world.OrganisationAsync();
        var drafted = await _world.ProjectAsync(draft.Id);
        await _world.UsageAsync(draft.Id, drafted, October, "api_calls", 5);
        await _world.RunAsync(October);
        await _world.UsageAsync(draft.Id, drafted, October, "api_calls", 5);

        (await ListAsync()).ShouldBeEmpty();

        // Priced since, what nobody could bill is late.
        await _world.PriceAsync("unknown", 2);
        var late = (await ListAsync()).ShouldHaveSingleItem();
        (late.MetricName, late.Amount).ShouldBe(("unknown", 10m));
    }

    [Fact]
    public async Task A_month_that_costs_the_same_is_shown_as_nothing_to_bill()
    {
        await _world.PriceAsync(new() { MetricName = "api_calls", Unit = "calls", Currency = "INR", Model = "package", Price = 10, Size = 1000, EffectiveFrom = new DateOnly(2026, 1, 1) });
        var (organisation, project) = await BilledAsync();
        await _world.UsageAsync(organisation, project, October, "api_calls", 5);

        var late = (await ListAsync()).ShouldHaveSingleItem();

        (late.Quantity, late.Amount).ShouldBe((5m, 0m));
    }

    [Fact]
    public async Task It_is_paged_counted_and_sorted_in_the_database()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < 3; index++)
        {
            var (organisation, project) = await BilledAsync();
            await _world.UsageAsync(organisation, project, October, "api_calls", index + 1);
        }

        var page = (await PageAsync(new LateUsageFilter(), new ListRequest { Take = 2, WithTotal = true })).Value;
        (page.Total, page.HasMore).ShouldBe((3, true));
        page.Items.Select(row => row.Amount).ShouldBe([1m, 2m]);
        (await ListAsync(list: new ListRequest { Take = 2, Skip = 2 })).Select(row => row.Amount).ShouldBe([3m]);
        (await ListAsync(list: new ListRequest { Sort = "organisation", Descending = true })).Select(row => row.Amount).ShouldBe([3m, 2m, 1m]);
        (await PageAsync(new LateUsageFilter { State = LateUsageState.Billed }, new ListRequest { WithTotal = true })).Value.Total.ShouldBe(0);
    }

    [Fact]
    public async Task Only_staff_who_may_read_invoices_see_it()
    {
        var organisation = await _world.OrganisationAsync();

        (await _world.Get<ListAllLateUsage>().RunAsync(_world.Customer(organisation.Id), new LateUsageFilter(), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await _world.Get<ListAllLateUsage>().RunAsync(_world.Staff with { Permissions = new HashSet<string> { Permissions.PricesRead } }, new LateUsageFilter(), new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private Task<Result<PagedList<LateUsageRow>>> PageAsync(LateUsageFilter filter, ListRequest list) => _world.Get<ListAllLateUsage>().RunAsync(_world.Staff, filter, list, default);

    private async Task<IReadOnlyList<LateUsageRow>> ListAsync(LateUsageFilter? filter = null, ListRequest? list = null) => (await PageAsync(filter ?? new LateUsageFilter(), list ?? new ListRequest())).Value.Items;

    private async Task<(Guid Organisation, Guid Project)> BilledAsync()
    {
        var organisation = await _world.OrganisationAsync();
        var project = await _world.ProjectAsync(organisation.Id);
        await _world.UsageAsync(organisation.Id, project, October, "api_calls", 100);
        await _world.RunAsync(October, autoIssue: true, organisationId: organisation.Id);
        return (organisation.Id, project);
    }
}

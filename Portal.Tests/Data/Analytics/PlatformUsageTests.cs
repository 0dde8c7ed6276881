using System.Diagnostics;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Tests.Components.Support;

namespace Portal.Tests.Data.Analytics;

public sealed class PlatformUsageTests : IAsyncLifetime
{
    private readonly PageWorld _world = new();
    private Organisation _busy = null!;
    private Organisation _calm = null!;
    private Organisation _silent = null!;

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        (_busy, _calm, _silent) = (await _world.Billing.OrganisationAsync(), await _world.Billing.OrganisationAsync(timeZone: "America/New_York"), await _world.Billing.OrganisationAsync());
        var busy = await _world.Billing.ProjectAsync(_busy.Id, "Shop");
        var calm = await _world.Billing.ProjectAsync(_calm.Id, "Shop");
        // It is noon of 3 November in India.
        await SendAsync(_calm, calm, "2026-11-02T20:00:00Z");
        foreach (var at in new[] { "2026-11-01T06:00:00Z", "2026-11-03T05:00:00Z", "2026-11-03T06:00:00Z", "2026-10-03T06:00:00Z", "2026-10-04T06:00:00Z" })
            await SendAsync(_busy, busy, at);
    }

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Days_of_all_organisations_stand_beside_those_of_the_month_before()
    {
        var usage = (await _world.Get<GetPlatformUsage>().RunAsync(_world.Billing.Staff, "Asia/Kolkata", default)).Value;

        (usage.Today, usage.Days.Count, usage.DaysBefore.Count).ShouldBe((new DateOnly(2026, 11, 3), 30, 31));
        usage.Days.Take(3).ShouldBe([1, 1, 2]);
        (usage.Days.Sum(), usage.DaysBefore[2], usage.DaysBefore[3], usage.DaysBefore.Sum()).ShouldBe((4, 1, 1, 2));
    }

    [Fact]
    public async Task Organisations_are_listed_by_events_beside_the_same_days_before()
    {
        var rows = (await ListAsync(new ListRequest { WithTotal = true })).Items;

        rows.Select(row => (row.Id, row.Events, row.SameDaysBefore)).ShouldBe([(_busy.Id, 3, 1), (_calm.Id, 1, 0), (_silent.Id, 0, 0)]);
        rows[0].Recent.Count.ShouldBe(30);
        rows[0].Recent[^1].ShouldBe(2);
        rows[0].Recent.Sum().ShouldBe(3);
        rows[1].Recent[^1].ShouldBe(0);
        rows[1].Recent.Sum().ShouldBe(1);
    }

    [Fact]
    public async Task The_list_is_searched_sorted_and_paged_in_the_database()
    {
        (await ListAsync(new ListRequest { Search = _calm.Name, WithTotal = true })).ShouldSatisfyAllConditions(page => page.Total.ShouldBe(1), page => page.Items.Single().Id.ShouldBe(_calm.Id));
        (await ListAsync(new ListRequest { Sort = "events" })).Items.Select(row => row.Id).ShouldBe([_silent.Id, _calm.Id, _busy.Id]);
        (await ListAsync(new ListRequest { Sort = "name", Descending = true })).Items.Select(row => row.Id).ShouldBe([_silent.Id, _calm.Id, _busy.Id]);
        (await ListAsync(new ListRequest { Take = 1, Skip = 1 })).ShouldSatisfyAllConditions(page => page.HasMore.ShouldBeTrue(), page => page.Items.Single().Id.ShouldBe(_calm.Id));
    }

    [Fact]
    public async Task A_page_of_the_list_asks_four_times_however_many_rows_it_has()
    {
        var asked = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => Interlocked.Add(ref asked, activity.RootId == Activity.Current?.RootId && activity.GetTagItem("db.query.text") is string text && text.Contains("FROM", StringComparison.Ordinal) ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);
        using var mine = new Activity("usage").Start();

        await ListAsync(new ListRequest { WithTotal = true });

        asked.ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task It_is_for_staff_who_may_read_usage_and_organisations()
    {
        var get = _world.Get<GetPlatformUsage>();
        var usageOnly = _world.Billing.Staff with { Permissions = new HashSet<string> { Permissions.UsageRead } };

        (await get.RunAsync(usageOnly, "Asia/Kolkata", default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await get.ListAsync(usageOnly, "Asia/Kolkata", new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
        (await get.ListAsync(_world.Billing.Customer(_busy.Id), "Asia/Kolkata", new ListRequest(), default)).Failure.Kind.ShouldBe(FailureKind.Forbidden);
    }

    private async Task<PagedList<OrganisationUsageRow>> ListAsync(ListRequest request) => (await _world.Get<GetPlatformUsage>().ListAsync(_world.Billing.Staff, "Asia/Kolkata", request, default)).Value;

    private Task SendAsync(Organisation organisation, Guid project, string at) => _world.SendAsync(organisation, project, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), 5);
}

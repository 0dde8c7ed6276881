using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.BillingRuns;

namespace Portal.Tests.Data.BillingRuns;

public sealed class MonthlyBillingTests : IAsyncLifetime
{
    private static readonly CallContext s_job = CallContext.System("start-monthly-billing", "Starts the monthly billing of every organisation.");
    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_month_is_started_once_when_it_has_ended_everywhere_and_the_hours_for_late_events_are_over()
    {
        // 1 December at midnight in the last zone is noon in UTC; twelve hours later it is due.
        await StartedAtAsync("2026-12-01T23:59:59Z", (2026, 10));
        await StartedAtAsync("2026-12-01T23:59:59Z", null);
        await StartedAtAsync("2026-12-02T00:00:00Z", (2026, 11));
        await StartedAtAsync("2026-12-02T00:00:01Z", null);
        await StartedAtAsync("2026-12-31T23:59:59Z", null);
        await StartedAtAsync("2027-01-02T00:00:00Z", (2026, 12));
        (await _world.ScalarAsync<long>("SELECT count(*) FROM billing_runs WHERE started_by = 'start-monthly-billing'")).ShouldBe(3);
    }

    [Fact]
    public async Task A_run_of_everybody_that_staff_started_since_then_is_enough_but_not_one_from_before_or_of_one_customer()
    {
        var organisation = await _world.OrganisationAsync();
        _world.Clock.Now = DateTimeOffset.Parse("2026-12-01T11:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        await StaffStartAsync(null);
        await StartedAtAsync("2026-12-02T01:00:00Z", (2026, 11));

        _world.Clock.Now = DateTimeOffset.Parse("2027-01-02T01:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        await StaffStartAsync(organisation.Id);
        await StartedAtAsync("2027-01-02T02:00:00Z", (2026, 12));

        _world.Clock.Now = DateTimeOffset.Parse("2027-02-02T01:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        await StaffStartAsync(null);
        await StartedAtAsync("2027-02-02T02:00:00Z", null);
    }

    [Fact]
    public async Task Nothing_starts_by_itself_where_that_is_switched_off()
    {
        var start = new StartMonthlyBilling(
            _world.Get<Portal.Core.Kernel.IBillingStore>(), _world.Get<StartBillingRun>(), Options.Create(new BillingOptions { Automatic = false }), _world.Clock);
        (await start.RunAsync(s_job, default)).Value.ShouldBeNull();
        (await _world.ScalarAsync<long>("SELECT count(*) FROM billing_runs")).ShouldBe(0);
    }

    private async Task StaffStartAsync(Guid? organisation)
    {
        var last = _world.Clock.Now.AddMonths(-1);
        (await _world.Get<StartBillingRun>().RunAsync(_world.Staff, new StartBillingRunRequest { Year = last.Year, Month = last.Month, OrganisationId = organisation }, default)).Succeeded.ShouldBeTrue();
    }

    private async Task StartedAtAsync(string time, (int Year, int Month)? expected)
    {
        _world.Clock.Now = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        var run = (await _world.Get<StartMonthlyBilling>().RunAsync(s_job, default)).Value;
        (run is null ? ((int, int)?)null : (run.Month.Year, run.Month.Month)).ShouldBe(expected, time);
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Core.Analytics;
using Portal.Core.Audit;
using Portal.Core.BillingRuns;
using Portal.Core.Health;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Plans;
using Portal.Core.Pricing;
using Portal.Core.Simulations;
using Portal.Data;
using Portal.Data.Analytics;
using Portal.Data.BillingRuns;
using Portal.Data.Health;
using Portal.Data.Simulations;
using Portal.Scheduling;
using Portal.Tests.Data.BillingRuns;
using Portal.Tests.Support;

namespace Portal.Tests.Jobs;

public sealed class SchedulingTests : IAsyncLifetime
{
    // Those that need nothing but billing; what other parts of the product plug in is theirs to test.
    private static readonly string[] s_jobs = ["resume-billing-runs", "start-monthly-billing", "mark-overdue", "ensure-usage-partitions", "prune-idempotency"];

    private readonly BillingWorld _world = new();
    private Beats? _beats;

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Two_nodes_that_start_at_once_on_a_fresh_database_share_one_scheduler_and_its_jobs_run()
    {
        using var first = Node();
        using var second = Node();
        await Task.WhenAll(first.StartAsync(), second.StartAsync());

        await Eventually.HoldsAsync(
            async () => await _world.ScalarAsync<long>("SELECT count(*) FROM scheduler.qrtz_triggers WHERE prev_fire_time > 0 AND trigger_name = ANY ($1)", (object)s_jobs) == s_jobs.Length,
            "every job has run");
        (await _world.ScalarAsync<long>("SELECT count(*) FROM scheduler.qrtz_triggers WHERE trigger_state = 'ERROR' AND trigger_name = ANY ($1)", (object)s_jobs)).ShouldBe(0);
        await Eventually.HoldsAsync(async () => await _world.ScalarAsync<long>("SELECT count(*) FROM scheduler.qrtz_scheduler_state") == 2, "both nodes have checked in");

        await Task.WhenAll(first.StopAsync(), second.StopAsync());
    }

    [Fact]
    public async Task A_run_that_is_started_on_a_node_is_done_there_at_once_and_without_the_scheduler()
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.BillableAsync();
        using var node = Node(("Scheduling:Enabled", "false"));
        await node.StartAsync();

        var started = await node.Services.GetRequiredService<StartBillingRun>().RunAsync(_world.Staff, new StartBillingRunRequest { Year = 2026, Month = 10 }, default);

        await Eventually.HoldsAsync(async () => (await _world.RunAsync(started.Value.Id)).State == BillingRunState.Completed, "the run is completed");
        (await _world.RunAsync(started.Value.Id)).Done.ShouldBe(1);
        await node.StopAsync();
    }

    [Fact]
    public async Task A_run_whose_node_died_is_found_by_the_scheduler_of_another()
    {
        await _world.PriceAsync("api_calls", 1);
        await _world.BillableAsync();
        using var node = Node(("Scheduling:ResumeBillingRunsSeconds", "1"));
        await node.StartAsync();
        // Claimed by a node that then died: its lease ended a second ago.
        var run = await _world.QueueAsync(BillingWorld.October);
        await _world.SqlAsync("UPDATE billing_runs SET state = 'running', attempts = 1, lease_token = gen_random_uuid(), lease_until = $2 WHERE id = $1", run, _world.Clock.Now.AddSeconds(-1));
        _world.Clock.Now = _world.Clock.Now.AddSeconds(2);

        await Eventually.HoldsAsync(async () => (await _world.RunAsync(run)).State == BillingRunState.Completed, "the run is completed");
        await node.StopAsync();
    }

    [Fact]
    public async Task A_run_that_fails_is_written_down_with_what_it_failed_with()
    {
        using var node = Node();
        await node.StartAsync();

        await Eventually.HoldsAsync(async () => await _world.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE job = 'failing' AND outcome = 'failed' AND error = 'the cupboard is bare'") > 0, "the failure is written down");
        (await node.Services.GetRequiredService<JobBoard>().ListAsync(_world.Staff, default)).Value.Single(state => state.Name == "failing").Last?.Outcome.ShouldBe(Portal.Core.Jobs.JobOutcome.Failed);
        await node.StopAsync();
    }

    [Fact]
    public async Task Of_old_runs_the_newest_stay_and_failures_for_a_month()
    {
        using var node = Node(("Scheduling:Enabled", "false"));
        var history = node.Services.GetRequiredService<Portal.Core.Jobs.JobHistory>();
        await _world.SqlAsync(
            """
            INSERT INTO job_runs (id, job, node, is_out_of_turn, started_at, finished_at, outcome)
            SELECT ('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'old', 'node', false, $1, $1, CASE WHEN n = 3 THEN 'failed' ELSE 'done' END FROM generate_series(1, 250) n
            """,
            _world.Clock.Now);
        var job = Portal.Core.Access.CallContext.System("prune-job-runs", "Tests prune");

        (await history.PruneAsync(job, default)).Value.ShouldBe(49);
        (await RunsAsync("old")).ShouldBe(201);
        _world.Clock.Now = _world.Clock.Now.AddDays(31);
        (await history.PruneAsync(job, default)).Value.ShouldBe(1);
        (await history.PruneAsync(_world.Staff, default)).Failure.Kind.ShouldBe(Portal.Core.Kernel.FailureKind.Forbidden);
    }

    [Fact]
    public async Task A_paused_job_lets_its_times_pass_runs_when_asked_and_again_once_resumed()
    {
        _beats = new Beats();
        using var node = Node();
        var board = node.Services.GetRequiredService<JobBoard>();
        await node.StartAsync();
        await Eventually.HoldsAsync(() => _beats.Count > 0, "it runs in its turn");
        (await board.PauseAsync(_world.Staff with { Permissions = new HashSet<string>() }, "beating", paused: true, default)).Failure.Kind.ShouldBe(Portal.Core.Kernel.FailureKind.Forbidden);

        (await board.PauseAsync(_world.Staff, "beating", paused: true, default)).Failures.ShouldBeEmpty();
        // The one that may have begun before is over; then several of its times pass, as the scheduler itself says.
        await PassAsync(2);
        var before = _beats.Count;
        await PassAsync(3);

        _beats.Count.ShouldBe(before);
        var paused = (await board.ListAsync(_world.Staff, default)).Value.Single(state => state.Name == "beating");
        (paused.Next, paused.Paused?.Job).ShouldBe((null, "beating"));
        (await board.RunAsync(_world.Staff, "beating", default)).Failures.ShouldBeEmpty();
        await Eventually.HoldsAsync(async () => await _world.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE job = 'beating' AND is_out_of_turn") == 1, "it runs when asked");
        _beats.Count.ShouldBe(before + 1);
        (await board.PauseAsync(_world.Staff, "beating", paused: false, default)).Failures.ShouldBeEmpty();
        await Eventually.HoldsAsync(
            () =>
            {
                Tick();
                return _beats.Count > before + 1;
            },
            "it runs again in its turn");
        (await board.ListAsync(_world.Staff, default)).Value.Single(state => state.Name == "beating").Next.ShouldNotBeNull();
        await node.StopAsync();
    }

    // Until the scheduler has fired the job's own trigger that many times more.
    private async Task PassAsync(int times)
    {
        var seen = new HashSet<long>();
        await Eventually.HoldsAsync(
            async () =>
            {
                Tick();
                seen.Add(await _world.ScalarAsync<long>("SELECT coalesce(prev_fire_time, 0) FROM scheduler.qrtz_triggers WHERE trigger_name = 'beating'"));
                return seen.Count > times;
            },
            $"{times} of its times have passed");
    }

    // The scheduler goes by the same clock.
    private void Tick() => _world.Clock.Now = _world.Clock.Now.AddMilliseconds(200);

    private Task<long> RunsAsync(string job) => _world.ScalarAsync<long>("SELECT count(*) FROM job_runs WHERE job = $1 AND NOT is_out_of_turn", job);

    [Fact]
    public void A_setting_out_of_range_is_refused_at_start_by_its_key()
    {
        using var node = Node(("Billing:Runs:ChunkSize", "0"));
        Should.Throw<Microsoft.Extensions.Options.OptionsValidationException>(() => node.StartAsync().GetAwaiter().GetResult()).Message.ShouldContain("ChunkSize");
    }

    private IHost Node(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services
            .AddSingleton<TimeProvider>(_world.Clock)
            .AddBillingData(_world.ConnectionString)
            .AddBillingRunData()
            .AddPricing()
            .AddPlans()
            .AddInvoicing()
            .AddBillingRuns()
            .AddSimulations()
            .AddSimulationData()
            .AddAnalytics()
            .AddAnalyticsData()
            .AddAudit()
            .AddOrganisations()
            .AddInvariants()
            .AddInvariantData()
            .AddScheduling(builder.Configuration)
            .AddRecurringJob<FailingJob>("failing", TimeSpan.FromHours(1));
        if (_beats is not null)
            builder.Services.AddSingleton(_beats).AddRecurringJob<BeatingJob>("beating", TimeSpan.FromMilliseconds(200));
        return builder.Build();
    }

    private sealed class Beats
    {
        private int _count;

        public int Count => _count;

        public void Add() => Interlocked.Increment(ref _count);
    }

    private sealed class BeatingJob(Beats beats) : Quartz.IJob
    {
        public ValueTask Execute(Quartz.IJobExecutionContext context, CancellationToken cancellationToken)
        {
            beats.Add();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class FailingJob : Quartz.IJob
    {
        public ValueTask Execute(Quartz.IJobExecutionContext context, CancellationToken cancellationToken) => throw new InvalidOperationException("the cupboard\nis bare");
    }
}

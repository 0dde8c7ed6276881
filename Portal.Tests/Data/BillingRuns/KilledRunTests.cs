using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using static Portal.Tests.Data.BillingRuns.BillingWorld;

namespace Portal.Tests.Data.BillingRuns;

/// <summary>A node that dies between any two things that it does to the database, and what another node makes of what it left.</summary>
public sealed class KilledRunTests : IAsyncLifetime
{
    private const int Organisations = 7;

    private readonly BillingWorld _world = new();

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Killed_after_any_step_the_run_is_finished_by_another_node_once_the_lease_has_ended()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < Organisations; index++)
            await _world.BillableAsync();
        var step = 0;
        for (; ; step++)
        {
            var run = await _world.QueueAsync(October, autoIssue: true, remake: true);
            var death = new Death(step);
            await using var dying = _world.Build(death.Into, chunkSize: 3);
            var finished = await FinishesAsync(dying);

            if (!finished)
            {
                // Nobody may take it over before the lease has ended ...
                var claimed = (await _world.RunAsync(run)).State != BillingRunState.Queued;
                (await _world.Get<RunBilling>().RunNextAsync(default)).ShouldBe(!claimed);
                // ... and then anybody.
                _world.Clock.Now = _world.Clock.Now.AddSeconds(61);
                await _world.WorkAsync();
            }

            await ProveAsync(run, step);
            if (finished)
                break;
            await StartOverAsync();
        }

        // Claim, plan, three chunks of several statements each, issuing, finishing: all of them were died after.
        step.ShouldBeGreaterThan(25);
    }

    [Fact]
    public async Task A_node_that_was_thought_dead_can_not_write_any_more()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < Organisations; index++)
            await _world.BillableAsync();
        var run = await _world.QueueAsync(October, autoIssue: true);
        // Just before the second chunk is billed, the lease ends and another node does all that is left.
        var stall = new Stall(async () =>
        {
            _world.Clock.Now = _world.Clock.Now.AddSeconds(61);
            (await _world.Get<RunBilling>().RunNextAsync(default)).ShouldBeTrue();
        });
        await using var stalled = _world.Build(stall.Into, chunkSize: 3);

        (await stalled.GetRequiredService<RunBilling>().RunNextAsync(default)).ShouldBeTrue();

        stall.Happened.ShouldBeTrue();
        await ProveAsync(run, 0);
        (await _world.ScalarAsync<int>("SELECT attempts FROM billing_runs")).ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_shuts_down_gives_its_lease_back()
    {
        await _world.PriceAsync("api_calls", 1);
        for (var index = 0; index < Organisations; index++)
            await _world.BillableAsync();
        var run = await _world.QueueAsync(October, autoIssue: true);
        using var shutdown = new CancellationTokenSource();
        var stall = new Stall(() => shutdown.CancelAsync());
        await using var stopping = _world.Build(stall.Into, chunkSize: 3);

        await Should.ThrowAsync<OperationCanceledException>(() => stopping.GetRequiredService<RunBilling>().RunNextAsync(shutdown.Token));

        (await _world.RunAsync(run)).State.ShouldBe(BillingRunState.Running);
        (await _world.Get<RunBilling>().RunNextAsync(default)).ShouldBeTrue();
        await ProveAsync(run, 0);
    }

    private static async Task<bool> FinishesAsync(ServiceProvider node)
    {
        try
        {
            while (await node.GetRequiredService<RunBilling>().RunNextAsync(default))
            {
            }

            return true;
        }
        catch (KilledException)
        {
            return false;
        }
    }

    private async Task ProveAsync(Guid run, int step)
    {
        var details = await _world.RunAsync(run);
        (details.State, details.Total, details.Done, details.Skipped, details.Failed, details.Issued).ShouldBe((BillingRunState.Completed, Organisations, Organisations, 0, 0, Organisations), $"died after step {step}");
        var invoices = await _world.InvoicesAsync();
        invoices.Where(invoice => invoice.Status == InvoiceStatus.Issued).Select(invoice => invoice.OrganisationId).Distinct().Count().ShouldBe(Organisations);
        invoices.Count(invoice => invoice.Status != InvoiceStatus.Void).ShouldBe(Organisations);
        (await _world.Get<NumberSeriesProof>().RunAsync(_world.Staff, default)).Value.ShouldAllBe(proof => proof.Missing == 0);
        (await _world.ScalarAsync<long>("SELECT count(*) FROM ledger_transactions WHERE kind = 'invoice.issued'")).ShouldBe(invoices.Count);
        (await _world.ScalarAsync<long>("SELECT count(*) FROM outbox")).ShouldBe(invoices.Count);
        (await _world.ScalarAsync<long>("SELECT count(*) FROM audit_log WHERE action = 'invoice.issued'")).ShouldBe(invoices.Count);
    }

    // Voided, the invoices free their month for the next round.
    private async Task StartOverAsync()
    {
        foreach (var invoice in (await _world.InvoicesAsync()).Where(invoice => invoice.Status == InvoiceStatus.Issued))
            (await _world.Get<VoidInvoice>().RunAsync(_world.Staff, new VoidInvoiceRequest(invoice.Id, "next round"), default)).Succeeded.ShouldBeTrue();
    }

    private sealed class KilledException : Exception;

    /// <summary>Lets so many steps be taken. From then on the process is dead: nothing that it tries reaches the database.</summary>
    private sealed class Death(int steps)
    {
        private int _taken;

        public void Into(IServiceCollection services)
        {
            var inner = services.BuildServiceProvider();
            services
                .AddSingleton<IBillingStore>(new DyingStore(inner.GetRequiredService<IBillingStore>(), Step))
                .AddSingleton<IBillingRunQueue>(new SteppedQueue(inner.GetRequiredService<IBillingRunQueue>(), Step))
                .AddSingleton<IBillingInputs>(new SteppedInputs(inner.GetRequiredService<IBillingInputs>(), Step))
                .AddSingleton<IInvoiceBulk>(new SteppedBulk(inner.GetRequiredService<IInvoiceBulk>(), Step));
        }

        private Task Step() => Interlocked.Increment(ref _taken) > steps ? throw new KilledException() : Task.CompletedTask;
    }

    /// <summary>Does something once, just before the second chunk is billed.</summary>
    private sealed class Stall(Func<Task> happens)
    {
        private int _chunks;

        public bool Happened { get; private set; }

        public void Into(IServiceCollection services)
        {
            var inner = services.BuildServiceProvider();
            services.AddSingleton<IBillingInputs>(new SteppedInputs(inner.GetRequiredService<IBillingInputs>(), async () =>
            {
                if (++_chunks != 2)
                    return;
                await happens();
                Happened = true;
            }));
        }
    }

    // Opening a session is a step, so that a commit that went through and was not heard of is one, too.
    private sealed class DyingStore(IBillingStore inner, Func<Task> step) : IBillingStore
    {
        public async Task<IBillingDb> OpenAsync(AccessScope scope, CancellationToken cancellationToken)
        {
            await step();
            return await inner.OpenAsync(scope, cancellationToken);
        }
    }

    private sealed class SteppedInputs(IBillingInputs inner, Func<Task> step) : IBillingInputs
    {
        public async Task<BillingInput> LoadAsync(IBillingDb db, IReadOnlyList<Guid> organisationIds, BillingInputRequest request, CancellationToken cancellationToken)
        {
            await step();
            return await inner.LoadAsync(db, organisationIds, request, cancellationToken);
        }
    }

    private sealed class SteppedQueue(IBillingRunQueue inner, Func<Task> step) : IBillingRunQueue
    {
        public async Task<RunLease?> ClaimAsync(IBillingDb db, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
        {
            await step();
            return await inner.ClaimAsync(db, now, leaseUntil, cancellationToken);
        }

        public Task<bool> IsWaitingAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken) => inner.IsWaitingAsync(db, now, cancellationToken);

        public async Task PlanAsync(IBillingDb db, RunLease lease, BillingMonth firstMonth, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await step();
            await inner.PlanAsync(db, lease, firstMonth, now, cancellationToken);
        }

        public async Task<IReadOnlyList<Guid>> PendingAsync(IBillingDb db, RunLease lease, Guid? after, int take, CancellationToken cancellationToken)
        {
            await step();
            return await inner.PendingAsync(db, lease, after, take, cancellationToken);
        }

        public async Task RecordAsync(IBillingDb db, RunLease lease, RunProgress progress, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
        {
            await step();
            await inner.RecordAsync(db, lease, progress, leaseUntil, cancellationToken);
            await step();
        }

        public async Task FinishAsync(IBillingDb db, RunLease lease, BillingRunState state, string? error, DateTimeOffset now, CancellationToken cancellationToken)
        {
            await step();
            await inner.FinishAsync(db, lease, state, error, now, cancellationToken);
            await step();
        }

        public Task ReleaseAsync(IBillingDb db, RunLease lease, DateTimeOffset now, CancellationToken cancellationToken) => inner.ReleaseAsync(db, lease, now, cancellationToken);
    }

    private sealed class SteppedBulk(IInvoiceBulk inner, Func<Task> step) : IInvoiceBulk
    {
        public async Task<IReadOnlyList<DraftToIssue>> LockDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
        {
            await step();
            return await inner.LockDraftsAsync(db, invoiceIds, cancellationToken);
        }

        public async Task<long> TakeNumbersAsync(IBillingDb db, string series, string financialYear, int count, CancellationToken cancellationToken)
        {
            await step();
            return await inner.TakeNumbersAsync(db, series, financialYear, count, cancellationToken);
        }

        public async Task IssueAsync(IBillingDb db, IReadOnlyCollection<IssuedFacts> invoices, DateTimeOffset issuedAt, CancellationToken cancellationToken)
        {
            await step();
            await inner.IssueAsync(db, invoices, issuedAt, cancellationToken);
            await step();
        }

        public Task<IReadOnlyDictionary<(Guid OrganisationId, string Currency), decimal>> LockCreditAsync(IBillingDb db, IReadOnlyCollection<Guid> organisationIds, CancellationToken cancellationToken) =>
            inner.LockCreditAsync(db, organisationIds, cancellationToken);

        public Task MoveCreditAsync(IBillingDb db, IReadOnlyList<CreditMovement> movements, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.MoveCreditAsync(db, movements, now, cancellationToken);

        public Task HoldAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, string reason, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.HoldAsync(db, invoiceIds, reason, now, cancellationToken);

        public Task DeleteDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken) =>
            inner.DeleteDraftsAsync(db, invoiceIds, cancellationToken);

        public Task<int> MarkOverdueAsync(IBillingDb db, CallContext call, int take, DateTimeOffset now, CancellationToken cancellationToken) =>
            inner.MarkOverdueAsync(db, call, take, now, cancellationToken);
    }
}

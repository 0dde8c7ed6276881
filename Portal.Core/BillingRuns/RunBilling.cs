using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.BillingRuns;

/// <summary>
/// Works off a run: claims it by a lease, writes down its organisations, and bills them chunk by chunk, each chunk in one transaction
/// that ends by checking the lease. Killed anywhere, the next node goes on with the organisations that are left.
/// </summary>
public sealed class RunBilling(
    IBillingStore store,
    IBillingRunQueue queue,
    BillChunk chunks,
    IssueInvoices issue,
    IOptions<BillingOptions> options,
    TimeProvider clock,
    ILogger<RunBilling> logger)
{
    private const int ChunkAttempts = 4;

    private static readonly CallContext s_call = CallContext.System("billing-run", "Makes the invoices of every organisation.");

    /// <summary>Works off the run that waits longest; false when none waits.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } lease)
            return false;
        Log.RunTaken(logger, lease.RunId, lease.Month.Year, lease.Month.Month, lease.Attempts);
        try
        {
            await WorkAsync(lease, cancellationToken);
            Log.RunCompleted(logger, lease.RunId);
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, lease.RunId);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await InSessionAsync(db => queue.ReleaseAsync(db, lease, clock.GetUtcNow(), CancellationToken.None), CancellationToken.None);
            throw;
        }
        catch (Exception exception) when (DatabaseFault.IsTransient(exception) && lease.Attempts < options.Value.MaxAttempts)
        {
            // The lease is left to run out: that is the pause before the next attempt.
            Log.RunInterrupted(logger, lease.RunId, exception);
        }
#pragma warning disable CA1031 // Whatever it was is on the run for staff to see, and in the log.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RunFailed(logger, lease.RunId, exception);
            await FinishAsync(lease, BillingRunState.Failed, DatabaseFault.Describe(exception), cancellationToken);
        }

        return true;
    }

    private async Task<RunLease?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        var lease = await queue.ClaimAsync(db, now, LeaseEnd(now), cancellationToken);
        await db.CommitAsync(cancellationToken);
        return lease;
    }

    private async Task WorkAsync(RunLease lease, CancellationToken cancellationToken)
    {
        if (!lease.IsPlanned)
        {
            var firstMonth = chunks.FirstMonth(lease.Month);
            await InSessionAsync(db => queue.PlanAsync(db, lease, firstMonth, clock.GetUtcNow(), cancellationToken), cancellationToken);
        }

        Failure? notIssued = null;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ChunksAsync(lease, cancellationToken), parallel, async (organisations, stop) =>
        {
            var made = await BillAsync(lease, organisations, stop);
            if (lease.AutoIssue && made.Count > 0 && notIssued is null)
                notIssued = await IssueAsync(lease, new IssueInvoicesRequest { InvoiceIds = made }, stop);
        });

        // What an earlier attempt made and did not come to issue.
        if (lease.AutoIssue && notIssued is null)
            notIssued = await IssueAsync(lease, new IssueInvoicesRequest { BillingRunId = lease.RunId }, cancellationToken);
        await FinishAsync(lease, BillingRunState.Completed, notIssued?.Message, cancellationToken);
    }

    private Task FinishAsync(RunLease lease, BillingRunState state, string? error, CancellationToken cancellationToken) => InSessionAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            await queue.FinishAsync(db, lease, state, error, now, cancellationToken);
            var action = state == BillingRunState.Completed ? "billing_run.completed" : "billing_run.failed";
            db.Audit(s_call, new AuditRecord(action, "billing_run", lease.RunId, null, After: new { Month = lease.Month.ToString(), Error = error }), now);
        },
        cancellationToken);

    // What is still to do, from the first organisation to the last; what is being done meanwhile lies behind.
    private async IAsyncEnumerable<IReadOnlyList<Guid>> ChunksAsync(RunLease lease, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (Guid? after = null; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<Guid> organisations;
            await using (var db = await store.OpenAsync(s_call.Scope, cancellationToken))
                organisations = await queue.PendingAsync(db, lease, after, options.Value.ChunkSize, cancellationToken);
            if (organisations.Count == 0)
                yield break;
            yield return organisations;
            after = organisations[^1];
        }
    }

    // One transaction for all of them; when it fails for a reason of one of them, one each; and the one that fails is parked.
    private async Task<IReadOnlyList<Guid>> BillAsync(RunLease lease, IReadOnlyList<Guid> organisations, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await chunks.RunAsync(s_call, lease, organisations, LeaseEnd(clock.GetUtcNow()), cancellationToken);
            }
            catch (Exception exception) when (DatabaseFault.IsWorthRetrying(exception) && attempt < ChunkAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), clock, cancellationToken);
            }
            catch (Exception exception) when (exception is not LeaseLostException && !DatabaseFault.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (organisations.Count == 1)
                {
                    Log.OrganisationParked(logger, lease.RunId, organisations[0], exception);
                    var failed = new RunItemOutcome(organisations[0], BillingRunItemState.Failed, DatabaseFault.Describe(exception));
                    await InSessionAsync(db => queue.RecordAsync(db, lease, new RunProgress([failed], 0, 0), LeaseEnd(clock.GetUtcNow()), cancellationToken), cancellationToken);
                    return [];
                }

                Log.ChunkFailed(logger, lease.RunId, organisations.Count, exception);
                var made = new List<Guid>();
                foreach (var organisation in organisations)
                    made.AddRange(await BillAsync(lease, [organisation], cancellationToken));
                return made;
            }
        }
    }

    private async Task<Failure?> IssueAsync(RunLease lease, IssueInvoicesRequest request, CancellationToken cancellationToken)
    {
        var outcome = await issue.RunAsync(s_call, request, cancellationToken);
        if (!outcome.Succeeded)
            return outcome.Failure;
        await InSessionAsync(db => queue.RecordAsync(db, lease, new RunProgress([], 0, outcome.Value.Issued), LeaseEnd(clock.GetUtcNow()), cancellationToken), cancellationToken);
        return null;
    }

    private async Task InSessionAsync(Func<IBillingDb, Task> work, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_call.Scope, cancellationToken);
        await work(db);
        await db.CommitAsync(cancellationToken);
    }

    private DateTimeOffset LeaseEnd(DateTimeOffset now) => now.AddSeconds(options.Value.LeaseSeconds);
}

/// <summary>Tells the database's own troubles from what is wrong with the work.</summary>
internal static class DatabaseFault
{
    /// <summary>The database was away, too busy, or broke a deadlock: the same work may succeed later.</summary>
    public static bool IsTransient(Exception exception) => Find(exception) is { IsTransient: true };

    /// <summary>Transient, or somebody else was faster with a row that may exist only once: done again, the work finds that row.</summary>
    public static bool IsWorthRetrying(Exception exception) => exception is UniqueViolationException || Find(exception) is { IsTransient: true } or { SqlState: "23505" };

    /// <summary>For staff, on a run: what sort of failure; the whole of it is in the log.</summary>
    public static string Describe(Exception exception) => Find(exception) is { } fault
        ? $"The database refused the invoice (SQLSTATE {fault.SqlState ?? "none"}). The log has the details."
        : exception is OverflowException ? "An amount is too large to be computed." : $"Unexpected failure: {exception.GetType().Name}. The log has the details.";

    private static DbException? Find(Exception? exception)
    {
        while (exception is not null and not DbException)
            exception = exception.InnerException;
        return (DbException?)exception;
    }
}

using Microsoft.Extensions.Logging;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.PrepaidCredits;

/// <summary>What a run of the job did.</summary>
/// <param name="Organisations">That were looked at.</param>
/// <param name="Changed">Whose credits moved.</param>
/// <param name="Failed">That could not be done; tried again by the next run.</param>
public sealed record PrepaidRun(int Organisations, int Changed, int Failed);

/// <summary>
/// Brings the prepaid credits of every organisation up to date: usage of the month that runs and of the one before is covered while no invoice holds it, what is
/// over expires. Each organisation in a transaction of its own, under its lock: runs at once wait for each other and find nothing left to do.
/// </summary>
public sealed partial class ConsumePrepaidCredits(IBillingStore store, IPrepaidBook book, TimeProvider clock, ILogger<ConsumePrepaidCredits> logger)
{
    /// <summary>Only for the system.</summary>
    public async Task<Result<PrepaidRun>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Scope is not AccessScope.System)
            return Failure.Forbidden();
        IReadOnlyList<Organisations.Organisation> organisations;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            // Two months back in UTC holds the month before of every zone.
            var now = clock.GetUtcNow().UtcDateTime;
            organisations = await book.WithCreditsAsync(db, null, BillingMonth.FromIndex(new BillingMonth(now.Year, now.Month).Index - 2), cancellationToken);
        }

        var (changed, failed) = (0, 0);
        foreach (var organisation in organisations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                changed += await CoverAsync(call, organisation, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One organisation that can't be done keeps no other waiting.
                failed++;
                LogFailed(logger, exception, organisation.Id);
            }
        }

        return new PrepaidRun(organisations.Count, changed, failed);
    }

    private async Task<bool> CoverAsync(CallContext call, Organisations.Organisation organisation, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var month = organisation.Calendar.MonthOf(now);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var progress = await book.CoverAsync(db, organisation, [month.Previous, month], now, cancellationToken);
        if (!progress.Changed)
            return false;
        // The movements say what was used for what; the log says that something was lost.
        if (progress.Expired > 0)
            db.Audit(call, new AuditRecord("prepaid_credits.expired", "organisation", organisation.Id, organisation.Id, After: new { progress.Expired }), now);
        await db.CommitAsync(cancellationToken);
        return true;
    }

    [LoggerMessage(EventId = 7301, Level = LogLevel.Error, Message = "The prepaid credits of organisation {OrganisationId} could not be brought up to date; the next run tries again.")]
    private static partial void LogFailed(ILogger logger, Exception exception, Guid organisationId);
}

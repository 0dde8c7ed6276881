using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.BillingRuns;

/// <summary>A run that is asked for.</summary>
public sealed record StartBillingRunRequest
{
    public int Year { get; init; }

    /// <summary>1 to 12.</summary>
    public int Month { get; init; }

    /// <summary>Only this organisation; null: all.</summary>
    public Guid? OrganisationId { get; init; }

    /// <summary>True: drafts that wait for review are thrown away and made anew.</summary>
    public bool Remake { get; init; }

    /// <summary>True: usage that came after its month was invoiced, at once, on an invoice of its own; for one organisation, and the month that runs there.</summary>
    public bool LateOnly { get; init; }

    /// <summary>Issue what it makes; null: as the settings say.</summary>
    public bool? AutoIssue { get; init; }
}

/// <summary>
/// Queues a run of a month and wakes a worker. The same month can be run as often as one likes, also twice at once: nobody gets two
/// invoices. Organisations whose month has not ended in their zone are skipped; fails with <c>month_not_over</c> when it has ended nowhere.
/// </summary>
public sealed class StartBillingRun(IBillingStore store, BillingRunBell bell, TimeProvider clock)
{
    // The earliest zone on earth, where a month ends first.
    private static readonly TimeSpan s_earliest = TimeSpan.FromHours(14);

    public async Task<Result<BillingRunDetails>> RunAsync(CallContext call, StartBillingRunRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.BillingRunsStart) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (request.LateOnly && request.OrganisationId is null)
            return Failure.Invalid("organisationId", "Late usage is billed at once for one organisation.");
        if (!request.LateOnly && request.Year is < 2000 or > 2999)
            return Failure.Invalid("year", "Enter a year from 2000 to 2999.");
        if (!request.LateOnly && request.Month is < 1 or > 12)
            return Failure.Invalid("month", "Enter a month from 1 to 12.");
        var month = request.LateOnly ? default : new BillingMonth(request.Year, request.Month);
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var end = request.LateOnly ? now : new DateTimeOffset(month.Next.FirstDay, TimeOnly.MinValue, s_earliest);
        string? organisationName = null;
        if (request.OrganisationId is { } id)
        {
            if (await db.Organisations.AsNoTracking().SingleOrDefaultAsync(organisation => organisation.Id == id, cancellationToken) is not { } organisation)
                return Failure.Invalid("organisationId", "Organisation not found.");
            organisationName = organisation.Name;
            if (request.LateOnly)
                month = organisation.Calendar.MonthOf(now);
            else
                end = organisation.Calendar.Period(month).End;
        }

        if (now < end)
            return Failure.Invalid("month", "This month has not ended yet.", "month_not_over");
        var autoIssue = request.AutoIssue ?? (await db.PlatformSettingsAsync(cancellationToken)).AutoIssue;
        var run = BillingRun.Queue(month, request.OrganisationId, autoIssue, request.Remake && !request.LateOnly, call.Actor.Name, now, request.LateOnly);
        db.BillingRuns.Add(run);
        db.Audit(call, new AuditRecord("billing_run.started", "billing_run", run.Id, run.OrganisationId, After: new { Month = month.ToString(), run.AutoIssue, run.Remake, run.LateOnly }), now);
        await db.CommitAsync(cancellationToken);
        bell.Ring();
        return BillingRunDetails.Of(run, organisationName);
    }
}

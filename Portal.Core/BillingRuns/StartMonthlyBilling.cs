using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>
/// Starts the run of the month that has ended last, once it has ended in every zone and stragglers among the events have had
/// <see cref="BillingOptions.HoursAfterMonth"/>. Asked as often as one likes: a run of everybody that was queued since then is enough.
/// </summary>
public sealed class StartMonthlyBilling(IBillingStore store, StartBillingRun start, IOptions<BillingOptions> options, TimeProvider clock)
{
    // The latest zone on earth, where a month ends last.
    private static readonly TimeSpan s_latest = TimeSpan.FromHours(-12);

    /// <returns>The run, or null when nothing is due.</returns>
    public async Task<Result<BillingRunDetails?>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!options.Value.Automatic)
            return Result<BillingRunDetails?>.From((BillingRunDetails?)null);
        var (month, due) = LastDue(clock.GetUtcNow());
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
        {
            if (await db.BillingRuns.AnyAsync(run => run.Year == month.Year && run.Month == month.Month && run.OrganisationId == null && run.CreatedAt >= due, cancellationToken))
                return Result<BillingRunDetails?>.From((BillingRunDetails?)null);
        }

        var started = await start.RunAsync(call, new StartBillingRunRequest { Year = month.Year, Month = month.Month }, cancellationToken);
        return started.Succeeded ? started.Value : Result<BillingRunDetails?>.From(started.Failures);
    }

    private (BillingMonth Month, DateTimeOffset Due) LastDue(DateTimeOffset now)
    {
        var month = new BillingMonth(now.Year, now.Month);
        DateTimeOffset due;
        do
        {
            // A month is due on the day on which the next begins.
            due = new DateTimeOffset(month.FirstDay, TimeOnly.MinValue, s_latest).AddHours(options.Value.HoursAfterMonth).ToUniversalTime();
            month = BillingMonth.FromIndex(month.Index - 1);
        }
        while (due > now);
        return (month, due);
    }
}

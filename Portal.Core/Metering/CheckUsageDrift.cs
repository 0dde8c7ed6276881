using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>A kept sum that is not what its events sum to.</summary>
/// <param name="OrganisationId">The owner.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="BucketStart">The quarter of an hour; null when it is a month that differs.</param>
/// <param name="Month">The billing month; null when it is a bucket that differs.</param>
/// <param name="Kept">The kept sum; null when the row is missing.</param>
/// <param name="KeptEvents">The kept count.</param>
/// <param name="Counted">What the events sum to; null when there are none.</param>
/// <param name="CountedEvents">How many they are.</param>
public sealed record UsageDrift(
    Guid OrganisationId, Guid ProjectId, string MetricName, string Unit, DateTimeOffset? BucketStart, BillingMonth? Month,
    UsageValue? Kept, long KeptEvents, UsageValue? Counted, long CountedEvents);

/// <summary>What was compared and what differs.</summary>
/// <param name="Buckets">Buckets compared.</param>
/// <param name="Months">Monthly sums compared.</param>
/// <param name="Different">How many of both differ.</param>
/// <param name="Examples">The first hundred of each.</param>
public sealed record UsageDriftReport(long Buckets, long Months, long Different, IReadOnlyList<UsageDrift> Examples)
{
    public bool IsClean => Different == 0;
}

/// <summary>Recomputes kept sums from the events, each kind in one statement, whose snapshot shows events and sums alike.</summary>
public interface IUsageRecount
{
    /// <summary>Every bucket that begins in the span.</summary>
    Task<UsageDriftReport> CompareBucketsAsync(IBillingDb db, Period span, CancellationToken cancellationToken);

    /// <summary>Every monthly sum of a billing month.</summary>
    Task<UsageDriftReport> CompareMonthAsync(IBillingDb db, BillingMonth month, CancellationToken cancellationToken);
}

/// <summary>
/// Proves that buckets and monthly sums are what their events sum to, superseded ones left out. Events and sums are committed together, so that this holds
/// at any moment, under load too. Staff and system only.
/// </summary>
public sealed class CheckUsageDrift(IBillingStore store, IUsageRecount recount)
{
    /// <summary>The longest span, in days.</summary>
    public const int MaxDays = 62;

    /// <summary>Compares the buckets of a span, widened to quarters of an hour, and every month that any zone's calendar has in it.</summary>
    public async Task<Result<UsageDriftReport>> RunAsync(CallContext call, Period span, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.OrganisationId is not null || !call.May(Permissions.SystemRead))
            return Failure.Forbidden();
        if (span.End <= span.Start || span.End - span.Start > TimeSpan.FromDays(MaxDays))
            return Failure.Invalid("to", $"The range must end after it starts and be at most {MaxDays} days long.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var report = await recount.CompareBucketsAsync(db, Widen(span), cancellationToken);
        var last = MonthAt(span.End.AddDays(1));
        for (var month = MonthAt(span.Start.AddDays(-1)); month <= last; month = month.Next)
        {
            var next = await recount.CompareMonthAsync(db, month, cancellationToken);
            report = new UsageDriftReport(report.Buckets, report.Months + next.Months, report.Different + next.Different, [.. report.Examples, .. next.Examples]);
        }

        return report;
    }

    // No zone is further than 14 hours from UTC, so a day to either side covers every calendar.
    private static BillingMonth MonthAt(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month);

    private static Period Widen(Period span)
    {
        const long Quarter = 15 * TimeSpan.TicksPerMinute;
        var start = span.Start.UtcTicks - (span.Start.UtcTicks % Quarter);
        var end = (span.End.UtcTicks + Quarter - 1) / Quarter * Quarter;
        return new Period(new DateTimeOffset(start, TimeSpan.Zero), new DateTimeOffset(end, TimeSpan.Zero));
    }
}

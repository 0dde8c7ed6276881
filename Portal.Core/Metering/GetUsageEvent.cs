using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Metering;

/// <summary>One event with all that was sent, and what became of it.</summary>
/// <param name="Event">What lists show, too.</param>
/// <param name="ProjectName">The project's name.</param>
/// <param name="Metadata">A JSON object, or null.</param>
/// <param name="Month">The billing month that it counts in.</param>
/// <param name="Quarter">The quarter of an hour that it counts in, as it stands now; null when the event no longer counts and was the only one.</param>
/// <param name="Total">The month's sum that it counts in; of the project, metric and unit.</param>
/// <param name="SupersededBy">The correction that took its place.</param>
/// <param name="Billed">The line that charges for it; null while there is none, and for who may not read invoices.</param>
public sealed record UsageEventDetails(
    UsageEventRow Event, string ProjectName, string? Metadata, BillingMonth Month, UsageEventSum? Quarter, UsageEventSum? Total, Guid? SupersededBy, UsageEventLine? Billed);

/// <summary>A sum that an event is part of.</summary>
/// <param name="Start">When its span begins; for a month the first instant.</param>
/// <param name="Quantity">The sum.</param>
/// <param name="Events">Of how many events.</param>
public sealed record UsageEventSum(DateTimeOffset Start, decimal Quantity, long Events);

/// <summary>An invoice's line for a metric's month.</summary>
public sealed record UsageEventLine(Guid InvoiceId, string? Number, InvoiceStatus Status, InvoiceLineKind Kind, int Position, decimal Quantity, decimal Amount, string Currency, DateTimeOffset CreatedAt, DateTimeOffset? IssuedAt);

/// <summary>One raw event.</summary>
public sealed class GetUsageEvent(IBillingStore store)
{
    public async Task<Result<UsageEventDetails>> RunAsync(CallContext call, Guid organisationId, Guid eventId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await db.UsageEvents.AsNoTracking()
            .Where(row => row.OrganisationId == organisationId && row.Id == eventId)
            .Select(row => new
            {
                Row = new UsageEventRow(row.Id, row.ProjectId, row.MetricName, row.MetricValue, row.Unit, row.Timestamp, row.IngestedAt, row.IdempotencyKey, row.Supersedes, row.ApiKeyId,
                db.ApiKeys.Where(key => key.Id == row.ApiKeyId).Select(key => key.Name).FirstOrDefault()),
                ProjectName = db.Projects.Where(project => project.Id == row.ProjectId).Select(project => project.Name).FirstOrDefault(),
                row.Metadata,
                row.BillingMonth,
                SupersededBy = db.UsageSupersessions.Where(other => other.OrganisationId == row.OrganisationId && other.EventId == row.Id).Select(other => (Guid?)other.SupersededBy).FirstOrDefault(),
            })
            .FirstOrDefaultAsync(cancellationToken);
        if (found is null)
            return Failure.NotFound("usage event");
        var month = BillingMonth.FromIndex(found.BillingMonth);
        var (quarter, total) = await SumsAsync(db, organisationId, found.Row, month, cancellationToken);
        return new UsageEventDetails(
            found.Row, found.ProjectName ?? "", found.Metadata, month, quarter, total, found.SupersededBy,
            call.May(Permissions.InvoicesRead) && found.SupersededBy is null ? await LineAsync(db, organisationId, found.Row, month, call.OrganisationId is null, cancellationToken) : null);
    }

    private static async Task<(UsageEventSum? Quarter, UsageEventSum? Total)> SumsAsync(IBillingDb db, Guid organisationId, UsageEventRow row, BillingMonth month, CancellationToken cancellationToken)
    {
        var start = new DateTimeOffset(row.Timestamp.UtcTicks - (row.Timestamp.UtcTicks % TimeSpan.FromMinutes(15).Ticks), TimeSpan.Zero);
        var organisation = await db.Organisations.AsNoTracking().Where(one => one.Id == organisationId)
            .Select(one => new
            {
                Organisation = one,
                Quarter = db.UsageBuckets.Where(bucket => bucket.OrganisationId == one.Id && bucket.BucketStart == start && bucket.ProjectId == row.ProjectId && bucket.MetricName == row.MetricName && bucket.Unit == row.Unit)
                    .Select(bucket => new { bucket.TotalValue, bucket.EventCount }).FirstOrDefault(),
                Total = db.UsageAggregates.Where(sum => sum.OrganisationId == one.Id && sum.Year == month.Year && sum.Month == month.Month && sum.ProjectId == row.ProjectId && sum.MetricName == row.MetricName && sum.Unit == row.Unit)
                    .Select(sum => new { sum.TotalValue, sum.EventCount }).FirstOrDefault(),
            })
            .SingleAsync(cancellationToken);
        return (
            organisation.Quarter is { } quarter ? new UsageEventSum(start, quarter.TotalValue, quarter.EventCount) : null,
            organisation.Total is { } total ? new UsageEventSum(organisation.Organisation.Calendar.Period(month).Start, total.TotalValue, total.EventCount) : null);
    }

    // The first invoice that was made after the event was there counted it: of its own month, or as late usage with a later one.
    private static async Task<UsageEventLine?> LineAsync(IBillingDb db, Guid organisationId, UsageEventRow row, BillingMonth month, bool isStaff, CancellationToken cancellationToken) =>
        await db.Invoices.AsNoTracking()
            .Where(invoice => invoice.OrganisationId == organisationId && invoice.CreatedAt >= row.IngestedAt && invoice.Status != InvoiceStatus.Void && (isStaff || invoice.Status != InvoiceStatus.Draft))
            .SelectMany(invoice => invoice.Lines, (invoice, line) => new { invoice, line })
            .Where(pair => pair.line.MetricName == row.MetricName && pair.line.Unit == row.Unit && pair.line.UsageYear == month.Year && pair.line.UsageMonth == month.Month)
            .OrderBy(pair => pair.invoice.CreatedAt).ThenBy(pair => pair.line.Position)
            .Select(pair => new UsageEventLine(pair.invoice.Id, pair.invoice.Number, pair.invoice.Status, pair.line.Kind, pair.line.Position, pair.line.Quantity, pair.line.Amount, pair.invoice.Currency, pair.invoice.CreatedAt, pair.invoice.IssuedAt))
            .FirstOrDefaultAsync(cancellationToken);
}

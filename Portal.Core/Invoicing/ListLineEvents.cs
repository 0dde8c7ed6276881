using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Invoicing;

/// <summary>Which line of which invoice.</summary>
/// <param name="InvoiceId">The invoice.</param>
/// <param name="Position">Of the line, from 1.</param>
public sealed record LineEventsRequest(Guid InvoiceId, int Position);

/// <summary>
/// The events that a line counts, as of when the invoice was made: those of its metric and month that were there and not superseded. For late usage those that came after
/// the invoice before. The latest received first, by keyset. Customers see none of a draft.
/// </summary>
public sealed class ListLineEvents(IBillingStore store)
{
    public async Task<Result<PagedList<UsageEventRow>>> RunAsync(CallContext call, LineEventsRequest request, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.InvoicesRead) || !call.May(Permissions.UsageRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var found = await db.Invoices.AsNoTracking()
            .Where(invoice => invoice.Id == request.InvoiceId && (call.OrganisationId == null || invoice.Status != InvoiceStatus.Draft))
            .SelectMany(invoice => invoice.Lines, (invoice, line) => new { invoice.OrganisationId, invoice.CreatedAt, line })
            .Where(pair => pair.line.Position == request.Position)
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return Failure.NotFound("invoice line");
        var (line, made) = (found.line, found.CreatedAt);
        if (line.ChargeKey is not null)
            return new PagedList<UsageEventRow>([], false, null);
        var since = line.Kind == InvoiceLineKind.LateUsage ? await BeforeAsync(db, line, made, cancellationToken) : null;
        var month = new BillingMonth(line.UsageYear, line.UsageMonth);
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == found.OrganisationId, cancellationToken);
        // The number decides; the span, with room for a change of zone, only leaves out the partitions of other months.
        var (index, start, end) = (month.Index, organisation.Calendar.Period(month).Start.AddDays(-2), organisation.Calendar.Period(month).End.AddDays(2));
        var rows = db.UsageEvents.AsNoTracking()
            .Where(row => row.OrganisationId == found.OrganisationId && row.BillingMonth == index && row.Timestamp >= start && row.Timestamp < end)
            .Where(row => row.MetricName == line.MetricName && row.Unit == line.Unit && row.IngestedAt <= made && (since == null || row.IngestedAt > since))
            .Where(row => !db.UsageSupersessions.Any(gone => gone.OrganisationId == row.OrganisationId && gone.EventId == row.Id && gone.CreatedAt <= made));
        if (list.After is { } after)
            rows = rows.Where(row => row.Id < after);
        var fetched = await rows.OrderByDescending(row => row.Id).Take(list.Fetch)
            .Select(row => new UsageEventRow(row.Id, row.ProjectId, row.MetricName, row.MetricValue, row.Unit, row.Timestamp, row.IngestedAt, row.IdempotencyKey, row.Supersedes, row.ApiKeyId,
                db.ApiKeys.Where(key => key.Id == row.ApiKeyId).Select(key => key.Name).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        return PagedList<UsageEventRow>.Cut(fetched, list, total: null);
    }

    // When the month's usage of the metric was last billed before.
    private static Task<DateTimeOffset?> BeforeAsync(IBillingDb db, InvoiceLine line, DateTimeOffset made, CancellationToken cancellationToken) =>
        db.Invoices.Where(invoice => invoice.OrganisationId == line.OrganisationId && invoice.Status != InvoiceStatus.Void && invoice.CreatedAt < made)
            .Where(invoice => invoice.Lines.Any(other => other.MetricName == line.MetricName && other.Unit == line.Unit && other.UsageYear == line.UsageYear && other.UsageMonth == line.UsageMonth))
            .MaxAsync(invoice => (DateTimeOffset?)invoice.CreatedAt, cancellationToken);
}

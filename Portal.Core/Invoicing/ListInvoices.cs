using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Invoicing;

/// <summary>Which invoices are asked for; a filter that is null does not apply.</summary>
public sealed record InvoiceFilter
{
    public Guid? OrganisationId { get; init; }

    public BillingMonth? Month { get; init; }

    public InvoiceStatus? Status { get; init; }

    public Guid? BillingRunId { get; init; }

    /// <summary>True: only drafts that are held back; false: only what is not.</summary>
    public bool? Held { get; init; }

    /// <summary>True: only what is issued, not fully paid and not void.</summary>
    public bool? Open { get; init; }

    /// <summary>True: only open ones whose due date has passed.</summary>
    public bool? PastDue { get; init; }

    /// <summary>Open ones that have been due for so long.</summary>
    public ReceivableAge? Age { get; init; }

    /// <summary>Issued in this calendar month of the platform's zone, and not void.</summary>
    public BillingMonth? BilledIn { get; init; }

    /// <summary>ISO 4217 code.</summary>
    public string? Currency { get; init; }
}

/// <summary>A row of a list of invoices.</summary>
public sealed record InvoiceSummary(
    Guid Id,
    string? Number,
    InvoiceStatus Status,
    Guid OrganisationId,
    string OrganisationName,
    BillingMonth Month,
    DateTimeOffset PeriodStart,
    DateTimeOffset PeriodEnd,
    string TimeZone,
    string Locale,
    string Currency,
    decimal Subtotal,
    decimal Tax,
    decimal Total,
    decimal AmountPaid,
    decimal AmountDue,
    string? HoldReason,
    DateTimeOffset? IssuedAt,
    DateTimeOffset? DueAt,
    DateTimeOffset CreatedAt);

/// <summary>
/// Lists invoices, newest first; sorts by <c>number</c>, <c>organisation</c>, <c>month</c>, <c>total</c>, <c>amountDue</c>, <c>issuedAt</c>
/// or <c>dueAt</c>; searches number and, for staff, the organisation's name. Customers see no drafts.
/// </summary>
public sealed class ListInvoices(IBillingStore store, TimeProvider clock)
{
    public async Task<Result<PagedList<InvoiceSummary>>> RunAsync(CallContext call, InvoiceFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.InvoicesRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoices = Filter(call.OrganisationId is null ? db.Invoices : db.Invoices.Where(invoice => invoice.Status != InvoiceStatus.Draft), filter);
        if (filter.BilledIn is { } billedIn)
        {
            var span = new BillingCalendar((await db.PlatformSettingsAsync(cancellationToken)).TimeZone, null, null).Period(billedIn);
            invoices = invoices.Where(invoice => invoice.IssuedAt >= span.Start && invoice.IssuedAt < span.End && invoice.Status != InvoiceStatus.Void);
        }

        var rows = invoices.Join(db.Organisations, invoice => invoice.OrganisationId, organisation => organisation.Id, (invoice, organisation) => new Row { Invoice = invoice, Organisation = organisation.Name });
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            // The organisations first: a part of either of two tables can be looked up in neither's index.
            var pattern = LikePattern.Containing(list.Search);
            var named = await db.NamedLikeAsync(pattern, cancellationToken);
#pragma warning disable CA1304, CA1311, MA0011 // Runs in the database.
            rows = rows.Where(row => EF.Functions.Like(row.Invoice.Number!.ToLower(), pattern, @"\") || named.Contains(row.Invoice.OrganisationId));
#pragma warning restore CA1304, CA1311, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        rows = Sort(rows, list);
        rows = list.After is { } after ? rows.Where(row => row.Invoice.Id < after) : rows.Skip(list.Skip);
        var found = await rows.Take(list.Fetch).Select(row => new InvoiceSummary(
            row.Invoice.Id,
            row.Invoice.Number,
            row.Invoice.Status,
            row.Invoice.OrganisationId,
            row.Organisation,
            new BillingMonth(row.Invoice.Year, row.Invoice.Month),
            row.Invoice.PeriodStart,
            row.Invoice.PeriodEnd,
            row.Invoice.TimeZone,
            row.Invoice.Locale,
            row.Invoice.Currency,
            row.Invoice.Subtotal,
            row.Invoice.Tax,
            row.Invoice.Total,
            row.Invoice.AmountPaid,
            row.Invoice.AmountDue,
            row.Invoice.HoldReason,
            row.Invoice.IssuedAt,
            row.Invoice.DueAt,
            row.Invoice.CreatedAt)).ToListAsync(cancellationToken);
        return PagedList<InvoiceSummary>.Cut(found, list, total);
    }

    private IQueryable<Invoice> Filter(IQueryable<Invoice> invoices, InvoiceFilter filter)
    {
        if (filter.OrganisationId is { } organisation)
            invoices = invoices.Where(invoice => invoice.OrganisationId == organisation);
        if (filter.Month is { } month)
            invoices = invoices.Where(invoice => invoice.Year == month.Year && invoice.Month == month.Month);
        if (filter.Status is { } status)
            invoices = invoices.Where(invoice => invoice.Status == status);
        if (filter.BillingRunId is { } run)
            invoices = invoices.Where(invoice => invoice.BillingRunId == run);
        if (filter.Held is { } held)
            invoices = invoices.Where(invoice => invoice.Status == InvoiceStatus.Draft && invoice.HoldReason != null == held);
        if (filter.Open is { } open)
            invoices = invoices.Where(invoice => (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue) == open);
        if (filter.PastDue == true)
        {
            var now = clock.GetUtcNow();
            invoices = invoices.Where(invoice => (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue) && invoice.DueAt <= now);
        }

        if (filter.Age is { } age)
        {
            var (after, upTo) = age.DueDates(clock.GetUtcNow());
            invoices = invoices.Where(invoice => (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue)
                && (after == null || invoice.DueAt > after) && (upTo == null || invoice.DueAt <= upTo));
        }

        if (filter.Currency is { } currency)
            invoices = invoices.Where(invoice => invoice.Currency == currency);
        return invoices;
    }

    private static IQueryable<Row> Sort(IQueryable<Row> rows, ListRequest list) => (list.After is null ? list.Sort : null, list.Descending) switch
    {
        ("number", false) => rows.OrderBy(row => row.Invoice.Number).ThenBy(row => row.Invoice.Id),
        ("number", true) => rows.OrderByDescending(row => row.Invoice.Number).ThenByDescending(row => row.Invoice.Id),
        ("organisation", false) => rows.OrderBy(row => row.Organisation).ThenBy(row => row.Invoice.Id),
        ("organisation", true) => rows.OrderByDescending(row => row.Organisation).ThenByDescending(row => row.Invoice.Id),
        ("month", false) => rows.OrderBy(row => row.Invoice.Year).ThenBy(row => row.Invoice.Month).ThenBy(row => row.Invoice.Id),
        ("month", true) => rows.OrderByDescending(row => row.Invoice.Year).ThenByDescending(row => row.Invoice.Month).ThenByDescending(row => row.Invoice.Id),
        ("total", false) => rows.OrderBy(row => row.Invoice.Total).ThenBy(row => row.Invoice.Id),
        ("total", true) => rows.OrderByDescending(row => row.Invoice.Total).ThenByDescending(row => row.Invoice.Id),
        ("amountDue", false) => rows.OrderBy(row => row.Invoice.AmountDue).ThenBy(row => row.Invoice.Id),
        ("amountDue", true) => rows.OrderByDescending(row => row.Invoice.AmountDue).ThenByDescending(row => row.Invoice.Id),
        ("issuedAt", false) => rows.OrderBy(row => row.Invoice.IssuedAt).ThenBy(row => row.Invoice.Id),
        ("issuedAt", true) => rows.OrderByDescending(row => row.Invoice.IssuedAt).ThenByDescending(row => row.Invoice.Id),
        ("dueAt", false) => rows.OrderBy(row => row.Invoice.DueAt).ThenBy(row => row.Invoice.Id),
        ("dueAt", true) => rows.OrderByDescending(row => row.Invoice.DueAt).ThenByDescending(row => row.Invoice.Id),
        _ => rows.OrderByDescending(row => row.Invoice.Id),
    };

    private sealed class Row
    {
        public required Invoice Invoice { get; init; }

        public required string Organisation { get; init; }
    }
}

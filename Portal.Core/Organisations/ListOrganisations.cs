using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.Organisations;

/// <summary>A row of the list of organisations.</summary>
/// <param name="Id">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="BillingEmail">Where its bills go.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="Status">Its standing.</param>
/// <param name="IsActive">False: closed.</param>
/// <param name="Projects">How many it has.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Owed">What its open invoices leave to pay, in its currency; null for who may not read invoices.</param>
/// <param name="PastDue">How much of that is past its due date.</param>
public sealed record OrganisationRow(
    Guid Id, string Name, string BillingEmail, string Currency, string Country, OrganisationStatus Status, bool IsActive, int Projects, DateTimeOffset CreatedAt, decimal? Owed, decimal? PastDue)
{
    /// <summary>Events of each of the last <see cref="RecentUsage.Days"/> days, oldest first; null when it was not asked for, or may not be read.</summary>
    public IReadOnlyList<decimal>? Usage { get; init; }
}

/// <summary>Lists organisations. Searches name and mail address; sorts by <c>name</c> or <c>created</c>.</summary>
public sealed class ListOrganisations(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:read</c>; for <paramref name="withUsage"/> also <c>usage:read</c>, without which the rows have none.</summary>
    public async Task<Result<PagedList<OrganisationRow>>> RunAsync(CallContext call, ListRequest request, CancellationToken cancellationToken, bool withUsage = false)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.OrganisationsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var rows = db.Organisations.AsNoTracking();
        if (!string.IsNullOrWhiteSpace(request.Search))
        {
            var pattern = LikePattern.Containing(request.Search);
            rows = rows.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\") || EF.Functions.Like(row.BillingEmail.ToLower(), pattern, @"\"));
        }

        var total = request.WithTotal ? await rows.CountAsync(cancellationToken) : (int?)null;
        var sorted = (request.Sort, request.Descending) switch
        {
            ("name", false) => rows.OrderBy(row => row.Name).ThenBy(row => row.Id),
            ("name", true) => rows.OrderByDescending(row => row.Name).ThenBy(row => row.Id),
            ("created", false) => rows.OrderBy(row => row.Id),
            _ => rows.OrderByDescending(row => row.Id),
        };
        var page = request.After is { } after ? sorted.Where(row => row.Id < after) : sorted.Skip(request.Skip);
        var (now, seesInvoices) = (clock.GetUtcNow(), call.May(Permissions.InvoicesRead));
        // Each sum is one look into the index of open invoices, for the rows of this page alone.
        var fetched = await page.Take(request.Fetch)
            .Select(row => new OrganisationRow(row.Id, row.Name, row.BillingEmail, row.Currency, row.Country, row.Status, row.IsActive,
                db.Projects.Count(project => project.OrganisationId == row.Id), row.CreatedAt,
                seesInvoices ? db.Invoices.Where(invoice => invoice.OrganisationId == row.Id && invoice.Currency == row.Currency && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue)).Sum(invoice => invoice.AmountDue) : null,
                seesInvoices ? db.Invoices.Where(invoice => invoice.OrganisationId == row.Id && invoice.Currency == row.Currency && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue) && invoice.DueAt <= now).Sum(invoice => invoice.AmountDue) : null))
            .ToListAsync(cancellationToken);
        var cut = PagedList<OrganisationRow>.Cut(fetched, request, total);
        if (!withUsage || !call.May(Permissions.UsageRead))
            return cut;
        var usage = await RecentUsage.OfOrganisationsAsync(db, [.. cut.Items.Select(row => row.Id)], now, cancellationToken);
        return cut with { Items = [.. cut.Items.Select(row => row with { Usage = usage[row.Id] })] };
    }
}

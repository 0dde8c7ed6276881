using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>A row of the list of organisations.</summary>
public sealed record OrganisationRow(Guid Id, string Name, string BillingEmail, string Currency, string Country, OrganisationStatus Status, bool IsActive, int Projects, DateTimeOffset CreatedAt);

/// <summary>Lists organisations. Searches name and mail address; sorts by <c>name</c> or <c>created</c>.</summary>
public sealed class ListOrganisations(IBillingStore store)
{
    public async Task<Result<PagedList<OrganisationRow>>> RunAsync(CallContext call, ListRequest request, CancellationToken cancellationToken)
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
        var fetched = await page.Take(request.Fetch)
            .Select(row => new OrganisationRow(row.Id, row.Name, row.BillingEmail, row.Currency, row.Country, row.Status, row.IsActive,
                db.Projects.Count(project => project.OrganisationId == row.Id), row.CreatedAt))
            .ToListAsync(cancellationToken);
        return PagedList<OrganisationRow>.Cut(fetched, request, total);
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>Finds organisations for lists of what belongs to them.</summary>
internal static class OrganisationNames
{
    /// <summary>The organisations of the session whose name is like a <see cref="LikePattern"/>.</summary>
    public static Task<List<Guid>> NamedLikeAsync(this IBillingDb db, string pattern, CancellationToken cancellationToken) =>
#pragma warning disable CA1304, CA1311, MA0011 // Runs in the database.
        db.Organisations.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\")).Select(row => row.Id).ToListAsync(cancellationToken);
#pragma warning restore CA1304, CA1311, MA0011
}

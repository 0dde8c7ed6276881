using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Organisations;

/// <summary>What suspending an organisation, or restoring it, would mean now.</summary>
/// <param name="ActiveKeys">Keys that work today and would be refused.</param>
/// <param name="OpenInvoices">Issued, not void and not fully paid.</param>
/// <param name="OverdueInvoices">Of those, past due.</param>
/// <param name="Members">People who belong to it.</param>
public sealed record Standing(int ActiveKeys, int OpenInvoices, int OverdueInvoices, int Members);

/// <summary>Counts what hangs on an organisation.</summary>
public sealed class GetStanding(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>organisations:read</c>, as staff.</summary>
    public async Task<Result<Standing>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.OrganisationsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return new Standing(
            await db.ApiKeys.CountAsync(key => key.OrganisationId == organisationId && key.RevokedAt == null && (key.ExpiresAt == null || key.ExpiresAt > now), cancellationToken),
            await db.Invoices.CountAsync(
                invoice => invoice.OrganisationId == organisationId
                    && (invoice.Status == InvoiceStatus.Issued || invoice.Status == InvoiceStatus.PartiallyPaid || invoice.Status == InvoiceStatus.Overdue), cancellationToken),
            await db.Invoices.CountAsync(invoice => invoice.OrganisationId == organisationId && invoice.Status == InvoiceStatus.Overdue, cancellationToken),
            await db.RoleAssignments.CountAsync(role => role.OrganisationId == organisationId, cancellationToken));
    }
}

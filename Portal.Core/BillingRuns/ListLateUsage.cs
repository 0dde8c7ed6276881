using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Metering;

namespace Portal.Core.BillingRuns;

/// <summary>Late usage that a run billed or credited: the difference to what was billed before.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="OrganisationName">Whose.</param>
/// <param name="Month">The month that it belongs to.</param>
/// <param name="MetricName">The metric.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Quantity">Units that came after.</param>
/// <param name="Amount">Negative: it became account credit.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="InvoiceId">The invoice that holds it; null for a credit.</param>
public sealed record LateUsageDetails(Guid OrganisationId, string OrganisationName, BillingMonth Month, string MetricName, string Unit, decimal Quantity, decimal Amount, string Currency, Guid? InvoiceId);

/// <summary>Lists the late usage of a run by organisation, month and metric. Staff only; paged by skip.</summary>
public sealed class ListLateUsage(IBillingStore store)
{
    public async Task<Result<PagedList<LateUsageDetails>>> RunAsync(CallContext call, Guid runId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.BillingRunsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var lines = db.Invoices.Where(invoice => invoice.BillingRunId == runId)
            .SelectMany(invoice => invoice.Lines.Where(line => line.Kind == InvoiceLineKind.LateUsage), (invoice, line) => new
            {
                line.OrganisationId, line.UsageYear, line.UsageMonth, line.MetricName, line.Unit, line.Quantity, line.Amount, invoice.Currency, InvoiceId = (Guid?)invoice.Id,
            });
        var credits = db.LateUsageCredits.Where(credit => credit.BillingRunId == runId).Select(credit => new
        {
            credit.OrganisationId, credit.UsageYear, credit.UsageMonth, credit.MetricName, credit.Unit, credit.Quantity, Amount = -credit.Amount, credit.Currency, InvoiceId = (Guid?)null,
        });
        var rows =
            from late in lines.Concat(credits)
            join organisation in db.Organisations on late.OrganisationId equals organisation.Id
            select new { late, organisation.Name };
        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var found = await rows
            .OrderBy(row => row.Name).ThenBy(row => row.late.OrganisationId).ThenBy(row => row.late.UsageYear).ThenBy(row => row.late.UsageMonth).ThenBy(row => row.late.MetricName).ThenBy(row => row.late.Unit)
            .Skip(list.Skip).Take(list.Fetch).ToListAsync(cancellationToken);
        return PagedList<LateUsageDetails>.Cut(
            [.. found.Select(row => new LateUsageDetails(
                row.late.OrganisationId, row.Name, new BillingMonth(row.late.UsageYear, row.late.UsageMonth), row.late.MetricName, row.late.Unit, row.late.Quantity, row.late.Amount, row.late.Currency, row.late.InvoiceId))],
            list, total);
    }
}

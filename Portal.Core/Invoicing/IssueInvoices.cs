using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>Which drafts to issue: exactly one of the three.</summary>
public sealed record IssueInvoicesRequest
{
    public IReadOnlyList<Guid>? InvoiceIds { get; init; }

    /// <summary>All drafts of a run.</summary>
    public Guid? BillingRunId { get; init; }

    /// <summary>All drafts of a month.</summary>
    public BillingMonth? Month { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Issued">Issued now.</param>
/// <param name="Skipped">Not issued: issued already, held back, or thrown away meanwhile.</param>
public sealed record IssueOutcome(int Issued, int Skipped);

/// <summary>
/// Issues drafts, many to a transaction: numbers without gaps in order of id, snapshots, ledger entries, account credit, audit and
/// messages, all or nothing. What can't be issued is skipped. Killed anywhere and started again, it issues the rest.
/// </summary>
public sealed class IssueInvoices(IBillingStore store, IssueBatch batch, TimeProvider clock)
{
    private const int BatchSize = 500;

    public async Task<Result<IssueOutcome>> RunAsync(CallContext call, IssueInvoicesRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesIssue) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (new[] { request.InvoiceIds is not null, request.BillingRunId is not null, request.Month is not null }.Count(given => given) != 1)
            return Failure.Invalid("invoiceIds", "Choose invoices, a run or a month.");
        if (await NotReadyAsync(call, cancellationToken) is { } notReady)
            return notReady;
        var (issued, asked) = (0, 0);
        await foreach (var ids in BatchesAsync(call, request, cancellationToken))
        {
            asked += ids.Count;
            issued += (await batch.RunAsync(call, ids, cancellationToken)).Count;
        }

        return new IssueOutcome(issued, asked - issued);
    }

    private async Task<Failure?> NotReadyAsync(CallContext call, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return IssueReadiness.Check(await db.SettingsInForceAsync(clock.GetUtcNow(), cancellationToken));
    }

    private async IAsyncEnumerable<IReadOnlyList<Guid>> BatchesAsync(CallContext call, IssueInvoicesRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request.InvoiceIds is { } named)
        {
            foreach (var chunk in named.Distinct().Chunk(BatchSize))
                yield return chunk;
            yield break;
        }

        for (Guid? last = null; ;)
        {
            await using var db = await store.OpenAsync(call.Scope, cancellationToken);
            var drafts = db.Invoices.Where(invoice => invoice.Status == InvoiceStatus.Draft);
            if (request.BillingRunId is { } run)
                drafts = drafts.Where(invoice => invoice.BillingRunId == run);
            if (request.Month is { } month)
                drafts = drafts.Where(invoice => invoice.Year == month.Year && invoice.Month == month.Month);
            if (last is { } after)
                drafts = drafts.Where(invoice => invoice.Id > after);
            var ids = await drafts.OrderBy(invoice => invoice.Id).Select(invoice => invoice.Id).Take(BatchSize).ToListAsync(cancellationToken);
            if (ids.Count == 0)
                yield break;
            yield return ids;
            last = ids[^1];
        }
    }
}

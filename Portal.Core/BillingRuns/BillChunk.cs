using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Metering;
using Portal.Core.Organisations;

namespace Portal.Core.BillingRuns;

/// <summary>Makes the drafts of some organisations, with all that belongs to them, in one transaction.</summary>
public sealed class BillChunk(
    IBillingStore store,
    IBillingRunQueue queue,
    IBillingInputs inputs,
    IInvoiceBulk bulk,
    IOptions<BillingOptions> options,
    TimeProvider clock,
    ILogger<BillChunk> logger)
{
    /// <summary>The earliest month that is compared with what was billed.</summary>
    public BillingMonth FirstMonth(BillingMonth month) => BillingMonth.FromIndex(month.Index - options.Value.LateUsageMonths);

    /// <summary>Bills the organisations; returns the invoices that were made.</summary>
    /// <exception cref="LeaseLostException">The run is somebody else's; nothing was written.</exception>
    public async Task<IReadOnlyList<Guid>> RunAsync(CallContext call, RunLease lease, IReadOnlyList<Guid> organisationIds, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(lease);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        var input = await inputs.LoadAsync(db, organisationIds, new BillingInputRequest(lease.Month, FirstMonth(lease.Month), lease.Remake, Lock: true, CoverAt: lease.LateOnly ? null : now), cancellationToken);
        var work = new Work(lease, now);
        foreach (var organisation in input.Organisations)
            Bill(work, input, organisation);
        await WriteAsync(db, call, work, cancellationToken);
        await queue.RecordAsync(db, lease, new RunProgress(work.Outcomes, work.Unpriced.Count, 0), leaseUntil, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return [.. work.Invoices.Select(invoice => invoice.Id)];
    }

    private void Bill(Work work, BillingInput input, Organisation organisation)
    {
        var month = work.Lease.Month;
        try
        {
            if (work.Lease.LateOnly)
            {
                var late = input.BillableUsage(organisation, month).Where(usage => usage.Month < month);
                work.Take(input.Draft(organisation, month, late, work.Now, withFees: false) with { Supplement = input.Supplements.GetValueOrDefault(organisation.Id) + 1 });
                return;
            }

            if (organisation.Calendar.Period(month).End > work.Now)
            {
                work.Skip(organisation.Id, "The month has not ended in its time zone.");
                return;
            }

            if (input.Invoices[organisation.Id].FirstOrDefault(invoice => invoice.Month == month) is { } present)
            {
                if (!present.IsRemade)
                {
                    work.Skip(organisation.Id, present.Status == InvoiceStatus.Draft ? "It already has a draft for this month." : "Already invoiced for this month.", present.Id);
                    return;
                }

                work.Discarded.Add((organisation.Id, present.Id));
            }

            work.Take(input.Draft(organisation, month, input.BillableUsage(organisation, month), work.Now));
        }
#pragma warning disable CA1031 // One organisation that can't be billed is parked with its reason; the run goes on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.OrganisationParked(logger, work.Lease.RunId, organisation.Id, exception);
            work.Discarded.RemoveAll(discarded => discarded.OrganisationId == organisation.Id);
            work.Outcomes.Add(new RunItemOutcome(organisation.Id, BillingRunItemState.Failed, DatabaseFault.Describe(exception)));
        }
    }

    private async Task WriteAsync(IBillingDb db, CallContext call, Work work, CancellationToken cancellationToken)
    {
        var audit = new List<AuditEntry>(work.Invoices.Count);
        if (work.Discarded.Count > 0)
        {
            Guid[] discarded = [.. work.Discarded.Select(item => item.InvoiceId)];
            await bulk.DeleteDraftsAsync(db, discarded, cancellationToken);
            audit.AddRange(work.Discarded.Select(item => AuditEntry.Of(call, new AuditRecord("invoice.draft_discarded", "invoice", item.InvoiceId, item.OrganisationId, After: new { Reason = "made anew", BillingRunId = work.Lease.RunId }), work.Now)));
        }

        await db.InsertManyAsync(work.Invoices, cancellationToken);
        await db.InsertManyAsync([.. work.Invoices.SelectMany(invoice => invoice.Lines)], cancellationToken);
        await db.InsertManyAsync([.. work.Invoices.SelectMany(invoice => invoice.Taxes)], cancellationToken);
        await db.InsertManyAsync(work.Unpriced, cancellationToken);
        audit.AddRange(work.Invoices.Select(invoice => AuditEntry.Of(
            call,
            new AuditRecord("invoice.drafted", "invoice", invoice.Id, invoice.OrganisationId, After: new { Month = invoice.BillingMonth.ToString(), invoice.Currency, invoice.Total, invoice.HoldReason, BillingRunId = work.Lease.RunId }),
            work.Now)));
        if (work.Credits.Count > 0)
            await CreditAsync(db, call, work, audit, cancellationToken);
        await db.InsertManyAsync(audit, cancellationToken);
    }

    // Late usage that made a month cheaper: less revenue, and money of the customer that no invoice has used yet.
    private async Task CreditAsync(IBillingDb db, CallContext call, Work work, List<AuditEntry> audit, CancellationToken cancellationToken)
    {
        // A discount of all of it leaves nothing to give back; the row is kept, so that the month compares.
        var given = work.Credits.Where(credit => credit.Amount > 0).ToList();
        var entries = given.Select(credit => LedgerTransaction.Post(
            credit.OrganisationId,
            LedgerKinds.LateUsageCredited,
            credit.Id,
            credit.Currency,
            $"Late usage of {new BillingMonth(credit.UsageYear, credit.UsageMonth)}: {credit.MetricName} ({credit.Unit})",
            work.Now,
            Posting.ToDebit(LedgerAccount.Revenue, credit.Amount),
            Posting.ToCredit(LedgerAccount.CustomerCredit, credit.Amount))).ToList();
        await bulk.MoveCreditAsync(db, [.. given.Select(credit => new CreditMovement(credit.OrganisationId, credit.Currency, credit.Amount, CreditReasons.LateUsage, credit.Id))], work.Now, cancellationToken);
        await db.InsertManyAsync(work.Credits, cancellationToken);
        await db.InsertManyAsync(entries, cancellationToken);
        await db.InsertManyAsync([.. entries.SelectMany(entry => entry.Entries)], cancellationToken);
        audit.AddRange(given.Select(credit => AuditEntry.Of(
            call,
            new AuditRecord("account_credit.granted", "late_usage_credit", credit.Id, credit.OrganisationId, After: new { Reason = CreditReasons.LateUsage, credit.Amount, credit.Currency, credit.MetricName, credit.Unit, Month = new BillingMonth(credit.UsageYear, credit.UsageMonth).ToString() }),
            work.Now)));
    }

    // What a chunk comes to, before it is written.
    private sealed class Work(RunLease lease, DateTimeOffset now)
    {
        public RunLease Lease => lease;

        public DateTimeOffset Now => now;

        public List<Invoice> Invoices { get; } = [];

        public List<(Guid OrganisationId, Guid InvoiceId)> Discarded { get; } = [];

        public List<LateUsageCredit> Credits { get; } = [];

        public List<UnpricedUsage> Unpriced { get; } = [];

        public List<RunItemOutcome> Outcomes { get; } = [];

        public void Skip(Guid organisationId, string reason, Guid? invoiceId = null) =>
            Outcomes.Add(new RunItemOutcome(organisationId, BillingRunItemState.Skipped, reason, invoiceId));

        public void Take(InvoiceDraft draft)
        {
            var invoice = draft.IsWorthAnInvoice ? Invoice.FromDraft(draft, lease.RunId, now) : null;
            List<LateUsageCredit> credits = [.. draft.Credits.Select(credit => LateUsageCredit.Of(draft, credit, lease.RunId, now))];
            Credits.AddRange(credits);
            Unpriced.AddRange(draft.Unpriced.Select(usage => UnpricedUsage.Of(lease.RunId, draft.OrganisationId, usage)));
            if (invoice is null)
            {
                Skip(draft.OrganisationId, draft.Unpriced.Count > 0 ? "No price covers its usage." : credits.Count > 0 ? "Late usage became account credit; nothing else to bill." : "Nothing to bill.");
                return;
            }

            Invoices.Add(invoice);
            Outcomes.Add(new RunItemOutcome(draft.OrganisationId, BillingRunItemState.Done, invoice.HoldReason, invoice.Id));
        }
    }
}

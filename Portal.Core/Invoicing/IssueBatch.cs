using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Kernel;
using Portal.Core.Ledger;
using Portal.Core.Outbox;
using Portal.Core.Payments;
using Portal.Core.Settings;
using Portal.Core.Tax;

namespace Portal.Core.Invoicing;

/// <summary>Issues some drafts in one transaction. What is not a draft any more, or is held back, is left out.</summary>
public sealed class IssueBatch(IBillingStore store, IInvoiceBulk bulk, TimeProvider clock)
{
    /// <summary>Issues the drafts among the invoices; returns what they got, in order of their numbers.</summary>
    public async Task<IReadOnlyList<IssuedFacts>> RunAsync(CallContext call, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var settings = await db.SettingsInForceAsync(clock.GetUtcNow(), cancellationToken);
        if (IssueReadiness.Check(settings) is { } notReady)
            throw new InvalidOperationException(notReady.Message);
        var locked = await bulk.LockDraftsAsync(db, invoiceIds, cancellationToken);
        if (locked.Count == 0)
            return [];
        var tables = await db.TaxTablesAsync([.. locked.Select(draft => draft.Organisation.Id).Distinct()], billed: null, cancellationToken);
        var drafts = await WithoutOutdatedAsync(db, call, locked, tables, cancellationToken);
        if (drafts.Count == 0)
        {
            await db.CommitAsync(cancellationToken);
            return [];
        }

        var (numbers, now) = await NumbersAsync(db, settings, drafts.Count, cancellationToken);
        var credit = new Dictionary<(Guid, string), decimal>(await bulk.LockCreditAsync(db, [.. drafts.Select(draft => draft.Organisation.Id)], cancellationToken));
        var seller = InvoiceJson.Write(settings.Seller);
        var issued = new List<IssuedFacts>(drafts.Count);
        var payments = new List<Payment>();
        for (var index = 0; index < drafts.Count; index++)
        {
            var (invoice, organisation) = drafts[index];
            var applied = ApplyCredit(credit, invoice, now, payments);
            issued.Add(new IssuedFacts(
                invoice.Id,
                applied == invoice.Total ? InvoiceStatus.Paid : applied > 0 ? InvoiceStatus.PartiallyPaid : InvoiceStatus.Issued,
                numbers[index],
                seller,
                InvoiceJson.Write(CustomerSnapshot.Of(organisation, tables.CustomerOn(organisation, tables.DayOf(now)), now)),
                DueDate.Of(now, organisation.PaymentTermsDays, organisation.Calendar.ZoneAt(now)),
                applied,
                applied == invoice.Total ? now : null));
        }

        await bulk.IssueAsync(db, issued, now, cancellationToken);
        await BookAsync(db, call, drafts, issued, payments, now, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return issued;
    }

    // The tax of an invoice is that of the day of issue. Where profiles or rates have changed since a draft was made, it is held back, and the
    // next run makes it anew.
    private async Task<IReadOnlyList<DraftToIssue>> WithoutOutdatedAsync(IBillingDb db, CallContext call, IReadOnlyList<DraftToIssue> drafts, TaxTables tables, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = tables.DayOf(now);
        var outdated = drafts.Where(draft => !draft.Invoice.IsTaxedAsOn(today, tables.Treatment(draft.Organisation, today), tables.Rates)).ToList();
        if (outdated.Count == 0)
            return drafts;
        const string Reason = "Tax profiles or rates have changed since this draft was created. Run the month again to regenerate it.";
        await bulk.HoldAsync(db, [.. outdated.Select(draft => draft.Invoice.Id)], Reason, now, cancellationToken);
        await db.InsertManyAsync([.. outdated.Select(draft => AuditEntry.Of(call, new AuditRecord("invoice.held", "invoice", draft.Invoice.Id, draft.Invoice.OrganisationId, After: new { HoldReason = Reason }), now))], cancellationToken);
        return [.. drafts.Except(outdated)];
    }

    // The counter's row is locked first and the time is read after it, so that later numbers never bear an earlier time. The financial
    // year that was chosen stays, also where midnight passes while this waits for the lock.
    private async Task<(IReadOnlyList<string> Numbers, DateTimeOffset Now)> NumbersAsync(IBillingDb db, PlatformSettings settings, int count, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        var year = YearOf(asked);
        var first = await bulk.TakeNumbersAsync(db, settings.InvoiceSeries, year, count, cancellationToken);
        var after = clock.GetUtcNow();
        return ([.. Enumerable.Range(0, count).Select(index => InvoiceNumbers.Format(settings.InvoiceSeries, year, first + index))], YearOf(after) == year ? after : asked);

        string YearOf(DateTimeOffset instant) => InvoiceNumbers.FinancialYear(
            DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone)).DateTime),
            settings.FinancialYearStart);
    }

    // Account credit comes after tax and before anything else settles the invoice.
    private static decimal ApplyCredit(Dictionary<(Guid, string), decimal> credit, Invoice invoice, DateTimeOffset now, List<Payment> payments)
    {
        var key = (invoice.OrganisationId, invoice.Currency);
        var applied = Math.Min(credit.GetValueOrDefault(key), invoice.Total);
        if (applied <= 0)
            return 0;
        credit[key] -= applied;
        var payment = Payment.Record(invoice.OrganisationId, PaymentMethod.AccountCredit, invoice.Currency, applied, 0, null, now, now);
        payment.Allocate(invoice.Id, applied, now);
        payments.Add(payment);
        return applied;
    }

    private async Task BookAsync(IBillingDb db, CallContext call, IReadOnlyList<DraftToIssue> drafts, List<IssuedFacts> issued, List<Payment> payments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entries = new List<LedgerTransaction>(drafts.Count + payments.Count);
        for (var index = 0; index < drafts.Count; index++)
        {
            // Nothing is owed on an invoice of zero: there is nothing to book.
            if (drafts[index].Invoice is { Total: > 0 } invoice)
                entries.Add(InvoicePostings.Issued(invoice, issued[index].Number, now));
        }

        if (payments.Count > 0)
        {
            await db.InsertManyAsync(payments, cancellationToken);
            await db.InsertManyAsync([.. payments.SelectMany(payment => payment.Allocations)], cancellationToken);
            await bulk.MoveCreditAsync(db, [.. payments.Select(payment => new CreditMovement(payment.OrganisationId, payment.Currency, -payment.Amount, CreditReasons.AppliedToInvoice, payment.Id))], now, cancellationToken);
            entries.AddRange(payments.Select(payment => LedgerTransaction.Post(
                payment.OrganisationId,
                LedgerKinds.CreditApplied,
                payment.Id,
                payment.Currency,
                "Account credit applied at issue",
                now,
                Posting.ToDebit(LedgerAccount.CustomerCredit, payment.Amount),
                Posting.ToCredit(LedgerAccount.AccountsReceivable, payment.Amount))));
        }

        await db.InsertManyAsync(entries, cancellationToken);
        await db.InsertManyAsync([.. entries.SelectMany(entry => entry.Entries)], cancellationToken);
        await db.InsertManyAsync([.. drafts.Select(draft => OutboxMessage.Create(OutboxKinds.InvoiceIssued, draft.Invoice.Id, draft.Invoice.OrganisationId, now))], cancellationToken);
        await db.InsertManyAsync(
            [.. drafts.Select((draft, index) => AuditEntry.Of(
                call,
                new AuditRecord(
                    "invoice.issued",
                    "invoice",
                    draft.Invoice.Id,
                    draft.Invoice.OrganisationId,
                    new { Status = InvoiceStatus.Draft },
                    new { issued[index].Status, issued[index].Number, draft.Invoice.Total, draft.Invoice.Currency, CreditApplied = issued[index].AmountPaid, issued[index].DueAt }),
                now))],
            cancellationToken);
    }
}

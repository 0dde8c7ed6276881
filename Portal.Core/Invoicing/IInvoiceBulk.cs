using Portal.Core.Access;
using Portal.Core.Credits;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Invoicing;

/// <summary>A draft that is locked to be issued, and its organisation.</summary>
public sealed record DraftToIssue(Invoice Invoice, Organisation Organisation);

/// <summary>What an invoice gets when it is issued.</summary>
public sealed record IssuedFacts(Guid InvoiceId, InvoiceStatus Status, string Number, string Seller, string Customer, DateTimeOffset DueAt, decimal AmountPaid, DateTimeOffset? PaidAt);

/// <summary>What is done to many invoices at once: each method is a statement or two within the session's transaction.</summary>
public interface IInvoiceBulk
{
    /// <summary>Locks, in order of id, those of the invoices that are drafts and not held back, without their lines.</summary>
    Task<IReadOnlyList<DraftToIssue>> LockDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the next numbers of a series: the counter's row stays locked until the session ends, so that nothing is left out when it is
    /// undone. Returns the first of them.
    /// </summary>
    Task<long> TakeNumbersAsync(IBillingDb db, string series, string financialYear, int count, CancellationToken cancellationToken);

    /// <summary>Turns locked drafts into issued invoices.</summary>
    Task IssueAsync(IBillingDb db, IReadOnlyCollection<IssuedFacts> invoices, DateTimeOffset issuedAt, CancellationToken cancellationToken);

    /// <summary>Locks the account credit of the organisations and returns what there is of it, by organisation and currency.</summary>
    Task<IReadOnlyDictionary<(Guid OrganisationId, string Currency), decimal>> LockCreditAsync(IBillingDb db, IReadOnlyCollection<Guid> organisationIds, CancellationToken cancellationToken);

    /// <summary>Moves account credit, each movement with the balance after it. The database refuses a balance below zero.</summary>
    Task MoveCreditAsync(IBillingDb db, IReadOnlyList<CreditMovement> movements, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Holds drafts back, for a reason.</summary>
    Task HoldAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, string reason, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Throws drafts away, with their lines and taxes.</summary>
    Task DeleteDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken);

    /// <summary>Marks open invoices whose due date has passed, at most so many, each with its audit row; returns how many.</summary>
    Task<int> MarkOverdueAsync(IBillingDb db, CallContext call, int take, DateTimeOffset now, CancellationToken cancellationToken);
}

using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>One payment with what it settled.</summary>
public sealed class GetPayment(IBillingStore store)
{
    /// <summary>Needs <c>payments:read</c>.</summary>
    public async Task<Result<PaymentDetails>> RunAsync(CallContext call, Guid paymentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.PaymentsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await PaymentDetails.ReadAsync(db, paymentId, cancellationToken) is { } details ? details : Failure.NotFound("payment");
    }
}

/// <summary>A payment, whole.</summary>
/// <param name="Id">Ours.</param>
/// <param name="OrganisationId">Whose money.</param>
/// <param name="OrganisationName">Whose money.</param>
/// <param name="Method">How it came.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Amount">Money.</param>
/// <param name="TdsAmount">Tax deducted at source.</param>
/// <param name="AccountCredit">What no invoice and no purchase of prepaid credits took; 0 until it is captured.</param>
/// <param name="Reference">As staff wrote it.</param>
/// <param name="ProviderOrderId">The provider's id of the order.</param>
/// <param name="ProviderPaymentId">The provider's id of the payment.</param>
/// <param name="ProviderMethod">The provider's word for how it was paid.</param>
/// <param name="Fee">What the provider keeps, tax included; known after capture.</param>
/// <param name="FailureReason">Why it failed.</param>
/// <param name="ReceivedAt">When the money came.</param>
/// <param name="CreatedAt">When it was first seen.</param>
/// <param name="UpdatedAt">When it last moved.</param>
/// <param name="Parts">The invoices that it settled, oldest due first.</param>
/// <param name="TdsRate">Per cent that was deducted, where it is known.</param>
/// <param name="TdsCertificate">What proves the deduction, once it came.</param>
public sealed record PaymentDetails(
    Guid Id, Guid OrganisationId, string OrganisationName, PaymentMethod Method, PaymentStatus Status, string Currency, decimal Amount, decimal TdsAmount, decimal AccountCredit,
    string? Reference, string? ProviderOrderId, string? ProviderPaymentId, string? ProviderMethod, decimal? Fee, string? FailureReason,
    DateTimeOffset ReceivedAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<PaymentPart> Parts, decimal? TdsRate = null, string? TdsCertificate = null)
{
    internal static async Task<PaymentDetails?> ReadAsync(IBillingDb db, Guid paymentId, CancellationToken cancellationToken)
    {
        var payment = await db.Payments.AsNoTracking().Include(row => row.Allocations).SingleOrDefaultAsync(row => row.Id == paymentId, cancellationToken);
        if (payment is null)
            return null;
        var name = await db.Organisations.Where(row => row.Id == payment.OrganisationId).Select(row => row.Name).SingleAsync(cancellationToken);
        var ids = payment.Allocations.Select(part => part.InvoiceId).ToArray();
        var invoices = await db.Invoices.Where(row => ids.Contains(row.Id)).OrderBy(row => row.DueAt).Select(row => new { row.Id, row.Number }).ToListAsync(cancellationToken);
        var isOurs = payment.Status is PaymentStatus.Captured or PaymentStatus.PartiallyRefunded or PaymentStatus.Refunded;
        var prepaid = await db.PrepaidPurchases.Where(row => row.PaymentId == paymentId).Select(row => row.Total).SingleOrDefaultAsync(cancellationToken);
        return new PaymentDetails(payment.Id, payment.OrganisationId, name, payment.Method, payment.Status, payment.Currency, payment.Amount, payment.TdsAmount,
            isOurs ? payment.Settles - payment.Allocations.Sum(part => part.Amount) - prepaid : 0, payment.Reference, payment.ProviderOrderId, payment.ProviderPaymentId, payment.ProviderMethod,
            payment.Fee, payment.FailureReason, payment.ReceivedAt, payment.CreatedAt, payment.UpdatedAt,
            [.. invoices.Select(invoice => new PaymentPart(invoice.Id, invoice.Number, payment.Allocations.Where(part => part.InvoiceId == invoice.Id).Sum(part => part.Amount)))],
            payment.TdsRate, payment.TdsCertificate);
    }
}

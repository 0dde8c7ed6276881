using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>
/// The browser says that the checkout succeeded. Its signature is checked against our own order; that says that the provider knows the payment, not that the
/// money is ours. So the provider is asked at once, and only what it answers is booked.
/// </summary>
public sealed class ConfirmCheckout(IBillingStore store, IPaymentGateway gateway, ReconcileOrder reconcile, TimeProvider clock)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Needs <c>invoices:pay</c>; the provider's own post of the form has no session and comes as a system call: there the signature stands for
    /// the caller. NotFound for an order that is not in the scope, Invalid <c>invalid_signature</c>.
    /// </summary>
    public async Task<Result<CheckoutConfirmation>> RunAsync(CallContext call, ConfirmCheckoutRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesPay))
            return Failure.Forbidden();
        PaymentOrder? order;
        await using (var db = await store.OpenAsync(call.Scope, cancellationToken))
            order = await db.PaymentOrders.AsNoTracking().SingleOrDefaultAsync(row => row.ProviderOrderId == request.ProviderOrderId, cancellationToken);
        if (order is null)
            return Failure.NotFound("payment");
        if (!gateway.IsCheckoutSignatureValid(order.ProviderOrderId!, request.ProviderPaymentId, request.Signature))
            return Failure.Invalid("signature", "The payment could not be confirmed. If you were charged, it will show here within minutes.", "invalid_signature");

        using var patience = new CancellationTokenSource(s_patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            // The outcome does not matter here: the webhook and the reconciliation job settle it as well.
            await reconcile.RunAsync(CallContext.System("checkout", "the provider's word on an order is booked for whoever owns it"), order.Id, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The provider is slow; the page keeps showing that the payment is being confirmed.
        }

        return new CheckoutConfirmation(order.Id, order.OrganisationId, order.InvoiceId, order.PrepaidPurchaseId);
    }
}

/// <summary>The three fields that the checkout gives.</summary>
public sealed record ConfirmCheckoutRequest(string ProviderOrderId, string ProviderPaymentId, string Signature);

/// <summary>The payment is being confirmed; the page shows "processing" until the invoice or the purchase changes.</summary>
public sealed record CheckoutConfirmation(Guid OrderId, Guid OrganisationId, Guid? InvoiceId, Guid? PrepaidPurchaseId = null);

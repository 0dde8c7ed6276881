using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;

namespace Portal.Core.Payments;

/// <summary>
/// Opens the checkout for an invoice. The intent is committed before the provider is called, at most one order per invoice is open, and an order
/// that was begun is used again as long as its amount is right.
/// </summary>
public sealed class StartPayment(IBillingStore store, IPaymentGateway gateway, OpenPaymentOrder open, TimeProvider clock)
{
    /// <summary>The least that a customer may pay of an invoice, in its currency's major unit.</summary>
    public const decimal SmallestPart = 1.00m;

    // Longer than any call to the provider takes; until then the process that wrote the intent is still about it.
    private static readonly TimeSpan s_opening = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Needs <c>invoices:pay</c>. Unavailable <c>payments_off</c> without keys, <c>payment_unknown</c> when the provider does not answer;
    /// Conflict <c>invoice_not_open</c>, <c>payment_starting</c> (a second click while the first still runs) and <c>payment_in_progress</c>.
    /// </summary>
    public async Task<Result<CheckoutSession>> RunAsync(CallContext call, StartPaymentRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.InvoicesPay))
            return Failure.Forbidden();
        if (!gateway.IsConfigured || gateway.Checkout is not { } checkout)
            return PaymentFailures.Off();
        var intended = await IntendAsync(call, request, cancellationToken);
        if (!intended.Succeeded)
            return intended.Failure;
        var (order, isNew, invoice) = intended.Value;
        if (order.Status != PaymentOrderStatus.Open)
        {
            var young = order.Status == PaymentOrderStatus.Intended && clock.GetUtcNow() - order.CreatedAt < s_opening;
            var opened = await open.RunAsync(call, order, isNew, mayCreate: isNew || !young);
            if (!opened.Succeeded)
                return opened.Failure.Kind == FailureKind.NotFound ? Failure.Conflict("payment_starting", "The payment is being opened. Try again in a moment.") : opened.Failure;
            order = opened.Value;
            if (order.Status != PaymentOrderStatus.Open)
                return PaymentFailures.NotOpen(invoice.Number);
        }

        return new CheckoutSession(order.Id, invoice.Id, order.ProviderOrderId!, checkout, order.Amount, order.Currency, gateway.IsTest, invoice.Number, invoice.CustomerName, invoice.CustomerEmail);
    }

    private async Task<Result<Intended>> IntendAsync(CallContext call, StartPaymentRequest request, CancellationToken cancellationToken)
    {
        // Each round closes an order that no longer fits or loses to somebody who was faster; neither can go on.
        for (var round = 0; round < 5; round++)
        {
            if (await TryIntendAsync(call, request, cancellationToken) is { } result)
                return result;
        }

        return Failure.Conflict("payment_starting", "Another payment of this invoice is being opened. Try again in a moment.");
    }

    private async Task<Result<Intended>?> TryIntendAsync(CallContext call, StartPaymentRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var invoice = await db.Invoices.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.InvoiceId, cancellationToken);
        if (invoice is null || invoice.Status == InvoiceStatus.Draft)
            return Failure.NotFound("invoice");
        if (!invoice.IsOpen || invoice.AmountDue <= 0)
            return PaymentFailures.NotOpen(invoice.Number);
        var asked = AmountOf(request, invoice);
        if (!asked.Succeeded)
            return asked.Failure;
        var amount = asked.Value.Amount;
        var customer = await db.Organisations.Where(row => row.Id == invoice.OrganisationId).Select(row => new { row.Name, row.BillingEmail }).SingleAsync(cancellationToken);
        var facts = new InvoiceFacts(invoice.Id, invoice.Number!, customer.Name, customer.BillingEmail);

        if (await OpenOrderAsync(db, invoice.Id, cancellationToken) is { } existing)
        {
            if (existing.Amount == amount && existing.Currency == invoice.Currency)
                return new Intended(existing, false, facts);
            if (existing.ProviderOrderId is { } providerId && await db.Payments.AnyAsync(row => row.ProviderOrderId == providerId && row.Status == PaymentStatus.Authorized, cancellationToken))
                return Failure.Conflict("payment_in_progress", "A payment of this invoice is being confirmed by the bank. Wait for it before paying another part.");
            // On its own, before the next is written: an order's row is never held while the invoice's is waited for.
            existing.Close("replaced", now);
            db.Audit(call, new AuditRecord("payment_order.closed", "payment_order", existing.Id, existing.OrganisationId, new { existing.Amount }, new { Reason = "replaced" }), now);
            await db.CommitAsync(cancellationToken);
            return null;
        }

        var intent = PaymentOrder.Intend(invoice.OrganisationId, invoice.Id, invoice.Currency, amount, now);
        db.PaymentOrders.Add(intent);
        db.Audit(call, new AuditRecord("payment_order.intended", "payment_order", intent.Id, intent.OrganisationId, null, new { intent.InvoiceId, intent.Amount, intent.Currency }), now);
        try
        {
            await db.CommitAsync(cancellationToken);
            return new Intended(intent, true, facts);
        }
        catch (UniqueViolationException)
        {
            return null; // Somebody else has just opened one: take that.
        }
    }

    private Result<Money> AmountOf(StartPaymentRequest request, Invoice invoice)
    {
        var currency = Currency.Of(invoice.Currency);
        if (request.Amount is { } part && (part < Math.Min(SmallestPart, invoice.AmountDue) || part > invoice.AmountDue || currency.Round(part) != part))
            return Failure.Invalid("amount", $"Enter an amount from {SmallestPart} to {invoice.AmountDue} {currency.Code}.", "amount_out_of_range");
        return gateway.Payable(new Money(request.Amount ?? invoice.AmountDue, currency)) is { } payable
            ? payable
            : Failure.Invalid("amount", $"{currency.Code} can't be paid online. Pay by bank transfer instead.", "amount_not_payable");
    }

    private static async Task<PaymentOrder?> OpenOrderAsync(IBillingDb db, Guid invoiceId, CancellationToken cancellationToken)
    {
        var id = await db.PaymentOrders
            .Where(row => row.InvoiceId == invoiceId && (row.Status == PaymentOrderStatus.Intended || row.Status == PaymentOrderStatus.Open || row.Status == PaymentOrderStatus.Unknown))
            .Select(row => (Guid?)row.Id).SingleOrDefaultAsync(cancellationToken);
        return id is { } found && await db.LockAsync<PaymentOrder>(found, cancellationToken) is { IsOpen: true } order ? order : null;
    }

    private sealed record InvoiceFacts(Guid Id, string Number, string CustomerName, string CustomerEmail);

    private sealed record Intended(PaymentOrder Order, bool IsNew, InvoiceFacts Invoice);
}

/// <summary>Which invoice, and how much of it.</summary>
/// <param name="InvoiceId">An open invoice of the scope.</param>
/// <param name="Amount">A part, at least <see cref="StartPayment.SmallestPart"/> and at most what is due; null for all that is due.</param>
public sealed record StartPaymentRequest(Guid InvoiceId, decimal? Amount = null);

/// <summary>What the pay page needs to open the provider's checkout.</summary>
/// <param name="OrderId">Our order.</param>
/// <param name="InvoiceId">What is paid.</param>
/// <param name="ProviderOrderId">The checkout's <c>order_id</c>; it carries the amount.</param>
/// <param name="Checkout">Script, public key and origins.</param>
/// <param name="Amount">In major units, for showing.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="IsTest">True: no real money moves.</param>
/// <param name="InvoiceNumber">For the checkout's description.</param>
/// <param name="CustomerName">To fill in.</param>
/// <param name="CustomerEmail">To fill in.</param>
public sealed record CheckoutSession(
    Guid OrderId,
    Guid InvoiceId,
    string ProviderOrderId,
    GatewayCheckout Checkout,
    decimal Amount,
    string Currency,
    bool IsTest,
    string InvoiceNumber,
    string CustomerName,
    string CustomerEmail);

using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Currencies;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Core.Organisations;
using Portal.Core.PrepaidCredits;
using Portal.Core.Tax;

namespace Portal.Core.Payments;

/// <summary>What the page needs to open the provider's checkout for a pack of credits.</summary>
public sealed record PrepaidCheckout(
    Guid OrderId, Guid PurchaseId, string ProviderOrderId, GatewayCheckout Checkout, decimal Net, decimal Tax, decimal Amount, string Currency, bool IsTest, string ProductName, string CustomerName, string CustomerEmail, string SellerName);

/// <summary>
/// Begins to buy a pack of credits: the purchase with its tax and the intent to collect it are committed before the provider is called. A purchase that was begun
/// a short while ago is taken up again, so that a second click buys nothing twice.
/// </summary>
public sealed class StartPrepaidPurchase(IBillingStore store, IPaymentGateway gateway, OpenPaymentOrder open, TimeProvider clock)
{
    private static readonly TimeSpan s_takenUp = TimeSpan.FromMinutes(30);

    // Longer than any call to the provider takes; until then the process that wrote the intent is still about it.
    private static readonly TimeSpan s_opening = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Needs <c>invoices:pay</c>, in an organisation. NotFound for a pack that is not sold; Conflict <c>tax_not_ready</c> or <c>payment_starting</c>; Invalid
    /// <c>amount_not_payable</c>; Unavailable <c>payments_off</c>, <c>payment_unknown</c>.
    /// </summary>
    public async Task<Result<PrepaidCheckout>> RunAsync(CallContext call, Guid creditProductId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.InvoicesPay) || call.OrganisationId is not { } organisationId)
            return Failure.Forbidden();
        if (!gateway.IsConfigured || gateway.Checkout is not { } checkout)
            return PaymentFailures.Off();
        var intended = await IntendAsync(call, organisationId, creditProductId, cancellationToken);
        if (!intended.Succeeded)
            return intended.Failure;
        var (order, purchase, isNew, name, email, _) = intended.Value;
        if (order.Status != PaymentOrderStatus.Open)
        {
            var young = order.Status == PaymentOrderStatus.Intended && clock.GetUtcNow() - order.CreatedAt < s_opening;
            var opened = await open.RunAsync(call, order, isNew, mayCreate: isNew || !young);
            if (!opened.Succeeded)
                return opened.Failure.Kind == FailureKind.NotFound ? Failure.Conflict("payment_starting", "The payment is being opened. Try again in a moment.") : opened.Failure;
            order = opened.Value;
            if (order.Status != PaymentOrderStatus.Open)
                return Failure.Conflict("purchase_paid", "This purchase is already paid.");
        }

        return new PrepaidCheckout(
            order.Id, purchase.Id, order.ProviderOrderId!, checkout, purchase.Net, purchase.Tax, order.Amount, order.Currency, gateway.IsTest, purchase.ProductName, name, email, intended.Value.SellerName);
    }

    private async Task<Result<Intended>> IntendAsync(CallContext call, Guid organisationId, Guid creditProductId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var product = await db.CreditProducts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == creditProductId && row.IsActive, cancellationToken);
        if (product is null)
            return Failure.NotFound("credit product");
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == organisationId, cancellationToken);
        var quoted = await QuotePrepaidPurchase.WorkOutAsync(db, organisation, product, now, cancellationToken);
        if (!quoted.Succeeded)
            return quoted.Failure;
        var (currency, tax) = (Currency.Of(product.Currency), quoted.Value.Tax);
        var total = tax.Net + tax.Tax;
        // What the provider would round can't be paid as it is taxed.
        if (gateway.Payable(new Money(total, currency)) is not { } payable || payable.Amount != total)
            return Failure.Invalid("creditProductId", $"This amount of {currency.Code} can't be paid online.", "amount_not_payable");

        var seller = (await db.SettingsInForceAsync(now, cancellationToken)).Seller.LegalName;
        if (await TakenUpAsync(db, product, total, now, cancellationToken) is var (begun, existing))
            return new Intended(existing, begun, false, organisation.Name, organisation.BillingEmail, seller);
        var purchase = PrepaidPurchase.Begin(organisationId, product, tax, call.Actor.Id, now);
        var order = PaymentOrder.IntendPurchase(organisationId, purchase.Id, purchase.Currency, purchase.Total, now);
        db.PrepaidPurchases.Add(purchase);
        db.PaymentOrders.Add(order);
        db.Audit(call, new AuditRecord("prepaid_purchase.begun", "prepaid_purchase", purchase.Id, organisationId, null, new
        {
            purchase.ProductName, purchase.Credits, purchase.Net, purchase.Tax, purchase.Total, purchase.Currency,
        }), now);
        await db.CommitAsync(cancellationToken);
        return new Intended(order, purchase, true, organisation.Name, organisation.BillingEmail, seller);
    }

    private static async Task<(PrepaidPurchase Purchase, PaymentOrder Order)?> TakenUpAsync(IBillingDb db, CreditProduct product, decimal total, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - s_takenUp;
        var found = await db.PrepaidPurchases.AsNoTracking()
            .Where(purchase => purchase.CreditProductId == product.Id && purchase.Status == PrepaidPurchaseStatus.Pending && purchase.CreatedAt > since
                && purchase.Total == total && purchase.Credits == product.Credits && purchase.ValidityDays == product.ValidityDays)
            .Join(
                db.PaymentOrders.AsNoTracking().Where(order => order.Status == PaymentOrderStatus.Intended || order.Status == PaymentOrderStatus.Open || order.Status == PaymentOrderStatus.Unknown),
                purchase => (Guid?)purchase.Id, order => order.PrepaidPurchaseId, (purchase, order) => new { purchase, order })
            .OrderByDescending(row => row.purchase.Id).FirstOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.purchase, found.order);
    }

    private sealed record Intended(PaymentOrder Order, PrepaidPurchase Purchase, bool IsNew, string CustomerName, string CustomerEmail, string SellerName);
}

/// <summary>What a pack would cost an organisation today.</summary>
/// <param name="Product">The pack.</param>
/// <param name="Net">Without tax.</param>
/// <param name="Taxes">Each component; none where none is charged.</param>
/// <param name="Total">What is paid.</param>
/// <param name="Worked">The same, as a purchase keeps it.</param>
public sealed record PrepaidQuote(CreditProduct Product, decimal Net, IReadOnlyList<TaxComponent> Taxes, decimal Total, PurchaseTax Worked);

/// <summary>Works out price and tax of a pack; nothing is begun.</summary>
public sealed class QuotePrepaidPurchase(IBillingStore store, TimeProvider clock)
{
    /// <summary>Needs <c>credits:read</c>, in an organisation. NotFound for a pack that is not sold; Conflict <c>tax_not_ready</c>.</summary>
    public async Task<Result<PrepaidQuote>> RunAsync(CallContext call, Guid creditProductId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsRead) || call.OrganisationId is not { } organisationId)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var product = await db.CreditProducts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == creditProductId && row.IsActive, cancellationToken);
        if (product is null)
            return Failure.NotFound("credit product");
        var organisation = await db.Organisations.AsNoTracking().SingleAsync(row => row.Id == organisationId, cancellationToken);
        var worked = await WorkOutAsync(db, organisation, product, clock.GetUtcNow(), cancellationToken);
        return worked.Succeeded ? new PrepaidQuote(product, worked.Value.Tax.Net, worked.Value.Components, worked.Value.Tax.Net + worked.Value.Tax.Tax, worked.Value.Tax) : worked.Failure;
    }

    internal static async Task<Result<WorkedOut>> WorkOutAsync(IBillingDb db, Organisation organisation, CreditProduct product, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tables = await db.TaxTablesAsync([organisation.Id], billed: null, cancellationToken);
        var treatment = tables.Treatment(organisation, tables.DayOf(now));
        var computed = TaxMath.Compute(treatment, [new TaxableLine(product.Price, product.HsnSac)], tables.Rates, Currency.Of(product.Currency));
        return computed.Unrated.Count > 0
            ? Failure.Conflict("tax_not_ready", "This pack can't be bought yet because no tax rate is set for it.")
            : new WorkedOut(
                new PurchaseTax(computed.Lines[0].Net, computed.Components.Sum(component => component.Amount), InvoiceJson.Write(computed.Components), InvoiceJson.Write(treatment)),
                [.. computed.Components]);
    }

    internal sealed record WorkedOut(PurchaseTax Tax, IReadOnlyList<TaxComponent> Components);
}

/// <summary>Reads a purchase, for a page that waits for its money.</summary>
public sealed class GetPrepaidPurchase(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>.</summary>
    public async Task<Result<PrepaidPurchase>> RunAsync(CallContext call, Guid id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await db.PrepaidPurchases.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } purchase ? purchase : Failure.NotFound("purchase");
    }
}

/// <summary>Lists the purchases of prepaid credits, newest first; the paid ones are receipt vouchers.</summary>
public sealed class ListPrepaidPurchases(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>. Paging by skip or by id; searches number and pack.</summary>
    public async Task<Result<PagedList<PrepaidPurchase>>> RunAsync(CallContext call, Guid? organisationId, PrepaidPurchaseStatus? status, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var purchases = db.PrepaidPurchases.AsNoTracking();
        if (organisationId is { } owner)
            purchases = purchases.Where(purchase => purchase.OrganisationId == owner);
        if (status is { } wanted)
            purchases = purchases.Where(purchase => purchase.Status == wanted);
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var needle = list.Search.Trim().ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            purchases = purchases.Where(purchase => purchase.Number!.StartsWith(needle) || purchase.ProductName.ToUpper().Contains(needle));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        var all = purchases;
        if (list.After is { } after)
            purchases = purchases.Where(purchase => purchase.Id < after);
        return await PagedList<PrepaidPurchase>.ReadAsync(purchases.OrderByDescending(purchase => purchase.Id).Skip(list.Skip).Take(list.Fetch), list, all.CountAsync, cancellationToken);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Core.Currencies;
using Portal.Core.Payments;

namespace Portal.Tests.Data.Payments;

/// <summary>A payment provider in memory: it keeps its own truth, and a test decides what its answers are worth.</summary>
internal sealed class FakeGateway(TimeProvider clock) : IPaymentGateway
{
    public const string WebhookSecret = "webhook-secret-of-the-fake";
    private const string KeySecret = "key-secret-of-the-fake";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, GatewayOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GatewayPayment> _payments = new(StringComparer.Ordinal);
    private int _last;

    /// <summary>What happens to the next calls that create an order; empty: they work.</summary>
    public Queue<Fault> Faults { get; } = new();

    /// <summary>Until this is false again, every question is answered with "unknown".</summary>
    public bool IsAway { get; set; }

    /// <summary>The list of an order's payments is empty, as when its index lags behind.</summary>
    public bool ListLagsBehind { get; set; }

    /// <summary>Runs after an order was made and before its answer arrives.</summary>
    public Func<GatewayOrder, Task>? BeforeAnswer { get; set; }

    public int CreateCalls { get; private set; }

    public string Name => "fake";

    public bool IsConfigured { get; set; } = true;

    public bool IsTest => true;

    public GatewayCheckout? Checkout => IsConfigured ? new GatewayCheckout("/fake/checkout.js", "key_fake", []) : null;

    public Money? Payable(Money due) => due.Currency.Code == "XPF" ? null : due;

    public IReadOnlyList<GatewayOrder> OrdersOf(string receipt)
    {
        lock (_gate)
            return [.. _orders.Values.Where(order => order.Receipt == receipt)];
    }

    public async Task<GatewayResult<GatewayOrder>> CreateOrderAsync(GatewayOrderRequest request, CancellationToken cancellationToken)
    {
        GatewayOrder order;
        Fault fault;
        lock (_gate)
        {
            CreateCalls++;
            fault = Faults.Count > 0 ? Faults.Dequeue() : Fault.None;
            if (!IsConfigured)
                return new GatewayResult<GatewayOrder>.Refused(GatewayRefusal.NotConfigured, null, "");
            if (fault == Fault.Refuses)
                return new GatewayResult<GatewayOrder>.Refused("BAD_REQUEST_ERROR", "input_validation_failed", "No.");
            if (fault == Fault.LostBefore)
                return new GatewayResult<GatewayOrder>.Unknown("timeout");
            order = new GatewayOrder(Id("order"), request.Amount, request.Amount with { Amount = 0 }, GatewayOrderStatus.Created, request.Receipt, 0, request.Notes, clock.GetUtcNow());
            _orders[order.Id] = order;
        }

        if (BeforeAnswer is { } before)
            await before(order);
        return fault == Fault.LostAfter ? new GatewayResult<GatewayOrder>.Unknown("timeout") : new GatewayResult<GatewayOrder>.Done(order);
    }

    public Task<GatewayResult<IReadOnlyList<GatewayOrder>>> FindOrdersByReceiptAsync(string receipt, CancellationToken cancellationToken) => Answer(() => OrdersOf(receipt));

    public Task<GatewayResult<GatewayOrder>> GetOrderAsync(string orderId, CancellationToken cancellationToken) => Find(_orders, orderId);

    public Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListOrderPaymentsAsync(string orderId, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<GatewayPayment>>(() => ListLagsBehind ? [] : [.. _payments.Values.Where(payment => payment.OrderId == orderId)]);

    public Task<GatewayResult<GatewayPayment>> GetPaymentAsync(string paymentId, CancellationToken cancellationToken) => Find(_payments, paymentId);

    public Task<GatewayResult<IReadOnlyList<GatewayPayment>>> ListPaymentsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<GatewayPayment>>(() => [.. _payments.Values]);

    public Task<GatewayResult<GatewayPayment>> CapturePaymentAsync(string paymentId, Money amount, CancellationToken cancellationToken)
    {
        Move(paymentId, GatewayPaymentStatus.Captured);
        return Find(_payments, paymentId);
    }

    public Task<GatewayResult<GatewayRefund>> CreateRefundAsync(GatewayRefundRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<GatewayResult<IReadOnlyList<GatewayRefund>>> ListRefundsAsync(string paymentId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public bool IsCheckoutSignatureValid(string orderId, string paymentId, string? signature) => signature == CheckoutSignature(orderId, paymentId);

    public bool IsWebhookSignatureValid(ReadOnlySpan<byte> body, string? signature) => signature == WebhookSignature(body);

    public bool TryReadWebhook(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out GatewayEvent? gatewayEvent)
    {
        gatewayEvent = null;
        try
        {
            var read = JsonSerializer.Deserialize<FakeEvent>(body.Span)!;
            gatewayEvent = new GatewayEvent(read.Type, null, read.Payment is null ? null : Snapshot(read), null, null, null);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static string CheckoutSignature(string orderId, string paymentId) => Sign(KeySecret, Encoding.UTF8.GetBytes($"{orderId}|{paymentId}"));

    public static string WebhookSignature(ReadOnlySpan<byte> body) => Sign(WebhookSecret, body.ToArray());

    /// <summary>A customer makes an attempt on an order.</summary>
    public GatewayPayment Pay(string orderId, GatewayPaymentStatus status = GatewayPaymentStatus.Captured, Money? amount = null)
    {
        lock (_gate)
        {
            var order = _orders[orderId];
            var payment = new GatewayPayment(Id("pay"), orderId, amount ?? order.Amount, GatewayPaymentStatus.Created, false, order.Amount with { Amount = 0 }, "upi", null, null, null, null,
                new Dictionary<string, string>(), clock.GetUtcNow());
            _payments[payment.Id] = payment;
            return Move(payment.Id, status);
        }
    }

    /// <summary>The provider's truth moves on.</summary>
    public GatewayPayment Move(string paymentId, GatewayPaymentStatus status)
    {
        lock (_gate)
            return _payments[paymentId] = As(_payments[paymentId], status);
    }

    /// <summary>The payment as it would look in another state.</summary>
    public static GatewayPayment As(GatewayPayment payment, GatewayPaymentStatus status) => payment with
    {
        Status = status,
        Captured = status is GatewayPaymentStatus.Captured or GatewayPaymentStatus.Refunded,
        Fee = status == GatewayPaymentStatus.Captured ? payment.Amount with { Amount = payment.Amount.Currency.Round(payment.Amount.Amount * 0.02m) } : null,
        Error = status == GatewayPaymentStatus.Failed ? new GatewayPaymentError("BAD_REQUEST_ERROR", "payment_failed", "Payment failed", "bank", "payment_authorization") : null,
    };

    /// <summary>A webhook's body.</summary>
    public static byte[] Event(string type, GatewayPayment? payment) =>
        JsonSerializer.SerializeToUtf8Bytes(new FakeEvent(type, payment?.Id, payment?.OrderId, payment?.Amount.Amount ?? 1));

    private static GatewayPayment Snapshot(FakeEvent read) => new(
        read.Payment!, read.Order, new Money(read.Amount, Currency.Of("INR")), GatewayPaymentStatus.Unknown, false, new Money(0, Currency.Of("INR")), null, null, null, null, null,
        new Dictionary<string, string>(), default);

    private static string Sign(string secret, byte[] message) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message));

    private string Id(string prefix) => $"{prefix}_{Guid.CreateVersion7(clock.GetUtcNow()).ToString("n")[18..]}{Interlocked.Increment(ref _last)}";

    private Task<GatewayResult<T>> Answer<T>(Func<T> value)
    {
        lock (_gate)
            return Task.FromResult<GatewayResult<T>>(IsAway ? new GatewayResult<T>.Unknown("away") : new GatewayResult<T>.Done(value()));
    }

    private Task<GatewayResult<T>> Find<T>(Dictionary<string, T> all, string id)
    {
        lock (_gate)
        {
            return Task.FromResult<GatewayResult<T>>(IsAway ? new GatewayResult<T>.Unknown("away")
                : all.TryGetValue(id, out var found) ? new GatewayResult<T>.Done(found)
                : new GatewayResult<T>.Refused(GatewayRefusal.NotFound, null, "No such thing."));
        }
    }

    private sealed record FakeEvent(string Type, string? Payment, string? Order, decimal Amount);
}

/// <summary>What becomes of a call.</summary>
internal enum Fault
{
    None,

    /// <summary>Refused, for certain.</summary>
    Refuses,

    /// <summary>It never reached the provider, and nobody can tell.</summary>
    LostBefore,

    /// <summary>It was done, and the answer got lost.</summary>
    LostAfter,
}

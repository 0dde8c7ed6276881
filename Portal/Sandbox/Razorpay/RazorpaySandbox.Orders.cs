using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay.Api;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

public sealed partial class RazorpaySandbox
{
    private static readonly string[] s_orderFields =
    [
        "amount", "currency", "receipt", "notes", "partial_payment", "first_payment_min_amount", "payment_capture", "payment", "customer_id", "method",
        "token", "notification", "bank_account", "offer_id", "unique_receipt",
    ];

    internal SandboxReply CreateOrder(SandboxBody body)
    {
        if (body.Unexpected(s_orderFields) is { } extra)
            return extra;
        if (!body.TryAmount("amount", out var amount))
            return SandboxReply.Refused("The amount must be an integer.", "amount");
        var currency = body.Text("currency") ?? "";
        if (Unpayable(amount, currency, "Order amount less than minimum amount allowed") is { } unpayable)
            return unpayable;
        var receipt = body.Text("receipt");
        if (receipt is { Length: > 40 })
            return SandboxReply.Refused("The receipt may not be greater than 40 characters.", "receipt");
        if (!body.TryNotes(out var notes))
            return SandboxReply.Refused("Notes may hold at most 15 pairs of at most 256 characters each.", "notes");
        lock (_gate)
        {
            var same = receipt is null ? null : _orders.Values.FirstOrDefault(order => order.Receipt == receipt);
            if (same is not null && body.Flag("unique_receipt") == true)
                return SandboxReply.Ok(SandboxJson.Of(same));
            if (same is not null && _settings.UniqueReceipts)
                return SandboxReply.Refused("Order receipt should be unique.", "receipt");
            var order = new SandboxOrder
            {
                Id = SandboxCredentials.NewId("order_"), Amount = amount, Currency = currency, Receipt = receipt, Notes = notes, CreatedAt = Now,
                AutoCapture = body.Child("payment")?.Text("capture") switch { "automatic" => true, "manual" => false, _ => body.Flag("payment_capture") },
            };
            _orders[order.Id] = order;
            Keep(order);
            return SandboxReply.Ok(SandboxJson.Of(order));
        }
    }

    internal SandboxReply GetOrder(string id)
    {
        lock (_gate)
            return _orders.TryGetValue(id, out var order) ? SandboxReply.Ok(SandboxJson.Of(order)) : SandboxReply.NoSuchId();
    }

    internal SandboxReply ListOrders(SandboxPage page, string? receipt)
    {
        lock (_gate)
            return page.Of(_orders.Values.Where(order => receipt is null || order.Receipt == receipt), order => order.CreatedAt, SandboxJson.Of);
    }

    internal SandboxReply ListOrderPayments(string id)
    {
        lock (_gate)
        {
            return _orders.ContainsKey(id)
                ? SandboxReply.Collection([.. PaymentsOf(id).OrderByDescending(payment => payment.CreatedAt).Select(payment => SandboxJson.Of(payment))])
                : SandboxReply.NoSuchId();
        }
    }

    private IEnumerable<SandboxPayment> PaymentsOf(string orderId) => _payments.Values.Where(payment => payment.OrderId == orderId);

    private static SandboxReply? Unpayable(long amount, string currency, string tooLittle)
    {
        if (!RazorpayAmounts.TryExponent(currency, out var exponent))
            return SandboxReply.Refused("Currency is not supported", "currency");
        // INR 1.00; elsewhere at least something.
        if (amount < (currency == "INR" ? 100 : 1))
            return SandboxReply.Refused(tooLittle, "amount", "amount_less_than_minimum_amount");
        return exponent == 3 && amount % 10 != 0 ? SandboxReply.Refused("The last digit of the amount must be 0 for this currency.", "amount") : null;
    }
}

using Portal.Sandbox.Razorpay.Api;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

public sealed partial class RazorpaySandbox
{
    internal SandboxReply CreateRefund(string paymentId, SandboxBody body, string? key)
    {
        if (body.Unexpected(["amount", "speed", "notes", "receipt", "reverse_all"]) is { } extra)
            return extra;
        if (key is not null && (key.Length < 10 || !key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
            return SandboxReply.Refused("The idempotency key must have at least 10 letters, digits, hyphens or underscores.");
        if (!body.TryNotes(out var notes))
            return SandboxReply.Refused("Notes may hold at most 15 pairs of at most 256 characters each.", "notes");
        if (body.Text("speed") is { } speed && speed is not ("normal" or "optimum"))
            return SandboxReply.Refused("Speed must be normal or optimum.", "speed");
        long? wanted = null;
        if (body.Has("amount"))
        {
            if (!body.TryAmount("amount", out var amount))
                return SandboxReply.Refused("The amount must be an integer.", "amount");
            wanted = amount;
        }

        lock (_gate)
        {
            var request = $"{paymentId} {body.Canonical()}";
            if (key is not null && _refunds.Values.FirstOrDefault(it => it.Key == key) is { } earlier)
            {
                return earlier.KeyBody == request
                    ? SandboxReply.Ok(SandboxJson.Of(earlier))
                    : SandboxReply.Refused("Different request with the same idempotency key has already been processed", reason: "duplicate_request");
            }

            if (!_payments.TryGetValue(paymentId, out var payment))
                return SandboxReply.NoSuchId();
            if (Unrefundable(payment, wanted) is { } unrefundable)
                return unrefundable;
            var refund = new SandboxRefund
            {
                Id = SandboxCredentials.NewId("rfnd_"), PaymentId = paymentId, Amount = wanted ?? payment.Amount - payment.AmountRefunded,
                Currency = payment.Currency, Receipt = body.Text("receipt"), Speed = body.Text("speed") ?? "normal", Notes = notes, Key = key, KeyBody = request,
                SettlesAs = _settings.NextRefund == "failed" ? "failed" : "processed", CreatedAt = Now,
                SettlesAt = _settings.NextRefund == "processed" ? null : _time.GetUtcNow().AddSeconds(_settings.RefundSeconds),
            };
            if (_settings.NextRefund != "processed")
            {
                _settings.NextRefund = "processed";
                KeepSettings();
            }

            _refunds[refund.Id] = refund;
            var events = new List<SandboxEvent>();
            Begin(payment, refund, events);
            if (refund.SettlesAt is null)
                Settle(payment, refund, events);
            Keep(payment);
            Keep(refund);
            Emit(events);
            return SandboxReply.Ok(SandboxJson.Of(refund));
        }
    }

    internal SandboxReply GetRefund(string id, string? paymentId = null)
    {
        lock (_gate)
        {
            return _refunds.TryGetValue(id, out var refund) && (paymentId is null || refund.PaymentId == paymentId)
                ? SandboxReply.Ok(SandboxJson.Of(refund))
                : SandboxReply.NoSuchId();
        }
    }

    internal SandboxReply ListRefunds(SandboxPage page, string? paymentId = null)
    {
        lock (_gate)
        {
            return paymentId is null || _payments.ContainsKey(paymentId)
                ? page.Of(_refunds.Values.Where(refund => paymentId is null || refund.PaymentId == paymentId), refund => refund.CreatedAt, SandboxJson.Of)
                : SandboxReply.NoSuchId();
        }
    }

    private static SandboxReply? Unrefundable(SandboxPayment payment, long? amount) => payment switch
    {
        { Captured: false } => SandboxReply.Refused("The payment status should be captured for action to be taken"),
        _ when payment.AmountRefunded >= payment.Amount => SandboxReply.Refused("The payment has been fully refunded already"),
        _ when amount is { } wanted && Unpayable(wanted, payment.Currency, "The amount must be atleast INR 1.00") is { } unpayable => unpayable,
        _ when amount > payment.Amount - payment.AmountRefunded =>
            SandboxReply.Refused("The total refund amount is greater than the refund payment amount", "amount"),
        _ => null,
    };

    private static void Begin(SandboxPayment payment, SandboxRefund refund, List<SandboxEvent> events)
    {
        payment.AmountRefunded += refund.Amount;
        payment.Status = payment.AmountRefunded >= payment.Amount ? "refunded" : payment.Status;
        events.Add(SandboxEvent.Of("refund.created", payment, refund));
    }

    private static void Settle(SandboxPayment payment, SandboxRefund refund, List<SandboxEvent> events)
    {
        refund.SettlesAt = null;
        refund.Status = refund.SettlesAs ?? "processed";
        if (refund.Status == "processed")
        {
            refund.Arn = SandboxCredentials.Digits(23);
        }
        else
        {
            // A failed refund leaves the money with the seller.
            payment.AmountRefunded -= refund.Amount;
            payment.Status = payment.Captured ? "captured" : payment.Status;
        }

        events.Add(SandboxEvent.Of("refund." + refund.Status, payment, refund));
    }

    // Money that arrives for an order already paid goes back by itself, never captured.
    private void ReturnUncaptured(SandboxPayment payment, List<SandboxEvent> events)
    {
        var refund = new SandboxRefund
        {
            Id = SandboxCredentials.NewId("rfnd_"), PaymentId = payment.Id, Amount = payment.Amount, Currency = payment.Currency, CreatedAt = Now,
        };
        _refunds[refund.Id] = refund;
        Begin(payment, refund, events);
        Settle(payment, refund, events);
        Keep(refund);
    }
}

using System.Globalization;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay.Api;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

/// <summary>What becomes of an attempt to pay.</summary>
public enum SandboxOutcome
{
    Success,
    Fail,

    /// <summary>Fails, and turns out to be authorised a while later.</summary>
    Late,
}

/// <summary>An attempt, as the payer's browser learns of it.</summary>
/// <param name="PaymentId">The new payment, or null when it was refused before it began.</param>
/// <param name="OrderId">Its order.</param>
/// <param name="Status">The payment's status.</param>
/// <param name="Signature">What the checkout hands over; null unless it went well.</param>
/// <param name="Failure">Why it did not.</param>
internal sealed record SandboxAttempt(string? PaymentId, string OrderId, string Status, string? Signature, SandboxFailure? Failure);

public sealed partial class RazorpaySandbox
{
    /// <summary>A payer tries to pay an order. Null when there is no such order.</summary>
    internal SandboxAttempt? Pay(string orderId, SandboxInstrument instrument, SandboxOutcome wanted, SandboxFailure? failure = null, string? description = null, Dictionary<string, string>? notes = null, double? lateSeconds = null)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(orderId, out var order))
                return null;
            if (order.Status == "paid")
                return new SandboxAttempt(null, orderId, "failed", null, new SandboxFailure("order_already_paid", "This order has already been paid.", "business", "payment_initiation"));
            if (PaymentsOf(orderId).Any(it => it.Status == "authorized"))
                return new SandboxAttempt(null, orderId, "failed", null, new SandboxFailure("input_validation_failed", "A payment on this order is already authorised.", "business", "payment_initiation"));
            var payment = new SandboxPayment
            {
                Id = SandboxCredentials.NewId("pay_"), OrderId = orderId, Amount = order.Amount - order.AmountPaid, Currency = order.Currency,
                Instrument = instrument, Description = description, Notes = notes ?? [], CreatedAt = Now,
            };
            _payments[payment.Id] = payment;
            order.Attempts++;
            order.Status = "attempted";
            var outcome = TakeForced() ?? wanted;
            var events = new List<SandboxEvent>();
            if (outcome == SandboxOutcome.Success)
            {
                Authorise(order, payment, events);
            }
            else
            {
                payment.Status = "failed";
                payment.Failure = failure ?? new SandboxFailure("payment_failed", "Payment failed");
                payment.LateAt = outcome == SandboxOutcome.Late ? _time.GetUtcNow().AddSeconds(lateSeconds ?? _settings.LateSeconds) : null;
                events.Add(SandboxEvent.Of("payment.failed", payment));
            }

            Keep(payment);
            Keep(order);
            Emit(events);
            var signature = payment.Status == "failed" ? null : RazorpaySignature.OfCheckout(orderId, payment.Id, Credentials.KeySecret);
            return new SandboxAttempt(payment.Id, orderId, payment.Status, signature, payment.Failure);
        }
    }

    internal SandboxReply GetPayment(string id, bool withCard)
    {
        lock (_gate)
            return _payments.TryGetValue(id, out var payment) ? SandboxReply.Ok(SandboxJson.Of(payment, withCard)) : SandboxReply.NoSuchId();
    }

    internal SandboxReply GetCard(string id)
    {
        lock (_gate)
            return _payments.TryGetValue(id, out var payment) && SandboxJson.Card(payment) is { } card ? SandboxReply.Ok(card) : SandboxReply.NoSuchId();
    }

    internal SandboxReply ListPayments(SandboxPage page)
    {
        lock (_gate)
            return page.Of(_payments.Values, payment => payment.CreatedAt, payment => SandboxJson.Of(payment));
    }

    internal SandboxReply Capture(string id, SandboxBody body)
    {
        if (body.Unexpected(["amount", "currency"]) is { } extra)
            return extra;
        if (!body.TryAmount("amount", out var amount))
            return SandboxReply.Refused("The amount must be an integer.", "amount");
        lock (_gate)
        {
            if (!_payments.TryGetValue(id, out var payment))
                return SandboxReply.NoSuchId();
            if (payment.Captured)
                return SandboxReply.Refused("This payment has already been captured");
            if (payment.Status != "authorized")
                return SandboxReply.Refused("Only payments which have been authorized and not yet captured can be captured");
            if (amount != payment.Amount || (body.Text("currency") ?? "INR") != payment.Currency)
                return SandboxReply.Refused("Capture amount must be equal to the amount authorized", "amount");
            var events = new List<SandboxEvent>();
            Capture(_orders[payment.OrderId], payment, events);
            Keep(payment);
            Keep(_orders[payment.OrderId]);
            Emit(events);
            return SandboxReply.Ok(SandboxJson.Of(payment));
        }
    }

    private void Authorise(SandboxOrder order, SandboxPayment payment, List<SandboxEvent> events)
    {
        payment.Status = "authorized";
        payment.Failure = null;
        payment.LateAt = null;
        payment.BankReference = SandboxCredentials.Digits(12);
        events.Add(SandboxEvent.Of("payment.authorized", payment));
        if (order.Status == "paid")
            ReturnUncaptured(payment, events);
        else if (order.AutoCapture ?? _settings.AutoCapture)
            Capture(order, payment, events);
    }

    private static void Capture(SandboxOrder order, SandboxPayment payment, List<SandboxEvent> events)
    {
        payment.Status = "captured";
        payment.Captured = true;
        // Two per cent and the tax of 18 % on it; "fee" includes the tax.
        var charge = (long)Math.Round(payment.Amount * 0.02m, 0, MidpointRounding.AwayFromZero);
        payment.Tax = (long)Math.Round(charge * 0.18m, 0, MidpointRounding.AwayFromZero);
        payment.Fee = charge + payment.Tax;
        order.AmountPaid += payment.Amount;
        order.Status = order.AmountPaid >= order.Amount ? "paid" : order.Status;
        events.Add(SandboxEvent.Of("payment.captured", payment));
        if (order.Status == "paid")
            events.Add(SandboxEvent.Of("order.paid", payment, order));
    }

    private SandboxOutcome? TakeForced()
    {
        var forced = _settings.NextPayment switch
        {
            "success" => SandboxOutcome.Success,
            "fail" => SandboxOutcome.Fail,
            "late" => SandboxOutcome.Late,
            _ => (SandboxOutcome?)null,
        };
        if (forced is not null)
        {
            _settings.NextPayment = "as_chosen";
            KeepSettings();
        }

        return forced;
    }

    /// <summary>What the payer may see of an order before paying, in the shape the checkout's page reads.</summary>
    internal (string Amount, string Currency, string Status)? Display(string orderId)
    {
        lock (_gate)
        {
            if (!_orders.TryGetValue(orderId, out var order))
                return null;
            RazorpayAmounts.TryExponent(order.Currency, out var exponent);
            var due = (order.Amount - order.AmountPaid) / (exponent switch { 0 => 1m, 3 => 1000m, _ => 100m });
            return (due.ToString("F" + exponent, CultureInfo.InvariantCulture), order.Currency, order.Status);
        }
    }
}

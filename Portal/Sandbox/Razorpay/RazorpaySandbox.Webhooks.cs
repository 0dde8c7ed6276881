using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

/// <summary>One webhook ready to go.</summary>
internal sealed record SandboxParcel(string DeliveryId, string EventId, string Type, byte[] Body, string Signature);

public sealed partial class RazorpaySandbox
{
    // Exponential, over 24 hours from the event's creation; then the webhook is switched off.
    private static readonly double[] s_waitsInSeconds = [5, 30, 120, 600, 1800, 3600, 7200];
    private static readonly TimeSpan s_patience = TimeSpan.FromHours(24);
    private const int MaxDeliveriesInMemory = 5000;

    /// <summary>Completes a wait for work when there is something new to do.</summary>
    internal SandboxBell Bell { get; } = new();

    /// <summary>Lets time do its part: late payments and pending refunds come to their end.</summary>
    internal void Advance()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            foreach (var payment in _payments.Values.Where(it => it.LateAt <= now).ToList())
            {
                var events = new List<SandboxEvent>();
                Authorise(_orders[payment.OrderId], payment, events);
                Keep(payment);
                Keep(_orders[payment.OrderId]);
                Emit(events);
            }

            foreach (var refund in _refunds.Values.Where(it => it.SettlesAt <= now).ToList())
            {
                var events = new List<SandboxEvent>();
                Settle(_payments[refund.PaymentId], refund, events);
                Keep(refund);
                Keep(_payments[refund.PaymentId]);
                Emit(events);
            }
        }
    }

    /// <summary>What is due, taken: batches that may go side by side, of events that go one after the other, of copies that go at once.</summary>
    internal IReadOnlyList<IReadOnlyList<IReadOnlyList<SandboxParcel>>> TakeDue()
    {
        lock (_gate)
        {
            if (!_settings.WebhooksOn)
                return [];
            var due = _deliveries.Values.Where(it => it.Status == "pending" && it.DueAt <= _time.GetUtcNow()).ToList();
            foreach (var delivery in due)
                delivery.Status = "sending";
            return [.. due.GroupBy(it => it.Batch).Select(batch => (IReadOnlyList<IReadOnlyList<SandboxParcel>>)
                [.. batch.GroupBy(it => it.EventId).Select(copies => (IReadOnlyList<SandboxParcel>)[.. copies.Select(Parcel)])])];
        }
    }

    /// <summary>When the next thing is due; null when nothing is planned.</summary>
    internal DateTimeOffset? NextDue()
    {
        lock (_gate)
        {
            var times = _payments.Values.Select(it => it.LateAt).Concat(_refunds.Values.Select(it => it.SettlesAt));
            if (_settings.WebhooksOn)
                times = times.Concat(_deliveries.Values.Where(it => it.Status == "pending").Select(it => (DateTimeOffset?)it.DueAt));
            return times.Where(it => it is not null).DefaultIfEmpty().Min();
        }
    }

    /// <summary>How a webhook was received: 2xx ends it, anything else comes again.</summary>
    internal void Received(string deliveryId, int? status, string? error)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(deliveryId, out var delivery))
                return;
            delivery.Attempts++;
            (delivery.LastStatus, delivery.LastError) = (status, error);
            var now = _time.GetUtcNow();
            if (status is >= 200 and < 300)
            {
                delivery.Status = "delivered";
            }
            else if (now - delivery.CreatedAt >= s_patience * _options.TimeScale)
            {
                delivery.Status = "failed";
                _settings.WebhooksOn = false;
                _settings.WebhooksOffReason = $"Switched off: {delivery.EventId} was not acknowledged for 24 hours.";
                KeepSettings();
            }
            else
            {
                delivery.Status = "pending";
                delivery.DueAt = now.AddSeconds(s_waitsInSeconds[Math.Min(delivery.Attempts, s_waitsInSeconds.Length) - 1] * _options.TimeScale);
            }

            KeepProgress(delivery);
        }

        Bell.Ring();
    }

    /// <summary>Sends one again, at once, whatever became of it. False when there is no such delivery.</summary>
    internal bool Resend(string deliveryId)
    {
        lock (_gate)
        {
            if (!_deliveries.TryGetValue(deliveryId, out var delivery))
                return false;
            if (delivery.Status != "sending")
            {
                delivery.Status = "pending";
                delivery.DueAt = _time.GetUtcNow();
                KeepProgress(delivery);
            }
        }

        Bell.Ring();
        return true;
    }

    private void Emit(List<SandboxEvent> events)
    {
        if (_settings.WebhooksReordered)
            events.Reverse();
        var now = _time.GetUtcNow();
        var batch = SandboxCredentials.NewId("batch_");
        foreach (var it in events)
        {
            var (eventId, body) = (SandboxCredentials.NewId(""), it.Body(Credentials.AccountId, now.ToUnixTimeSeconds()));
            for (var copy = 0; copy < _settings.WebhookCopies; copy++)
            {
                var delivery = new SandboxDelivery
                {
                    Id = SandboxCredentials.NewId("dlv_"), Batch = batch, EventId = eventId, Type = it.Type, About = it.About,
                    Body = body, CreatedAt = now, DueAt = now.AddSeconds(_settings.WebhookDelaySeconds),
                    Status = _settings.WebhooksOn ? "pending" : "held",
                };
                _deliveries[delivery.Id] = delivery;
                Keep(delivery);
            }
        }

        foreach (var old in _deliveries.Values.Where(it => it.Status is "delivered").Take(Math.Max(0, _deliveries.Count - MaxDeliveriesInMemory)).ToList())
            _deliveries.Remove(old.Id);
        Bell.Ring();
    }

    private SandboxParcel Parcel(SandboxDelivery delivery)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(delivery.Body);
        var secret = _settings.WebhookSecret switch
        {
            "previous" => Credentials.PreviousWebhookSecret,
            "forged" => "a secret that nobody agreed on",
            _ => Credentials.WebhookSecret,
        };
        return new SandboxParcel(delivery.Id, delivery.EventId, delivery.Type, bytes, RazorpaySignature.Of(bytes, secret));
    }
}

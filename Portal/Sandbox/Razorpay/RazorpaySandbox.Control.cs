using System.Text.Json.Nodes;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

public sealed partial class RazorpaySandbox
{
    internal SandboxSettings Settings
    {
        get
        {
            lock (_gate)
                return _settings.Copy();
        }
    }

    internal void Change(Action<SandboxSettings> change)
    {
        lock (_gate)
        {
            change(_settings);
            if (_settings.WebhooksOn)
                _settings.WebhooksOffReason = null;
            KeepSettings();
        }

        Bell.Ring();
    }

    internal void AddFaults(SandboxFault fault, int count)
    {
        lock (_gate)
            _faults.AddRange(Enumerable.Repeat(fault, count));
    }

    internal void ClearFaults()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>The first fault that is meant for such a call, taken.</summary>
    internal SandboxFault? TakeFault(string method)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => fault.Method is null || string.Equals(fault.Method, method, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
                return null;
            var fault = _faults[index];
            _faults.RemoveAt(index);
            return fault;
        }
    }

    /// <summary>What really happened to the money, per order: what a seller's books must agree with in the end.</summary>
    internal JsonObject Truth()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["orders"] = new JsonArray([.. _orders.Values.Select(order => new JsonObject
                {
                    ["id"] = order.Id,
                    ["receipt"] = order.Receipt,
                    ["currency"] = order.Currency,
                    ["amount"] = order.Amount,
                    ["status"] = order.Status,
                    ["captured"] = PaymentsOf(order.Id).Where(it => it.Captured).Sum(it => it.Amount),
                    ["refunded"] = PaymentsOf(order.Id).Where(it => it.Captured).Sum(Refunded),
                    ["payments"] = new JsonArray([.. PaymentsOf(order.Id).Select(it => new JsonObject
                    {
                        ["id"] = it.Id, ["status"] = it.Status, ["captured"] = it.Captured ? it.Amount : 0, ["refunded"] = Refunded(it),
                    })]),
                })]),
            };
        }
    }

    /// <summary>Everything the control page shows; the newest 100 of each.</summary>
    internal JsonObject Overview()
    {
        lock (_gate)
        {
            return new JsonObject
            {
                ["keyId"] = Credentials.KeyId,
                ["settings"] = System.Text.Json.JsonSerializer.SerializeToNode(_settings, s_web),
                ["faults"] = System.Text.Json.JsonSerializer.SerializeToNode(_faults, s_web),
                ["orders"] = Newest(_orders.Values, SandboxJson.Of),
                ["payments"] = Newest(_payments.Values, payment => SandboxJson.Of(payment)),
                ["refunds"] = Newest(_refunds.Values, SandboxJson.Of),
                ["deliveries"] = Newest(_deliveries.Values, delivery => new JsonObject
                {
                    ["id"] = delivery.Id, ["eventId"] = delivery.EventId, ["type"] = delivery.Type, ["about"] = delivery.About, ["status"] = delivery.Status,
                    ["attempts"] = delivery.Attempts, ["lastStatus"] = delivery.LastStatus, ["lastError"] = delivery.LastError,
                    ["createdAt"] = delivery.CreatedAt.ToUnixTimeSeconds(), ["dueAt"] = delivery.DueAt.ToUnixTimeSeconds(),
                }),
            };
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions s_web = new(System.Text.Json.JsonSerializerDefaults.Web);

    private long Refunded(SandboxPayment payment) => _refunds.Values.Where(it => it.PaymentId == payment.Id && it.Status == "processed").Sum(it => it.Amount);

    private static JsonArray Newest<T>(IEnumerable<T> rows, Func<T, JsonObject> show) => new([.. rows.TakeLast(100).Reverse().Select(show)]);

    private void KeepSettings() => _journal.Write(SandboxJournal.Settings, "1", _settings);
}

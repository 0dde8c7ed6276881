using System.Text.Json;
using Microsoft.Extensions.Options;
using Portal.Sandbox.Razorpay.State;

namespace Portal.Sandbox.Razorpay;

/// <summary>
/// A gateway that behaves as Razorpay's documents say, for Development and tests: its orders, payments, refunds and webhooks, behind one lock.
/// What it holds is the truth that the portal has to agree with in the end.
/// </summary>
public sealed partial class RazorpaySandbox : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SandboxOptions _options;
    private readonly SandboxJournal _journal;
    private readonly Dictionary<string, SandboxOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SandboxPayment> _payments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SandboxRefund> _refunds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SandboxDelivery> _deliveries = new(StringComparer.Ordinal);
    private readonly List<SandboxFault> _faults = [];
    private SandboxSettings _settings = new();

    public RazorpaySandbox(IOptions<SandboxOptions> options, IConfiguration configuration, IHostEnvironment environment, TimeProvider time, ILogger<RazorpaySandbox> log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(environment);
        (_options, _time) = (options.Value, time);
        var directory = configuration["Billing:DataDirectory"];
        _journal = new SandboxJournal(Path.GetFullPath(string.IsNullOrWhiteSpace(directory) ? ".data" : directory, environment.ContentRootPath), log);
        SandboxCredentials? kept = null;
        foreach (var ((kind, id), value) in _journal.Kept)
            Restore(kind, id, value, ref kept);
        var made = SandboxCredentials.Create(_options);
        Credentials = kept is null ? made : kept with
        {
            KeyId = _options.KeyId.Length > 0 ? _options.KeyId : kept.KeyId,
            KeySecret = _options.KeySecret.Length > 0 ? _options.KeySecret : kept.KeySecret,
            WebhookSecret = _options.WebhookSecret.Length > 0 ? _options.WebhookSecret : kept.WebhookSecret,
        };
        _journal.Write(SandboxJournal.Keys, "1", Credentials);
    }

    /// <summary>The keys that it accepts and signs with.</summary>
    public SandboxCredentials Credentials { get; }

    /// <summary>What the checkout calls the seller.</summary>
    public string MerchantName => _options.MerchantName;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose() => _journal.Dispose();

    private void Restore(string kind, string id, JsonElement value, ref SandboxCredentials? credentials)
    {
        switch (kind)
        {
            case SandboxJournal.Order when value.Deserialize<SandboxOrder>() is { } order:
                _orders[order.Id] = order;
                break;
            case SandboxJournal.Payment when value.Deserialize<SandboxPayment>() is { } payment:
                _payments[payment.Id] = payment;
                break;
            case SandboxJournal.Refund when value.Deserialize<SandboxRefund>() is { } refund:
                _refunds[refund.Id] = refund;
                break;
            case SandboxJournal.Delivery when value.Deserialize<SandboxDelivery>() is { } delivery:
                _deliveries[delivery.Id] = delivery;
                break;
            case SandboxJournal.Progress when value.Deserialize<SandboxDeliveryProgress>() is { } progress && _deliveries.TryGetValue(id, out var begun):
                begun.Progress = progress;
                break;
            case SandboxJournal.Settings:
                _settings = value.Deserialize<SandboxSettings>() ?? _settings;
                break;
            case SandboxJournal.Keys:
                credentials = value.Deserialize<SandboxCredentials>();
                break;
        }
    }

    private void Keep(SandboxOrder order) => _journal.Write(SandboxJournal.Order, order.Id, order);

    private void Keep(SandboxPayment payment) => _journal.Write(SandboxJournal.Payment, payment.Id, payment);

    private void Keep(SandboxRefund refund) => _journal.Write(SandboxJournal.Refund, refund.Id, refund);

    private void KeepProgress(SandboxDelivery delivery) => _journal.Write(SandboxJournal.Progress, delivery.Id, delivery.Progress);

    private void Keep(SandboxDelivery delivery) => _journal.Write(SandboxJournal.Delivery, delivery.Id, delivery);
}

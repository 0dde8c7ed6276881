using System.Text;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;
using Portal.Tests.Payments.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Payments;

/// <summary>The sandbox's webhooks as a receiver sees them: signed, late, doubled and out of order.</summary>
public sealed class RazorpaySandboxWebhookTests : IAsyncLifetime
{
    private SandboxHost _host = null!;

    public async Task InitializeAsync() => _host = await SandboxHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_payment_is_told_in_three_signed_events_with_ids_of_their_own()
    {
        var order = await _host.OrderAsync("inv-₹-1");
        await _host.PayAsync(order.Id);
        await _host.WebhooksAsync(3);
        Types().ShouldBe(["payment.authorized", "payment.captured", "order.paid"]);
        _host.Webhooks.Select(it => it.EventId).Distinct().Count().ShouldBe(3);
        foreach (var webhook in _host.Webhooks)
        {
            _host.Gateway.IsWebhookSignatureValid(webhook.Body, webhook.Signature).ShouldBeTrue();
            webhook.Signature.ShouldBe(RazorpaySignature.Of(webhook.Body, _host.Credentials.WebhookSecret));
            _host.Gateway.TryReadWebhook(webhook.Body, out var it).ShouldBeTrue();
            it.Payment!.OrderId.ShouldBe(order.Id);
            it.Payment.Amount.ShouldBe(order.Amount);
            it.AccountId.ShouldBe(_host.Credentials.AccountId);
        }

        var paid = Read(_host.Webhooks.Single(it => it.Type == "order.paid"));
        paid.Order!.Status.ShouldBe(GatewayOrderStatus.Paid);
        paid.Order.Receipt.ShouldBe("inv-₹-1");
        Encoding.UTF8.GetString(_host.Webhooks.Single(it => it.Type == "order.paid").Body).ShouldContain("inv-₹-1");
        Read(_host.Webhooks.Single(it => it.Type == "payment.authorized")).Payment!.Captured.ShouldBeFalse();
    }

    [Fact]
    public async Task Copies_share_their_event_id()
    {
        await _host.SettingsAsync(new { webhookCopies = 3 });
        await _host.PayAsync((await _host.OrderAsync("inv-1")).Id);
        await _host.WebhooksAsync(9);
        _host.Webhooks.GroupBy(it => it.EventId).Select(it => it.Count()).ShouldBe([3, 3, 3]);
    }

    [Fact]
    public async Task Reordered_events_arrive_last_first()
    {
        await _host.SettingsAsync(new { webhooksReordered = true });
        await _host.PayAsync((await _host.OrderAsync("inv-1")).Id);
        await _host.WebhooksAsync(3);
        Types().ShouldBe(["order.paid", "payment.captured", "payment.authorized"]);
    }

    [Fact]
    public async Task A_late_payment_fails_first_and_is_captured_after()
    {
        var order = await _host.OrderAsync("inv-1");
        (await _host.PayAsync(order.Id, "late", lateSeconds: 0.2)).GetProperty("status").GetString().ShouldBe("failed");
        await _host.WebhooksAsync(4);
        Types().Where(type => type != "payment.failed").ShouldBe(["payment.authorized", "payment.captured", "order.paid"]);
        Read(_host.Webhooks.Single(it => it.Type == "payment.failed")).Payment!.Error!.Source.ShouldBe("bank");
        (await _host.Gateway.GetOrderAsync(order.Id, default)).Value().Status.ShouldBe(GatewayOrderStatus.Paid);
    }

    [Fact]
    public async Task Money_that_comes_late_for_a_paid_order_goes_back_by_itself()
    {
        var order = await _host.OrderAsync("inv-1");
        await _host.PayAsync(order.Id, "late", lateSeconds: 0.4);
        await _host.PayAsync(order.Id);
        await _host.WebhooksAsync(7);
        var refunded = Read(_host.Webhooks.Single(it => it.Type == "refund.processed"));
        refunded.Payment!.Captured.ShouldBeFalse();
        refunded.Refund!.Amount.ShouldBe(order.Amount);
        var truth = await _host.TruthAsync(order.Id);
        truth.GetProperty("captured").GetInt64().ShouldBe(125050);
        truth.GetProperty("refunded").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_is_not_acknowledged_comes_again_with_the_same_id()
    {
        _host.Answer = before => before < 2 ? 500 : 200;
        await _host.SettingsAsync(new { nextPayment = "fail" });
        await _host.PayAsync((await _host.OrderAsync("inv-1")).Id);
        await _host.WebhooksAsync(3);
        _host.Webhooks.Select(it => it.EventId).Distinct().Count().ShouldBe(1);
        _host.Webhooks.Select(it => Encoding.UTF8.GetString(it.Body)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Webhooks_go_off_after_a_day_of_silence()
    {
        await using var impatient = await SandboxHost.StartAsync(more: ("Razorpay:Sandbox:TimeScale", "0.00001"));
        impatient.Answer = _ => 503;
        await impatient.PayAsync((await impatient.OrderAsync("inv-1")).Id, "fail");
        await Eventually.HoldsAsync(async () => !(await SettingsAsync(impatient)).GetProperty("webhooksOn").GetBoolean(), "webhooks are switched off");
        (await SettingsAsync(impatient)).GetProperty("webhooksOffReason").GetString()!.ShouldContain("24 hours");
    }

    [Fact]
    public async Task While_webhooks_are_off_events_are_held_and_each_can_be_sent_by_hand()
    {
        await _host.SettingsAsync(new { webhooksOn = false });
        await _host.PayAsync((await _host.OrderAsync("inv-1")).Id, "fail");
        await _host.SettingsAsync(new { webhooksOn = true });
        var delivery = (await _host.StateAsync()).GetProperty("deliveries").EnumerateArray().Single();
        delivery.GetProperty("status").GetString().ShouldBe("held");
        _host.Webhooks.ShouldBeEmpty();
        await ResendAsync(delivery.GetProperty("id").GetString()!);
        await _host.WebhooksAsync(1);
        await ResendAsync(delivery.GetProperty("id").GetString()!);
        await _host.WebhooksAsync(2);
        _host.Webhooks.Select(it => it.EventId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_old_secret_is_accepted_and_a_forged_one_is_not()
    {
        await _host.SettingsAsync(new { webhookSecret = "previous" });
        await _host.PayAsync((await _host.OrderAsync("inv-1")).Id, "fail");
        await _host.WebhooksAsync(1);
        await _host.SettingsAsync(new { webhookSecret = "forged" });
        await _host.PayAsync((await _host.OrderAsync("inv-2")).Id, "fail");
        await _host.WebhooksAsync(2);
        _host.Webhooks.Select(it => _host.Gateway.IsWebhookSignatureValid(it.Body, it.Signature)).ShouldBe([true, false]);
    }

    [Fact]
    public async Task A_refund_that_fails_in_the_end_leaves_the_money_where_it_was()
    {
        var order = await _host.OrderAsync("inv-1", 100);
        var paymentId = (await _host.PayAsync(order.Id)).GetProperty("payment_id").GetString()!;
        await _host.SettingsAsync(new { nextRefund = "failed", refundSeconds = 0.2 });
        var refund = (await _host.Gateway.CreateRefundAsync(
            new GatewayRefundRequest(paymentId, Gateways.Rupees(40), "refund-key-0001", "rf-1", new Dictionary<string, string>()), default)).Value();
        refund.Status.ShouldBe(GatewayRefundStatus.Pending);
        await _host.WebhooksAsync(5);
        Types().ShouldContain("refund.created");
        Read(_host.Webhooks.Single(it => it.Type == "refund.failed")).Payment!.AmountRefunded.ShouldBe(Gateways.Rupees(0));
        (await _host.Gateway.GetPaymentAsync(paymentId, default)).Value().AmountRefunded.ShouldBe(Gateways.Rupees(0));
    }

    [Fact]
    public async Task A_webhook_may_arrive_before_the_call_that_caused_it_is_answered()
    {
        var paymentId = (await _host.PayAsync((await _host.OrderAsync("inv-1")).Id)).GetProperty("payment_id").GetString()!;
        await _host.WebhooksAsync(3);
        await _host.FaultAsync("commit-then-slow", "POST", seconds: 0.7);
        var call = _host.Gateway.CreateRefundAsync(
            new GatewayRefundRequest(paymentId, Gateways.Rupees(40), "refund-key-0001", "rf-1", new Dictionary<string, string>()), default);
        await _host.WebhooksAsync(5);
        call.IsCompleted.ShouldBeFalse();
        (await call).Value().Receipt.ShouldBe("rf-1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"payload":{}}""")]
    public void What_is_no_event_is_not_read(string body) => _host.Gateway.TryReadWebhook(Encoding.UTF8.GetBytes(body), out _).ShouldBeFalse();

    [Theory]
    [InlineData("""{"event":"settlement.processed","payload":{"settlement":{"entity":{"id":"setl_A"}}}}""")]
    [InlineData("""{"event":"payment.downtime.started","payload":{"payment.downtime":{"entity":{}}}}""")]
    [InlineData("""{"event":"refund.speed_changed","payload":{"created_at":1790000000,"refund":null,"payment":{"entity":[]}}}""")]
    [InlineData("""{"event":"x","payload":7,"contains":null}""")]
    public void Events_that_are_not_ours_are_read_without_entities(string body)
    {
        _host.Gateway.TryReadWebhook(Encoding.UTF8.GetBytes(body), out var it).ShouldBeTrue();
        (it.Payment is null && it.Order is null && it.Refund is null).ShouldBeTrue();
    }

    private List<string> Types() => [.. _host.Webhooks.Select(it => it.Type)];

    private GatewayEvent Read(ReceivedWebhook webhook) => _host.Gateway.TryReadWebhook(webhook.Body, out var it) ? it : throw new ShouldAssertException("unreadable");

    private async Task ResendAsync(string id)
    {
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        (await _host.Http.PostAsync(new Uri($"/sandbox/razorpay/control/deliveries/{id}/resend", UriKind.Relative), body)).EnsureSuccessStatusCode();
    }

    private static async Task<System.Text.Json.JsonElement> SettingsAsync(SandboxHost host) => (await host.StateAsync()).GetProperty("settings");
}

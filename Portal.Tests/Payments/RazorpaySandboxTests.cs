using Portal.Core.Currencies;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;
using Portal.Tests.Payments.Support;

namespace Portal.Tests.Payments;

/// <summary>The adapter against the sandbox: what a customer's money does, from order to refund.</summary>
public sealed class RazorpaySandboxTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> s_noNotes = [];
    private SandboxHost _host = null!;

    private IPaymentGateway Gateway => _host.Gateway;

    public async Task InitializeAsync() => _host = await SandboxHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task An_order_is_made_paid_seen_and_partly_refunded()
    {
        var order = await _host.OrderAsync("inv-1");
        order.Amount.ShouldBe(Gateways.Rupees(1250.50m));
        order.Notes["intent"].ShouldBe("inv-1");

        var attempt = await _host.PayAsync(order.Id);
        var paymentId = attempt.GetProperty("payment_id").GetString()!;
        Gateway.IsCheckoutSignatureValid(order.Id, paymentId, attempt.GetProperty("signature").GetString()).ShouldBeTrue();

        (await Gateway.GetOrderAsync(order.Id, default)).Value().Status.ShouldBe(GatewayOrderStatus.Paid);
        var payment = (await Gateway.ListOrderPaymentsAsync(order.Id, default)).Value().Single();
        payment.Id.ShouldBe(paymentId);
        payment.Status.ShouldBe(GatewayPaymentStatus.Captured);
        payment.Captured.ShouldBeTrue();
        payment.Instrument.ShouldBe("su•••@razorpay");
        payment.Fee.ShouldBe(Gateways.Rupees(29.51m));
        payment.Tax.ShouldBe(Gateways.Rupees(4.50m));
        payment.Notes.ShouldBeEmpty();

        var request = new GatewayRefundRequest(paymentId, Gateways.Rupees(50), "refund-0001-aaaa", "rf-1", new Dictionary<string, string> { ["refund"] = "1" });
        var refund = (await Gateway.CreateRefundAsync(request, default)).Value();
        refund.Status.ShouldBe(GatewayRefundStatus.Processed);
        refund.BankReference.ShouldNotBeNull();
        (await Gateway.ListRefundsAsync(paymentId, default)).Value().Single().Id.ShouldBe(refund.Id);
        var after = (await Gateway.GetPaymentAsync(paymentId, default)).Value();
        after.AmountRefunded.ShouldBe(Gateways.Rupees(50));
        after.Status.ShouldBe(GatewayPaymentStatus.Captured);

        var truth = await _host.TruthAsync(order.Id);
        truth.GetProperty("captured").GetInt64().ShouldBe(125050);
        truth.GetProperty("refunded").GetInt64().ShouldBe(5000);
    }

    [Fact]
    public async Task The_same_refund_key_refunds_once_and_another_body_is_refused()
    {
        var paymentId = await PaidAsync("inv-1");
        var request = new GatewayRefundRequest(paymentId, Gateways.Rupees(50), "refund-0001-aaaa", "rf-1", s_noNotes);
        var first = (await Gateway.CreateRefundAsync(request, default)).Value();
        (await Gateway.CreateRefundAsync(request, default)).Value().Id.ShouldBe(first.Id);
        (await Gateway.CreateRefundAsync(request with { Amount = Gateways.Rupees(60) }, default)).Refusal().Reason.ShouldBe("duplicate_request");
        (await Gateway.ListRefundsAsync(paymentId, default)).Value().Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_than_was_captured_never_goes_back()
    {
        var paymentId = await PaidAsync("inv-1", 100);
        (await RefundAsync(paymentId, 100.01m, "rf-0")).Refusal().Description.ShouldContain("greater");
        (await RefundAsync(paymentId, 100, "rf-1")).Value();
        (await RefundAsync(paymentId, 1, "rf-2")).Refusal().Description.ShouldContain("fully refunded");
        (await Gateway.GetPaymentAsync(paymentId, default)).Value().Status.ShouldBe(GatewayPaymentStatus.Refunded);
    }

    [Fact]
    public async Task A_refund_whose_answer_was_lost_is_found_by_asking_again_under_another_key()
    {
        var paymentId = await PaidAsync("inv-1", 100);
        await _host.FaultAsync("commit-then-drop", "POST");
        (await RefundAsync(paymentId, 100, "rf-1")).Why().ShouldNotBeEmpty();
        (await Gateway.CreateRefundAsync(new GatewayRefundRequest(paymentId, Gateways.Rupees(100), "quite-another-key", "rf-1", s_noNotes), default)).Value().Receipt.ShouldBe("rf-1");
        (await Gateway.ListRefundsAsync(paymentId, default)).Value().Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("commit-then-drop")]
    [InlineData("commit-then-500")]
    [InlineData("commit-then-truncate")]
    public async Task An_order_whose_answer_was_lost_is_found_by_its_receipt(string fault)
    {
        await _host.FaultAsync(fault, "POST");
        (await Gateway.CreateOrderAsync(Gateways.Order("inv-lost"), default)).Why().ShouldNotBeEmpty();
        var found = (await Gateway.FindOrdersByReceiptAsync("inv-lost", default)).Value().Single();
        found.Amount.ShouldBe(Gateways.Rupees(1250.50m));
        found.Notes["intent"].ShouldBe("inv-lost");
    }

    [Theory]
    [InlineData("500")]
    [InlineData("502-html")]
    [InlineData("drop")]
    public async Task An_order_that_was_not_made_is_not_found_either(string fault)
    {
        await _host.FaultAsync(fault, "POST");
        (await Gateway.CreateOrderAsync(Gateways.Order("inv-none"), default)).Why().ShouldNotBeEmpty();
        (await Gateway.FindOrdersByReceiptAsync("inv-none", default)).Value().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slow_down_is_waited_out()
    {
        await _host.FaultAsync("429", count: 2);
        (await _host.OrderAsync("inv-1")).Status.ShouldBe(GatewayOrderStatus.Created);
    }

    [Fact]
    public async Task Words_of_next_year_do_not_break_this_years_reader()
    {
        await _host.FaultAsync("commit-then-unknown-words", "POST");
        (await _host.OrderAsync("inv-1")).Status.ShouldBe(GatewayOrderStatus.Unknown);
    }

    [Fact]
    public async Task An_account_that_wants_unique_receipts_gives_the_first_order_again()
    {
        await _host.SettingsAsync(new { uniqueReceipts = true });
        var first = await _host.OrderAsync("inv-1");
        (await _host.OrderAsync("inv-1")).Id.ShouldBe(first.Id);
        (await Gateway.CreateOrderAsync(Gateways.Order("inv-1", 5), default)).Refusal().Description.ShouldContain("unique");
    }

    [Fact]
    public async Task A_failed_attempt_leaves_the_order_open_and_a_second_one_pays_it()
    {
        var order = await _host.OrderAsync("inv-1");
        (await _host.PayAsync(order.Id, "fail")).GetProperty("error").GetProperty("reason").GetString().ShouldBe("payment_failed");
        (await _host.PayAsync(order.Id)).GetProperty("status").GetString().ShouldBe("captured");
        var payments = (await Gateway.ListOrderPaymentsAsync(order.Id, default)).Value();
        payments.Count(it => it.Status == GatewayPaymentStatus.Failed).ShouldBe(1);
        payments.Single(it => it.Status == GatewayPaymentStatus.Failed).Error!.Reason.ShouldBe("payment_failed");
        (await Gateway.GetOrderAsync(order.Id, default)).Value().Attempts.ShouldBe(2);
        (await _host.PayAsync(order.Id)).GetProperty("error").GetProperty("reason").GetString().ShouldBe("order_already_paid");
    }

    [Fact]
    public async Task A_payment_that_is_not_captured_by_itself_is_captured_once()
    {
        await _host.SettingsAsync(new { autoCapture = false });
        var order = await _host.OrderAsync("inv-1");
        var id = (await _host.PayAsync(order.Id)).GetProperty("payment_id").GetString()!;
        (await Gateway.GetPaymentAsync(id, default)).Value().Captured.ShouldBeFalse();
        (await Gateway.CapturePaymentAsync(id, Gateways.Rupees(1), default)).Refusal().Description.ShouldContain("equal");
        (await Gateway.CapturePaymentAsync(id, order.Amount, default)).Value().Status.ShouldBe(GatewayPaymentStatus.Captured);
        (await Gateway.CapturePaymentAsync(id, order.Amount, default)).Value().Status.ShouldBe(GatewayPaymentStatus.Captured);
        (await _host.TruthAsync(order.Id)).GetProperty("captured").GetInt64().ShouldBe(125050);
    }

    [Theory]
    [InlineData("JPY", 1250, 1250)]
    [InlineData("KWD", 12.34, 12340)]
    [InlineData("USD", 12.34, 1234)]
    public async Task Other_currencies_arrive_in_their_own_units(string code, double amount, long units)
    {
        var money = new Money((decimal)amount, Currency.Of(code));
        var order = (await Gateway.CreateOrderAsync(new GatewayOrderRequest(money, "inv-" + code, s_noNotes), default)).Value();
        order.Amount.ShouldBe(money);
        (await _host.TruthAsync(order.Id)).GetProperty("amount").GetInt64().ShouldBe(units);
    }

    [Fact]
    public async Task Payments_of_a_window_come_page_by_page_each_once()
    {
        var from = DateTimeOffset.FromUnixTimeSeconds((await _host.OrderAsync("first")).CreatedAt.ToUnixTimeSeconds());
        var order = await _host.OrderAsync("inv-1");
        for (var i = 0; i < 205; i++)
            await _host.PayAsync(order.Id, "fail");
        var payments = (await Gateway.ListPaymentsAsync(from, from.AddHours(1), default)).Value();
        payments.Count.ShouldBe(205);
        payments.Select(it => it.Id).Distinct().Count().ShouldBe(205);
        (await Gateway.ListPaymentsAsync(from.AddHours(-2), from.AddHours(-1), default)).Value().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_checkout_signs_is_refused_for_another_order()
    {
        var (mine, other) = (await _host.OrderAsync("mine"), await _host.OrderAsync("other"));
        var attempt = await _host.PayAsync(mine.Id);
        Gateway.IsCheckoutSignatureValid(other.Id, attempt.GetProperty("payment_id").GetString()!, attempt.GetProperty("signature").GetString()).ShouldBeFalse();
        attempt.GetProperty("signature").GetString().ShouldBe(
            RazorpaySignature.OfCheckout(mine.Id, attempt.GetProperty("payment_id").GetString()!, _host.Credentials.KeySecret));
    }

    private async Task<string> PaidAsync(string receipt, decimal amount = 1250.50m) =>
        (await _host.PayAsync((await _host.OrderAsync(receipt, amount)).Id)).GetProperty("payment_id").GetString()!;

    private Task<GatewayResult<GatewayRefund>> RefundAsync(string paymentId, decimal amount, string receipt) =>
        Gateway.CreateRefundAsync(new GatewayRefundRequest(paymentId, Gateways.Rupees(amount), $"key-of-{receipt}-0000", receipt, s_noNotes), default);
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Portal.Tests.Payments.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Payments;

/// <summary>The sandbox's own answers, over plain HTTP.</summary>
public sealed class RazorpaySandboxApiTests : IAsyncLifetime
{
    private SandboxHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await SandboxHost.StartAsync();
        _host.Http.DefaultRequestHeaders.Authorization = Basic(_host.Credentials.KeyId, _host.Credentials.KeySecret);
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_wrong_key_is_refused()
    {
        _host.Http.DefaultRequestHeaders.Authorization = Basic(_host.Credentials.KeyId, "wrong");
        var response = await _host.Http.GetAsync(new Uri("/sandbox/razorpay/v1/orders", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        _host.Http.DefaultRequestHeaders.Authorization = null;
        (await _host.Http.GetAsync(new Uri("/sandbox/razorpay/v1/orders", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"amount":99,"currency":"INR"}""", "minimum")]
    [InlineData("""{"amount":12.5,"currency":"INR"}""", "integer")]
    [InlineData("""{"currency":"INR"}""", "integer")]
    [InlineData("""{"amount":500,"currency":"LYD"}""", "Currency")]
    [InlineData("""{"amount":99991,"currency":"KWD"}""", "last digit")]
    [InlineData("""{"amount":500,"currency":"INR","colour":"red"}""", "colour is/are not required and should not be sent")]
    [InlineData("""{"amount":500,"currency":"INR","receipt":"12345678901234567890123456789012345678901"}""", "40")]
    [InlineData("[1]", "JSON")]
    [InlineData("{", "JSON")]
    public async Task An_order_that_breaks_a_rule_is_refused_in_razorpays_shape(string body, string says)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = await _host.Http.PostAsync(new Uri("/sandbox/razorpay/v1/orders", UriKind.Relative), content);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe("BAD_REQUEST_ERROR");
        error.GetProperty("description").GetString()!.ShouldContain(says);
    }

    [Theory]
    [InlineData("orders?count=101", "greater than 100")]
    [InlineData("payments?count=0", "at least 1")]
    [InlineData("refunds?count=x", "at least 1")]
    [InlineData("orders/order_none", "does not exist")]
    [InlineData("payments/pay_none/refunds", "does not exist")]
    [InlineData("nonsense", "not found")]
    public async Task A_read_that_breaks_a_rule_is_refused(string path, string says) =>
        (await ErrorAsync(path)).ShouldContain(says);

    [Fact]
    public async Task Empty_notes_are_an_array_and_filled_ones_an_object()
    {
        (await CreateAsync(new { amount = 500, currency = "INR" })).GetProperty("notes").ValueKind.ShouldBe(JsonValueKind.Array);
        (await CreateAsync(new { amount = 500, currency = "INR", notes = new { a = "b" } })).GetProperty("notes").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task Lists_are_newest_first_ten_at_a_time_and_count_what_they_return()
    {
        for (var i = 0; i < 12; i++)
            await CreateAsync(new { amount = 500 + i, currency = "INR", receipt = $"r{i}" });
        var first = await GetAsync("orders");
        first.GetProperty("count").GetInt32().ShouldBe(10);
        first.GetProperty("items")[0].GetProperty("receipt").GetString().ShouldBe("r11");
        (await GetAsync("orders?count=10&skip=10")).GetProperty("items").GetArrayLength().ShouldBe(2);
        (await GetAsync("orders?receipt=r3")).GetProperty("items").EnumerateArray().Single().GetProperty("amount").GetInt64().ShouldBe(503);
        (await GetAsync("orders?to=1000")).GetProperty("count").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_card_is_shown_only_when_it_is_asked_for()
    {
        var order = await _host.OrderAsync("r");
        var id = (await _host.PayAsync(order.Id, method: "card")).GetProperty("payment_id").GetString();
        (await GetAsync($"payments/{id}")).TryGetProperty("card", out _).ShouldBeFalse();
        (await GetAsync($"payments/{id}?expand[]=card")).GetProperty("card").GetProperty("last4").GetString().ShouldBe("1007");
        (await _host.Gateway.GetPaymentAsync(id!, default)).Value().Instrument.ShouldBe("Visa •••• 1007");
    }

    [Theory]
    [InlineData("""{"method":"upi","vpa":"success@razorpay"}""", "captured", null)]
    [InlineData("""{"method":"upi","vpa":"failure@razorpay"}""", "failed", "payment_failed")]
    [InlineData("""{"method":"card","cardNumber":"4100 2800 0000 1007","otp":"1234"}""", "captured", null)]
    [InlineData("""{"method":"card","cardNumber":"4100 2800 0000 1007","otp":"123"}""", "failed", "authentication_failed")]
    [InlineData("""{"method":"card","cardNumber":"4100280000080001","otp":"1234"}""", "failed", "insufficient_funds")]
    [InlineData("""{"method":"card","cardNumber":"4100280000090000","otp":"1234"}""", "failed", "payment_timed_out")]
    [InlineData("""{"method":"netbanking","bank":"HDFC","bankAnswer":"success"}""", "captured", null)]
    [InlineData("""{"method":"netbanking","bank":"HDFC","bankAnswer":"failure"}""", "failed", "payment_failed")]
    public async Task The_checkout_takes_the_published_test_means(string means, string status, string? reason)
    {
        var attempt = await CheckoutAsync(await _host.OrderAsync("r"), means);
        attempt.GetProperty("status").GetString().ShouldBe(status);
        if (reason is not null)
            attempt.GetProperty("error").GetProperty("reason").GetString().ShouldBe(reason);
        else
            _host.Gateway.IsCheckoutSignatureValid(attempt.GetProperty("order_id").GetString()!, attempt.GetProperty("payment_id").GetString()!, attempt.GetProperty("signature").GetString()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"method":"upi","vpa":"someone@bank"}""")]
    [InlineData("""{"method":"card","cardNumber":"4111111111111111","otp":"1234"}""")]
    [InlineData("""{"method":"netbanking","bank":"NONE"}""")]
    [InlineData("""{"method":"cash"}""")]
    public async Task Anything_else_begins_no_payment(string means)
    {
        var order = await _host.OrderAsync("r");
        (await CheckoutAsync(order, means)).GetProperty("error").GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
        (await _host.Gateway.ListOrderPaymentsAsync(order.Id, default)).Value().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/sandbox/razorpay/v1/checkout.js", "text/javascript")]
    [InlineData("/sandbox/razorpay/checkout", "text/html")]
    [InlineData("/sandbox/razorpay/control", "text/html")]
    [InlineData("/sandbox/razorpay/assets/overlay.css", "text/css")]
    public async Task Pages_need_no_inline_script_or_style(string path, string type)
    {
        var response = await _host.Http.GetAsync(new Uri(path, UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe(type);
        var text = await response.Content.ReadAsStringAsync();
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        text.ShouldNotContain("unsafe-inline");
        if (type == "text/html")
        {
            text.ShouldNotMatch(@"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=");
            text.ShouldContain("andbox");
        }
    }

    [Fact]
    public async Task A_foreign_form_can_not_steer_the_sandbox()
    {
        var order = await _host.OrderAsync("r");
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("outcome", "success")]);
        (await _host.Http.PostAsync(new Uri($"/sandbox/razorpay/control/orders/{order.Id}/pay", UriKind.Relative), form)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task The_truth_outlives_the_process()
    {
        using var folder = new TemporaryFolder();
        string keyId, orderId;
        await using (var first = await SandboxHost.StartAsync(folder.FullPath))
        {
            await first.SettingsAsync(new { webhooksOn = false, webhookCopies = 2 });
            keyId = first.Credentials.KeyId;
            orderId = (await first.OrderAsync("inv-1")).Id;
            await first.PayAsync(orderId);
        }

        // What a killed process was writing when it died.
        await File.AppendAllTextAsync(Path.Combine(folder.FullPath, "razorpay-sandbox.jsonl"), "{\"Kind\":\"order\",\"ID\":\"order_half");

        await using var second = await SandboxHost.StartAsync(folder.FullPath);
        second.Credentials.KeyId.ShouldBe(keyId);
        (await second.TruthAsync(orderId)).GetProperty("captured").GetInt64().ShouldBe(125050);
        (await second.StateAsync()).GetProperty("settings").GetProperty("webhookCopies").GetInt32().ShouldBe(2);
        (await second.Gateway.FindOrdersByReceiptAsync("inv-1", default)).Value().Single().Id.ShouldBe(orderId);
    }

    [Fact]
    public async Task A_webhook_that_was_due_when_the_process_died_goes_out_after_the_next_start()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await SandboxHost.StartAsync(folder.FullPath))
        {
            await first.SettingsAsync(new { webhookDelaySeconds = 1 });
            await first.PayAsync((await first.OrderAsync("inv-1")).Id, "fail");
        }

        await using var second = await SandboxHost.StartAsync(folder.FullPath);
        await second.WebhooksAsync(1);
        second.Webhooks.Single().Type.ShouldBe("payment.failed");
    }

    [Fact]
    public async Task A_second_portal_on_the_same_folder_starts_with_a_sandbox_in_memory()
    {
        await using var second = await SandboxHost.StartAsync(_host.Directory);
        (await second.OrderAsync("r")).Id.ShouldNotBeEmpty();
        second.Credentials.KeyId.ShouldNotBe(_host.Credentials.KeyId);
    }

    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")));

    private Task<JsonElement> GetAsync(string path) => _host.Http.GetFromJsonAsync<JsonElement>($"/sandbox/razorpay/v1/{path}");

    private async Task<string> ErrorAsync(string path)
    {
        var response = await _host.Http.GetAsync(new Uri($"/sandbox/razorpay/v1/{path}", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("description").GetString()!;
    }

    private async Task<JsonElement> CreateAsync(object order) =>
        await (await _host.Http.PostAsJsonAsync("/sandbox/razorpay/v1/orders", order)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();

    private async Task<JsonElement> CheckoutAsync(Portal.Core.Payments.GatewayOrder order, string means)
    {
        var body = System.Text.Json.Nodes.JsonNode.Parse(means)!.AsObject();
        body["keyId"] = _host.Credentials.KeyId;
        body["orderId"] = order.Id;
        var response = await _host.Http.PostAsJsonAsync("/sandbox/razorpay/checkout/payments", body);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}

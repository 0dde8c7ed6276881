using System.Diagnostics;
using Portal.Core.Payments;
using Portal.Tests.Payments.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Payments;

/// <summary>What becomes of a call when the network, a proxy or Razorpay itself misbehaves; over real sockets.</summary>
public sealed class RazorpayOutcomeTests : IAsyncDisposable
{
    private const string OrderJson =
        """{"id":"order_AAAAAAAAAAAA1","entity":"order","amount":125050,"amount_paid":0,"amount_due":125050,"currency":"INR","receipt":"r-1","offer_id":null,"status":"created","attempts":0,"notes":[],"created_at":1790000000}""";

    private const string NoOrders = """{"entity":"collection","count":0,"items":[]}""";
    private const string Html = "<html><body><h1>502 Bad Gateway</h1></body></html>";

    private readonly MisbehavingServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(302)]
    [InlineData(408)]
    [InlineData(204)]
    public async Task A_write_that_is_answered_with_neither_yes_nor_no_is_unknown_and_not_repeated(int status)
    {
        _server.Answers(status, """{"error":{"code":"SERVER_ERROR","description":"x"}}""", headers: "Location: http://127.0.0.1:1/\r\n");
        (await CreateAsync()).Why().ShouldContain(status.ToString());
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_whose_connection_is_cut_is_unknown_and_not_repeated()
    {
        _server.Cuts();
        (await CreateAsync()).Why().ShouldNotBeEmpty();
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_whose_answer_is_cut_in_the_middle_is_unknown()
    {
        _server.CutsInTheBody();
        (await CreateAsync()).Why().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_write_that_is_never_answered_is_unknown_when_the_time_is_up()
    {
        _server.Hangs();
        var clock = Stopwatch.StartNew();
        (await CreateAsync(timeoutSeconds: 1)).Why().ShouldContain("time");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        _server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("{\"id\":\"order_AAAA")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":"order_AAAAAAAAAAAA1","amount":"a lot","currency":"INR","created_at":1790000000}""")]
    [InlineData("""{"id":"order_AAAAAAAAAAAA1","amount":125050,"currency":"???","created_at":1790000000}""")]
    public async Task A_200_that_can_not_be_read_is_unknown(string body)
    {
        _server.Answers(200, body);
        (await CreateAsync()).Why().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_200_over_another_amount_than_asked_for_is_unknown()
    {
        _server.Answers(200, OrderJson.Replace("\"amount\":125050", "\"amount\":1250", StringComparison.Ordinal));
        (await CreateAsync()).Why().ShouldContain("amount");
    }

    [Fact]
    public async Task A_200_without_end_is_cut_off()
    {
        _server.Answers(200, "{\"a\":\"" + new string('x', 3 * 1024 * 1024) + "\"}");
        (await CreateAsync()).Why().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_proxys_page_with_a_4xx_is_unknown()
    {
        _server.Answers(403, Html, "text/html");
        (await CreateAsync()).Why().ShouldContain("403");
    }

    [Fact]
    public async Task After_429_a_write_is_repeated_and_done()
    {
        _server.Answers(429, "{}", headers: "Retry-After: 0\r\n").Answers(429, "").Answers(200, OrderJson);
        (await CreateAsync()).Value().Id.ShouldBe("order_AAAAAAAAAAAA1");
        _server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Nothing_but_429_is_a_refusal_that_says_so()
    {
        for (var i = 0; i < 4; i++)
            _server.Answers(429, "{}");
        (await CreateAsync()).Refusal().Code.ShouldBe(GatewayRefusal.RateLimited);
    }

    [Fact]
    public async Task A_read_is_repeated_until_it_is_answered()
    {
        _server.Answers(502, Html, "text/html").Cuts().Answers(429, "").Answers(200, OrderJson);
        using var gateways = new Gateways(_server.Url);
        (await gateways.Gateway.GetOrderAsync("order_AAAAAAAAAAAA1", default)).Value().Amount.ShouldBe(Gateways.Rupees(1250.50m));
        _server.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_refusal_carries_code_reason_and_description()
    {
        _server.Answers(400, """{"error":{"code":"BAD_REQUEST_ERROR","description":"Order amount less than minimum amount allowed","field":"amount","reason":"input_validation_failed","metadata":{}}}""")
            .Answers(200, NoOrders);
        var refusal = (await CreateAsync()).Refusal();
        refusal.ShouldBe(new GatewayResult<GatewayOrder>.Refused("BAD_REQUEST_ERROR", "input_validation_failed", "Order amount less than minimum amount allowed"));
    }

    [Theory]
    [InlineData(401, "Authentication failed", GatewayRefusal.Unauthorised)]
    [InlineData(400, "The api key provided is invalid", GatewayRefusal.Unauthorised)]
    [InlineData(404, "Not found", GatewayRefusal.NotFound)]
    [InlineData(400, "The id provided does not exist", GatewayRefusal.NotFound)]
    public async Task What_concerns_keys_and_ids_is_told_apart(int status, string description, string code)
    {
        _server.Answers(status, $$$"""{"error":{"code":"BAD_REQUEST_ERROR","description":"{{{description}}}","reason":"NA","metadata":null}}""");
        using var gateways = new Gateways(_server.Url);
        var refusal = (await gateways.Gateway.GetOrderAsync("order_AAAAAAAAAAAA1", default)).Refusal();
        refusal.Code.ShouldBe(code);
        refusal.Reason.ShouldBeNull();
    }

    [Fact]
    public async Task An_order_refused_because_its_receipt_is_taken_is_the_order_that_has_it()
    {
        _server.Answers(400, """{"error":{"code":"BAD_REQUEST_ERROR","description":"Order receipt should be unique."}}""")
            .Answers(200, $$"""{"entity":"collection","count":1,"items":[{{OrderJson}}]}""");
        (await CreateAsync()).Value().Id.ShouldBe("order_AAAAAAAAAAAA1");
    }

    [Fact]
    public async Task A_refused_write_whose_past_can_not_be_seen_is_unknown()
    {
        _server.Answers(400, """{"error":{"code":"BAD_REQUEST_ERROR","description":"Order receipt should be unique."}}""");
        for (var i = 0; i < 4; i++)
            _server.Answers(500, "{}");
        (await CreateAsync()).Why().ShouldContain("refused");
    }

    [Fact]
    public async Task A_refund_still_in_flight_is_asked_for_again_with_the_same_key()
    {
        _server.Answers(409, """{"error":{"code":"BAD_REQUEST_ERROR","description":"in progress"}}""")
            .Answers(200, """{"id":"rfnd_AAAAAAAAAAAA1","entity":"refund","amount":5000,"currency":"INR","payment_id":"pay_AAAAAAAAAAAAA1","notes":null,"receipt":"rf-1","acquirer_data":null,"created_at":1790000000,"status":"pending"}""");
        using var gateways = new Gateways(_server.Url);
        var refund = (await gateways.Gateway.CreateRefundAsync(
            new GatewayRefundRequest("pay_AAAAAAAAAAAAA1", Gateways.Rupees(50), "refund-0001-key", "rf-1", new Dictionary<string, string>()), default)).Value();
        refund.Status.ShouldBe(GatewayRefundStatus.Pending);
        _server.Requests.Count.ShouldBe(2);
        _server.Requests.ShouldAllBe(request => request.Contains("X-Refund-Idempotency: refund-0001-key", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("\"a word\"")]
    public async Task Notes_come_in_every_shape_and_unknown_words_stop_nothing(string notes)
    {
        _server.Answers(200, OrderJson.Replace("\"notes\":[]", $"\"notes\":{notes},\"of_next_year\":{{\"x\":[1]}}", StringComparison.Ordinal).Replace("\"created\"", "\"teleported\"", StringComparison.Ordinal));
        var order = (await CreateAsync()).Value();
        order.Notes.ShouldBeEmpty();
        order.Status.ShouldBe(GatewayOrderStatus.Unknown);
    }

    [Theory]
    [InlineData("../customers")]
    [InlineData("order_AAAA/../../x")]
    [InlineData("order_")]
    [InlineData("")]
    [InlineData("order_AAAA?x=1")]
    public async Task What_is_no_id_is_never_sent(string id)
    {
        using var gateways = new Gateways(_server.Url);
        (await gateways.Gateway.GetOrderAsync(id, default)).Refusal().Code.ShouldBe(GatewayRefusal.NotFound);
        (await gateways.Gateway.GetPaymentAsync(id, default)).Refusal().Code.ShouldBe(GatewayRefusal.NotFound);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_breaks_a_documented_limit_is_never_sent()
    {
        using var gateways = new Gateways(_server.Url);
        var gateway = gateways.Gateway;
        (await gateway.CreateOrderAsync(Gateways.Order(new string('r', 41)), default)).Refusal().Code.ShouldBe(GatewayRefusal.Invalid);
        (await gateway.CreateOrderAsync(Gateways.Order("r", 1.005m), default)).Refusal().Code.ShouldBe(GatewayRefusal.AmountNotPayable);
        (await gateway.CreateRefundAsync(new GatewayRefundRequest("pay_A", Gateways.Rupees(1), "short", "r", new Dictionary<string, string>()), default)).Refusal().Code.ShouldBe(GatewayRefusal.Invalid);
        _server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelling_is_the_callers_and_throws()
    {
        _server.Hangs();
        using var gateways = new Gateways(_server.Url);
        using var cancel = new CancellationTokenSource();
        var call = gateways.Gateway.CreateOrderAsync(Gateways.Order("r-1"), cancel.Token);
        await Eventually.HoldsAsync(() => _server.Requests.Count == 1, "the call is on its way");
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
    }

    [Fact]
    public async Task The_key_goes_out_as_basic_and_nothing_secret_is_logged()
    {
        _server.Answers(200, NoOrders);
        using var gateways = new Gateways(_server.Url);
        await gateways.Gateway.FindOrdersByReceiptAsync("a receipt/é", default);
        var sent = _server.Requests.Single();
        sent.ShouldContain("Authorization: Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Gateways.KeyId}:{Gateways.KeySecret}")));
        sent.ShouldStartWith("GET /v1/orders?count=100&skip=0&receipt=a%20receipt%2F%C3%A9 ");
        gateways.Lines.Text.ShouldContain("GET orders answered 200");
        gateways.Lines.Text.ShouldNotContain(Gateways.KeySecret);
        gateways.Lines.Text.ShouldNotContain("Basic");
        gateways.Lines.Text.ShouldNotContain("receipt");
    }

    private async Task<GatewayResult<GatewayOrder>> CreateAsync(double timeoutSeconds = 5)
    {
        using var gateways = new Gateways(_server.Url, timeoutSeconds);
        return await gateways.Gateway.CreateOrderAsync(Gateways.Order("r-1"), default);
    }
}

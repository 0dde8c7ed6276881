using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Changes;
using Portal.Core.Invoicing;
using Portal.Core.Organisations;
using Portal.Core.Payments;
using Portal.Endpoints.Payments;
using Portal.Endpoints.Webhooks;
using Portal.Payments;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay;
using Portal.Tests.Data.Payments;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Payments;

/// <summary>From the click to the books through the real adapter, over HTTP, against the sandbox that speaks Razorpay's protocol.</summary>
public sealed class SandboxJourneyTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>, IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = _folder.FullPath });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Billing:DataDirectory"] = _folder.FullPath, ["Razorpay:Sandbox:TimeScale"] = "0.001", ["Razorpay:TimeoutSeconds"] = "5", ["Razorpay:RetryDelayMilliseconds"] = "1",
        });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddProblemDetails().AddSingleton(TimeProvider.System);
        builder.Services.AddRazorpay(builder.Configuration).AddRazorpaySandbox(builder.Configuration, builder.Environment);
        world.Compose(builder.Services);
        builder.Services.AddDatabaseChanges().AddPayments();
        _app = builder.Build();
        _app.MapRazorpaySandbox();
        _app.MapWebhooks().MapPaymentEndpoints();
        await _app.StartAsync();
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    private T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    private Task<HttpResponseMessage> ControlAsync(string path, object body) => _http.PostAsJsonAsync($"/sandbox/razorpay/control/{path}", body);

    private async Task<(Organisation Organisation, Guid Invoice)> OweAsync(decimal total = 1250.50m)
    {
        var organisation = await world.OrganisationAsync();
        return (organisation, await world.InvoiceAsync(organisation, total));
    }

    private async Task<CheckoutSession> StartAsync(Organisation organisation, Guid invoice) =>
        (await Get<StartPayment>().RunAsync(PaymentsWorld.Customer(organisation.Id), new StartPaymentRequest(invoice), CancellationToken.None)).Value;

    private async Task<JsonElement> PayAsync(CheckoutSession session, string outcome = "success")
    {
        var response = await ControlAsync($"orders/{session.ProviderOrderId}/pay", new { outcome, method = "upi" });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private Task PaidAsync(Guid invoice) => Eventually.HoldsAsync(async () => (await world.InvoiceAsync(invoice)).Status == InvoiceStatus.Paid, "the invoice is paid");

    private async Task ShouldAgreeWithTruthAsync(Organisation organisation)
    {
        var truth = (await _http.GetFromJsonAsync<JsonElement>("/sandbox/razorpay/control/truth")).GetProperty("orders").EnumerateArray().ToList();
        var payments = await world.PaymentsAsync(organisation);
        foreach (var orderId in payments.Select(payment => payment.ProviderOrderId).Distinct(StringComparer.Ordinal))
        {
            var captured = payments.Where(payment => payment.ProviderOrderId == orderId && payment.Status == PaymentStatus.Captured).Sum(payment => payment.Amount);
            truth.Single(order => order.GetProperty("id").GetString() == orderId).GetProperty("captured").GetInt64().ShouldBe((long)(captured * 100));
        }

        await world.ShouldAgreeAsync();
    }

    [Fact]
    public async Task Webhooks_that_come_threefold_and_last_first_pay_the_invoice_once()
    {
        var (organisation, invoice) = await OweAsync();
        (await ControlAsync("settings", new { webhookCopies = 3, webhooksReordered = true })).EnsureSuccessStatusCode();
        await PayAsync(await StartAsync(organisation, invoice));
        await PaidAsync(invoice);
        (await world.PaymentsAsync(organisation)).ShouldHaveSingleItem().Fee.ShouldNotBeNull();
        await ShouldAgreeWithTruthAsync(organisation);
    }

    [Fact]
    public async Task With_webhooks_off_the_checkout_s_way_back_settles()
    {
        var (organisation, invoice) = await OweAsync();
        (await ControlAsync("settings", new { webhooksOn = false })).EnsureSuccessStatusCode();
        var session = await StartAsync(organisation, invoice);
        var attempt = await PayAsync(session);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["razorpay_order_id"] = session.ProviderOrderId,
            ["razorpay_payment_id"] = attempt.GetProperty("payment_id").GetString()!,
            ["razorpay_signature"] = attempt.GetProperty("signature").GetString()!,
        });
        (await _http.PostAsync(new Uri("/pay/callback", UriKind.Relative), form)).Headers.Location!.OriginalString.ShouldEndWith("?payment=processing");
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        await ShouldAgreeWithTruthAsync(organisation);
    }

    [Fact]
    public async Task With_webhooks_off_and_no_way_back_the_reconciliation_settles()
    {
        var (organisation, invoice) = await OweAsync();
        (await ControlAsync("settings", new { webhooksOn = false })).EnsureSuccessStatusCode();
        var session = await StartAsync(organisation, invoice);
        await PayAsync(session, "fail");
        await PayAsync(session);
        (await Get<ReconcileOrder>().RunAsync(PaymentsWorld.System, session.OrderId, CancellationToken.None)).Value.Changed.ShouldBeTrue();
        (await world.PaymentsAsync(organisation)).Select(payment => payment.Status).ShouldBe([PaymentStatus.Failed, PaymentStatus.Captured], ignoreOrder: true);
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        await ShouldAgreeWithTruthAsync(organisation);
    }

    [Theory]
    [InlineData("commit-then-drop")]
    [InlineData("commit-then-500")]
    [InlineData("commit-then-truncate")]
    [InlineData("commit-then-unknown-words")]
    public async Task An_order_whose_answer_got_lost_or_garbled_is_found_again(string fault)
    {
        var (organisation, invoice) = await OweAsync();
        (await ControlAsync("faults", new { fault, method = "POST", count = 1 })).EnsureSuccessStatusCode();
        var session = await StartAsync(organisation, invoice);
        await PayAsync(session);
        await PaidAsync(invoice);
        (await world.OrdersAsync(invoice)).ShouldHaveSingleItem().ProviderOrderId.ShouldBe(session.ProviderOrderId);
        await ShouldAgreeWithTruthAsync(organisation);
    }

    [Fact]
    public async Task Forged_webhooks_change_nothing()
    {
        var (organisation, invoice) = await OweAsync();
        (await ControlAsync("settings", new { webhookSecret = "forged" })).EnsureSuccessStatusCode();
        await PayAsync(await StartAsync(organisation, invoice));
        await Eventually.HoldsAsync(
            async () => (await _http.GetFromJsonAsync<JsonElement>("/sandbox/razorpay/control/state")).GetProperty("deliveries").EnumerateArray().Any(delivery => delivery.GetProperty("lastStatus").ValueKind == JsonValueKind.Number),
            "the forged webhooks are answered");
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
        (await world.PaymentsAsync(organisation)).ShouldBeEmpty();
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Changes;
using Portal.Core.Invoicing;
using Portal.Endpoints.Payments;
using Portal.Endpoints.Webhooks;
using Portal.Outbox;
using Portal.Payments;
using Portal.Tests.Data.Payments;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Payments;

/// <summary>The endpoints and the workers behind them, in a host of their own over a real database.</summary>
public sealed class PaymentEndpointTests(PaymentsWorld world) : IClassFixture<PaymentsWorld>, IAsyncLifetime, IDisposable
{
    private readonly List<string> _outcomes = [];
    private readonly MeterListener _listener = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddProblemDetails().AddMetrics();
        world.Compose(builder.Services);
        builder.Services.AddDatabaseChanges().AddPayments().AddHostedService<OutboxDispatcher>();
        _app = builder.Build();
        _app.MapWebhooks().MapPaymentEndpoints();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == PaymentMeter.Name && instrument.Meter.Scope == _app.Services.GetRequiredService<IMeterFactory>())
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (_outcomes)
                _outcomes.Add((string)tags[0].Value!);
        });
        _listener.Start();
        await _app.StartAsync();
        _http = _app.GetTestClient();
    }

    public void Dispose() => _listener.Dispose();

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? signature, string? eventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/razorpay") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (signature is not null)
            request.Headers.Add("X-Razorpay-Signature", signature);
        if (eventId is not null)
            request.Headers.Add("x-razorpay-event-id", eventId);
        return await _http.SendAsync(request);
    }

    [Fact]
    public async Task A_webhook_is_answered_at_once_and_pays_the_invoice_and_mails_the_receipt_soon_after()
    {
        var email = "endpoint@example.com";
        var organisation = await world.OrganisationAsync(email);
        var invoice = await world.InvoiceAsync(organisation, 250m);
        var session = await world.StartAsync(organisation, invoice);
        var body = FakeGateway.Event("payment.captured", world.Gateway.Pay(session.ProviderOrderId));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(body, FakeGateway.WebhookSignature(body), $"evt_{session.OrderId:n}")));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        await Eventually.HoldsAsync(async () => (await world.InvoiceAsync(invoice)).Status == InvoiceStatus.Paid, "the webhook pays the invoice");
        await Eventually.HoldsAsync(() => world.Mail.To(email).Count == 1, "the receipt is mailed");
        _outcomes.Count(outcome => outcome == "accepted").ShouldBe(1);
        _outcomes.Count(outcome => outcome == "duplicate").ShouldBe(19);
        await world.ShouldAgreeAsync();
        world.Mail.To(email).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_forged_empty_or_too_long_is_refused_counted_and_leaves_no_row()
    {
        var before = await world.ReadAsync(db => db.ProviderEvents.CountAsync());
        var body = FakeGateway.Event("payment.captured", null);
        (await PostAsync(body, "00")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(body, null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync([], "00")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var huge = new byte[RazorpayWebhook.MaxBytes + 1];
        (await PostAsync(huge, FakeGateway.WebhookSignature(huge))).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await world.ReadAsync(db => db.ProviderEvents.CountAsync())).ShouldBe(before);
        _outcomes.ShouldBe(["forged", "forged", "empty", "too_large"]);
    }

    [Fact]
    public async Task A_body_that_is_signed_and_can_t_be_read_is_stored_and_worked_off_with_a_note()
    {
        var body = "₹ {"u8.ToArray();
        (await PostAsync(body, FakeGateway.WebhookSignature(body), "evt_unreadable")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => world.ReadAsync(db => db.ProviderEvents.AnyAsync(row => row.EventId == "evt_unreadable" && row.Note == "unreadable" && row.Body == body)), "it is worked off");
    }

    [Fact]
    public async Task The_checkout_s_form_needs_no_session_and_leads_to_the_invoice()
    {
        var organisation = await world.OrganisationAsync();
        var invoice = await world.InvoiceAsync(organisation, 250m);
        var session = await world.StartAsync(organisation, invoice);
        var payment = world.Gateway.Pay(session.ProviderOrderId);
        async Task<HttpResponseMessage> FormAsync(string signature)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["razorpay_order_id"] = session.ProviderOrderId,
                ["razorpay_payment_id"] = payment.Id,
                ["razorpay_signature"] = signature,
            });
            return await _http.PostAsync(new Uri("/pay/callback", UriKind.Relative), form);
        }

        var refused = await FormAsync("00");
        refused.Headers.Location!.OriginalString.ShouldBe("/?payment=unconfirmed");
        (await world.InvoiceAsync(invoice)).AmountPaid.ShouldBe(0m);
        var accepted = await FormAsync(FakeGateway.CheckoutSignature(session.ProviderOrderId, payment.Id));
        accepted.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        accepted.Headers.Location!.OriginalString.ShouldBe($"/o/{organisation.Id}/invoices/{invoice}/pay?payment=processing");
        (await world.InvoiceAsync(invoice)).Status.ShouldBe(InvoiceStatus.Paid);
        using var empty = new FormUrlEncodedContent([]);
        (await _http.PostAsync(new Uri("/pay/callback", UriKind.Relative), empty)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }
}

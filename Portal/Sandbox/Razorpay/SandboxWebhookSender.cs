using System.Net.Http.Headers;
using Microsoft.Extensions.Options;

namespace Portal.Sandbox.Razorpay;

/// <summary>The sandbox's clock and postman: ends what is due to end, and posts webhooks with Razorpay's headers and its five seconds of patience.</summary>
internal sealed class SandboxWebhookSender(
    RazorpaySandbox sandbox, OwnAddress ownAddress, IOptions<SandboxOptions> options, IHttpClientFactory clients, TimeProvider time, ILogger<SandboxWebhookSender> log) : BackgroundService
{
    public const string HttpClientName = "razorpay-sandbox-webhooks";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestNap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_untilListening = TimeSpan.FromMilliseconds(100);
    private readonly SemaphoreSlim _hands = new(8);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // The host starts its services one after the other.
        while (!stoppingToken.IsCancellationRequested)
        {
            var nap = s_untilListening;
            try
            {
                sandbox.Advance();
                if (Target() is { } target)
                {
                    foreach (var batch in sandbox.TakeDue())
                        _ = PostBatchAsync(batch, target, stoppingToken);
                    var wait = sandbox.NextDue() - time.GetUtcNow() ?? s_longestNap;
                    nap = wait < TimeSpan.Zero ? TimeSpan.Zero : wait < s_longestNap ? wait : s_longestNap;
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                log.ClockFailed(exception);
                nap = s_limit;
            }

            try
            {
                await sandbox.Bell.WaitAsync(nap, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public override void Dispose()
    {
        _hands.Dispose();
        base.Dispose();
    }

    private Uri? Target() => options.Value.WebhookUrl.Length > 0
        ? new Uri(options.Value.WebhookUrl)
        : ownAddress.Find() is { } own ? new Uri(own, "api/v1/webhooks/razorpay") : null;

    private async Task PostBatchAsync(IReadOnlyList<IReadOnlyList<SandboxParcel>> batch, Uri target, CancellationToken stoppingToken)
    {
        try
        {
            foreach (var copies in batch)
                await Task.WhenAll(copies.Select(parcel => PostAsync(parcel, target, stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The journal still has it pending: it goes again after the next start.
        }
    }

    private async Task PostAsync(SandboxParcel parcel, Uri target, CancellationToken stoppingToken)
    {
        await _hands.WaitAsync(stoppingToken);
        try
        {
            using var limit = new CancellationTokenSource(s_limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
            var (status, error) = await TryPostAsync(parcel, target, either.Token);
            stoppingToken.ThrowIfCancellationRequested();
            sandbox.Received(parcel.DeliveryId, status, error);
        }
        finally
        {
            _hands.Release();
        }
    }

    private async Task<(int? Status, string? Error)> TryPostAsync(SandboxParcel parcel, Uri target, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(HttpClientName);
            using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ByteArrayContent(parcel.Body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.ParseAdd("Razorpay-Webhook/v1");
            request.Headers.Add("X-Razorpay-Signature", parcel.Signature);
            request.Headers.Add("x-razorpay-event-id", parcel.EventId);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            log.WebhookAnswered(parcel.EventId, parcel.Type, (int)response.StatusCode);
            return ((int)response.StatusCode, null);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            var why = exception is OperationCanceledException ? "no answer within 5 seconds" : "connection failed";
            log.WebhookLost(parcel.EventId, parcel.Type, why);
            return (null, why);
        }
    }
}

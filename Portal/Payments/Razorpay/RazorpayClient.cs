using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Polly;

namespace Portal.Payments.Razorpay;

/// <summary>One call to Razorpay's API.</summary>
/// <param name="Method">GET is taken for a read, all else for a write.</param>
/// <param name="Path">Below <c>/v1/</c>, its ids already checked or escaped.</param>
/// <param name="Query">Without the question mark; never logged.</param>
/// <param name="Body">Sent as JSON.</param>
/// <param name="RefundKey">For the one call that has an idempotency header.</param>
internal sealed record RazorpayCall(HttpMethod Method, string Path, string Query = "", JsonObject? Body = null, string? RefundKey = null)
{
    public bool IsRead => Method == HttpMethod.Get;
}

/// <summary>
/// Carries calls to Razorpay and sorts the answers. Repeats only what is safe to repeat: reads after any failure, anything after 429, and
/// a refund while its own key is still in flight. A money move whose outcome is unknown is never repeated here.
/// </summary>
internal sealed class RazorpayClient
{
    public const string HttpClientName = "razorpay";
    public const int MaxAnswerBytes = 2 * 1024 * 1024;

    private readonly IHttpClientFactory _clients;
    private readonly RazorpayOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RazorpayClient> _log;
    private readonly ResiliencePipeline<RazorpayAnswer> _reads;
    private readonly ResiliencePipeline<RazorpayAnswer> _writes;

    public RazorpayClient(IHttpClientFactory clients, IOptions<RazorpayOptions> options, TimeProvider time, ILogger<RazorpayClient> log)
    {
        (_clients, _options, _time, _log) = (clients, options.Value, time, log);
        var delay = TimeSpan.FromMilliseconds(_options.RetryDelayMilliseconds);
        _reads = RazorpayRetries.Reads(delay, time);
        _writes = RazorpayRetries.Writes(delay, time);
    }

    /// <summary>Throws only when the caller cancels.</summary>
    public async Task<RazorpayAnswer> SendAsync(RazorpayCall call, RazorpayCredentials credentials, Uri baseAddress, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        RazorpayAnswer last = new RazorpayAnswer.Lost("No answer in time.");
        try
        {
            return await (call.IsRead ? _reads : _writes).ExecuteAsync(
                async token => last = await SendOnceAsync(call, credentials, baseAddress, token), either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return last; // The time ran out while waiting for a retry: what the last try said still holds.
        }
    }

    private async Task<RazorpayAnswer> SendOnceAsync(RazorpayCall call, RazorpayCredentials credentials, Uri baseAddress, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        try
        {
            using var client = _clients.CreateClient(HttpClientName);
            using var request = RequestOf(call, credentials, baseAddress);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            _log.Answered(call.Method.Method, call.Path, (int)response.StatusCode, Elapsed(started), RequestIdOf(response));
            return RazorpayClassification.Of((int)response.StatusCode, body, response.Headers.RetryAfter, _time.GetUtcNow());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            _log.Lost(call.Method.Method, call.Path, Elapsed(started), "cancelled or out of time");
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var why = exception is HttpRequestException { HttpRequestError: var error } ? $"The connection failed ({error})." : "The connection was cut.";
            _log.Lost(call.Method.Method, call.Path, Elapsed(started), why);
            return new RazorpayAnswer.Lost(why);
        }
    }

    private static HttpRequestMessage RequestOf(RazorpayCall call, RazorpayCredentials credentials, Uri baseAddress)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(baseAddress, $"v1/{call.Path}{(call.Query.Length == 0 ? "" : "?" + call.Query)}"));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{credentials.KeyId}:{credentials.KeySecret}")));
        request.Headers.Accept.ParseAdd("application/json");
        if (call.RefundKey is { } key)
            request.Headers.Add("X-Refund-Idempotency", key);
        if (call.Body is { } body)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return request;
    }

    private long Elapsed(long started) => (long)_time.GetElapsedTime(started).TotalMilliseconds;

    // Comes from outside: bounded before it reaches a log.
    private static string RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Razorpay-Request-Id", out var values) && values.FirstOrDefault() is { Length: > 0 and <= 64 } id && id.All(char.IsAsciiLetterOrDigit)
            ? id
            : "-";
}

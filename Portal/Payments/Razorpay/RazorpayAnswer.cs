using System.Text.Json;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

/// <summary>What one call came to, before anybody knows what it was about.</summary>
internal abstract record RazorpayAnswer
{
    private RazorpayAnswer() { }

    /// <summary>200 and JSON.</summary>
    public sealed record Json(JsonElement Root) : RazorpayAnswer;

    /// <summary>A definite no: 4xx with Razorpay's error JSON.</summary>
    public sealed record Error(int Status, string Code, string? Reason, string Description) : RazorpayAnswer;

    /// <summary>429: nothing was done.</summary>
    public sealed record RateLimited(TimeSpan? RetryAfter) : RazorpayAnswer;

    /// <summary>409: the same idempotency key is still being worked on.</summary>
    public sealed record InFlight : RazorpayAnswer;

    /// <summary>Nobody knows: 5xx, time-out, cut connection, or an answer that can't be read.</summary>
    public sealed record Lost(string Why) : RazorpayAnswer;

    /// <summary>Turns the answer into an outcome; <paramref name="read"/> gives null for JSON that is not what was asked for.</summary>
    public GatewayResult<T> Read<T>(Func<JsonElement, T?> read) where T : class => this switch
    {
        Json json => read(json.Root) is { } value
            ? new GatewayResult<T>.Done(value)
            : new GatewayResult<T>.Unknown("The answer was JSON of another shape than documented."),
        Error error => new GatewayResult<T>.Refused(CodeOf(error), error.Reason, error.Description),
        RateLimited => new GatewayResult<T>.Refused(GatewayRefusal.RateLimited, null, "Razorpay asked to slow down; nothing was done."),
        InFlight => new GatewayResult<T>.Unknown("A call with the same idempotency key is still being worked on."),
        Lost lost => new GatewayResult<T>.Unknown(lost.Why),
        _ => throw new InvalidOperationException("The set of answers is closed."),
    };

    // Razorpay answers 400 for much of what elsewhere is 401 or 404, and then only the text tells.
    private static string CodeOf(Error error) => error switch
    {
        { Status: 401 } => GatewayRefusal.Unauthorised,
        { Status: 404 } => GatewayRefusal.NotFound,
        _ when error.Description.Contains("api key", StringComparison.OrdinalIgnoreCase) => GatewayRefusal.Unauthorised,
        _ when error.Description.Contains("does not exist", StringComparison.OrdinalIgnoreCase) => GatewayRefusal.NotFound,
        _ => error.Code,
    };
}

using Portal.Core.Payments;
using Portal.Endpoints.Problems;
using Portal.Payments;

namespace Portal.Endpoints.Webhooks;

/// <summary>Takes in Razorpay's webhooks: the body's bytes as they came, checked, stored, answered. Everything else happens after the answer.</summary>
internal static class RazorpayWebhook
{
    /// <summary>Longest body; real ones are a few KiB.</summary>
    public const int MaxBytes = 256 * 1024;

    private const string SignatureHeader = "X-Razorpay-Signature";
    private const string EventIdHeader = "x-razorpay-event-id";

    public static async Task<IResult> ReceiveAsync(HttpRequest request, ReceiveWebhook receive, PaymentMeter meter, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(request, cancellationToken);
        if (body is null)
        {
            meter.Webhook("too_large");
            return TypedResults.Problem(ProblemMapping.Problem(StatusCodes.Status413PayloadTooLarge, "too_large", $"At most {MaxBytes} bytes."));
        }

        if (body.Length == 0)
        {
            meter.Webhook("empty");
            return TypedResults.Problem(ProblemMapping.Problem(StatusCodes.Status400BadRequest, "unreadable", "The body is empty."));
        }

        var result = await receive.RunAsync(body, request.Headers[SignatureHeader], request.Headers[EventIdHeader], cancellationToken);
        if (!result.Succeeded)
        {
            meter.Webhook("forged");
            return TypedResults.Problem(ProblemMapping.Problem(StatusCodes.Status401Unauthorized, result.Failure.Code, result.Failure.Message));
        }

        meter.Webhook(result.Value.IsNew ? "accepted" : "duplicate");
        return TypedResults.Ok();
    }

    // Counted while reading, whatever the header promised. Null when it is too long.
    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
            return null;
        using var body = new MemoryStream(checked((int)(request.ContentLength ?? 4096)));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > MaxBytes)
                return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}

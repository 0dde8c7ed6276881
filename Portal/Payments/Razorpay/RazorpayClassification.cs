using System.Net.Http.Headers;

namespace Portal.Payments.Razorpay;

/// <summary>What a status and a body mean for money. Whatever is not plainly a yes or a no is lost, that is: unknown.</summary>
internal static class RazorpayClassification
{
    public static RazorpayAnswer Of(int status, ReadOnlyMemory<byte> body, RetryConditionHeaderValue? retryAfter, DateTimeOffset now)
    {
        if (status == 429)
            return new RazorpayAnswer.RateLimited(retryAfter?.Delta ?? (retryAfter?.Date is { } date && date > now ? date - now : null));
        if (status == 409)
            return new RazorpayAnswer.InFlight();
        if (status is not (200 or >= 400 and < 500) || status == 408)
            return new RazorpayAnswer.Lost($"Razorpay answered {status}.");
        if (RazorpayJson.TryParse(body) is not { } json)
            return new RazorpayAnswer.Lost($"Razorpay answered {status} with something that is not a JSON object.");
        if (status == 200)
            return new RazorpayAnswer.Json(json);

        // A 4xx without Razorpay's own error is some proxy's word, and says nothing about what Razorpay did.
        return json.Child("error") is { } error && error.Text("code") is { } code
            ? new RazorpayAnswer.Error(status, code, Meaning(error.Text("reason")), error.Text("description") ?? code)
            : new RazorpayAnswer.Lost($"Razorpay answered {status} without an error of its own.");
    }

    private static string? Meaning(string? reason) => string.Equals(reason, "NA", StringComparison.Ordinal) ? null : reason;
}

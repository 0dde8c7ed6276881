namespace Portal.Payments.Razorpay;

/// <summary>Ids, methods, paths and statuses only: no bodies, no headers, no query strings.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Razorpay {Method} {Path} answered {Status} in {Milliseconds} ms (request {RequestId})")]
    public static partial void Answered(this ILogger logger, string method, string path, int status, long milliseconds, string requestId);

    [LoggerMessage(2, LogLevel.Warning, "Razorpay {Method} {Path} has no outcome after {Milliseconds} ms: {Why}")]
    public static partial void Lost(this ILogger logger, string method, string path, long milliseconds, string why);
}

using Polly;
using Polly.Retry;

namespace Portal.Payments.Razorpay;

/// <summary>What may be repeated, how often and how fast.</summary>
internal static class RazorpayRetries
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    /// <summary>Reading changes nothing: three more tries whatever went wrong.</summary>
    public static ResiliencePipeline<RazorpayAnswer> Reads(TimeSpan delay, TimeProvider time) =>
        Pipeline(delay, time, answer => answer is RazorpayAnswer.RateLimited or RazorpayAnswer.Lost or RazorpayAnswer.InFlight);

    /// <summary>A write is repeated only when it was certainly not done (429), or when its own key is still in flight (409).</summary>
    public static ResiliencePipeline<RazorpayAnswer> Writes(TimeSpan delay, TimeProvider time) =>
        Pipeline(delay, time, answer => answer is RazorpayAnswer.RateLimited or RazorpayAnswer.InFlight);

    private static ResiliencePipeline<RazorpayAnswer> Pipeline(TimeSpan delay, TimeProvider time, Func<RazorpayAnswer, bool> again) =>
        new ResiliencePipelineBuilder<RazorpayAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<RazorpayAnswer>
            {
                MaxRetryAttempts = 3,
                Delay = delay,
                MaxDelay = s_longestWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer && again(answer)),
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is RazorpayAnswer.RateLimited { RetryAfter: { } wait } ? wait < s_longestWait ? wait : s_longestWait : (TimeSpan?)null),
            })
            .Build();
}

namespace Portal.Sandbox.Razorpay.State;

/// <summary>How the sandbox is to behave; see the control page.</summary>
public sealed class SandboxSettings
{
    /// <summary>For the next payment only: <c>as_chosen</c> (what the payer picks), <c>success</c>, <c>fail</c> or <c>late</c>.</summary>
    public string NextPayment { get; set; } = "as_chosen";

    /// <summary>How long after failing a late payment is authorised.</summary>
    public double LateSeconds { get; set; } = 5;

    /// <summary>For the next refund only: <c>processed</c> at once, <c>pending</c> first, or <c>failed</c> in the end.</summary>
    public string NextRefund { get; set; } = "processed";

    /// <summary>How long a pending refund stays so.</summary>
    public double RefundSeconds { get; set; } = 5;

    /// <summary>When false, payments stay authorised until they are captured by call.</summary>
    public bool AutoCapture { get; set; } = true;

    /// <summary>When true, a second order with the same receipt is refused.</summary>
    public bool UniqueReceipts { get; set; }

    /// <summary>When false, events are kept but not sent.</summary>
    public bool WebhooksOn { get; set; } = true;

    /// <summary>Why they went off by themselves.</summary>
    public string? WebhooksOffReason { get; set; }

    /// <summary>How long each event waits before it is sent.</summary>
    public double WebhookDelaySeconds { get; set; }

    /// <summary>How many times each event is sent, at the same moment.</summary>
    public int WebhookCopies { get; set; } = 1;

    /// <summary>Sends the events of one action last first: order.paid, then captured, then authorized.</summary>
    public bool WebhooksReordered { get; set; }

    /// <summary><c>current</c>, <c>previous</c> (as retries after a change of the secret are) or <c>forged</c>.</summary>
    public string WebhookSecret { get; set; } = "current";

    public SandboxSettings Copy() => (SandboxSettings)MemberwiseClone();
}

/// <summary>What goes wrong with the next calls to the API.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Method">Only for this HTTP method; null for any.</param>
/// <param name="Seconds">How long <c>commit-then-slow</c> waits.</param>
public sealed record SandboxFault(string Kind, string? Method = null, double Seconds = 2)
{
    /// <summary>
    /// Statuses are answered without doing anything; <c>drop</c> cuts the connection before, the <c>commit-then-</c> ones do the work first and then
    /// cut it, never answer, answer late, fail, or answer with half a document or with fields and words nobody knows.
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        "429", "500", "502-html", "504", "409", "redirect", "drop", "commit-then-drop", "commit-then-hang", "commit-then-slow", "commit-then-500",
        "commit-then-truncate", "commit-then-unknown-words",
    ];
}

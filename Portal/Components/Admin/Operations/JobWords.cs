using System.Globalization;
using Portal.Components.Shared;

namespace Portal.Components.Admin.Operations;

/// <summary>Jobs in words.</summary>
public static class JobWords
{
    /// <summary>What a job is for; its name in words where nobody has said.</summary>
    public static string Purpose(string job) => job switch
    {
        "resume-billing-runs" => "Wakes workers for billing runs that wait or whose node went silent",
        "resume-simulations" => "Wakes workers for simulations that wait or whose node went silent",
        "keep-mrr" => "Writes movements of monthly recurring revenue",
        "keep-analytics" => "Keeps revenue and cohorts by month",
        "mark-overdue" => "Marks invoices whose due date has passed",
        "reconcile-payments" => "Asks the provider about payments whose outcome is open",
        "ensure-usage-partitions" => "Makes room for the coming months' usage",
        "check-usage-drift" => "Compares usage sums with their events",
        "prune-idempotency" => "Forgets replies older than their promise",
        "prune-job-runs" => "Forgets old runs of jobs",
        "close-old-views" => "Ends views of customers' portals that ran out",
        "seal-audit" => "Seals new rows of the audit log",
        "verify-audit" => "Looks at the whole chain of the audit log",
        "start-monthly-billing" => "Starts the billing run of a month that has ended everywhere",
        "consume-prepaid-credits" => "Covers usage by prepaid credits, and lets expire what is over",
        "check-invariants" => "Looks at everything that must always hold",
        _ => Words.Sentence(job),
    };

    /// <summary><c>every 5 seconds</c>, <c>every day</c>.</summary>
    public static string Rhythm(TimeSpan every) => every switch
    {
        { TotalSeconds: < 60 } => Every((int)every.TotalSeconds, "second"),
        { TotalMinutes: < 60 } => Every((int)every.TotalMinutes, "minute"),
        { TotalHours: < 24 } => Every((int)every.TotalHours, "hour"),
        _ => Every((int)every.TotalDays, "day"),
    };

    /// <summary><c>14 ms</c>, <c>3.2 s</c>, <c>2 min 5 s</c>.</summary>
    public static string Duration(TimeSpan took) => took switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0}\u00A0ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0.0}\u00A0s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)took.TotalMinutes}\u00A0min {took.Seconds}\u00A0s"),
    };

    private static string Every(int count, string unit) => count == 1 ? $"every {unit}" : string.Create(CultureInfo.InvariantCulture, $"every {count} {unit}s");
}

using System.Globalization;
using Portal.Components.Shared;

namespace Portal.Components.Admin.Operations;

/// <summary>Jobs in words.</summary>
public static class JobWords
{
    /// <summary>What a job is for; its name in words where nobody has said.</summary>
    public static string Purpose(string job) => job switch
    {
        "resume-billing-runs" => "Resumes billing runs that are waiting or lost their node",
        "resume-simulations" => "Resumes simulations that are waiting or lost their node",
        "keep-mrr" => "Records MRR movements",
        "keep-analytics" => "Updates monthly revenue and cohorts",
        "mark-overdue" => "Marks invoices whose due date has passed",
        "reconcile-payments" => "Checks pending payments with the provider",
        "ensure-usage-partitions" => "Prepares storage for the coming months' usage",
        "check-usage-drift" => "Compares usage totals with their events",
        "prune-idempotency" => "Deletes expired idempotent responses",
        "prune-job-runs" => "Deletes old job runs",
        "close-old-views" => "Ends expired customer views",
        "seal-audit" => "Seals new audit log entries",
        "verify-audit" => "Verifies the audit log",
        "start-monthly-billing" => "Starts the billing run for a month that has ended in every time zone",
        "consume-prepaid-credits" => "Applies prepaid credits to usage and expires old ones",
        "check-invariants" => "Checks the health rules",
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

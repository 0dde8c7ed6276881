using System.Globalization;

namespace Portal.Components.Shared;

/// <summary>How long ago, or how far ahead, in words.</summary>
public static class RelativeTime
{
    /// <summary><c>just now</c>, <c>5 minutes ago</c>, <c>in 3 days</c>, <c>in a moment</c>; null when it is further away than 30 days, where a date says more.</summary>
    public static string? Of(DateTimeOffset instant, DateTimeOffset now)
    {
        var distance = now - instant;
        var length = distance.Duration();
        if (length < TimeSpan.FromSeconds(45))
            return distance < -TimeSpan.FromSeconds(1) ? "in a moment" : "just now";
        if (length > TimeSpan.FromDays(30))
            return null;
        var (count, unit) = length switch
        {
            { TotalMinutes: < 59.5 } => (length.TotalMinutes, "minute"),
            { TotalHours: < 23.5 } => (length.TotalHours, "hour"),
            _ => (length.TotalDays, "day"),
        };
        var rounded = Math.Max(1, (int)Math.Round(count, MidpointRounding.AwayFromZero));
        var text = string.Create(CultureInfo.InvariantCulture, $"{rounded} {unit}{(rounded == 1 ? "" : "s")}");
        return distance > TimeSpan.Zero ? $"{text} ago" : $"in {text}";
    }
}

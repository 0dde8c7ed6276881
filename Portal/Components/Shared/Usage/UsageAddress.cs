using System.Globalization;
using Portal.Core.Metering;

namespace Portal.Components.Shared.Usage;

/// <summary>What the explorer of usage shows, as its address says: shared by the page and its exports.</summary>
public static class UsageAddress
{
    /// <summary>The question about sums.</summary>
    /// <param name="organisationId">Whose usage.</param>
    /// <param name="value">A parameter of the address by its name, or null.</param>
    public static UsageQuestion Question(Guid organisationId, Func<string, string?> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new UsageQuestion(
            organisationId,
            MonthText.Read(value("month")),
            Given(value("metric")),
            Guid.TryParse(value("project"), out var project) ? project : null,
            MonthText.ReadDay(value("day")),
            value("by") switch { "project" => UsageBy.Project, "key" => UsageBy.Key, _ => UsageBy.Metric },
            value("compare") switch
            {
                "before" => UsageAgainst.Before,
                "year" => UsageAgainst.Year,
                "nothing" => UsageAgainst.Nothing,
                _ => UsageAgainst.Usual,
            });
    }

    /// <summary>The events behind it.</summary>
    /// <param name="organisationId">Whose events.</param>
    /// <param name="month">The month, unless the address names a day of another.</param>
    /// <param name="value">A parameter of the address by its name, or null.</param>
    public static UsageEventFilter Events(Guid organisationId, BillingMonth? month, Func<string, string?> value)
    {
        var question = Question(organisationId, value);
        return new UsageEventFilter
        {
            OrganisationId = organisationId,
            Month = question.Day is { } day ? new BillingMonth(day.Year, day.Month) : question.Month ?? month,
            Day = question.Day,
            MetricName = question.MetricName,
            ProjectId = question.ProjectId,
            ApiKeyId = Guid.TryParse(value("key"), out var key) ? key : null,
            Hour = DateTimeOffset.TryParse(value("hour"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var hour) ? hour : null,
            Metadata = MetadataFilter.Read(value("meta")),
        };
    }

    /// <summary>How a comparison is written in the address.</summary>
    public static string Key(UsageAgainst against) => against switch
    {
        UsageAgainst.Usual => "usual",
        UsageAgainst.Before => "before",
        UsageAgainst.Year => "year",
        UsageAgainst.Nothing => "nothing",
    };

    /// <summary>How an instant is written in the address.</summary>
    public static string Instant(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

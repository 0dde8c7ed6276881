using Portal.Access;
using Portal.Core.Currencies;

namespace Portal.Endpoints.Downloads;

/// <summary>Days as the person who asks reads them on the pages. Who may ask is known by then.</summary>
internal static class ViewerZone
{
    /// <summary>An IANA zone.</summary>
    public static string Of(PersonAccessReader reader) => reader.Known is { } access ? access.TimeZone ?? access.PlatformTimeZone : "UTC";

    /// <summary>Today there.</summary>
    public static DateOnly Today(PersonAccessReader reader, TimeProvider clock) => DateFormat.DayIn(clock.GetUtcNow(), Of(reader));
}

namespace Portal.Components.Layout;

/// <summary>How the person who looks reads money and dates; cascaded by the layouts.</summary>
/// <param name="Locale">BCP 47 tag, e.g. <c>en-IN</c>.</param>
/// <param name="TimeZone">IANA zone, e.g. <c>Asia/Kolkata</c>.</param>
public sealed record Viewer(string Locale, string TimeZone)
{
    public static Viewer Default { get; } = new("en-IN", "Asia/Kolkata");
}

namespace Portal.Components.Profile;

/// <summary>What a browser calls itself, in two words; enough to know one's own again.</summary>
public static class BrowserName
{
    // The first that fits: every browser names those that came before it.
    private static readonly (string Mark, string Name)[] s_browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari")];

    private static readonly (string Mark, string Name)[] s_systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return "Unknown browser";
        var browser = Array.Find(s_browsers, one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        var system = Array.Find(s_systems, one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
        return (browser, system) switch
        {
            (null, null) => "Unknown browser",
            (null, _) => $"A browser on {system}",
            (_, null) => browser,
            _ => $"{browser} on {system}",
        };
    }
}

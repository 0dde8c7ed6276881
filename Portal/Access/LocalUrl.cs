namespace Portal.Access;

/// <summary>Keeps redirects inside the portal.</summary>
public static class LocalUrl
{
    /// <summary>The address when it is a path of this portal, else <c>/</c>.</summary>
    public static string OrStart(string? url) => IsLocal(url) ? url! : "/";

    // Browsers read "//host", "/\host" and a path with control characters in it as other sites.
    private static bool IsLocal(string? url) =>
        url is ['/', ..] && (url.Length == 1 || url[1] is not ('/' or '\\')) && !url.Any(char.IsControl) && url.Length <= 2000
        && !url.StartsWith("/account/", StringComparison.OrdinalIgnoreCase);
}

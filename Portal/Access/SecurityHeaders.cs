namespace Portal.Access;

/// <summary>What one page needs of other sites, on top of the policy that all pages have. For the page that pays.</summary>
/// <example><c>@attribute [ContentSecurity(Scripts = "https://checkout.example.com", Frames = "https://api.example.com")]</c></example>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ContentSecurityAttribute : Attribute
{
    /// <summary>Sources for <c>script-src</c>, parted by blanks.</summary>
    public string? Scripts { get; init; }

    /// <summary>Sources for <c>frame-src</c>, parted by blanks.</summary>
    public string? Frames { get; init; }

    /// <summary>Sources for <c>connect-src</c>, parted by blanks.</summary>
    public string? Connects { get; init; }

    /// <summary>Sources for <c>img-src</c>, parted by blanks.</summary>
    public string? Images { get; init; }

    /// <summary>Sources for <c>form-action</c>, parted by blanks.</summary>
    public string? Forms { get; init; }
}

/// <summary>The headers that tell browsers what to refuse.</summary>
internal static class SecurityHeaders
{
    private static readonly ContentSecurityAttribute s_nothingMore = new();

    /// <summary>Sets them on every answer; an endpoint that has set one of its own keeps it.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.TryAdd("X-Content-Type-Options", "nosniff");
            // An address with a token goes nowhere else.
            headers.TryAdd("Referrer-Policy", context.Request.Query.ContainsKey("token") ? "no-referrer" : "strict-origin-when-cross-origin");
            headers.TryAdd("Permissions-Policy", "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), usb=()");
            headers.TryAdd("Cross-Origin-Opener-Policy", "same-origin-allow-popups");
            // A year, as browsers' lists ask for at least; said over HTTPS only, where it counts.
            if (context.Request.IsHttps)
                headers.TryAdd("Strict-Transport-Security", "max-age=31536000");
            headers.XFrameOptions = "DENY";
            if (!headers.ContainsKey("Content-Security-Policy") || headers.ContentSecurityPolicy.ToString().StartsWith("frame-ancestors", StringComparison.Ordinal))
                headers.ContentSecurityPolicy = Policy(context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityAttribute>() ?? s_nothingMore);
            if (context.User.Identity?.IsAuthenticated == true && !headers.ContainsKey("Cache-Control"))
                headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });

    // No script is written into a page, so 'self' is all that scripts need: no nonce, no hash. Styles are another matter: the component library
    // sets sizes and positions of charts and pop-ups in style attributes, which only 'unsafe-inline' allows.
    private static string Policy(ContentSecurityAttribute more) => string.Join("; ",
        "default-src 'self'",
        Sources("script-src 'self'", more.Scripts),
        "style-src 'self' 'unsafe-inline'",
        Sources("img-src 'self' data:", more.Images),
        "font-src 'self'",
        Sources("connect-src 'self'", more.Connects),
        Sources("frame-src 'self'", more.Frames),
        Sources("form-action 'self'", more.Forms),
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "object-src 'none'");

    private static string Sources(string own, string? more) => more is null ? own : $"{own} {more}";
}

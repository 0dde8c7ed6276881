namespace Portal.Sandbox.Razorpay;

/// <summary>The sandbox's own pages, scripts and styles, out of the assembly. No page of it runs an inline script or style.</summary>
internal static class SandboxPages
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors ";

    public static void MapPages(this IEndpointRouteBuilder sandbox)
    {
        sandbox.MapGet("/v1/checkout.js", (HttpResponse response) => File(response, "checkout.js", "text/javascript; charset=utf-8", "'none'"));
        sandbox.MapGet("/checkout", (HttpResponse response) => File(response, "checkout.html", "text/html; charset=utf-8", "'self'"));
        sandbox.MapGet("/control", (HttpResponse response) => File(response, "control.html", "text/html; charset=utf-8", "'none'"));
        sandbox.MapGet("/assets/{name}", IResult (string name, HttpResponse response) => System.IO.Path.GetExtension(name) switch
        {
            ".js" => File(response, name, "text/javascript; charset=utf-8", "'none'"),
            ".css" => File(response, name, "text/css; charset=utf-8", "'none'"),
            _ => Results.NotFound(),
        });
    }

    private static IResult File(HttpResponse response, string name, string contentType, string frameAncestors)
    {
        if (typeof(SandboxPages).Assembly.GetManifestResourceStream("razorpay-sandbox/" + name) is not { } stream)
            return Results.NotFound();
        response.Headers.ContentSecurityPolicy = Policy + frameAncestors;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-cache";
        if (frameAncestors == "'self'")
            response.Headers.XFrameOptions = "SAMEORIGIN";
        return Results.Stream(stream, contentType);
    }
}

using System.Text;
using Microsoft.Extensions.Options;

namespace Portal.Emails;

/// <summary>In Development: the mails that were kept as files, to look at in the browser.</summary>
public static class DevMail
{
    private const int ListLimit = 200;

    // The pages carry people's mails and sign-in links, so they load nothing and may be framed by nobody but themselves.
    private const string PagePolicy = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    // A mail styles its elements one by one; it runs nothing and loads nothing, and its links open elsewhere.
    private const string MailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private static readonly Lazy<string> s_style = new(() =>
    {
        using var stream = typeof(DevMail).Assembly.GetManifestResourceStream("Portal.Emails.dev-mail.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    });

    /// <summary>Serves <c>/dev/mail</c> in Development, and nothing elsewhere. No sign-in: a mail is how one gets to sign in.</summary>
    public static IEndpointRouteBuilder MapDevMail(this IEndpointRouteBuilder endpoints)
    {
        if (!endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>().IsDevelopment())
            return endpoints;
        var mail = endpoints.MapGroup("/dev/mail").AllowAnonymous().ExcludeFromDescription();
        mail.MapGet("", ListAsync);
        mail.MapGet("style.css", () => Results.Text(s_style.Value, "text/css", Encoding.UTF8));
        mail.MapGet("{name}", ShowAsync);
        mail.MapGet("{name}/html", HtmlAsync);
        mail.MapGet("{name}/raw", (string name, EmlStore store) => store.Find(name) is { } file ? Results.File(file.Path, "message/rfc822", file.Name + ".eml") : Results.NotFound());
        mail.MapGet("{name}/attachments/{index:int}", AttachmentAsync);
        return endpoints;
    }

    private static async Task<IResult> ListAsync(HttpContext http, EmlStore store, IOptions<SmtpOptions> smtp, CancellationToken cancellationToken)
    {
        var mails = new List<(EmlFile File, EmlMail Mail)>();
        foreach (var file in store.List(ListLimit))
            mails.Add((file, await file.ReadAsync(cancellationToken)));
        return Page(http, DevMailPages.List(mails, smtp.Value.IsConfigured ? smtp.Value.Host : null, ListLimit));
    }

    private static async Task<IResult> ShowAsync(HttpContext http, string name, EmlStore store, CancellationToken cancellationToken) =>
        store.Find(name) is { } file ? Page(http, DevMailPages.One(file, await file.ReadAsync(cancellationToken))) : Results.NotFound();

    private static async Task<IResult> HtmlAsync(HttpContext http, string name, EmlStore store, CancellationToken cancellationToken)
    {
        if (store.Find(name) is not { } file || (await file.ReadAsync(cancellationToken)).Html is not { } html)
            return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = MailPolicy;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Frame-Options"] = "SAMEORIGIN";
        // A link pressed inside the frame would open in it, where other sites refuse to be shown.
        return Results.Content(html.Replace("<head>", "<head>\n<base target=\"_blank\">", StringComparison.Ordinal), "text/html", Encoding.UTF8);
    }

    private static async Task<IResult> AttachmentAsync(HttpContext http, string name, int index, EmlStore store, CancellationToken cancellationToken)
    {
        if (store.Find(name) is not { } file || (await file.ReadAsync(cancellationToken)).Attachments.ElementAtOrDefault(index) is not { } part)
            return Results.NotFound();
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(part.Content, part.MediaType, part.FileName);
    }

    private static IResult Page(HttpContext http, string html)
    {
        http.Response.Headers.ContentSecurityPolicy = PagePolicy;
        http.Response.Headers.CacheControl = "no-store";
        return Results.Content(html, "text/html", Encoding.UTF8);
    }
}

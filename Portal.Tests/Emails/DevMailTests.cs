using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Emails;
using Portal.Emails;

namespace Portal.Tests.Emails;

public sealed class DevMailTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-mail-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_kept_mail_is_listed_shown_in_a_frame_without_scripts_and_its_pdf_is_had()
    {
        await using var app = await StartAsync("Development");
        using var http = Client(app);
        await app.Services.GetRequiredService<IEmailTransport>().SendAsync(TestEmails.Message(), default);

        var list = await PageAsync(http, "/dev/mail");
        var link = list.QuerySelector("td a")!;
        link.TextContent.ShouldContain("INV/26-27/000123");
        var page = await PageAsync(http, link.GetAttribute("href")!);
        page.QuerySelector("pre")!.TextContent.ShouldContain("Amount due: ₹1,00,000.00");
        var frame = page.QuerySelector("iframe")!;
        frame.GetAttribute("sandbox")!.ShouldNotContain("allow-scripts");
        frame.GetAttribute("sandbox")!.ShouldNotContain("allow-same-origin");
        using var html = await http.GetAsync(frame.GetAttribute("src"));
        html.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        (await html.Content.ReadAsStringAsync()).ShouldContain("Pay ₹1,00,000.00");
        using var pdf = await http.GetAsync(page.QuerySelector(".files a")!.GetAttribute("href"));
        pdf.Content.Headers.ContentType!.MediaType.ShouldBe("application/pdf");
        pdf.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        (await pdf.Content.ReadAsByteArrayAsync()).ShouldBe(TestEmails.Pdf);
        foreach (var document in new[] { list, page })
            document.QuerySelectorAll("script, style, [style]").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mail_with_markup_in_its_subject_shows_it_as_text()
    {
        await using var app = await StartAsync("Development");
        using var http = Client(app);
        await app.Services.GetRequiredService<IEmailTransport>().SendAsync(TestEmails.Message() with { Subject = "<script>alert(1)</script>", Html = "<script>alert(1)</script>" }, default);

        var list = await PageAsync(http, "/dev/mail");

        list.QuerySelectorAll("script").ShouldBeEmpty();
        list.QuerySelector("td a")!.TextContent.ShouldBe("<script>alert(1)</script>");
    }

    [Theory]
    [InlineData("/dev/mail/unknown")]
    [InlineData("/dev/mail/..%2f..%2fappsettings")]
    [InlineData("/dev/mail/20261201T000000000Z-0193a5e00193a5e00193a5e00193a5e0/raw")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        await using var app = await StartAsync("Development");
        using var http = Client(app);

        (await http.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Outside_Development_there_are_no_such_pages()
    {
        await using var app = await StartAsync("Production");
        using var http = Client(app);

        (await http.GetAsync("/dev/mail")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<WebApplication> StartAsync(string environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = _folder.FullName });
        builder.Configuration["Billing:DataDirectory"] = _folder.FullName;
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Logging.ClearProviders();
        builder.Services.AddEmails(builder.Configuration);
        var app = builder.Build();
        app.MapDevMail();
        await app.StartAsync();
        return app;
    }

    private static HttpClient Client(WebApplication app) =>
        new() { BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };

    private static async Task<IDocument> PageAsync(HttpClient http, string path) => new HtmlParser().ParseDocument(await http.GetStringAsync(path));
}

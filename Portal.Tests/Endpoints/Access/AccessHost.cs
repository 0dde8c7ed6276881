using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Access;
using Portal.Changes;
using Portal.Components;
using Portal.Core.Access;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Access;

/// <summary>The pages and the way in, as the product puts them together, over a database of their own; with one guarded endpoint of each sort.</summary>
internal sealed class AccessHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AccessHost(AccessWorld world, WebApplication app) => (World, _app) = (world, app);

    public AccessWorld World { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<AccessHost> StartAsync(string environment = "Development", params (string Key, string Value)[] settings) => StartAsync(_ => { }, _ => { }, environment, settings);

    /// <summary>With endpoints of its own, and what they need.</summary>
    public static async Task<AccessHost> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var world = await AccessWorld.CreateAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ApplicationName = "Portal", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseTestServer();
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        // Only what access needs is here; what pages need besides is not asked for.
        ((IHostBuilder)builder.Host).UseDefaultServiceProvider(provider => provider.ValidateScopes = true);
        world.Compose(builder.Services);
        builder.Services.AddSingleton<IDatabaseChanges>(new FakeChanges());
        builder.Services.AddPortalComponents();
        builder.Services.AddAccess(builder.Configuration, builder.Environment);
        builder.Services.Configure<Microsoft.AspNetCore.Identity.PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
        services(builder.Services);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(context.Request.Headers["X-Test-Address"].FirstOrDefault() ?? "192.0.2.1");
            return next(context);
        });
        app.UsePortalPages();
        app.UseRouting();
        app.UseAccess();
        app.MapPortalComponents();
        app.MapAccess();
        var admin = app.MapGroup("/api/v1/admin").ByAdminKey();
        admin.MapGet("/probe", (HttpContext http) => http.Call()).RequirePermission(Permissions.SettingsWrite);
        app.MapGet("/admin/download", async (ICallContexts calls) => (await calls.ForStaffAsync()).Actor.Name).BySession().RequirePermission(Permissions.OrganisationsRead);
        app.MapGet("/o/{organisationId:guid}/download", async (Guid organisationId, ICallContexts calls) => (await calls.ForOrganisationAsync(organisationId)).OrganisationId)
            .BySession().RequirePermission(Permissions.InvoicesRead);
        app.MapGet("/guarded-by-nothing", () => "secret");
        app.MapGet("/throws", string () => throw new InvalidOperationException("inside")).AllowAnonymous();
        map(app);
        await app.StartAsync();
        return new AccessHost(world, app);
    }

    /// <summary>A browser without a session.</summary>
    public TestBrowser Browser() => new(_app.GetTestServer());

    /// <summary>A browser whose person has signed in.</summary>
    public async Task<TestBrowser> SignedInAsync(User user)
    {
        var browser = Browser();
        (await browser.SignInAsync(user.Email!, AccessWorld.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await World.DisposeAsync();
    }
}

/// <summary>Keeps cookies, fills in forms, and does not follow redirects.</summary>
internal sealed class TestBrowser(TestServer server) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http = server.CreateClient();

    /// <summary>HTTPS, so that cookies for HTTPS are sent.</summary>
    public static Uri Root { get; } = new("https://localhost/");

    public CookieCollection Cookies => _cookies.GetCookies(Root);

    public string? Address { get; set; }

    public void SetCookie(string name, string value) => _cookies.Add(Root, new Cookie(name, value));

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(Root, path)));

    public async Task<string> HtmlAsync(string path) => await (await GetAsync(path)).Content.ReadAsStringAsync();

    public async Task<HttpResponseMessage> SignInAsync(string email, string password, string path = "/account/sign-in")
    {
        var form = await FormAsync(path);
        form["Form.Email"] = email;
        form["Form.Password"] = password;
        return await PostAsync(path, form);
    }

    /// <summary>The hidden fields of a page's first form.</summary>
    public async Task<Dictionary<string, string>> FormAsync(string path)
    {
        var document = await new HtmlParser().ParseDocumentAsync(await HtmlAsync(path));
        return document.QuerySelector("form")!.QuerySelectorAll("input[type=hidden]").ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal);
    }

    public Task<HttpResponseMessage> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> form) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(Root, path)) { Content = new FormUrlEncodedContent(form) });

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        if (_cookies.GetCookieHeader(Root) is { Length: > 0 } cookies)
            request.Headers.Add("Cookie", cookies);
        if (Address is not null)
            request.Headers.Add("X-Test-Address", Address);
        var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                _cookies.SetCookies(Root, cookie);
        }

        return response;
    }

    public void Dispose() => _http.Dispose();
}

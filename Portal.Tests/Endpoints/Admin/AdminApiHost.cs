using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portal.Access;
using Portal.Changes;
using Portal.Core.Access;
using Portal.Core.Discounts;
using Portal.Core.Plans;
using Portal.Endpoints.Problems;
using Portal.Tests.Components.Support;
using Portal.Tests.Support;

namespace Portal.Tests.Endpoints.Admin;

/// <summary>A part of the staff's HTTP interface with its guards and problems, over a database of its own.</summary>
internal sealed class AdminApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AdminApiHost(AccessWorld world, WebApplication app) => (World, _app) = (world, app);

    public AccessWorld World { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<AdminApiHost> StartAsync(Action<IServiceCollection> services, Action<RouteGroupBuilder> map)
    {
        var world = await AccessWorld.CreateAsync();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ApplicationName = "Portal", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseTestServer();
        // Only what the part under test needs is here.
        ((IHostBuilder)builder.Host).UseDefaultServiceProvider(provider => provider.ValidateScopes = true);
        world.Compose(builder.Services);
        builder.Services.AddSingleton<IDatabaseChanges>(new FakeChanges());
        builder.Services.AddPlans().AddDiscounts();
        services(builder.Services);
        builder.Services.AddProblems();
        builder.Services.AddAccess(builder.Configuration, builder.Environment);
        var app = builder.Build();
        app.UseProblems();
        app.UseRouting();
        app.UseAccess();
        map(app.MapGroup("/api/v1/admin").ByAdminKey());
        await app.StartAsync();
        return new AdminApiHost(world, app);
    }

    /// <summary>A client with a key of a person, or without one.</summary>
    public async Task<HttpClient> ClientAsync(User? user)
    {
        var client = _app.GetTestClient();
        if (user is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await World.Get<IssueAdminApiKey>().RunAsync(World.Staff, user.Id, "Test", null, null, default)).Value.Secret);
        return client;
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>())!;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await World.DisposeAsync();
    }
}

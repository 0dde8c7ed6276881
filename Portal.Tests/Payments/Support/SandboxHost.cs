using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Core.Payments;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay;
using Portal.Tests.Support;

namespace Portal.Tests.Payments.Support;

/// <summary>One webhook as it was received.</summary>
internal sealed record ReceivedWebhook(string EventId, string Type, byte[] Body, string Signature);

/// <summary>A small portal on a free port: the adapter, the sandbox, and something that receives webhooks.</summary>
internal sealed class SandboxHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly bool _ownsDirectory;

    private SandboxHost(WebApplication app, string directory, bool ownsDirectory) => (_app, Directory, _ownsDirectory) = (app, directory, ownsDirectory);

    public string Directory { get; }

    public string Url => _app.Urls.Single();

    public HttpClient Http { get; private set; } = new();

    public ConcurrentQueue<ReceivedWebhook> Webhooks { get; } = new();

    /// <summary>What the receiver answers, given how many came before.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    public IPaymentGateway Gateway => _app.Services.GetRequiredService<IPaymentGateway>();

    public SandboxCredentials Credentials => _app.Services.GetRequiredService<RazorpaySandbox>().Credentials;

    public static async Task<SandboxHost> StartAsync(string? directory = null, string environment = "Development", params (string Key, string Value)[] more)
    {
        var own = directory ?? System.IO.Directory.CreateTempSubdirectory("razorpay-sandbox-").FullName;
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = own });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Billing:DataDirectory"] = own, ["Razorpay:Sandbox:TimeScale"] = "0.001", ["Razorpay:TimeoutSeconds"] = "5", ["Razorpay:RetryDelayMilliseconds"] = "1",
        });
        builder.Configuration.AddInMemoryCollection(more.Select(it => KeyValuePair.Create(it.Key, (string?)it.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRazorpay(builder.Configuration);
        builder.Services.AddRazorpaySandbox(builder.Configuration, builder.Environment);
        var app = builder.Build();
        var host = new SandboxHost(app, own, directory is null);
        app.MapRazorpaySandbox();
        app.MapPost("/api/v1/webhooks/razorpay", host.ReceiveAsync);
        await app.StartAsync();
        host.Http = new HttpClient { BaseAddress = new Uri(host.Url) };
        return host;
    }

    public async Task SettingsAsync(object settings) => (await Http.PostAsJsonAsync("/sandbox/razorpay/control/settings", settings)).EnsureSuccessStatusCode();

    public async Task FaultAsync(string fault, string? method = null, int count = 1, double? seconds = null) =>
        (await Http.PostAsJsonAsync("/sandbox/razorpay/control/faults", new { fault, method, count, seconds })).EnsureSuccessStatusCode();

    public async Task<JsonElement> PayAsync(string orderId, string outcome = "success", string method = "upi", double? lateSeconds = null)
    {
        var response = await Http.PostAsJsonAsync($"/sandbox/razorpay/control/orders/{orderId}/pay", new { outcome, method, lateSeconds });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<JsonElement> TruthAsync(string orderId) =>
        (await Http.GetFromJsonAsync<JsonElement>("/sandbox/razorpay/control/truth")).GetProperty("orders").EnumerateArray().Single(it => it.GetProperty("id").GetString() == orderId);

    public Task<JsonElement> StateAsync() => Http.GetFromJsonAsync<JsonElement>("/sandbox/razorpay/control/state");

    public Task WebhooksAsync(int count) => Eventually.HoldsAsync(() => Webhooks.Count >= count, $"{count} webhooks");

    public async Task<GatewayOrder> OrderAsync(string receipt, decimal amount = 1250.50m) =>
        (await Gateway.CreateOrderAsync(Gateways.Order(receipt, amount), default)).Value();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (_ownsDirectory)
            System.IO.Directory.Delete(Directory, recursive: true);
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        var status = Answer(Webhooks.Count);
        using var json = JsonDocument.Parse(bytes);
        Webhooks.Enqueue(new ReceivedWebhook(
            request.Headers["x-razorpay-event-id"].ToString(), json.RootElement.GetProperty("event").GetString()!, bytes, request.Headers["X-Razorpay-Signature"].ToString()));
        return Results.StatusCode(status);
    }
}

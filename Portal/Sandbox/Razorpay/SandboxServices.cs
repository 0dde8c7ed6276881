using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Payments.Razorpay;
using Portal.Sandbox.Razorpay.Api;

namespace Portal.Sandbox.Razorpay;

public static class SandboxServices
{
    /// <summary>Where the sandbox is served.</summary>
    public const string Path = "/sandbox/razorpay";

    /// <summary>
    /// The gateway's sandbox, for Development only. Without keys in section <c>Razorpay</c> the adapter is pointed at it; with keys it is served
    /// all the same and the adapter goes where the keys belong.
    /// </summary>
    /// <exception cref="InvalidOperationException">Outside Development.</exception>
    public static IServiceCollection AddRazorpaySandbox(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        Refuse(environment);
        services.AddOptions<SandboxOptions>().Bind(configuration.GetSection(SandboxOptions.Section))
            .Validate(it => it.TimeScale is > 0 and <= 1, "Razorpay:Sandbox:TimeScale must be above 0 and at most 1.")
            .Validate(it => it.WebhookUrl.Length == 0 || Uri.TryCreate(it.WebhookUrl, UriKind.Absolute, out _), "Razorpay:Sandbox:WebhookUrl must be an absolute address.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<RazorpaySandbox>();
        services.AddSingleton<OwnAddress>();
        services.AddHostedService<SandboxWebhookSender>();
        services.AddHttpClient(SandboxWebhookSender.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
            .RemoveAllLoggers();
        if (configuration.GetSection(RazorpayOptions.Section).Get<RazorpayOptions>()?.HasKeys != true)
            services.Replace(ServiceDescriptor.Singleton<IRazorpayAccount, SandboxAccount>());
        return services;
    }

    /// <summary>Serves the sandbox below <see cref="Path"/>: the API, the checkout and the control page.</summary>
    /// <exception cref="InvalidOperationException">Outside Development.</exception>
    public static IEndpointRouteBuilder MapRazorpaySandbox(this IEndpointRouteBuilder endpoints)
    {
        Refuse(endpoints.ServiceProvider.GetRequiredService<IHostEnvironment>());
        var sandbox = endpoints.MapGroup(Path)
            .AllowAnonymous()
            .DisableAntiforgery() // JSON only, and no cookie means anything here.
            .DisableRateLimiting()
            .ExcludeFromDescription()
            .WithMetadata(new RequestSizeLimitAttribute(256 * 1024));
        sandbox.MapApi();
        sandbox.MapCheckout();
        sandbox.MapControl();
        sandbox.MapPages();
        return endpoints;
    }

    private static void Refuse(IHostEnvironment environment)
    {
        if (!environment.IsDevelopment())
            throw new InvalidOperationException("The payment sandbox hands out money that does not exist: it is for Development only.");
    }
}

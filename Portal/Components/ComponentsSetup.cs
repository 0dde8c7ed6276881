using Microsoft.AspNetCore.Diagnostics;
using Portal.Access;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Radzen;

namespace Portal.Components;

/// <summary>The pages.</summary>
public static class ComponentsSetup
{
    /// <summary>Registers the pages and their furniture. Needs <c>AddAccess</c>, which comes after it.</summary>
    public static IServiceCollection AddPortalComponents(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 200;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(3);
            circuits.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(20);
            circuits.MaxBufferedUnacknowledgedRenderBatches = 10;
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = 64 * 1024);
        services.AddRadzenComponents();
        services.AddMemoryCache();
        services.AddScoped<PortalAddress>();
        services.AddScoped<Handoff>();
        services.AddScoped<Toasts>();
        services.AddOptions<ShellOptions>().BindConfiguration(ShellOptions.Section);
        return services;
    }

    /// <summary>Pages for what went wrong on the way (for browsers; the API answers in its own form) and the headers of every answer. First in the pipeline.</summary>
    public static WebApplication UsePortalPages(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseSecurityHeaders();
        app.UseWhen(IsPage, pages =>
        {
            pages.UseExceptionHandler("/error", createScopeForErrors: true);
            pages.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
            // The page that tells of a refused form is looked at; the form is not handed to it.
            pages.Use((context, next) =>
            {
                if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
                    context.Request.Method = HttpMethods.Get;
                return next(context);
            });
        });
        return app;
    }

    /// <summary>Static assets and pages.</summary>
    public static WebApplication MapPortalComponents(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = "'none'");
        return app;
    }

    private static bool IsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}

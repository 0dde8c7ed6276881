using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Portal.Observability;

/// <summary>Metrics for Prometheus, and traces and metrics by OTLP when the standard environment variables name a collector.</summary>
internal static class ObservabilityServices
{
    private static readonly string[] s_sources = ["Microsoft.AspNetCore", "Npgsql", "System.Net.Http", "Portal"];
    private static readonly string[] s_meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime", "Portal*"];

    public static IServiceCollection AddObservability(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<PrometheusMetrics>();
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return services;
        var resource = ResourceBuilder.CreateDefault().AddService(configuration["OTEL_SERVICE_NAME"] ?? "billing-portal");
        services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(s_sources).AddOtlpExporter().Build());
        services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(s_meters).AddOtlpExporter().Build());
        return services;
    }

    /// <summary>Begins to listen; what is measured before is not seen.</summary>
    public static void StartObservability(this IServiceProvider services)
    {
        services.GetRequiredService<PrometheusMetrics>();
        services.GetService<TracerProvider>();
        services.GetService<MeterProvider>();
    }
}

namespace Portal.Demo;

internal static class DemoServices
{
    /// <summary>The demo; it is made in Development only. Reads the section <c>Demo</c>.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DemoOptions>().Bind(configuration.GetSection(DemoOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<DemoActions>()
            .AddSingleton<DemoCustomers>()
            .AddSingleton<DemoPeople>()
            .AddSingleton<DemoUsage>()
            .AddSingleton<DemoPlans>()
            .AddSingleton<DemoCheckout>()
            .AddSingleton<DemoCredits>()
            .AddSingleton<DemoBooks>()
            .AddSingleton<DemoSimulations>()
            .AddSingleton<DemoTickets>()
            .AddSingleton<DemoMails>()
            .AddSingleton<DemoData>();
    }
}

namespace Portal.Demo;

internal static class DemoServices
{
    /// <summary>The demo; it is made in Development only.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services) => services
        .AddSingleton<DemoCustomers>()
        .AddSingleton<DemoPeople>()
        .AddSingleton<DemoBooks>()
        .AddSingleton<DemoData>();
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Core.Payments;

namespace Portal.Payments.Razorpay;

public static class RazorpayServices
{
    /// <summary>The payment gateway: Razorpay with the keys of section <c>Razorpay</c>, or nothing that can be paid with when there are none.</summary>
    public static IServiceCollection AddRazorpay(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RazorpayOptions>().Bind(configuration.GetSection(RazorpayOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RazorpayOptions>, RazorpayOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRazorpayAccount, ConfiguredRazorpayAccount>();
        services.TryAddSingleton<RazorpayClient>();
        services.TryAddSingleton<IPaymentGateway, RazorpayGateway>();
        services.AddHttpClient(RazorpayClient.HttpClientName, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan; // The client's own deadline spans the retries.
                client.MaxResponseContentBufferSize = RazorpayClient.MaxAnswerBytes;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5), // Razorpay asks to honour its DNS.
                UseCookies = false,
                UseProxy = !provider.GetRequiredService<IRazorpayAccount>().IsSandbox, // The sandbox is this very machine.
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers(); // They would write the query string.
        return services;
    }
}

using Portal.Core.Emails;
using Portal.Core.Outbox;
using Portal.Data.Outbox;

namespace Portal.Outbox;

public static class OutboxHosting
{
    /// <summary>
    /// What leaves the process, from the outbox; reads the sections <c>Outbox</c> and <c>Portal</c>. Needs the feed of changes, an
    /// <see cref="IEmailTransport"/> and an <see cref="IInvoiceFiles"/>.
    /// </summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<OutboxOptions>().Bind(configuration.GetSection(OutboxOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PortalLinkOptions>().Bind(configuration.GetSection(PortalLinkOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.PublicUrl is { IsAbsoluteUri: true, Scheme: "http" or "https" }, "Portal:PublicUrl is an absolute http or https address.").ValidateOnStart();
        services.AddSingleton<IPortalLinks, PortalLinks>();
        services.AddOutboxActions().AddOutboxData();
        services.AddHostedService<OutboxDispatcher>();
        return services;
    }
}

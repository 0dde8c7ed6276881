using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Access;
using Portal.Core.Emails;
using Portal.Core.Support;

namespace Portal.Core.Outbox;

public static class OutboxServices
{
    /// <summary>The dispatcher, what it sends, and what staff do about it. Needs an <see cref="IEmailTransport"/>, an <see cref="IInvoiceFiles"/> and an <see cref="IPortalLinks"/>.</summary>
    public static IServiceCollection AddOutboxActions(this IServiceCollection services)
    {
        services.AddSingleton<SendEmail>();
        services.AddSingleton<ResendEmail>();
        services.AddSingleton<ListEmails>();
        services.AddSingleton<RetryOutboxMessage>();
        services.AddSingleton<DiscardOutboxMessage>();
        services.AddSingleton<ListOutbox>();
        services.AddSingleton<SendTestEmail>();
        services.AddSingleton<IOutboxHandler, SendInvoiceIssued>();
        services.AddSingleton<IOutboxHandler, SendPaymentReceipt>();
        services.AddSingleton<IOutboxHandler, SendTicketMessage>();
        services.AddSingleton<IOutboxHandler, SendInvitation>();
        services.AddSingleton<IOutboxHandler, SendAccountLink>();
        services.AddSingleton<DispatchOutbox>();
        return services;
    }
}

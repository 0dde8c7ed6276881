using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Emails;
using Portal.Core.Outbox;

namespace Portal.Core.Support;

public static class SupportServices
{
    /// <summary>Tickets, and the mails about them. Needs the outbox's actions and an <see cref="IPortalLinks"/>.</summary>
    public static IServiceCollection AddSupport(this IServiceCollection services)
    {
        services.AddSingleton<OpenTicket>();
        services.AddSingleton<ReplyToTicket>();
        services.AddSingleton<ChangeTicket>();
        services.AddSingleton<ListTickets>();
        services.AddSingleton<ListTicketAgents>();
        services.AddSingleton<ListTicketChoices>();
        services.AddSingleton<GetTicket>();
        services.AddSingleton<GetTicketAttachment>();
        services.AddSingleton<MarkTicketRead>();
        services.AddSingleton<IOutboxHandler, SendTicketMessage>();
        return services;
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Support;

public static class SupportServices
{
    /// <summary>Tickets. Their mails leave with the outbox's other messages.</summary>
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
        return services;
    }
}

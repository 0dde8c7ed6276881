using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Notifications;

/// <summary>Registers the actions of this feature.</summary>
public static class NotificationServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services) => services.AddSingleton<ListNotifications>();
}

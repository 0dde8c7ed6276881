using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Access;

/// <summary>Registers the actions of this feature.</summary>
public static class AccessServices
{
    public static IServiceCollection AddAccessActions(this IServiceCollection services) => services
        .AddSingleton<GetAccess>()
        .AddSingleton<CreateUser>()
        .AddSingleton<AddMember>()
        .AddSingleton<CreateFirstAdmin>()
        .AddSingleton<AssignRole>()
        .AddSingleton<RemoveRole>()
        .AddSingleton<IssueAdminApiKey>()
        .AddSingleton<AuthenticateAdminKey>()
        .AddSingleton<RecordSignIn>();
}

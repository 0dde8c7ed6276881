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
        .AddSingleton<RecordSignIn>()
        .AddSingleton<Sessions>()
        .AddSingleton<SecondFactor>()
        .AddSingleton<Passkeys>()
        .AddSingleton<ConfirmIdentity>()
        .AddSingleton<ChangePassword>()
        .AddSingleton<ResetPassword>()
        .AddSingleton<ChangeAddress>()
        .AddSingleton<ChangeProfile>()
        .AddSingleton<Invitations>()
        .AddSingleton<AcceptInvitation>()
        .AddSingleton<ListPeople>()
        .AddSingleton<SetPersonActive>()
        .AddSingleton<Roles>()
        .AddSingleton<AdminApiKeys>();
}

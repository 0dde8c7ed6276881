using Microsoft.Extensions.DependencyInjection;

namespace Portal.Core.Organisations;

/// <summary>Registers the actions of this feature.</summary>
public static class OrganisationsServices
{
    public static IServiceCollection AddOrganisations(this IServiceCollection services) => services
        .AddSingleton<CreateOrganisation>()
        .AddSingleton<ChangeOrganisation>()
        .AddSingleton<GetOrganisation>()
        .AddSingleton<ListOrganisations>()
        .AddSingleton<GetDefaults>()
        .AddSingleton<SuspendOrganisation>()
        .AddSingleton<GetStanding>()
        .AddSingleton<ListNotes>()
        .AddSingleton<WriteNote>()
        .AddSingleton<RemoveNote>()
        .AddSingleton<BeginView>()
        .AddSingleton<EndView>()
        .AddSingleton<CloseOldViews>();
}

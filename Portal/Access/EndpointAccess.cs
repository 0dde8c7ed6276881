using Microsoft.AspNetCore.Authorization;

namespace Portal.Access;

/// <summary>Guards endpoints by permission.</summary>
public static class EndpointAccess
{
    /// <summary>
    /// Asks for a permission. Put it on each endpoint; the group says by <see cref="ByAdminKey{TBuilder}"/> or <see cref="BySession{TBuilder}"/>
    /// how callers show who they are. Below <c>/o/{organisationId}</c> the permission is asked for in that organisation, elsewhere on the platform.
    /// </summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder builder, string permission)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization(permission);

    /// <summary>Callers present an admin key (<c>Authorization: Bearer bka_...</c>), and nothing else counts: no cookie, so no forged request. Anything below needs a permission besides.</summary>
    public static TBuilder ByAdminKey<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = AdminKeyScheme.Name }).DisableAntiforgery();

    /// <summary>Callers are signed in by cookie; for downloads that pages link to.</summary>
    public static TBuilder BySession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.RequireAuthorization();
}

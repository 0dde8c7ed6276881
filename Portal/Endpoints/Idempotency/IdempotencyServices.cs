using Portal.Endpoints.Admin;

namespace Portal.Endpoints.Idempotency;

internal static class IdempotencyServices
{
    /// <summary>Keeps the replies of the admin API's POSTs; after authentication.</summary>
    public static void UseIdempotencyKeys(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments(AdminApi.Root, StringComparison.Ordinal),
        admin => admin.UseMiddleware<IdempotencyMiddleware>());
}

using Portal.Access;

namespace Portal.Endpoints.Admin;

/// <summary>The staff's and automation's HTTP interface.</summary>
internal static class AdminApi
{
    /// <summary>Where it lies.</summary>
    public const string Root = "/api/v1/admin";

    public static IServiceCollection AddAdminApi(this IServiceCollection services) => services.AddSingleton<PlatformDefaults>();

    public static void MapAdminApi(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup(Root).ByAdminKey().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        admin.MapOrganisations();
        admin.MapMembers();
        admin.MapProjects();
        admin.MapPrices();
        admin.MapMetrics();
        admin.MapPlans();
        admin.MapSubscriptions();
        admin.MapServices();
        admin.MapPrepaidCredits();
        admin.MapDiscounts();
        admin.MapLateUsage();
        admin.MapTax();
        admin.MapExchangeRates();
        admin.MapAnalytics();
        admin.MapBillingRuns();
        admin.MapSimulations();
        admin.MapInvoices();
        admin.MapPayments();
        admin.MapTickets();
        admin.MapInvariants();
    }
}

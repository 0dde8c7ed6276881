using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Endpoints.Problems;

/// <summary>Registers how the HTTP interface reads, answers and refuses.</summary>
internal static class ProblemServices
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            ExceptionProblems.AddCode(context.ProblemDetails);
            context.ProblemDetails.Extensions.Remove("exception");
        });
        services.AddExceptionHandler<ExceptionProblems>();
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.NumberHandling = JsonNumberHandling.AllowReadingFromString;
            options.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        });
        // In Development, too, an unreadable body is a refusal and not an exception page.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return services;
    }

    /// <summary>What lies below the API and is nothing is a problem, too, and no page.</summary>
    public static void MapUnknownApi(this IEndpointRouteBuilder routes) => routes
        .Map("/api/{**path}", () => TypedResults.Problem(ProblemMapping.Problem(StatusCodes.Status404NotFound, "not_found", "There is nothing at this address.")))
        .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    /// <summary>Problems for programs; people get pages.</summary>
    public static void UseProblems(this IApplicationBuilder app) => app.UseWhen(
        context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal),
        api =>
        {
            api.UseExceptionHandler();
            api.UseStatusCodePages();
        });
}

using Microsoft.OpenApi;

namespace Portal.Endpoints;

/// <summary>The description of the HTTP interface, and a page to read it.</summary>
internal static class ApiReference
{
    public static IServiceCollection AddApiReference(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true
            || description.RelativePath is "health/live" or "health/ready" or "metrics";
        options.AddOperationTransformer(Examples.WriteAsync);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Billing Portal", Version = "v1", Description = "Amounts and quantities are strings in answers, and strings or numbers in requests. Times are RFC 3339 in UTC. Errors are application/problem+json with a stable code." };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "bk_ keys of a project for usage, bka_ keys for administration." },
            };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
            return Task.CompletedTask;
        });
    });

    public static void MapApiReference(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "docs";
            options.DocumentTitle = "Billing Portal: HTTP interface";
            options.SwaggerEndpoint("/openapi/v1.json", "v1");
        });
    }
}

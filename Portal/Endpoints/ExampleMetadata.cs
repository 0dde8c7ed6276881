using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Portal.Endpoints;

/// <summary>Requests that stand as examples in the description of the HTTP interface.</summary>
/// <param name="Bodies">JSON by the name of what it shows.</param>
internal sealed record ExampleMetadata(IReadOnlyList<(string Name, string Json)> Bodies);

/// <summary>Writes examples into the description.</summary>
internal static class Examples
{
    /// <summary>The requests of this endpoint that the description shows.</summary>
    public static RouteHandlerBuilder WithExamples(this RouteHandlerBuilder endpoint, IReadOnlyList<(string Name, string Json)> bodies) => endpoint.WithMetadata(new ExampleMetadata(bodies));

    /// <summary>Takes up <see cref="ExampleMetadata"/>.</summary>
    public static Task WriteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ExampleMetadata>().FirstOrDefault() is not { } examples || operation.RequestBody?.Content is not { } content)
            return Task.CompletedTask;
        foreach (var body in content.Values.OfType<OpenApiMediaType>())
            body.Examples = examples.Bodies.ToDictionary(example => example.Name, example => (IOpenApiExample)new OpenApiExample { Value = JsonNode.Parse(example.Json) }, StringComparer.Ordinal);
        return Task.CompletedTask;
    }
}

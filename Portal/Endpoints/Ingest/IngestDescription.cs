namespace Portal.Endpoints.Ingest;

/// <summary>What the OpenAPI document says of the intake; the handlers themselves are untyped.</summary>
internal static class IngestDescription
{
    public static TBuilder DescribeIngest<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder;
}

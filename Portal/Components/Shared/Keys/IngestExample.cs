namespace Portal.Components.Shared.Keys;

/// <summary>A command that posts one event, ready to be run.</summary>
public static class IngestExample
{
    /// <param name="baseUrl">Where the portal is, e.g. <c>https://billing.example.com/</c>.</param>
    /// <param name="secret">A project key with the scope <c>usage:write</c>.</param>
    public static string Curl(string baseUrl, string secret)
    {
        ArgumentNullException.ThrowIfNull(baseUrl);
        return $$"""
            curl -X POST {{baseUrl.TrimEnd('/')}}/api/v1/ingest \
              -H "Authorization: Bearer {{secret}}" \
              -H "Content-Type: application/json" \
              -d '{"metricName":"api_calls","metricValue":1,"unit":"calls","idempotencyKey":"first-event"}'
            """;
    }
}

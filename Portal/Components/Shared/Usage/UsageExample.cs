namespace Portal.Components.Shared.Usage;

/// <summary>A request that sends one event, to be pasted into a terminal.</summary>
public static class UsageExample
{
    /// <param name="baseUri">The portal's own address, with a slash at its end.</param>
    /// <param name="key">A project key, or what stands for it.</param>
    public static string Curl(string baseUri, string key = "YOUR_KEY") =>
        $$"""
        curl {{baseUri}}api/v1/ingest \
          -H "Authorization: Bearer {{key}}" \
          -H "Content-Type: application/json" \
          -d '{"metricName":"api_calls","metricValue":1,"unit":"count","idempotencyKey":"first-event"}'
        """;
}

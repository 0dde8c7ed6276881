using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.E2E.Support;

/// <summary>An event as a client sends it.</summary>
public sealed record SentEvent(string MetricName, string MetricValue, string Unit, DateTimeOffset? Timestamp, string? IdempotencyKey)
{
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["metricName"] = MetricName, ["metricValue"] = JsonValue.Create(decimal.Parse(MetricValue, System.Globalization.CultureInfo.InvariantCulture)), ["unit"] = Unit };
        if (Timestamp is { } timestamp)
            json["timestamp"] = timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
        if (IdempotencyKey is not null)
            json["idempotencyKey"] = IdempotencyKey;
        return json;
    }
}

/// <summary>A service that posts usage.</summary>
public sealed class UsageClient(Uri address, string key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) }, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>Posts a batch; the status and the answer.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(IEnumerable<SentEvent> events)
    {
        var array = new JsonArray([.. events.Select(sent => (JsonNode)sent.ToJson())]);
        return await PostAsync(array.ToJsonString());
    }

    public async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri("/api/v1/ingest", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public void Dispose() => _http.Dispose();
}

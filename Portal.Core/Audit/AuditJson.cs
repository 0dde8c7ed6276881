using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Audit;

/// <summary>How facts are written into the audit log: camelCase, enums as snake_case words.</summary>
public static class AuditJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string? Of(object? facts) => facts is null ? null : JsonSerializer.Serialize(facts, facts.GetType(), s_options);

    /// <summary>Reads facts back.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, s_options)!;
}

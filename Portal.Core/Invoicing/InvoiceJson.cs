using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Core.Invoicing;

/// <summary>How the JSON kept with invoices is written and read: camelCase, enums as snake_case words, decimals exact. What is stored is read for ever.</summary>
public static class InvoiceJson
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, s_options);

    /// <summary>Throws when the text is not what it should be: it was written by <see cref="Write"/>.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, s_options) ?? throw new JsonException("The stored value is null.");
}

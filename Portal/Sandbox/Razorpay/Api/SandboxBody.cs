using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Sandbox.Razorpay.Api;

/// <summary>A request's JSON object, read with Razorpay's rules.</summary>
internal sealed class SandboxBody(JsonObject json)
{
    /// <summary>The body of a request, an empty object when there is none, or null when it is not a JSON object.</summary>
    public static async Task<SandboxBody?> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        if (string.IsNullOrWhiteSpace(text))
            return new SandboxBody([]);
        try
        {
            return JsonNode.Parse(text) is JsonObject json ? new SandboxBody(json) : null;
        }
        catch (JsonException)
        {
            return null; // The caller answers 400.
        }
    }

    public bool Has(string name) => json[name] is not null;

    public string? Text(string name) => json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public SandboxBody? Child(string name) => json[name] is JsonObject child ? new SandboxBody(child) : null;

    /// <summary>True, false, 1, 0 and their texts; null for anything else.</summary>
    public bool? Flag(string name) => json[name]?.ToString() switch { "true" or "1" => true, "false" or "0" => false, _ => null };

    /// <summary>An integer, also as text, as some SDKs send it.</summary>
    public bool TryAmount(string name, out long amount) => long.TryParse(json[name]?.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out amount);

    public bool TryNotes(out Dictionary<string, string> notes)
    {
        notes = json["notes"] is JsonObject given
            ? given.ToDictionary(note => note.Key, note => note.Value?.ToString() ?? "", StringComparer.Ordinal)
            : [];
        return notes.Count <= 15 && notes.All(note => note.Key.Length <= 256 && note.Value.Length <= 256);
    }

    /// <summary>The refusal of the first field that does not belong here.</summary>
    public SandboxReply? Unexpected(string[] known) =>
        json.Select(field => field.Key).FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } extra
            ? SandboxReply.Refused($"{extra} is/are not required and should not be sent", extra, "extra_field_sent")
            : null;

    /// <summary>The same text for the same content, whatever the order of its fields.</summary>
    public string Canonical() => new JsonObject(json.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))).ToJsonString();
}

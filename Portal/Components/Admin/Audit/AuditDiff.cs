using System.Text.Json;

namespace Portal.Components.Admin.Audit;

/// <summary>What one fact was and what it is.</summary>
/// <param name="Name">Its path in words: <c>Seller · Tax id</c>.</param>
/// <param name="Before">Null where there was none.</param>
/// <param name="After">Null where there is none.</param>
public sealed record AuditChange(string Name, string? Before, string? After)
{
    /// <summary>False for a fact that stayed as it was.</summary>
    public bool IsChanged => !string.Equals(Before, After, StringComparison.Ordinal);
}

/// <summary>The before and after of an audit row as a list of facts, nested ones taken apart.</summary>
public static class AuditDiff
{
    // A row is small; what is larger was not meant to be read here.
    private const int MostFacts = 200;

    /// <summary>What changed comes first, in the order of the facts; what stayed comes after.</summary>
    public static IReadOnlyList<AuditChange> Of(string? before, string? after)
    {
        var (was, now) = (Read(before), Read(after));
        return
        [
            .. was.Keys.Union(now.Keys, StringComparer.Ordinal).Take(MostFacts)
                .Select(name => new AuditChange(name, was.GetValueOrDefault(name), now.GetValueOrDefault(name)))
                .OrderByDescending(change => change.IsChanged),
        ];
    }

    private static Dictionary<string, string> Read(string? json)
    {
        var facts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json is null)
            return facts;
        using var document = JsonDocument.Parse(json);
        Add(facts, "", document.RootElement);
        return facts;
    }

    private static void Add(Dictionary<string, string> facts, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var fact in value.EnumerateObject())
                    Add(facts, Join(path, Shared.Words.Sentence(fact.Name)), fact.Value);
                break;
            case JsonValueKind.Array when value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array):
                var index = 0;
                foreach (var item in value.EnumerateArray())
                    Add(facts, Join(path, $"{++index}"), item);
                break;
            case JsonValueKind.Array:
                facts[path.Length == 0 ? "Value" : path] = string.Join(", ", value.EnumerateArray().Select(item => item.ToString()));
                break;
            case JsonValueKind.Null:
            case JsonValueKind.Undefined:
                break;
            case JsonValueKind.True:
            case JsonValueKind.False:
                facts[path.Length == 0 ? "Value" : path] = value.ValueKind == JsonValueKind.True ? "Yes" : "No";
                break;
            case JsonValueKind.String:
            case JsonValueKind.Number:
            default:
                facts[path.Length == 0 ? "Value" : path] = value.ToString();
                break;
        }
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path} · {name}";
}

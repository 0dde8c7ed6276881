using Portal.Core.ApiKeys;

namespace Portal.Components.Shared.Keys;

/// <summary>What the scopes of a key are called.</summary>
public static class ScopeText
{
    public static IReadOnlyList<(string Value, string Text, string Help)> Options { get; } =
    [
        (ApiKeyScopes.UsageWrite, "Send usage", "Needed by every service that sends events."),
        (ApiKeyScopes.UsageRead, "Read usage", "Read this project's usage totals."),
        (ApiKeyScopes.UsageCorrect, "Correct usage", "Send events that replace earlier ones."),
    ];

    /// <summary><c>Post usage, read usage</c>.</summary>
    public static string Of(IEnumerable<string> scopes)
    {
        var names = scopes.Select(scope => Options.FirstOrDefault(option => option.Value == scope).Text ?? scope).ToList();
        return string.Join(", ", names.Select((name, index) => index == 0 ? name : char.ToLowerInvariant(name[0]) + name[1..]));
    }
}

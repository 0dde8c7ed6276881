using Portal.Components.Shared;
using Portal.Core.Access;

namespace Portal.Components.Admin.People;

/// <summary>Permissions as words for people.</summary>
public static class PermissionWords
{
    /// <summary>What can be allowed in a place of a kind, in order.</summary>
    public static IReadOnlyList<(string Permission, string Text)> Of(RoleKind kind) => [.. Roles.PermissionsOf(kind).Order(StringComparer.Ordinal).Select(permission => (permission, Text(permission)))];

    /// <summary><c>billing-runs:read</c> is <c>View billing runs</c>.</summary>
    public static string Text(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        var (resource, action) = permission.Split(':') is [var first, var second] ? (first, second) : (permission, "");
        var what = resource switch { "keys" => "API keys", "support" => "support tickets", "audit" => "audit log", _ => Words.Sentence(resource).ToLowerInvariant() };
        return $"{action switch { "read" => "View", "write" => "Manage", _ => Words.Sentence(action) }} {what}";
    }
}

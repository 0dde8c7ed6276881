using Portal.Components.Shared;
using Portal.Core.Access;

namespace Portal.Components.Admin.People;

/// <summary>Permissions as words for people.</summary>
public static class PermissionWords
{
    /// <summary>What can be allowed in a place of a kind, in order.</summary>
    public static IReadOnlyList<(string Permission, string Text)> Of(RoleKind kind) => [.. Roles.PermissionsOf(kind).Order(StringComparer.Ordinal).Select(permission => (permission, Text(permission)))];

    /// <summary><c>api-keys:read</c> is <c>Api keys: see</c>.</summary>
    public static string Text(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        var (resource, action) = permission.Split(':') is [var first, var second] ? (first, second) : (permission, "");
        return $"{Words.Sentence(resource)}: {action switch { "read" => "see", "write" => "change", _ => Words.Sentence(action).ToLowerInvariant() }}";
    }
}

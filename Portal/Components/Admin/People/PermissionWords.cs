using Portal.Components.Shared;
using Portal.Core.Access;

namespace Portal.Components.Admin.People;

/// <summary>What can be done in an area, as the columns of a form.</summary>
public enum PermissionColumn
{
    View,
    Manage,

    /// <summary>What only that area knows: issue, void, start.</summary>
    Other,
}

/// <summary>A part of the product that permissions are about.</summary>
/// <param name="Name">In words.</param>
/// <param name="Permissions">What can be allowed there.</param>
public sealed record PermissionArea(string Name, IReadOnlyList<string> Permissions);

/// <summary>Areas that belong together, as the navigation has them.</summary>
public sealed record PermissionGroup(string Name, IReadOnlyList<PermissionArea> Areas);

/// <summary>Permissions as words for people.</summary>
public static class PermissionWords
{
    private const string Rest = "Platform";

    private static readonly (string Name, string[] Resources)[] s_groups =
    [
        ("Customers", ["organisations", "projects", "keys", "usage"]),
        ("Pricing", ["prices", "plans", "subscriptions", "credits", "discounts", "simulations"]),
        ("Billing", ["billing-runs", "invoices", "payments", "ledger", "analytics"]),
    ];

    /// <summary>What can be allowed in a place of a kind, in order.</summary>
    public static IReadOnlyList<(string Permission, string Text)> Of(RoleKind kind) => [.. Roles.PermissionsOf(kind).Order(StringComparer.Ordinal).Select(permission => (permission, Text(permission)))];

    /// <summary>The same by area; an area of no group stands under the last.</summary>
    public static IReadOnlyList<PermissionGroup> Groups(RoleKind kind)
    {
        var areas = Roles.PermissionsOf(kind).GroupBy(Resource, StringComparer.Ordinal).ToDictionary(group => group.Key, group => new PermissionArea(Words.Sentence(group.Key), [.. group]), StringComparer.Ordinal);
        var named = s_groups.Select(group => new PermissionGroup(group.Name, [.. group.Resources.Where(areas.ContainsKey).Select(resource => areas[resource])]));
        var rest = areas.Where(area => !s_groups.Any(group => group.Resources.Contains(area.Key, StringComparer.Ordinal))).Select(area => area.Value);
        return [.. named.Append(new PermissionGroup(Rest, [.. rest])).Where(group => group.Areas.Count > 0)];
    }

    /// <summary>Where a form has it.</summary>
    public static PermissionColumn ColumnOf(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return permission.Split(':')[^1] switch { "read" => PermissionColumn.View, "write" => PermissionColumn.Manage, _ => PermissionColumn.Other };
    }

    /// <summary><c>invoices:issue</c> is <c>Issue</c>.</summary>
    public static string Action(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        return Words.Sentence(permission.Split(':')[^1]);
    }

    /// <summary><c>billing-runs:read</c> is <c>View billing runs</c>.</summary>
    public static string Text(string permission)
    {
        ArgumentNullException.ThrowIfNull(permission);
        var (resource, action) = permission.Split(':') is [var first, var second] ? (first, second) : (permission, "");
        var what = resource switch { "keys" => "API keys", "support" => "support tickets", "audit" => "audit log", _ => Words.Sentence(resource).ToLowerInvariant() };
        return $"{action switch { "read" => "View", "write" => "Manage", _ => Words.Sentence(action) }} {what}";
    }

    private static string Resource(string permission) => permission.Split(':')[0];
}

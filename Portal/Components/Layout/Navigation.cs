using System.Reflection;
using Microsoft.AspNetCore.Components;
using Portal.Core.Access;

namespace Portal.Components.Layout;

/// <summary>An entry of the navigation.</summary>
/// <param name="Label">In sentence case.</param>
/// <param name="Icon">See <see cref="Shared.Icon"/>.</param>
/// <param name="Path">Below the portal's root: <c>organisations</c>; empty for the overview.</param>
/// <param name="Permission">Who sees it; null for everybody who belongs.</param>
public sealed record NavigationEntry(string Label, string Icon, string Path, string? Permission)
{
    /// <summary>Another page under the same entry, beside it by a tab; the entry leads there for who may not open the first.</summary>
    public (string Path, string Permission)? Beside { get; init; }
}

/// <summary>Entries under one heading.</summary>
public sealed record NavigationGroup(string? Name, IReadOnlyList<NavigationEntry> Entries);

/// <summary>What the two portals lead to. An entry shows as soon as its page exists.</summary>
public static class Navigation
{
    private static readonly HashSet<string> s_routes = typeof(Navigation).Assembly.GetTypes()
        .SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
        .Select(route => route.Template)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<NavigationGroup> Staff { get; } = Existing("/admin",
    [
        new(null,
        [
            new("Overview", "home", "", null),
            new("Organisations", "building", "organisations", Permissions.OrganisationsRead),
            new("Usage", "chart", "usage", Permissions.UsageRead),
            new("Analytics", "trend", "analytics", Permissions.AnalyticsRead),
        ]),
        new("Pricing",
        [
            new("Prices", "tag", "prices", Permissions.PricesRead),
            new("Plans", "columns", "plans", Permissions.PlansRead),
            new("Simulations", "flask", "simulations", Permissions.SimulationsRead),
            new("Metrics", "pulse", "metrics", Permissions.PricesRead),
            new("Unpriced usage", "alert", "usage/unpriced", Permissions.PricesRead),
            new("Late usage", "hourglass", "usage/late", Permissions.InvoicesRead),
            new("Credit products", "coins", "credit-products", Permissions.CreditsRead),
            new("Credit costs", "coin", "credit-costs", Permissions.CreditsRead),
            new("Discounts", "percent", "discounts", Permissions.DiscountsRead),
            new("Tax rates", "scale", "tax-rates", Permissions.PricesRead),
            new("Exchange rates", "exchange", "exchange-rates", Permissions.PricesRead),
        ]),
        new("Billing",
        [
            new("Billing runs", "play", "billing/runs", Permissions.BillingRunsRead),
            new("Subscriptions", "refresh", "billing/subscriptions", Permissions.SubscriptionsRead),
            new("Invoices", "invoice", "billing/invoices", Permissions.InvoicesRead),
            new("Payments", "card", "billing/payments", Permissions.PaymentsRead),
            new("Ledger", "book", "billing/ledger", Permissions.LedgerRead),
            new("Tax reports", "list", "billing/tax-reports", Permissions.InvoicesRead),
        ]),
        new("Platform",
        [
            new("Support", "chat", "support", Permissions.SupportRead),
            new("People and roles", "people", "people", Permissions.PeopleRead),
            new("Audit log", "list", "audit", Permissions.AuditRead),
            new("Health", "pulse", "system/health", Permissions.SystemRead),
            new("Email", "mail", "system/mail", Permissions.SystemRead),
            new("Outbox", "list", "system/outbox", Permissions.SystemRead),
            new("Provider events", "card", "system/provider-events", Permissions.SystemRead),
            new("Jobs", "clock", "system/jobs", Permissions.SystemRead),
            new("Settings", "settings", "settings", Permissions.SettingsWrite),
        ]),
    ]);

    public static IReadOnlyList<NavigationGroup> Customer { get; } = Existing("/o/{OrganisationId:guid}",
    [
        new(null,
        [
            new("Overview", "home", "", null),
            new("Usage", "chart", "usage", Permissions.UsageRead),
            new("Projects and keys", "key", "projects", Permissions.ProjectsRead),
        ]),
        new("Billing",
        [
            new("Invoices", "invoice", "invoices", Permissions.InvoicesRead),
            new("Payments and credits", "card", "payments", Permissions.PaymentsRead) { Beside = ("credits", Permissions.CreditsRead) },
            new("Subscription", "refresh", "subscription", Permissions.SubscriptionsRead),
        ]),
        new("Organisation",
        [
            new("Support", "chat", "support", Permissions.SupportRead),
            new("Team", "people", "team", Permissions.PeopleRead),
            new("Settings", "settings", "settings", Permissions.OrganisationsRead),
        ]),
    ]);

    /// <summary>What staff begin from anywhere, by the search.</summary>
    public static IReadOnlyList<NavigationEntry> StaffActions { get; } = Existing("/admin",
    [
        new(null,
        [
            new("New organisation", "plus", "organisations/new", Permissions.OrganisationsWrite),
            new("New price", "plus", "prices/new", Permissions.PricesWrite),
            new("New plan", "plus", "plans/new", Permissions.PlansWrite),
            new("New simulation", "plus", "simulations/new", Permissions.SimulationsWrite),
            new("Run billing", "play", "billing/runs/new", Permissions.BillingRunsStart),
        ]),
    ]).SelectMany(group => group.Entries).ToList();

    /// <summary>What somebody with these permissions sees.</summary>
    public static IEnumerable<NavigationGroup> For(IReadOnlyList<NavigationGroup> groups, IReadOnlySet<string> permissions) => groups
        .Select(group => group with { Entries = [.. group.Entries.Select(entry => For(entry, permissions)).OfType<NavigationEntry>()] })
        .Where(group => group.Entries.Count > 0);

    private static NavigationEntry? For(NavigationEntry entry, IReadOnlySet<string> permissions) =>
        entry.Permission is null || permissions.Contains(entry.Permission) ? entry
        : entry.Beside is { } beside && permissions.Contains(beside.Permission) ? entry with { Path = beside.Path, Permission = beside.Permission }
        : null;

    private static List<NavigationGroup> Existing(string root, NavigationGroup[] groups) =>
    [
        .. groups
            .Select(group => group with { Entries = [.. group.Entries.Where(entry => s_routes.Contains(entry.Path.Length == 0 ? root : $"{root}/{entry.Path}"))] })
            .Where(group => group.Entries.Count > 0),
    ];
}

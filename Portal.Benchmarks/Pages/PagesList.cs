using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Portal.Core.Access;
using Portal.Hosting;

namespace Portal.Benchmarks.Pages;

/// <summary>Every list and overview of both portals, by the ids of the largest organisation.</summary>
internal static class PagesList
{
    // Forms, and what is shown whatever is stored.
    private static readonly string[] s_left =
    [
        "/", "/error", "/not-found", "/status/{Code:int}", "/dev/furniture", "/invitation", "/account/confirm-address", "/account/forbidden", "/account/forgot-password", "/account/reset-password", "/account/sign-in/code",
        "/account/sign-out", "/o/{OrganisationId:guid}/credits/buy/{ProductId:guid}",
    ];

    private static readonly string[] s_forms = ["/new", "/edit", "/import"];

    /// <summary>What is looked at: the largest organisation, and something of its own.</summary>
    public sealed record Places(
        Guid Organisation, Guid Project, Guid Invoice, Guid Draft, Guid Payment, Guid Ticket, Guid Run, Guid Price, Guid Metric, Guid Event, Guid Plan, Guid Discount, Guid Simulation, Guid Role);

    public static async Task<Places> FindAsync(BenchmarkServer server)
    {
        var organisation = await server.ScalarAsync<Guid>("SELECT organisation_id FROM user_roles JOIN users ON users.id = user_id WHERE email = 'person-1@example.com' AND role_id = '01900000-0000-7000-8000-000000000011'");
        Task<Guid> OfAsync(string table, string condition = "true") => server.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE organisation_id = '{organisation}' AND {condition} ORDER BY id DESC LIMIT 1");
        return new Places(
            organisation, await OfAsync("projects", "is_active"), await OfAsync("invoices", "status <> 'draft'"), await server.ScalarAsync<Guid>("SELECT id FROM invoices WHERE status = 'draft' LIMIT 1"),
            await OfAsync("payments"), await OfAsync("support_tickets"), await server.ScalarAsync<Guid>("SELECT id FROM billing_runs ORDER BY id DESC LIMIT 1"),
            await server.ScalarAsync<Guid>("SELECT id FROM prices WHERE organisation_id IS NULL LIMIT 1"),
            await server.ScalarAsync<Guid>("SELECT id FROM metrics ORDER BY name LIMIT 1"), await OfAsync("usage_events"),
            await server.ScalarAsync<Guid>("SELECT plan_id FROM subscriptions GROUP BY plan_id ORDER BY count(*) DESC LIMIT 1"), await server.ScalarAsync<Guid>("SELECT id FROM discounts ORDER BY redemptions DESC LIMIT 1"),
            await server.ScalarAsync<Guid>("SELECT id FROM simulations ORDER BY total DESC LIMIT 1"), SystemRoles.Viewer);
    }

    /// <summary>For staff.</summary>
    public static IReadOnlyList<string> Staff(Places it)
    {
        ArgumentNullException.ThrowIfNull(it);
        return
        [
            "/admin",
            "/admin/organisations", "/admin/organisations?q=Harbour", "/admin/organisations?sort=created&dir=desc&page=100",
            $"/admin/organisations/{it.Organisation}", .. new[] { "projects", "usage", "subscription", "prices", "unbilled", "invoices", "payments", "credits", "tax", "people", "mails", "audit" }.Select(tab => $"/admin/organisations/{it.Organisation}/{tab}"),
            $"/admin/projects/{it.Project}",
            "/admin/usage", $"/admin/usage?organisation={it.Organisation}", $"/admin/usage?organisation={it.Organisation}&by=project", "/admin/usage/unpriced", "/admin/usage/late", $"/admin/usage/{it.Organisation}/events/{it.Event}",
            "/admin/prices", $"/admin/prices/{it.Price}", "/admin/metrics", $"/admin/metrics/{it.Metric}", "/admin/tax-rates", "/admin/exchange-rates",
            "/admin/plans", $"/admin/plans/{it.Plan}", "/admin/discounts", $"/admin/discounts/{it.Discount}", "/admin/credit-products", "/admin/credit-costs",
            "/admin/billing/subscriptions", "/admin/billing/subscriptions?status=past_due", $"/admin/billing/subscriptions?plan={it.Plan}&page=20", "/admin/billing/subscriptions?q=Harbour", "/admin/billing/subscriptions?sort=organisation&dir=desc&page=150",
            "/admin/analytics", "/admin/analytics?page=100", "/admin/analytics?tab=revenue&months=24", "/admin/analytics?tab=revenue&by=plan", "/admin/analytics?tab=cohorts&months=24",
            "/admin/simulations", $"/admin/simulations/{it.Simulation}", $"/admin/simulations/{it.Simulation}?change=cliff&sort=difference&dir=desc&page=30", $"/admin/simulations/{it.Simulation}?q=Harbour", $"/admin/simulations/{it.Simulation}/organisations/{it.Organisation}",
            "/admin/billing/runs", $"/admin/billing/runs/{it.Run}", "/admin/billing/runs/new",
            "/admin/billing/invoices", "/admin/billing/invoices?status=overdue", "/admin/billing/invoices?q=INV/25-26/0042", "/admin/billing/invoices?q=Harbour", "/admin/billing/invoices?sort=total&dir=desc&page=50", $"/admin/billing/invoices/{it.Invoice}", $"/admin/billing/invoices/{it.Draft}",
            "/admin/billing/payments", "/admin/billing/payments?q=pay_42", $"/admin/billing/payments/{it.Payment}",
            "/admin/billing/ledger", "/admin/billing/series", "/admin/billing/tax-reports",
            "/admin/audit", $"/admin/audit?entity={it.Invoice}", "/admin/audit?q=invoice.issued", $"/admin/audit?organisation={it.Organisation}",
            "/admin/system", "/admin/system/doctor", "/admin/system/health", "/admin/system/jobs", "/admin/system/jobs/seal-audit", "/admin/system/mail", "/admin/system/mail?q=billing-42", "/admin/system/outbox", "/admin/system/provider-events",
            "/admin/support", $"/admin/support/{it.Ticket}",
            "/admin/people", "/admin/people/everybody", "/admin/people/everybody?q=person-42", "/admin/people/roles", $"/admin/people/roles/{it.Role}", "/admin/people/keys",
            "/admin/settings", "/admin/settings/billing", "/admin/setup",
        ];
    }

    /// <summary>For the owner of the organisation.</summary>
    public static IReadOnlyList<string> Customer(Places it)
    {
        ArgumentNullException.ThrowIfNull(it);
        return
        [
            .. new[]
            {
                "", "/usage", "/usage?by=project&compare=year", $"/usage/events/{it.Event}", "/projects", $"/projects/{it.Project}", "/invoices", $"/invoices/{it.Invoice}", $"/invoices/{it.Invoice}/pay", "/payments", $"/payments/{it.Payment}",
                "/subscription", "/credits", "/credits?moves.page=5", "/support", $"/support/{it.Ticket}", "/team", "/settings",
            }.Select(path => $"/o/{it.Organisation}{path}"),
            "/account", "/account/security",
        ];
    }

    /// <summary>Pages of the Portal that nothing here asks for: none, or this benchmark forgets one.</summary>
    /// <param name="paths">All that is asked for.</param>
    public static IReadOnlyList<string> Forgotten(IEnumerable<string> paths)
    {
        var asked = paths.Select(path => path.Split('?')[0]).ToList();
        return
        [
            .. typeof(Startup).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()).Select(route => route.Template)
                .Where(route => !s_left.Contains(route, StringComparer.Ordinal) && !s_forms.Any(form => route.EndsWith(form, StringComparison.Ordinal)))
                .Where(route => !asked.Exists(path => Regex.IsMatch(path, $"^{Regex.Replace(route, "{[^}]+}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1))}$", RegexOptions.None, TimeSpan.FromSeconds(1))))
                .Order(StringComparer.Ordinal),
        ];
    }
}

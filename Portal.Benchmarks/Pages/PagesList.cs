namespace Portal.Benchmarks.Pages;

/// <summary>Every list and overview of both portals, by the ids of the largest organisation.</summary>
internal static class PagesList
{
    /// <summary>What is looked at: the largest organisation, and something of its own.</summary>
    public sealed record Places(Guid Organisation, Guid Project, Guid Invoice, Guid Draft, Guid Payment, Guid Ticket, Guid Run, Guid Price, Guid Metric, Guid Event);

    public static async Task<Places> FindAsync(BenchmarkServer server)
    {
        var organisation = await server.ScalarAsync<Guid>("SELECT organisation_id FROM user_roles JOIN users ON users.id = user_id WHERE email = 'person-1@example.com' AND role_id = '01900000-0000-7000-8000-000000000011'");
        Task<Guid> OfAsync(string table, string condition = "true") => server.ScalarAsync<Guid>($"SELECT id FROM {table} WHERE organisation_id = '{organisation}' AND {condition} ORDER BY id DESC LIMIT 1");
        return new Places(
            organisation, await OfAsync("projects", "is_active"), await OfAsync("invoices", "status <> 'draft'"), await server.ScalarAsync<Guid>("SELECT id FROM invoices WHERE status = 'draft' LIMIT 1"),
            await OfAsync("payments"), await OfAsync("support_tickets"), await server.ScalarAsync<Guid>("SELECT id FROM billing_runs ORDER BY id DESC LIMIT 1"),
            await server.ScalarAsync<Guid>("SELECT id FROM prices WHERE organisation_id IS NULL LIMIT 1"),
            await server.ScalarAsync<Guid>("SELECT id FROM metrics ORDER BY name LIMIT 1"), await OfAsync("usage_events"));
    }

    /// <summary>For staff.</summary>
    public static IReadOnlyList<string> Staff(Places it)
    {
        ArgumentNullException.ThrowIfNull(it);
        return
        [
            "/admin",
            "/admin/organisations", "/admin/organisations?q=Harbour", "/admin/organisations?sort=created&dir=desc&page=100",
            $"/admin/organisations/{it.Organisation}", .. new[] { "invoices", "payments", "prices", "projects", "usage", "unbilled", "tax", "people", "mails", "audit" }.Select(tab => $"/admin/organisations/{it.Organisation}/{tab}"),
            $"/admin/projects/{it.Project}",
            "/admin/usage", $"/admin/usage?organisation={it.Organisation}", $"/admin/usage?organisation={it.Organisation}&by=project", "/admin/usage/unpriced", $"/admin/usage/{it.Organisation}/events/{it.Event}",
            "/admin/prices", $"/admin/prices/{it.Price}", "/admin/metrics", $"/admin/metrics/{it.Metric}", "/admin/tax-rates", "/admin/exchange-rates",
            "/admin/billing/runs", $"/admin/billing/runs/{it.Run}", "/admin/billing/runs/new",
            "/admin/billing/invoices", "/admin/billing/invoices?status=overdue", "/admin/billing/invoices?q=INV/25-26/0042", "/admin/billing/invoices?q=Harbour", "/admin/billing/invoices?sort=total&dir=desc&page=50", $"/admin/billing/invoices/{it.Invoice}", $"/admin/billing/invoices/{it.Draft}",
            "/admin/billing/payments", "/admin/billing/payments?q=pay_42", $"/admin/billing/payments/{it.Payment}",
            "/admin/billing/ledger", "/admin/billing/series", "/admin/billing/tax-reports",
            "/admin/audit", $"/admin/audit?entity={it.Invoice}", "/admin/audit?q=invoice.issued", $"/admin/audit?organisation={it.Organisation}",
            "/admin/system", "/admin/system/jobs", "/admin/system/jobs/seal-audit", "/admin/system/mail", "/admin/system/mail?q=billing-42", "/admin/system/outbox", "/admin/system/provider-events",
            "/admin/support", $"/admin/support/{it.Ticket}",
            "/admin/people", "/admin/people/everybody", "/admin/people/everybody?q=person-42", "/admin/people/roles", "/admin/people/keys",
            "/admin/settings",
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
                "/support", $"/support/{it.Ticket}", "/team", "/settings",
            }.Select(path => $"/o/{it.Organisation}{path}"),
            "/account", "/account/security",
        ];
    }
}

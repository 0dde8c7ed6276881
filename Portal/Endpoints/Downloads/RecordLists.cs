using Portal.Access;
using Portal.Components.Admin.Audit;
using Portal.Components.Admin.Ledger;
using Portal.Components.Listing;
using Portal.Components.Shared.Support;
using Portal.Core.Access;
using Portal.Core.Analytics;
using Portal.Core.Audit;
using Portal.Core.Ledger;
using Portal.Core.Organisations;
using Portal.Core.Support;

namespace Portal.Endpoints.Downloads;

/// <summary>Organisations, people, tickets, and what was written down about them, as the pages filter it, as CSV.</summary>
internal static class RecordLists
{
    public static IEndpointRouteBuilder MapRecordLists(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/organisations.csv", OrganisationsAsync).Guarded(Permissions.OrganisationsRead);
        endpoints.MapGet("/admin/people.csv", PeopleAsync).Guarded(Permissions.PeopleRead);
        endpoints.MapGet("/admin/audit.csv", AuditAsync).Guarded(Permissions.AuditRead);
        endpoints.MapGet("/admin/billing/ledger.csv", LedgerAsync).Guarded(Permissions.LedgerRead);
        endpoints.MapGet("/admin/analytics/movements.csv", MovementsAsync).Guarded(Permissions.AnalyticsRead);
        endpoints.MapGet("/admin/support.csv", TicketsForStaffAsync).Guarded(Permissions.SupportRead);
        endpoints.MapGet("/o/{organisationId:guid}/support.csv", TicketsForCustomerAsync).Guarded(Permissions.SupportRead);
        return endpoints;
    }

    private static async Task<IResult> OrganisationsAsync(HttpContext http, ICallContexts calls, ListOrganisations list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "organisations.csv",
            request => list.RunAsync(call, request, cancellationToken),
            row => row.Id,
            [
                new("Name", row => row.Name), new("Status", row => Choices.Key(row.Status)), new("Active", row => row.IsActive ? "yes" : "no"), new("Billing email", row => row.BillingEmail), new("Country", row => row.Country),
                new("Currency", row => row.Currency), new("Owed", row => row.Owed), new("Past due", row => row.PastDue), new("Projects", row => row.Projects), new("Created at (UTC)", row => row.CreatedAt), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> PeopleAsync(HttpContext http, ICallContexts calls, ListPeople list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "people.csv",
            request => list.EverybodyAsync(call, false, request, cancellationToken),
            [
                new("Name", row => row.DisplayName), new("Email", row => row.Email), new("Staff role", row => row.PlatformRole), new("Organisations", row => row.Organisations), new("Two-factor", row => row.HasTwoFactor ? "on" : "off"),
                new("Active", row => row.IsActive ? "yes" : "no"), new("Last seen at (UTC)", row => row.LastSeenAt), new("Id", row => row.UserId.ToString()),
            ],
            http);
    }

    private static async Task<IResult> AuditAsync(HttpContext http, ICallContexts calls, PersonAccessReader reader, ListAuditEntries list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        var filter = AuditPage.FilterOf(name => http.Request.Query[name], ViewerZone.Of(reader));
        return await CsvList.SendAsync(
            "audit.csv",
            request => list.RunAsync(call, filter, request, cancellationToken),
            row => row.Id,
            [
                new("At (UTC)", row => row.CreatedAt), new("Action", row => row.Action), new("By", row => row.ActorName), new("Kind of actor", row => Choices.Key(row.ActorKind)), new("Organisation", row => row.OrganisationName),
                new("Entity", row => row.EntityType), new("Entity id", row => row.EntityId.ToString()), new("Before", row => row.Before), new("After", row => row.After), new("IP address", row => row.IpAddress),
                new("User agent", row => row.UserAgent), new("Correlation id", row => row.CorrelationId), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    // A row for each side, so that accounts can be summed.
    private static async Task<IResult> LedgerAsync(HttpContext http, ICallContexts calls, ListLedgerTransactions list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendRowsAsync(
            "ledger.csv",
            ["At (UTC)", "Transaction", "Organisation", "Kind", "Description", "Currency", "Account", "Debit", "Credit", "Source id"],
            request => list.RunAsync(call, LedgerPage.FilterOf(name => http.Request.Query[name]), request, cancellationToken),
            row => row.Id,
            row => row.Lines.Select(line => (IReadOnlyList<object?>)
                [row.OccurredAt, row.Id.ToString(), row.OrganisationName, row.Kind, row.Description, row.Currency, Choices.Key(line.Account), line.Debit, line.Credit, row.SourceId.ToString()]),
            http);
    }

    private static async Task<IResult> MovementsAsync(HttpContext http, ICallContexts calls, ListMrrMovements list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        var filter = new MrrMovementFilter(http.Request.Query["in"], Choices.ParseMonth(http.Request.Query["month"]), Choices.Parse<MrrMovementKind>(http.Request.Query["kind"]));
        return await CsvList.SendAsync(
            "mrr-movements.csv",
            request => list.RunAsync(call, filter, request, cancellationToken),
            row => row.Id,
            [
                new("Day", row => row.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), new("Organisation", row => row.OrganisationName), new("Kind", row => Choices.Key(row.Kind)), new("Currency", row => row.Currency),
                new("Amount", row => row.Amount), new("MRR after", row => row.MrrAfter), new("Cause", row => row.Cause), new("Organisation id", row => row.OrganisationId.ToString()), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> TicketsForStaffAsync(HttpContext http, ICallContexts calls, ListTickets list, CancellationToken cancellationToken) =>
        await TicketsAsync(await calls.ForStaffAsync(cancellationToken), null, http, list, cancellationToken);

    private static async Task<IResult> TicketsForCustomerAsync(Guid organisationId, HttpContext http, ICallContexts calls, ListTickets list, CancellationToken cancellationToken) =>
        await TicketsAsync(await calls.ForOrganisationAsync(organisationId, cancellationToken), organisationId, http, list, cancellationToken);

    private static Task<IResult> TicketsAsync(CallContext call, Guid? organisationId, HttpContext http, ListTickets list, CancellationToken cancellationToken) => CsvList.SendAsync(
        "tickets.csv",
        request => list.RunAsync(call, TicketsTable.FilterOf(name => http.Request.Query[name], call, organisationId), request, cancellationToken),
        row => row.Id,
        [
            new("Number", row => row.Reference), new("Subject", row => row.Subject), new("Organisation", row => row.OrganisationName), new("Status", row => Choices.Key(row.Status)), new("Priority", row => Choices.Key(row.Priority)),
            new("Category", row => Choices.Key(row.Category)), new("Assigned to", row => row.AssigneeName), new("Opened by", row => row.OpenedByName), new("Messages", row => row.Messages), new("Opened at (UTC)", row => row.CreatedAt),
            new("Last message at (UTC)", row => row.LastMessageAt), new("Id", row => row.Id.ToString()),
        ],
        http);
}

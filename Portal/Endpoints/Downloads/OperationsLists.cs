using Portal.Access;
using Portal.Components.Admin.BillingRuns;
using Portal.Components.Listing;
using Portal.Core.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Emails;
using Portal.Core.Outbox;
using Portal.Core.Payments;

namespace Portal.Endpoints.Downloads;

/// <summary>What the platform did, as the pages filter it, as CSV.</summary>
internal static class OperationsLists
{
    public static IEndpointRouteBuilder MapOperationsLists(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/billing/runs.csv", BillingRunsAsync).Guarded(Permissions.BillingRunsRead);
        endpoints.MapGet("/admin/system/mail.csv", EmailsAsync).Guarded(Permissions.SystemRead);
        endpoints.MapGet("/admin/system/outbox.csv", OutboxAsync).Guarded(Permissions.SystemRead);
        endpoints.MapGet("/admin/system/provider-events.csv", ProviderEventsAsync).Guarded(Permissions.SystemRead);
        return endpoints;
    }

    private static async Task<IResult> BillingRunsAsync(HttpContext http, ICallContexts calls, ListBillingRuns list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "billing-runs.csv",
            request => list.RunAsync(call, BillingRunsPage.FilterOf(name => http.Request.Query[name]), request, cancellationToken),
            row => row.Id,
            [
                new("Month", row => row.Month.ToString()), new("Organisation", row => row.OrganisationName), new("State", row => Choices.Key(row.State)), new("Organisations", row => row.Total), new("Done", row => row.Done),
                new("Skipped", row => row.Skipped), new("Failed", row => row.Failed), new("Unpriced", row => row.Unpriced), new("Issued", row => row.Issued), new("Error", row => row.Error), new("Started by", row => row.StartedBy),
                new("Started at (UTC)", row => row.StartedAt), new("Finished at (UTC)", row => row.FinishedAt), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> EmailsAsync(HttpContext http, ICallContexts calls, ListEmails list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        var filter = new EmailFilter(Status: Choices.Parse<EmailStatus>(http.Request.Query["status"]));
        return await CsvList.SendAsync(
            "emails.csv",
            request => list.RunAsync(call, filter, request, cancellationToken),
            row => row.Id,
            [
                new("Asked for at (UTC)", row => row.CreatedAt), new("Sent at (UTC)", row => row.SentAt), new("Recipient", row => row.Recipient), new("Subject", row => row.Subject), new("Template", row => row.Template),
                new("Status", row => Choices.Key(row.Status)), new("Attempts", row => row.Attempts), new("Error", row => row.Error), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> OutboxAsync(HttpContext http, ICallContexts calls, ListOutbox list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "outbox.csv",
            request => list.RunAsync(call, Choices.Parse<OutboxState>(http.Request.Query["state"]), request, cancellationToken),
            row => row.Id,
            [
                new("Created at (UTC)", row => row.CreatedAt), new("Kind", row => row.Kind), new("Organisation", row => row.OrganisationName), new("State", row => Choices.Key(row.State)), new("Attempts", row => row.Attempts),
                new("Due at (UTC)", row => row.DueAt), new("Last error", row => row.LastError), new("Subject id", row => row.SubjectId.ToString()), new("Id", row => row.Id.ToString()),
            ],
            http);
    }

    private static async Task<IResult> ProviderEventsAsync(HttpContext http, ICallContexts calls, ListProviderEvents list, CancellationToken cancellationToken)
    {
        var call = await calls.ForStaffAsync(cancellationToken);
        return await CsvList.SendAsync(
            "provider-events.csv",
            request => list.RunAsync(call, Choices.Parse<ProviderEventState>(http.Request.Query["state"]), request, cancellationToken),
            [
                new("Received at (UTC)", row => row.ReceivedAt), new("Event", row => row.EventId), new("Type", row => row.Type), new("State", row => Choices.Key(row.State)), new("Attempts", row => row.Attempts),
                new("Error", row => row.Error), new("Note", row => row.Note), new("Id", row => row.Id.ToString()),
            ],
            http);
    }
}

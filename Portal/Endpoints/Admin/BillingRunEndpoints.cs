using Portal.Access;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>Which month is to be billed. Left out: all organisations; drafts are left as they are; the platform's setting decides whether they are issued.</summary>
internal sealed record BillingRunInput(int? Year, int? Month, Guid? OrganisationId, bool? AutoIssue, bool? Remake);

/// <summary>A billing run.</summary>
internal sealed record BillingRunBody(
    Guid Id, string Period, int Year, int Month, Guid? OrganisationId, string State, bool AutoIssue, int Total, int Done, int Skipped, int Failed, int Unpriced, int Issued,
    string? Error, string StartedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, IReadOnlyList<RunFailure>? Failures)
{
    public static BillingRunBody Of(BillingRunDetails run) => Of(run, null);

    public static BillingRunBody Of(BillingRunDetails run, IReadOnlyList<RunFailure>? failures) => new(
        run.Id, run.Month.ToString(), run.Month.Year, run.Month.Month, run.OrganisationId, ApiText.Word(run.State), run.AutoIssue, run.Total, run.Done, run.Skipped, run.Failed,
        run.Unpriced, run.Issued, run.Error, run.StartedBy, run.CreatedAt, run.StartedAt, run.FinishedAt, failures);
}

/// <summary>An organisation that was parked, and why.</summary>
internal sealed record RunFailure(Guid OrganisationId, string? Reason);

/// <summary>Usage that no price covers.</summary>
internal sealed record UnpricedItem(Guid OrganisationId, string MetricName, string Unit, string Period, string Quantity, long EventCount);

internal static class BillingRunEndpoints
{
    public static void MapBillingRuns(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/billing-runs").WithTags("Billing runs");
        group.MapPost("/", StartAsync).Produces<BillingRunBody>(StatusCodes.Status202Accepted).WithSummary("Bill a month; safe to start again, never bills twice");
        group.MapGet("/", ListAsync).Produces<ListBody<BillingRunBody>>().WithSummary("List runs, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<BillingRunBody>().WithSummary("Read a run's progress and failures");
        group.MapGet("/{id:guid}/unpriced", UnpricedAsync).Produces<ListBody<UnpricedItem>>().WithSummary("List the run's unpriced usage");
    }

    private static async Task<IResult> StartAsync(BillingRunInput body, HttpContext http, StartBillingRun start, CancellationToken cancellationToken)
    {
        var request = new StartBillingRunRequest { Year = body.Year ?? 0, Month = body.Month ?? 0, OrganisationId = body.OrganisationId, AutoIssue = body.AutoIssue, Remake = body.Remake ?? false };
        var started = await start.RunAsync(http.Call(), request, cancellationToken);
        return started.Succeeded
            ? TypedResults.Accepted($"/api/v1/admin/billing-runs/{started.Value.Id}", BillingRunBody.Of(started.Value))
            : started.Failures.ToProblem();
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, HttpContext http, ListBillingRuns list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var page = await list.RunAsync(http.Call(), new BillingRunFilter(), request.Value, cancellationToken);
        return page.ToOk(rows => ListBody<BillingRunBody>.Of(rows, row => row.Id, BillingRunBody.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, GetBillingRun get, ListBillingRunItems items, CancellationToken cancellationToken)
    {
        var run = await get.RunAsync(http.Call(), id, cancellationToken);
        if (!run.Succeeded)
            return run.Failures.ToProblem();
        var failed = await items.RunAsync(http.Call(), id, BillingRunItemState.Failed, new ListRequest { Take = 200 }, cancellationToken);
        return failed.ToOk(rows => BillingRunBody.Of(run.Value, [.. rows.Items.Select(row => new RunFailure(row.OrganisationId, row.Reason))]));
    }

    private static async Task<IResult> UnpricedAsync(Guid id, HttpContext http, ListUnpricedUsage list, CancellationToken cancellationToken)
    {
        var page = await list.RunAsync(http.Call(), id, new ListRequest { Take = 200 }, cancellationToken);
        return page.ToOk(rows => new ListBody<UnpricedItem>(
            [.. rows.Items.Select(row => new UnpricedItem(row.OrganisationId, row.MetricName, row.Unit, row.Month.ToString(), ApiText.Number(row.Quantity), row.EventCount))], null));
    }
}

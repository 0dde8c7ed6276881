using System.Text.Json;
using Portal.Access;
using Portal.Components.Listing;
using Portal.Core.Kernel;
using Portal.Core.Plans;
using Portal.Endpoints.Problems;

namespace Portal.Endpoints.Admin;

/// <summary>A subscription's time on one plan, at the fee that it has there. Days are half-open and of the organisation's zone.</summary>
internal sealed record PhaseBody(
    Guid Id, Guid PlanId, string PlanName, string Fee, string Currency, string Interval, int IntervalCount, string? MinimumCommitment, DateOnly AnchorOn, DateOnly StartsOn, DateOnly? EndsOn)
{
    public static PhaseBody Of(SubscriptionPhase phase) => new(
        phase.Id, phase.PlanId, phase.PlanName, ApiText.Amount(phase.Fee, phase.Currency), phase.Currency, ApiText.Word(phase.Interval), phase.IntervalCount,
        phase.MinimumCommitment is { } commitment ? ApiText.Amount(commitment, phase.Currency) : null, phase.AnchorOn, phase.StartsOn, phase.EndsOn);
}

/// <summary>A subscription with its phases, in order.</summary>
internal sealed record SubscriptionBody(
    Guid Id, Guid OrganisationId, Guid PlanId, string Status, DateOnly StartsOn, DateOnly? EndsOn, DateOnly? TrialEndsOn, DateTimeOffset? CurrentPeriodStart, DateTimeOffset? CurrentPeriodEnd,
    bool CancelAtPeriodEnd, DateTimeOffset? CancelledAt, string? CancelReason, IReadOnlyList<PhaseBody> Phases, string? ProviderSubscriptionId, string? ProviderCustomerId, JsonElement? Metadata,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static SubscriptionBody Of(Subscription subscription) => new(
        subscription.Id, subscription.OrganisationId, subscription.PlanId, ApiText.Word(subscription.Status), subscription.StartsOn, subscription.EndsOn, subscription.TrialEndsOn,
        subscription.CurrentPeriodStart, subscription.CurrentPeriodEnd, subscription.CancelAtPeriodEnd, subscription.CancelledAt, subscription.CancelReason,
        // What gave way before it began never was.
        [.. subscription.Phases.Where(phase => phase.StartsOn != phase.EndsOn).OrderBy(phase => phase.StartsOn).Select(PhaseBody.Of)],
        subscription.ProviderSubscriptionId, subscription.ProviderCustomerId, subscription.Metadata is { } metadata ? JsonSerializer.Deserialize<JsonElement>(metadata) : null,
        subscription.CreatedAt, subscription.UpdatedAt);
}

/// <summary>A row of the list of subscriptions.</summary>
internal sealed record SubscriptionItem(
    Guid Id, Guid OrganisationId, string OrganisationName, Guid PlanId, string PlanName, string Status, DateOnly StartsOn, DateOnly? EndsOn, DateOnly? TrialEndsOn, DateTimeOffset? CurrentPeriodEnd, bool CancelAtPeriodEnd)
{
    public static SubscriptionItem Of(SubscriptionRow row) => new(
        row.Id, row.OrganisationId, row.OrganisationName, row.PlanId, row.PlanName, ApiText.Word(row.Status), row.StartsOn, row.EndsOn, row.TrialEndsOn, row.CurrentPeriodEnd, row.CancelAtPeriodEnd);
}

/// <summary>A subscription to start. Left out: today, the plan's trial, no end.</summary>
internal sealed record StartSubscriptionInput
{
    public Guid OrganisationId { get; init; }

    public Guid? PlanId { get; init; }

    public DateOnly? StartsOn { get; init; }

    public DateOnly? EndsOn { get; init; }

    public int? TrialDays { get; init; }

    public JsonElement? Metadata { get; init; }

    public string? ProviderSubscriptionId { get; init; }

    public string? ProviderCustomerId { get; init; }
}

/// <summary>The plan to change to, and when: <c>now</c> (when left out) or <c>period_end</c>.</summary>
internal sealed record ChangeSubscriptionInput(Guid? PlanId, string? Timing);

/// <summary>When to call it off: <c>now</c> or <c>period_end</c> (when left out).</summary>
internal sealed record CancelSubscriptionInput(string? Timing, string? Reason);

/// <summary>The first day that is to be paid for.</summary>
internal sealed record ExtendTrialInput(DateOnly? TrialEndsOn);

/// <summary>A line of the next invoice, before discounts and tax; <paramref name="To"/> is the first day after.</summary>
internal sealed record PreviewLineBody(string Name, bool IsCredit, DateOnly From, DateOnly To, int Days, int PeriodDays, string Amount);

/// <summary>What a change would come to. Nothing is stored.</summary>
internal sealed record PreviewBody(DateOnly TakesEffectOn, string Currency, IReadOnlyList<PreviewLineBody> Lines, string Total)
{
    public static PreviewBody Of(SubscriptionPreview preview) => new(
        preview.TakesEffectOn, preview.Currency,
        [.. preview.Lines.Select(line => new PreviewLineBody(line.Name, line.IsCredit, line.Span.From, line.Span.To, line.Span.Days, line.PeriodDays, ApiText.Amount(line.Amount, preview.Currency)))],
        ApiText.Amount(preview.Total, preview.Currency));
}

internal static class SubscriptionEndpoints
{
    private static readonly IReadOnlyList<(string Name, string Json)> s_starts =
    [
        ("today, with the plan's trial", """ { "organisationId": "01930000-0000-7000-8000-000000000001", "planId": "01930000-0000-7000-8000-000000000002" } """),
        ("a fixed term", """ { "organisationId": "01930000-0000-7000-8000-000000000001", "planId": "01930000-0000-7000-8000-000000000002", "startsOn": "2026-12-01", "endsOn": "2027-12-01", "trialDays": 0, "metadata": { "contract": "C-17" } } """),
    ];

    private static readonly IReadOnlyList<(string Name, string Json)> s_changes =
    [
        ("now", """ { "planId": "01930000-0000-7000-8000-000000000002", "timing": "now" } """),
        ("with the period", """ { "planId": "01930000-0000-7000-8000-000000000002", "timing": "period_end" } """),
    ];

    public static void MapSubscriptions(this RouteGroupBuilder admin)
    {
        var group = admin.MapGroup("/subscriptions").WithTags("Subscriptions");
        group.MapPost("/", StartAsync).Produces<SubscriptionBody>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Start a subscription; an organisation has one at a time").WithExamples(s_starts);
        group.MapGet("/", ListAsync).Produces<ListBody<SubscriptionItem>>().WithSummary("List subscriptions, newest first");
        group.MapGet("/{id:guid}", GetAsync).Produces<SubscriptionBody>().ProducesProblem(StatusCodes.Status404NotFound).WithSummary("Read a subscription");
        group.MapPost("/{id:guid}/change", ChangeAsync).Produces<SubscriptionBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Change a subscription's plan").WithExamples(s_changes);
        group.MapPost("/{id:guid}/preview", PreviewAsync).Produces<PreviewBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Preview a change line by line; nothing is stored").WithExamples(s_changes);
        group.MapPost("/{id:guid}/cancel", CancelAsync).Produces<SubscriptionBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Cancel a subscription")
            .WithExamples([("with the period", """ { "timing": "period_end", "reason": "Moving to another product" } """), ("now", """ { "timing": "now" } """)]);
        group.MapPost("/{id:guid}/resume", ResumeAsync).Produces<SubscriptionBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Resume a cancelled subscription during its last period");
        group.MapPost("/{id:guid}/extend-trial", ExtendTrialAsync).Produces<SubscriptionBody>().ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Extend a trial")
            .WithExamples([("a later day", """ { "trialEndsOn": "2026-12-15" } """)]);
    }

    /// <summary>When something takes effect; a failure for a word that is neither.</summary>
    private static Result<ChangeTiming> Timing(string? text, ChangeTiming otherwise) => text is null
        ? otherwise
        : Choices.Parse<ChangeTiming>(text) is { } timing ? timing : Failure.Invalid("timing", "Choose now or period_end.");

    private static async Task<IResult> StartAsync(StartSubscriptionInput body, HttpContext http, StartSubscription start, CancellationToken cancellationToken)
    {
        var request = new StartSubscriptionRequest
        {
            OrganisationId = body.OrganisationId,
            PlanId = body.PlanId,
            StartsOn = body.StartsOn,
            EndsOn = body.EndsOn,
            TrialDays = body.TrialDays,
            Metadata = body.Metadata is { ValueKind: not JsonValueKind.Null } metadata ? metadata.GetRawText() : null,
            ProviderSubscriptionId = body.ProviderSubscriptionId,
            ProviderCustomerId = body.ProviderCustomerId,
        };
        return (await start.RunAsync(http.Call(), request, cancellationToken)).ToCreated(subscription => $"{AdminApi.Root}/subscriptions/{subscription.Id}", SubscriptionBody.Of);
    }

    private static async Task<IResult> ListAsync([AsParameters] Paging paging, Guid? organisationId, Guid? planId, string? status, string? search, HttpContext http, ListSubscriptions list, CancellationToken cancellationToken)
    {
        var request = paging.Read();
        if (!request.Succeeded)
            return request.Failures.ToProblem();
        var wanted = Choices.Parse<SubscriptionStatus>(status);
        if (status is not null && wanted is null)
            return new[] { Failure.Invalid("status", "Choose trialing, active, past_due, cancelled or expired.") }.ToProblem();
        var page = await list.RunAsync(http.Call(), new SubscriptionFilter(organisationId, planId, wanted), request.Value with { Search = search }, cancellationToken);
        return page.ToOk(rows => ListBody<SubscriptionItem>.Of(rows, row => row.Id, SubscriptionItem.Of));
    }

    private static async Task<IResult> GetAsync(Guid id, HttpContext http, ListSubscriptions list, CancellationToken cancellationToken) =>
        (await list.GetAsync(http.Call(), id, cancellationToken)).ToOk(SubscriptionBody.Of);

    private static async Task<IResult> ChangeAsync(Guid id, ChangeSubscriptionInput body, HttpContext http, ChangeSubscription change, CancellationToken cancellationToken) =>
        Timing(body.Timing, ChangeTiming.Now) is { Succeeded: true, Value: var timing }
            ? (await change.RunAsync(http.Call(), id, body.PlanId ?? Guid.Empty, timing, cancellationToken)).ToOk(SubscriptionBody.Of)
            : Timing(body.Timing, ChangeTiming.Now).Failures.ToProblem();

    private static async Task<IResult> PreviewAsync(Guid id, ChangeSubscriptionInput body, HttpContext http, ChangeSubscription change, CancellationToken cancellationToken) =>
        Timing(body.Timing, ChangeTiming.Now) is { Succeeded: true, Value: var timing }
            ? (await change.PreviewAsync(http.Call(), id, body.PlanId ?? Guid.Empty, timing, cancellationToken)).ToOk(PreviewBody.Of)
            : Timing(body.Timing, ChangeTiming.Now).Failures.ToProblem();

    private static async Task<IResult> CancelAsync(Guid id, CancelSubscriptionInput body, HttpContext http, CancelSubscription cancel, CancellationToken cancellationToken) =>
        Timing(body.Timing, ChangeTiming.PeriodEnd) is { Succeeded: true, Value: var timing }
            ? (await cancel.RunAsync(http.Call(), id, timing, body.Reason, cancellationToken)).ToOk(SubscriptionBody.Of)
            : Timing(body.Timing, ChangeTiming.PeriodEnd).Failures.ToProblem();

    private static async Task<IResult> ResumeAsync(Guid id, HttpContext http, CancelSubscription cancel, CancellationToken cancellationToken) =>
        (await cancel.ResumeAsync(http.Call(), id, cancellationToken)).ToOk(SubscriptionBody.Of);

    private static async Task<IResult> ExtendTrialAsync(Guid id, ExtendTrialInput body, HttpContext http, CancelSubscription cancel, CancellationToken cancellationToken) => body.TrialEndsOn is { } day
        ? (await cancel.ExtendTrialAsync(http.Call(), id, day, cancellationToken)).ToOk(SubscriptionBody.Of)
        : new[] { Failure.Invalid("trialEndsOn", "Enter a date.") }.ToProblem();
}

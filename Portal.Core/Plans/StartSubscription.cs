using System.Text.Json;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Core.Organisations;

namespace Portal.Core.Plans;

/// <summary>A subscription as it was typed or sent.</summary>
public sealed record StartSubscriptionRequest
{
    public Guid OrganisationId { get; init; }

    public Guid? PlanId { get; init; }

    /// <summary>In the organisation's zone; today when left out, and within a year of it.</summary>
    public DateOnly? StartsOn { get; init; }

    /// <summary>First day no longer in force, where the term is fixed.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>0 to 730; the plan's when left out.</summary>
    public int? TrialDays { get; init; }

    /// <summary>A JSON object, at most 8,192 characters.</summary>
    public string? Metadata { get; init; }

    public string? ProviderSubscriptionId { get; init; }

    public string? ProviderCustomerId { get; init; }
}

/// <summary>
/// Starts a subscription. Staff only; needs <c>subscriptions:write</c>. Fails with <c>not_found</c>, <c>invalid</c> by field, <c>account_closed</c>, <c>plan_archived</c>,
/// <c>currency_mismatch</c>, <c>too_many_users</c>, or <c>subscription_overlap</c> when another is in force on one of its days.
/// </summary>
public sealed class StartSubscription(IBillingStore store, TimeProvider clock)
{
    private const int MaxMetadata = 8192;

    public async Task<Result<Subscription>> RunAsync(CallContext call, StartSubscriptionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (SubscriptionAccess.Refuse(call) is { } refused)
            return refused;
        if (call.OrganisationId is not null)
            return Failure.Forbidden();
        if (request.PlanId is not { } planId)
            return Failure.Invalid("planId", "Choose a plan.");
        var now = clock.GetUtcNow();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.LockAsync<Organisation>(request.OrganisationId, cancellationToken) is not { } organisation)
            return Failure.NotFound("organisation");
        if (!organisation.IsActive)
            return Failure.Conflict("account_closed", "The account is closed. Reopen it first.");
        if (await db.LockAsync<Plan>(planId, cancellationToken) is not { } plan)
            return Failure.Invalid("planId", "Plan not found.");
        if (!plan.IsActive)
            return Failure.Conflict("plan_archived", "The plan is archived and can't be subscribed to.");
        if (plan.Currency != organisation.Currency)
            return Failure.Conflict("currency_mismatch", $"The plan is in {plan.Currency} but the organisation's invoices are in {organisation.Currency}.");
        var today = Subscription.Today(organisation.Calendar, now);
        var start = new SubscriptionStart(request.StartsOn ?? today, request.TrialDays ?? plan.TrialPeriodDays, request.EndsOn)
        {
            Metadata = string.IsNullOrWhiteSpace(request.Metadata) ? null : request.Metadata,
            ProviderSubscriptionId = request.ProviderSubscriptionId,
            ProviderCustomerId = request.ProviderCustomerId,
        };
        if (Check(start, today) is { Count: > 0 } failures)
            return failures;
        if (plan.MaxUsers is { } most && await Seats.TakenAsync(db, organisation.Id, now, withInvitations: false, cancellationToken) is var taken && taken > most)
            return Failure.Conflict("too_many_users", $"The plan has {most} seats but the organisation has {taken} people.");
        var subscription = Subscription.Start(organisation.Id, organisation.Calendar, plan, start, now);
        db.Subscriptions.Add(subscription);
        db.Audit(call, new AuditRecord("subscription.started", "subscription", subscription.Id, organisation.Id, After: SubscriptionAccess.Written(subscription)), now);
        try
        {
            await db.CommitAsync(cancellationToken);
            return subscription;
        }
        catch (UniqueViolationException refusal) when (refusal.Constraint == "subscriptions_no_overlap")
        {
            return Failure.Conflict("subscription_overlap", "Another subscription of this organisation overlaps these dates. Change its plan, or cancel it first.");
        }
        catch (UniqueViolationException)
        {
            return Failure.Invalid("providerSubscriptionId", "Another subscription has this id.");
        }
    }

    private static List<Failure> Check(SubscriptionStart start, DateOnly today)
    {
        var failures = new List<Failure>();
        if (Math.Abs(start.StartsOn.DayNumber - today.DayNumber) > SubscriptionAccess.StartWithin)
            failures.Add(Failure.Invalid("startsOn", "Enter a date within a year of today."));
        if (start.TrialDays is < 0 or > 730)
            failures.Add(Failure.Invalid("trialDays", "Enter 0 to 730 days."));
        else if (start.EndsOn <= start.StartsOn.AddDays(start.TrialDays))
            failures.Add(Failure.Invalid("endsOn", "The end must be after the first day and after the trial."));
        if (start.Metadata is { } metadata && (metadata.Length > MaxMetadata || !IsObject(metadata)))
            failures.Add(Failure.Invalid("metadata", $"Enter a JSON object of at most {MaxMetadata} characters."));
        if (start.ProviderSubscriptionId?.Length > 255)
            failures.Add(Failure.Invalid("providerSubscriptionId", "At most 255 characters."));
        if (start.ProviderCustomerId?.Length > 255)
            failures.Add(Failure.Invalid("providerCustomerId", "At most 255 characters."));
        return failures;
    }

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>Credits that staff give.</summary>
public sealed record GrantPrepaidCreditsRequest
{
    public Guid OrganisationId { get; init; }

    public decimal? Credits { get; init; }

    /// <summary>True: to win or keep a customer; false: to make something good.</summary>
    public bool IsPromotional { get; init; }

    /// <summary>When what is left is lost; empty: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The last day on which they can be used, in the organisation's zone; in place of <see cref="ExpiresAt"/>.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>1 to 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The same grant sent twice is granted once; empty: every call is a grant of its own.</summary>
    public Guid? RequestId { get; init; }
}

/// <summary>Gives prepaid credits with a reason. Nothing is paid and nothing is taxed. Staff only. Fails with <c>invalid</c> by field, or <c>already_granted</c>.</summary>
public sealed class GrantPrepaidCredits(IBillingStore store, IPrepaidBook book, TimeProvider clock)
{
    private const int MaxReason = 500;

    /// <summary>Needs <c>credits:write</c>, as staff.</summary>
    public async Task<Result<PrepaidGrant>> RunAsync(CallContext call, GrantPrepaidCreditsRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(request);
        if (!call.May(Permissions.CreditsWrite) || call.OrganisationId is not null)
            return Failure.Forbidden();
        var now = clock.GetUtcNow();
        var failures = new List<Failure>();
        if (request.Credits is not (> 0 and < SaveCreditProduct.MaxCredits) || decimal.Round(request.Credits.Value, CreditCost.Decimals, MidpointRounding.ToZero) != request.Credits)
            failures.Add(Failure.Invalid("credits", "Enter a number above 0, with at most 6 decimals."));
        if (request.ExpiresAt <= now)
            failures.Add(Failure.Invalid("expiresAt", "The expiry must be in the future."));
        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Trim().Length > MaxReason)
            failures.Add(Failure.Invalid("reason", $"Enter 1 to {MaxReason} characters."));
        if (failures.Count > 0)
            return failures;
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        if (await db.Organisations.Where(organisation => organisation.Id == request.OrganisationId).Select(organisation => organisation.TimeZone).SingleOrDefaultAsync(cancellationToken) is not { } zone)
            return Failure.NotFound("organisation");
        var expires = request.LastDay is { } last ? EndOf(last, zone) : request.ExpiresAt?.ToUniversalTime();
        if (expires <= now)
            return Failure.Invalid("lastDay", "The last day can't be in the past.");
        var kind = request.IsPromotional ? PrepaidGrantKind.Promotional : PrepaidGrantKind.Staff;
        var grant = await book.GrantAsync(db, new NewPrepaidGrant(request.OrganisationId, kind, request.Credits!.Value, request.RequestId, expires, request.Reason!.Trim(), call.Actor.Id), now, cancellationToken);
        if (grant is null)
            return Failure.Conflict("already_granted", "These credits were already granted.");
        db.Audit(call, new AuditRecord("prepaid_credits.granted", "prepaid_grant", grant.Id, grant.OrganisationId, After: new { grant.Kind, grant.Credits, grant.ExpiresAt, grant.Reason }), now);
        await db.CommitAsync(cancellationToken);
        return grant;
    }

    // Where midnight is left out by the clock's change, the day ends with the first time that there is.
    private static DateTimeOffset EndOf(DateOnly day, string zone)
    {
        var rules = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var next = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        while (rules.IsInvalidTime(next))
            next = next.AddMinutes(15);
        return new DateTimeOffset(next, rules.GetUtcOffset(next)).ToUniversalTime();
    }
}

using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>The balance when a day ended, or as it is for the day that runs.</summary>
public sealed record PrepaidDay(DateOnly Day, decimal Balance);

/// <summary>Reads balances of days from the movements.</summary>
public interface IPrepaidHistory
{
    /// <summary>The balance at the end of each of the last days, today's in the organisation's zone as it is; before the first movement 0. Empty without any movement; null without the organisation.</summary>
    Task<IReadOnlyList<PrepaidDay>?> DaysAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, int days, CancellationToken cancellationToken);
}

/// <summary>An organisation's balance of prepaid credits day by day, up to today where it is.</summary>
public sealed class GetPrepaidHistory(IBillingStore store, IPrepaidHistory history, TimeProvider clock)
{
    /// <summary>Days that are shown at most.</summary>
    public const int MaxDays = 366;

    /// <summary>Needs <c>credits:read</c>. Empty for who never had any.</summary>
    public async Task<Result<IReadOnlyList<PrepaidDay>>> RunAsync(CallContext call, Guid organisationId, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(days, MaxDays);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        return await history.DaysAsync(db, organisationId, clock.GetUtcNow(), days, cancellationToken) is { } found ? Result<IReadOnlyList<PrepaidDay>>.From(found) : Failure.NotFound("organisation");
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;

namespace Portal.Core.PrepaidCredits;

/// <summary>An organisation's prepaid credits: the balance, what it is made of, and when it runs out.</summary>
/// <param name="Balance">Credits.</param>
/// <param name="Grants">With something left, soonest expiry first.</param>
/// <param name="Forecast">At the pace of the last days.</param>
/// <param name="HasHistory">False: it never had any.</param>
public sealed record PrepaidCreditsView(decimal Balance, IReadOnlyList<PrepaidGrantLine> Grants, PrepaidForecast Forecast, bool HasHistory = true);

/// <summary>A grant with something left.</summary>
public sealed record PrepaidGrantLine(Guid Id, PrepaidGrantKind Kind, decimal Credits, decimal Remaining, DateTimeOffset GrantedAt, DateTimeOffset? ExpiresAt, string? Reason);

/// <summary>Reads <see cref="PrepaidCreditsView"/>.</summary>
public sealed class GetPrepaidCredits(IBillingStore store, TimeProvider clock)
{
    private const int MaxGrants = 200;

    /// <summary>Needs <c>credits:read</c>.</summary>
    public async Task<Result<PrepaidCreditsView>> RunAsync(CallContext call, Guid organisationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var now = clock.GetUtcNow();
        var since = now.AddDays(-PrepaidForecast.LookBackDays);
        var figures = await db.Organisations.Where(organisation => organisation.Id == organisationId)
            .Select(organisation => new
            {
                Balance = db.PrepaidWallets.Where(wallet => wallet.OrganisationId == organisation.Id).Select(wallet => wallet.Balance).SingleOrDefault(),
                Moved = db.PrepaidMovements
                    .Where(movement => movement.OrganisationId == organisation.Id && movement.CreatedAt > since && (movement.Kind == PrepaidMovementKind.Consumed || movement.Kind == PrepaidMovementKind.Returned))
                    .Sum(movement => movement.Amount),
                First = db.PrepaidGrants.Where(grant => grant.OrganisationId == organisation.Id).Min(grant => (DateTimeOffset?)grant.GrantedAt),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (figures is null)
            return Failure.NotFound("organisation");
        var grants = await db.PrepaidGrants.Where(grant => grant.OrganisationId == organisationId && grant.Remaining > 0)
            .OrderBy(grant => grant.ExpiresAt == null).ThenBy(grant => grant.ExpiresAt).ThenBy(grant => grant.GrantedAt).ThenBy(grant => grant.Id).Take(MaxGrants)
            .Select(grant => new PrepaidGrantLine(grant.Id, grant.Kind, grant.Credits, grant.Remaining, grant.GrantedAt, grant.ExpiresAt, grant.Reason))
            .ToListAsync(cancellationToken);
        // Who has had credits for a week used them for a week.
        var days = figures.First is { } began ? Math.Clamp((int)Math.Ceiling((now - began).TotalDays), 1, PrepaidForecast.LookBackDays) : 1;
        return new PrepaidCreditsView(figures.Balance, grants, PrepaidForecast.Of(grants.Select(grant => new ForecastGrant(grant.Remaining, grant.ExpiresAt)), -figures.Moved, days, now), figures.First is not null);
    }
}

/// <summary>A movement, as lists and pages show it.</summary>
public sealed record PrepaidMovementLine(
    Guid Id, PrepaidMovementKind Kind, decimal Amount, decimal BalanceAfter, string Source, string? MetricName, string? Unit, int? Month, decimal? Quantity, DateTimeOffset? ExpiresAt, string? Description, DateTimeOffset CreatedAt);

/// <summary>Lists the movements of an organisation's prepaid credits, newest first.</summary>
public sealed class ListPrepaidMovements(IBillingStore store)
{
    /// <summary>Needs <c>credits:read</c>. Paging by skip or by id; no search and no sort.</summary>
    public async Task<Result<PagedList<PrepaidMovementLine>>> RunAsync(CallContext call, Guid organisationId, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.CreditsRead))
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var movements = db.PrepaidMovements.Where(movement => movement.OrganisationId == organisationId);
        var all = movements;
        if (list.After is { } after)
            movements = movements.Where(movement => db.PrepaidMovements.Any(last => last.Id == after && last.OrganisationId == organisationId && movement.Sequence < last.Sequence));
        var page = movements.OrderByDescending(movement => movement.Sequence).Skip(list.Skip).Take(list.Fetch)
            .Select(movement => new PrepaidMovementLine(
                movement.Id, movement.Kind, movement.Amount, movement.BalanceAfter, movement.Source, movement.MetricName, movement.Unit, movement.Month, movement.Quantity,
                movement.ExpiresAt, movement.Description, movement.CreatedAt));
        return await PagedList<PrepaidMovementLine>.ReadAsync(page, list, all.CountAsync, cancellationToken);
    }
}

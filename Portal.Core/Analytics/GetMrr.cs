using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Currencies;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Settings;

namespace Portal.Core.Analytics;

/// <summary>A month of recurring revenue in one currency: opening and movements are the closing.</summary>
public sealed record MrrMonthFigures(BillingMonth Month, decimal Opening, IReadOnlyDictionary<MrrMovementKind, decimal> Movements, IReadOnlyDictionary<MrrMovementKind, int> Counts)
{
    public decimal Closing => Opening + Movements.Values.Sum();

    public decimal Of(MrrMovementKind kind) => Movements.GetValueOrDefault(kind);
}

/// <summary>Recurring revenue in one currency.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Mrr">As of the last look.</param>
/// <param name="TrialMrr">What trials would be worth; not in it.</param>
/// <param name="Customers">Organisations that pay for something recurring.</param>
/// <param name="Months">Oldest first; the last one runs.</param>
/// <param name="Converted">In the seller's currency, where a rate is in force on the day.</param>
public sealed record MrrFigures(string Currency, decimal Mrr, decimal TrialMrr, int Customers, IReadOnlyList<MrrMonthFigures> Months, decimal? Converted);

/// <summary>Recurring revenue in every currency; the one with most customers first.</summary>
/// <param name="Currencies">By currency.</param>
/// <param name="SellerCurrency">ISO 4217.</param>
/// <param name="RateDay">The day whose rates convert.</param>
/// <param name="LookedAt">When it was last kept; null: never.</param>
public sealed record MrrReport(IReadOnlyList<MrrFigures> Currencies, string SellerCurrency, DateOnly RateDay, DateTimeOffset? LookedAt)
{
    /// <summary>All in the seller's currency; null where one of them can't be converted.</summary>
    public decimal? Total => Currencies.All(one => one.Converted is not null) ? Currencies.Sum(one => one.Converted!.Value) : null;
}

/// <summary>A movement, as it is listed.</summary>
public sealed record MrrMovementRow(Guid Id, Guid OrganisationId, string OrganisationName, string Currency, MrrMovementKind Kind, decimal Amount, decimal MrrAfter, DateOnly Day, string Cause);

/// <summary>Which movements are asked for; null does not apply.</summary>
public sealed record MrrMovementFilter(string? Currency = null, BillingMonth? Month = null, MrrMovementKind? Kind = null);

/// <summary>Reads recurring revenue from what is kept. Staff only; needs <c>analytics:read</c>.</summary>
public sealed class GetMrr(IBillingStore store, TimeProvider clock)
{
    /// <summary>The last months, the one that runs included.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="months">1 to 36.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public async Task<Result<MrrReport>> RunAsync(CallContext call, int months, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AnalyticsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        if (months is < 1 or > 36)
            return Failure.Invalid("months", "Enter 1 to 36 months.");
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var settings = await db.PlatformSettingsAsync(cancellationToken);
        var today = SellerDay.Of(clock.GetUtcNow(), settings);
        var last = new BillingMonth(today.Year, today.Month).Index;
        var first = last - months + 1;
        // A day of the next month has come to some organisations before it comes to the seller.
        var kept = await db.MrrMonths.AsNoTracking().ToListAsync(cancellationToken);
        var positions = await db.MrrPositions.GroupBy(row => row.Currency)
            .Select(group => new { group.Key, Mrr = group.Sum(row => row.Mrr), Trial = group.Sum(row => row.TrialMrr), Customers = group.Count(row => row.Mrr > 0), LookedAt = group.Max(row => row.LookedAt) })
            .ToListAsync(cancellationToken);
        var exchange = new ExchangeRateBook(await db.ExchangeRates.AsNoTracking().Where(rate => rate.TargetCurrency == settings.Defaults.Currency).ToListAsync(cancellationToken));
        var seller = Currency.Of(settings.Defaults.Currency);
        var figures = positions.OrderByDescending(row => row.Customers).ThenBy(row => row.Key, StringComparer.Ordinal).Select(row => new MrrFigures(
            row.Key, row.Mrr, row.Trial, row.Customers, Months(kept.Where(one => one.Currency == row.Key).ToList(), first, last),
            row.Key == seller.Code ? row.Mrr : exchange.Convert(row.Mrr, row.Key, seller, today)?.Amount));
        return new MrrReport([.. figures], seller.Code, today, positions.Count == 0 ? null : positions.Max(row => row.LookedAt));
    }

    private static List<MrrMonthFigures> Months(List<MrrMonth> kept, int first, int last)
    {
        var months = new List<MrrMonthFigures>();
        var opening = kept.Where(row => row.Month < first).Sum(row => row.Amount);
        for (var month = first; month <= last; month++)
        {
            var rows = kept.Where(row => row.Month == month || (month == last && row.Month > last)).ToList();
            var figures = new MrrMonthFigures(
                BillingMonth.FromIndex(month), opening,
                rows.GroupBy(row => row.Kind).ToDictionary(group => group.Key, group => group.Sum(row => row.Amount)),
                rows.GroupBy(row => row.Kind).ToDictionary(group => group.Key, group => group.Sum(row => row.Count)));
            months.Add(figures);
            opening = figures.Closing;
        }

        return months;
    }
}

/// <summary>Lists movements, newest first; searches the organisation's name; paged by skip or after an id. Staff only; needs <c>analytics:read</c>.</summary>
public sealed class ListMrrMovements(IBillingStore store)
{
    public async Task<Result<PagedList<MrrMovementRow>>> RunAsync(CallContext call, MrrMovementFilter filter, ListRequest list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(list);
        if (!call.May(Permissions.AnalyticsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var index = filter.Month?.Index;
        var rows =
            from movement in db.MrrMovements.AsNoTracking()
            where (filter.Currency == null || movement.Currency == filter.Currency) && (index == null || movement.Month == index) && (filter.Kind == null || movement.Kind == filter.Kind)
            join organisation in db.Organisations on movement.OrganisationId equals organisation.Id
            select new { movement, organisation.Name };
        if (!string.IsNullOrWhiteSpace(list.Search))
        {
            var pattern = LikePattern.Containing(list.Search);
#pragma warning disable CA1304, CA1311, CA1862, MA0011 // Runs in the database.
            rows = rows.Where(row => EF.Functions.Like(row.Name.ToLower(), pattern, @"\"));
#pragma warning restore CA1304, CA1311, CA1862, MA0011
        }

        int? total = list.WithTotal ? await rows.CountAsync(cancellationToken) : null;
        var sorted = (list.After is null ? list.Sort : null, list.Descending) switch
        {
            ("amount", false) => rows.OrderBy(row => row.movement.Currency).ThenBy(row => row.movement.Amount).ThenBy(row => row.movement.Id),
            ("amount", true) => rows.OrderBy(row => row.movement.Currency).ThenByDescending(row => row.movement.Amount).ThenByDescending(row => row.movement.Id),
            ("day", false) => rows.OrderBy(row => row.movement.Day).ThenBy(row => row.movement.Id),
            ("day", true) => rows.OrderByDescending(row => row.movement.Day).ThenByDescending(row => row.movement.Id),
            ("name", false) => rows.OrderBy(row => row.Name).ThenBy(row => row.movement.Id),
            ("name", true) => rows.OrderByDescending(row => row.Name).ThenByDescending(row => row.movement.Id),
            _ => rows.OrderByDescending(row => row.movement.Id),
        };
        var page = list.After is { } after ? sorted.Where(row => row.movement.Id < after) : sorted.Skip(list.Skip);
        var found = await page.Take(list.Fetch)
            .Select(row => new MrrMovementRow(row.movement.Id, row.movement.OrganisationId, row.Name, row.movement.Currency, row.movement.Kind, row.movement.Amount, row.movement.MrrAfter, row.movement.Day, row.movement.Cause))
            .ToListAsync(cancellationToken);
        return PagedList<MrrMovementRow>.Cut(found, list, total);
    }
}

/// <summary>The seller's day.</summary>
internal static class SellerDay
{
    public static DateOnly Of(DateTimeOffset now, PlatformSettings settings) => TimeZoneInfo.TryFindSystemTimeZoneById(settings.TimeZone, out var zone)
        ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime)
        : DateOnly.FromDateTime(now.UtcDateTime);
}

/// <summary>Recurring revenue as of the last look, by currency, for a figure in passing. Staff only; needs <c>analytics:read</c>.</summary>
public sealed class GetMrrNow(IBillingStore store)
{
    /// <summary>Sums with how many organisations pay them; those with most first.</summary>
    public async Task<Result<IReadOnlyList<AmountByCurrency>>> RunAsync(CallContext call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.May(Permissions.AnalyticsRead) || call.OrganisationId is not null)
            return Failure.Forbidden();
        await using var db = await store.OpenAsync(call.Scope, cancellationToken);
        var sums = await db.MrrMonths.GroupBy(row => row.Currency)
            .Select(group => new
            {
                group.Key,
                Amount = group.Sum(row => row.Amount),
                Customers = group.Sum(row => row.Kind == MrrMovementKind.New || row.Kind == MrrMovementKind.Reactivation ? row.Count : row.Kind == MrrMovementKind.Churn ? -row.Count : 0),
            })
            .ToListAsync(cancellationToken);
        return sums.Where(sum => sum.Amount != 0).OrderByDescending(sum => sum.Customers).ThenBy(sum => sum.Key, StringComparer.Ordinal).Select(sum => new AmountByCurrency(sum.Key, sum.Amount, sum.Customers)).ToList();
    }
}

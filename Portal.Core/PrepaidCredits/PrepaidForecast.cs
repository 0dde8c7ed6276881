namespace Portal.Core.PrepaidCredits;

/// <summary>Credits that expire together, as a forecast sees them.</summary>
public sealed record ForecastGrant(decimal Remaining, DateTimeOffset? ExpiresAt);

/// <summary>When credits run out, if they go on being used as of late.</summary>
/// <param name="PerDay">Credits used a day over the days that were looked at.</param>
/// <param name="Days">Days that were looked at.</param>
/// <param name="RunsOutAt">When nothing is left, by use or by expiry; null: not as things stand.</param>
/// <param name="WillExpire">Credits that would expire unused.</param>
public sealed record PrepaidForecast(decimal PerDay, int Days, DateTimeOffset? RunsOutAt, decimal WillExpire)
{
    /// <summary>Days that are looked back on, at most.</summary>
    public const int LookBackDays = 30;

    // Further than anybody plans, and short of what a calendar holds.
    private const decimal MaxDays = 36_500;

    /// <summary>Walks the grants in order of expiry at the recent pace. Pure.</summary>
    /// <param name="grants">With something left.</param>
    /// <param name="used">Credits used in the days that were looked at.</param>
    /// <param name="days">Their number, at least 1.</param>
    /// <param name="now">When the walk begins.</param>
    public static PrepaidForecast Of(IEnumerable<ForecastGrant> grants, decimal used, int days, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        var perDay = Math.Max(0, used) / days;
        var (at, lost, never) = (now, 0m, false);
        foreach (var grant in grants.Where(grant => grant.Remaining > 0).OrderBy(grant => grant.ExpiresAt ?? DateTimeOffset.MaxValue))
        {
            if (grant.ExpiresAt is { } over && over <= at)
            {
                lost += grant.Remaining;
                continue;
            }

            var needed = perDay == 0 ? MaxDays : Math.Min(MaxDays, grant.Remaining / perDay);
            if (grant.ExpiresAt is { } expires && (expires - at).TotalDays < (double)needed)
            {
                lost += grant.Remaining - Math.Min(grant.Remaining, perDay * (decimal)(expires - at).TotalDays);
                at = expires;
            }
            else if (needed >= MaxDays)
            {
                never = true;
            }
            else
            {
                at = at.AddDays((double)needed);
            }
        }

        return new PrepaidForecast(perDay, days, never || at == now ? null : at, lost);
    }

    /// <summary>The balance at the end of each of the next days, at a pace: what expires soonest is used first, and what expires is lost. Pure.</summary>
    /// <param name="grants">With something left.</param>
    /// <param name="perDay">Credits used a day.</param>
    /// <param name="now">The first day ends a day after it.</param>
    /// <param name="days">How many.</param>
    public static IReadOnlyList<decimal> Project(IEnumerable<ForecastGrant> grants, decimal perDay, DateTimeOffset now, int days)
    {
        var left = grants.Where(grant => grant.Remaining > 0).OrderBy(grant => grant.ExpiresAt ?? DateTimeOffset.MaxValue).ToList();
        var balances = new List<decimal>(days);
        for (var day = 1; day <= days; day++)
        {
            var (from, to, use) = (now.AddDays(day - 1), now.AddDays(day), Math.Max(0, perDay));
            for (var index = 0; index < left.Count; index++)
            {
                var grant = left[index];
                // A grant that expires within the day serves its part of it.
                var share = grant.ExpiresAt is { } expires && expires < to ? Math.Max(0, (decimal)(expires - from).TotalDays) : 1;
                var taken = Math.Min(Math.Min(use, Math.Max(0, perDay) * share), grant.Remaining);
                use -= taken;
                left[index] = grant with { Remaining = grant.ExpiresAt <= to ? 0 : grant.Remaining - taken };
            }

            balances.Add(left.Sum(grant => grant.Remaining));
        }

        return balances;
    }
}

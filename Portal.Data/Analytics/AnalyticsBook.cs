using Microsoft.Extensions.DependencyInjection;
using Portal.Core.Analytics;
using Portal.Core.Kernel;
using Portal.Core.Settings;
using Portal.Data.Kernel;

namespace Portal.Data.Analytics;

/// <summary>The kept figures, computed set-based in the database.</summary>
internal sealed class AnalyticsBook : IAnalyticsBook
{
    // Any number that no other lock of the product has.
    private const long Lock = 7_260_001;

    public async Task LockAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Command($"SELECT pg_advisory_xact_lock({Lock})");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> ToLookAtAsync(IBillingDb db, Guid after, int take, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What was written in a session that was still open at the last look is looked at again for ten minutes.
        await using var command = db.Command("""
            WITH changed AS (
                SELECT organisation_id, max(at) AS at, count(*) FILTER (WHERE is_fee) > 0 AS has_fees
                FROM (
                    SELECT organisation_id, updated_at AS at, true AS is_fee FROM subscription_phases
                    UNION ALL SELECT organisation_id, updated_at, true FROM service_phases
                    UNION ALL SELECT organisation_id, updated_at, false FROM organisation_discounts) rows
                WHERE organisation_id > $1
                GROUP BY organisation_id)
            SELECT c.organisation_id
            FROM changed c JOIN organisations o ON o.id = c.organisation_id
            LEFT JOIN (SELECT organisation_id, min(looked_at) AS looked_at, min(looked_on) AS looked_on FROM mrr_positions GROUP BY organisation_id) p ON p.organisation_id = c.organisation_id
            WHERE c.has_fees AND (p.looked_at IS NULL OR c.at > p.looked_at - interval '10 minutes' OR p.looked_on < ($3::timestamptz AT TIME ZONE o.time_zone)::date)
                -- Looked at in this very moment already.
                AND p.looked_at IS DISTINCT FROM $3
            ORDER BY c.organisation_id LIMIT $2
            """).With(after).With(take).With(now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>(take);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    public async Task<int> KeepRevenueAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = (await db.PlatformSettingsAsync(cancellationToken)).TimeZone;
        await using var command = db.Command("SELECT keep_revenue($1, $2)").With(now).With(zone);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

/// <summary>Registers what analytics need of PostgreSQL.</summary>
public static class AnalyticsDataServices
{
    public static IServiceCollection AddAnalyticsData(this IServiceCollection services) => services.AddSingleton<IAnalyticsBook, AnalyticsBook>();
}

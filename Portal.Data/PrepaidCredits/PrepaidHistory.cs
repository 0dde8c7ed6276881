using Portal.Core.Kernel;
using Portal.Core.PrepaidCredits;
using Portal.Data.Kernel;

namespace Portal.Data.PrepaidCredits;

/// <summary>The last movement of each day has the day's balance; days without one keep the day's before.</summary>
internal sealed class PrepaidHistory : IPrepaidHistory
{
    public async Task<IReadOnlyList<PrepaidDay>?> DaysAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, int days, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT day::date, coalesce(moved.balance_after, 0), EXISTS (SELECT FROM prepaid_movements WHERE organisation_id = $1)
            FROM organisations o
            CROSS JOIN LATERAL (SELECT ($2::timestamptz AT TIME ZONE o.time_zone)::date AS today) AS zone
            CROSS JOIN LATERAL generate_series(zone.today + 1 - $3::int, zone.today, interval '1 day') AS day
            LEFT JOIN LATERAL (
                SELECT m.balance_after FROM prepaid_movements m
                WHERE m.organisation_id = $1 AND m.created_at < (day + interval '1 day')::timestamp AT TIME ZONE o.time_zone
                ORDER BY m.created_at DESC, m.sequence DESC LIMIT 1) moved ON true
            WHERE o.id = $1
            ORDER BY day
            """).With(organisationId).With(now).With(days);
        var found = new List<PrepaidDay>(days);
        var (exists, hasMoved) = (false, false);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (exists, hasMoved) = (true, reader.GetBoolean(2));
            found.Add(new PrepaidDay(reader.GetFieldValue<DateOnly>(0), reader.GetDecimal(1)));
        }

        return !exists ? null : hasMoved ? found : [];
    }
}

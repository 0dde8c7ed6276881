using NpgsqlTypes;
using Portal.Core.Kernel;
using Portal.Core.PrepaidCredits;
using Portal.Data.Kernel;

namespace Portal.Data.PrepaidCredits;

/// <summary>The last movement of each day has the day's balance; days without one keep the day's before.</summary>
internal sealed class PrepaidHistory : IPrepaidHistory
{
    public async Task<IReadOnlyList<PrepaidDay>> DaysAsync(IBillingDb db, Guid organisationId, string timeZone, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT day::date, coalesce(moved.balance_after, 0)
            FROM generate_series($3::date, $4::date, interval '1 day') AS day
            LEFT JOIN LATERAL (
                SELECT m.balance_after FROM prepaid_movements m
                WHERE m.organisation_id = $1 AND m.created_at < (day + interval '1 day')::timestamp AT TIME ZONE $2
                ORDER BY m.created_at DESC, m.sequence DESC LIMIT 1) moved ON true
            ORDER BY day
            """).With(organisationId).With(timeZone, NpgsqlDbType.Text).With(first, NpgsqlDbType.Date).With(last, NpgsqlDbType.Date);
        var days = new List<PrepaidDay>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            days.Add(new PrepaidDay(reader.GetFieldValue<DateOnly>(0), reader.GetDecimal(1)));
        return days;
    }
}

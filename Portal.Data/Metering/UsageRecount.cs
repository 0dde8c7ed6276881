using Npgsql;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Data.Kernel;

namespace Portal.Data.Metering;

/// <summary>Sums events anew and compares. Goes by organisation, as the sums' keys do, so that only the span's rows are read.</summary>
internal sealed class UsageRecount : IUsageRecount
{
    private const int TimeoutSeconds = 900;

    private const string Counting = """
        e."timestamp" >= $1 AND e."timestamp" < $2
        AND NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id)
        """;

    // A row that corrections brought to nothing is as good as none.
    private const string Compared = """
        SELECT count(*) OVER (), count(*) FILTER (WHERE differs) OVER (), organisation_id, project_id, metric_name, unit, at, kept, kept_events, counted, counted_events
        FROM (
            SELECT *, (coalesce(kept, 0), coalesce(kept_events, 0)) <> (coalesce(counted, 0), coalesce(counted_events, 0)) AS differs FROM both_sides) compared
        ORDER BY differs DESC, organisation_id, at LIMIT 100
        """;

    public Task<UsageDriftReport> CompareBucketsAsync(IBillingDb db, Period span, CancellationToken cancellationToken) => ReadAsync(
        db.Command(
            $"""
            WITH counted AS (
                SELECT e.organisation_id, e.project_id, e.metric_name, e.unit, to_timestamp(floor(extract(epoch FROM e."timestamp") / 900) * 900) AS at,
                    sum(e.metric_value) AS counted, count(*) AS counted_events
                FROM usage_events e WHERE {Counting} GROUP BY 1, 2, 3, 4, 5),
            kept AS (
                SELECT b.organisation_id, b.project_id, b.metric_name, b.unit, b.bucket_start AS at, b.total_value AS kept, b.event_count AS kept_events
                FROM organisations o CROSS JOIN LATERAL (SELECT * FROM usage_buckets WHERE organisation_id = o.id AND bucket_start >= $1 AND bucket_start < $2) b),
            both_sides AS (SELECT * FROM counted FULL JOIN kept USING (organisation_id, project_id, metric_name, unit, at))
            {Compared}
            """).With(span.Start).With(span.End),
        static (row, reader) => row with { BucketStart = reader.GetFieldValue<DateTimeOffset>(6) },
        static compared => (compared, 0),
        cancellationToken);

    public Task<UsageDriftReport> CompareMonthAsync(IBillingDb db, BillingMonth month, CancellationToken cancellationToken)
    {
        // The number decides; the span, with room for every zone and for changes of zone, only leaves out other partitions.
        var start = new DateTimeOffset(month.FirstDay, TimeOnly.MinValue, TimeSpan.Zero).AddDays(-2);
        var end = new DateTimeOffset(month.Next.FirstDay, TimeOnly.MinValue, TimeSpan.Zero).AddDays(2);
        return ReadAsync(
            db.Command(
                $"""
                WITH counted AS (
                    SELECT e.organisation_id, e.project_id, e.metric_name, e.unit, e.billing_month AS at, sum(e.metric_value) AS counted, count(*) AS counted_events
                    FROM usage_events e WHERE {Counting} AND e.billing_month = $3 GROUP BY 1, 2, 3, 4, 5),
                kept AS (
                    SELECT a.organisation_id, a.project_id, a.metric_name, a.unit, $3 AS at, a.total_value AS kept, a.event_count AS kept_events
                    FROM organisations o CROSS JOIN LATERAL (SELECT * FROM usage_aggregates WHERE organisation_id = o.id AND year = $3 / 12 AND month = $3 % 12 + 1) a),
                both_sides AS (SELECT * FROM counted FULL JOIN kept USING (organisation_id, project_id, metric_name, unit, at))
                {Compared}
                """).With(start).With(end).With(month.Index),
            (row, _) => row with { Month = month },
            static compared => (0, compared),
            cancellationToken);
    }

    private static async Task<UsageDriftReport> ReadAsync(
        NpgsqlCommand sql, Func<UsageDrift, NpgsqlDataReader, UsageDrift> place, Func<long, (long Buckets, long Months)> kind, CancellationToken cancellationToken)
    {
        await using var command = sql;
        // Numeric columns travel as text: a sum may have more digits than a decimal.
        command.UnknownResultTypeList = [false, false, false, false, false, false, false, true, false, true, false];
        command.CommandTimeout = TimeoutSeconds;
        var (compared, different) = (0L, 0L);
        List<UsageDrift> examples = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            (compared, different) = (reader.GetInt64(0), reader.GetInt64(1));
            if (examples.Count == different)
                break;
            examples.Add(place(
                new UsageDrift(reader.GetGuid(2), reader.GetGuid(3), reader.GetString(4), reader.GetString(5), null, null, Value(reader, 7), Count(reader, 8), Value(reader, 9), Count(reader, 10)),
                reader));
        }

        var (buckets, months) = kind(compared);
        return new UsageDriftReport(buckets, months, different, examples);
    }

    private static UsageValue? Value(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : UsageValue.ReadStored(reader.GetString(column));

    private static long Count(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? 0 : reader.GetInt64(column);
}

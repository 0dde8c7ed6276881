using NpgsqlTypes;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Data.Kernel;

namespace Portal.Data.Metering;

/// <summary>Asks the database's own functions, which billing runs ask, too.</summary>
internal sealed class UsageMeasures : IUsageMeasures
{
    /// <summary>Held shared by who bills and alone by who changes a rule.</summary>
    public const string RulesLock = "hashtext('metric_rules')";

    public async Task<IReadOnlyList<MeasuredMonth>> MonthsAsync(IBillingDb db, Guid organisationId, BillingMonth first, BillingMonth last, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT month, metric_name, unit, measured, quantity, events, projects, quantities, counts FROM usage_quantities($1, $2, $3)")
            .With(new[] { organisationId }).With(first.Index).With(last.Index);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var months = new List<MeasuredMonth>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var quantities = await reader.GetFieldValueAsync<decimal[]>(7, cancellationToken);
            var counts = await reader.GetFieldValueAsync<long[]>(8, cancellationToken);
            months.Add(new MeasuredMonth(
                BillingMonth.FromIndex(reader.GetInt32(0)),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetDecimal(3),
                reader.GetDecimal(4),
                reader.GetInt64(5),
                (await reader.GetFieldValueAsync<Guid[]>(6, cancellationToken)).Select((project, index) => (project, new ProjectMeasure(quantities[index], counts[index]))).ToDictionary()));
        }

        return months;
    }

    public async Task<IReadOnlyList<MeasuredSlot>> SlotsAsync(IBillingDb db, MeasureRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var command = db.Command(
            """
            SELECT CASE WHEN $5 THEN floor(extract(epoch FROM e."timestamp" - $2) / 3600)::integer ELSE greatest(0, (e."timestamp" AT TIME ZONE $4)::date - ($2 AT TIME ZONE $4)::date) END,
                e.metric_name, e.unit, CASE $6 WHEN 1 THEN e.project_id WHEN 2 THEN coalesce(e.api_key_id, '00000000-0000-0000-0000-000000000000') END,
                CASE coalesce(r.aggregation, 'sum')
                    WHEN 'sum' THEN sum(e.metric_value)
                    WHEN 'count' THEN count(*)
                    WHEN 'max' THEN max(e.metric_value)
                    WHEN 'last' THEN (array_agg(e.metric_value ORDER BY e."timestamp" DESC, e.id DESC) FILTER (WHERE r.aggregation = 'last'))[1]
                    ELSE count(DISTINCT e.metadata ->> r.property) END,
                count(*)
            FROM usage_events e LEFT JOIN metric_rules(($7::integer[])[1], ($7::integer[])[2]) r ON r.metric_name = e.metric_name AND r.unit = e.unit AND r.month = e.billing_month
            WHERE e.organisation_id = $1 AND e."timestamp" >= $2 AND e."timestamp" < $3 AND ($10 OR r.needs_events)
                AND ($8::text IS NULL OR e.metric_name = $8) AND ($9::uuid IS NULL OR e.project_id = $9)
                AND NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id)
            GROUP BY 1, 2, 3, 4, r.aggregation
            """)
            .With(request.OrganisationId).With(request.Span.Start).With(request.Span.End).With(request.TimeZone).With(request.ByHour).With((int)request.By)
            // Events carry their month; no zone is further than a day from UTC.
            .With(new[] { Month(request.Span.Start.AddDays(-1)), Month(request.Span.End.AddDays(1)) })
            .With(request.MetricName, NpgsqlDbType.Text).With(request.ProjectId, NpgsqlDbType.Uuid).With(request.Everything);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var slots = new List<MeasuredSlot>();
        while (await reader.ReadAsync(cancellationToken))
        {
            slots.Add(new MeasuredSlot(
                reader.GetInt32(0), reader.GetString(1), reader.GetString(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetGuid(3), reader.GetDecimal(4), reader.GetInt64(5)));
        }

        return slots;
    }

    public async Task HoldBillingAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Command($"SELECT pg_advisory_xact_lock({RulesLock})");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static int Month(DateTimeOffset time) => new BillingMonth(time.UtcDateTime.Year, time.UtcDateTime.Month).Index;
}

using Npgsql;
using NpgsqlTypes;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Data.Kernel;

namespace Portal.Data.BillingRuns;

/// <summary>Late usage over all organisations: what differs from what closed months were billed, and what was made of the rest.</summary>
internal sealed class LateUsageBook : ILateUsageBook
{
    // Sums of months are compared with what was billed of them. A metric that is measured from its events is late when events came or were corrected since: what that
    // comes to is left to the code that bills.
    private const string Sql = """
        WITH months AS (SELECT i AS month, i / 12 AS y, i % 12 + 1 AS m FROM generate_series($1::int, $2::int) AS i WHERE $5::int IS NULL OR i = $5),
        runs AS MATERIALIZED (
            SELECT year * 12 + month - 1 AS month, organisation_id, max(created_at) AS created_at
            FROM billing_runs
            WHERE state = 'completed' AND NOT late_only AND year * 12 + month - 1 BETWEEN $1 AND $2
            GROUP BY 1, 2),
        rules AS MATERIALIZED (SELECT * FROM metric_rules($1, $2)),
        sums AS MATERIALIZED (
            SELECT a.organisation_id, months.month, a.metric_name, a.unit, sum(a.total_value) AS total, sum(a.event_count)::bigint AS events, max(a.updated_at) AS updated_at
            FROM usage_aggregates a JOIN months ON months.y = a.year AND months.m = a.month
            WHERE ($3::uuid IS NULL OR a.organisation_id = $3) AND ($6::text IS NULL OR lower(a.metric_name) LIKE $6)
            GROUP BY 1, 2, 3, 4),
        charged AS (
            SELECT l.organisation_id, months.month, l.metric_name, l.unit, l.quantity, l.event_count, i.created_at
            FROM invoice_lines l JOIN months ON months.y = l.usage_year AND months.m = l.usage_month JOIN invoices i ON i.organisation_id = l.organisation_id AND i.id = l.invoice_id
            WHERE l.price_id IS NOT NULL AND i.status <> 'void' AND ($3::uuid IS NULL OR l.organisation_id = $3)
            UNION ALL
            SELECT c.organisation_id, months.month, c.metric_name, c.unit, c.quantity, c.event_count, c.created_at
            FROM late_usage_credits c JOIN months ON months.y = c.usage_year AND months.m = c.usage_month
            WHERE $3::uuid IS NULL OR c.organisation_id = $3
            UNION ALL
            SELECT w.organisation_id, months.month, w.metric_name, w.unit, w.quantity, w.event_count, w.created_at
            FROM late_usage_write_offs w JOIN months ON months.y = w.usage_year AND months.m = w.usage_month
            WHERE $3::uuid IS NULL OR w.organisation_id = $3),
        billed AS MATERIALIZED (
            SELECT organisation_id, month, metric_name, unit, sum(quantity) AS quantity, sum(event_count)::bigint AS events, max(created_at) AS at
            FROM charged GROUP BY organisation_id, month, metric_name, unit),
        waiting AS (
            SELECT s.organisation_id, s.month, s.metric_name, s.unit
            FROM sums s
            JOIN organisations o ON o.id = s.organisation_id
            LEFT JOIN invoices i ON i.organisation_id = s.organisation_id AND i.year = s.month / 12 AND i.month = s.month % 12 + 1 AND i.supplement = 0 AND i.status <> 'void'
            LEFT JOIN billed b ON b.organisation_id = s.organisation_id AND b.month = s.month AND b.metric_name = s.metric_name AND b.unit = s.unit
            LEFT JOIN prepaid_coverages c ON c.organisation_id = s.organisation_id AND c.month = s.month AND c.metric_name = s.metric_name AND c.unit = s.unit AND c.quantity > 0
            LEFT JOIN rules r ON r.metric_name = s.metric_name AND r.unit = s.unit AND r.month = s.month
            CROSS JOIN LATERAL (SELECT round_quantity(CASE r.aggregation WHEN 'count' THEN s.events ELSE s.total END, coalesce(r.rounding, 'none'), coalesce(r.decimals, 0)) AS quantity) used
            CROSS JOIN LATERAL (SELECT CASE WHEN c.quantity IS NULL THEN used.quantity ELSE greatest(used.quantity - c.quantity, 0) END AS quantity) rest
            CROSS JOIN LATERAL (SELECT make_date(s.month / 12, s.month % 12 + 1, 1) AS first, (make_date(s.month / 12, s.month % 12 + 1, 1) + interval '1 month')::date AS next) span
            WHERE (s.events IS DISTINCT FROM b.events OR CASE WHEN r.needs_events THEN s.updated_at > b.at ELSE rest.quantity IS DISTINCT FROM b.quantity END)
                -- A month is closed by its issued invoice, or by a run after its end that made none.
                AND CASE WHEN i.id IS NOT NULL THEN i.status <> 'draft' ELSE EXISTS (
                    SELECT FROM runs
                    WHERE runs.month = s.month AND (runs.organisation_id IS NULL OR runs.organisation_id = s.organisation_id)
                        AND runs.created_at >= span.next::timestamp AT TIME ZONE CASE WHEN o.next_time_zone IS NOT NULL AND o.time_zone_changes_at < span.next::timestamp AT TIME ZONE o.time_zone
                            THEN o.next_time_zone ELSE o.time_zone END) END
                -- What nobody has priced yet is unpriced, not late.
                AND (b.events IS NOT NULL OR (rest.quantity <> 0 AND EXISTS (
                    SELECT FROM prices p
                    WHERE p.metric_name = s.metric_name AND p.unit = s.unit AND p.effective_from <= span.first AND (p.effective_to IS NULL OR p.effective_to > span.first)
                        AND (p.organisation_id IS NULL OR p.organisation_id = s.organisation_id)
                        AND (p.plan_id IS NULL OR EXISTS (
                            SELECT FROM subscription_phases f
                            WHERE f.organisation_id = s.organisation_id AND f.plan_id = p.plan_id AND f.starts_on < span.next AND (f.ends_on IS NULL OR (f.ends_on > span.first AND f.ends_on > f.starts_on)))))))),
        late AS (
            SELECT 'waiting' AS state, w.organisation_id, w.month, w.metric_name, w.unit, 0::numeric AS quantity, 0::bigint AS events, NULL::numeric AS amount, NULL::text AS currency,
                NULL::uuid AS invoice_id, NULL::text AS number, NULL::uuid AS run_id, NULL::text AS reason, NULL::timestamptz AS at, NULL::uuid AS id
            FROM waiting w WHERE $4::text IS NULL OR $4 = 'waiting'
            UNION ALL
            SELECT 'billed', l.organisation_id, l.usage_year * 12 + l.usage_month - 1, l.metric_name, l.unit, l.quantity, l.event_count, l.amount, i.currency, i.id, i.number, NULL, NULL, i.created_at, l.id
            FROM invoice_lines l JOIN invoices i ON i.organisation_id = l.organisation_id AND i.id = l.invoice_id
            WHERE ($4::text IS NULL OR $4 = 'billed') AND l.kind = 'late_usage' AND i.status <> 'void'
                AND ($3::uuid IS NULL OR l.organisation_id = $3) AND ($5::int IS NULL OR (l.usage_year = $5 / 12 AND l.usage_month = $5 % 12 + 1)) AND ($6::text IS NULL OR lower(l.metric_name) LIKE $6)
            UNION ALL
            SELECT 'credited', c.organisation_id, c.usage_year * 12 + c.usage_month - 1, c.metric_name, c.unit, c.quantity, c.event_count, -c.amount, c.currency, NULL, NULL, c.billing_run_id, NULL, c.created_at, c.id
            FROM late_usage_credits c
            WHERE ($4::text IS NULL OR $4 = 'credited')
                AND ($3::uuid IS NULL OR c.organisation_id = $3) AND ($5::int IS NULL OR (c.usage_year = $5 / 12 AND c.usage_month = $5 % 12 + 1)) AND ($6::text IS NULL OR lower(c.metric_name) LIKE $6)
            UNION ALL
            SELECT 'written_off', w.organisation_id, w.usage_year * 12 + w.usage_month - 1, w.metric_name, w.unit, w.quantity, w.event_count, w.amount, w.currency, NULL, NULL, NULL, w.reason, w.created_at, w.id
            FROM late_usage_write_offs w
            WHERE ($4::text IS NULL OR $4 = 'written_off')
                AND ($3::uuid IS NULL OR w.organisation_id = $3) AND ($5::int IS NULL OR (w.usage_year = $5 / 12 AND w.usage_month = $5 % 12 + 1)) AND ($6::text IS NULL OR lower(w.metric_name) LIKE $6))
        SELECT l.state, l.organisation_id, o.name, l.month, l.metric_name, l.unit, l.quantity, l.events, l.amount, coalesce(l.currency, o.currency), l.invoice_id, l.number, l.run_id, l.reason, l.at, l.id,
            CASE WHEN $9 THEN count(*) OVER () END
        FROM late l JOIN organisations o ON o.id = l.organisation_id
        ORDER BY {0} (l.state = 'waiting') DESC, l.month DESC, o.name, l.organisation_id, l.metric_name, l.unit, l.id
        OFFSET $7 LIMIT $8
        """;

    private static readonly System.Text.CompositeFormat s_sql = System.Text.CompositeFormat.Parse(Sql);

    public async Task<(List<LateUsageRow> Rows, int? Total)> FindAsync(IBillingDb db, LateUsageFilter filter, (BillingMonth First, BillingMonth Last) months, ListRequest list, CancellationToken cancellationToken)
    {
        var order = (list.Sort, list.Descending) switch
        {
            ("organisation", false) => "o.name, l.organisation_id,",
            ("organisation", true) => "o.name DESC, l.organisation_id,",
            ("month", false) => "l.month,",
            ("month", true) => "l.month DESC,",
            _ => "",
        };
        await using var command = db.Command(string.Format(System.Globalization.CultureInfo.InvariantCulture, s_sql, order))
            .With(months.First.Index).With(months.Last.Index)
            .With(filter.OrganisationId, NpgsqlDbType.Uuid)
            .With(filter.State is { } state ? EnumText.Of(state) : null, NpgsqlDbType.Text)
            .With(filter.Month?.Index, NpgsqlDbType.Integer)
            .With(string.IsNullOrWhiteSpace(list.Search) ? null : LikePattern.Containing(list.Search), NpgsqlDbType.Text)
            .With(list.Skip).With(Math.Clamp(list.Take, 1, 200) + 1).With(list.WithTotal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LateUsageRow>();
        // Past the last page nothing can be counted; on the first, nothing is 0.
        int? total = list is { WithTotal: true, Skip: 0 } ? 0 : null;
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new LateUsageRow
            {
                State = EnumText.Read<LateUsageState>(reader.GetString(0)),
                OrganisationId = reader.GetGuid(1),
                OrganisationName = reader.GetString(2),
                Month = BillingMonth.FromIndex(reader.GetInt32(3)),
                MetricName = reader.GetString(4),
                Unit = reader.GetString(5),
                Quantity = reader.GetDecimal(6),
                EventCount = reader.GetInt64(7),
                Amount = await ValueAsync<decimal>(reader, 8, cancellationToken),
                Currency = reader.GetString(9),
                InvoiceId = await ValueAsync<Guid>(reader, 10, cancellationToken),
                InvoiceNumber = await TextAsync(reader, 11, cancellationToken),
                BillingRunId = await ValueAsync<Guid>(reader, 12, cancellationToken),
                Reason = await TextAsync(reader, 13, cancellationToken),
                SettledAt = await ValueAsync<DateTimeOffset>(reader, 14, cancellationToken),
                Id = await ValueAsync<Guid>(reader, 15, cancellationToken),
            });
            total = (int?)await ValueAsync<long>(reader, 16, cancellationToken);
        }

        return (rows, total);
    }

    private static async Task<T?> ValueAsync<T>(NpgsqlDataReader reader, int column, CancellationToken cancellationToken)
        where T : struct => await reader.IsDBNullAsync(column, cancellationToken) ? null : await reader.GetFieldValueAsync<T>(column, cancellationToken);

    private static async Task<string?> TextAsync(NpgsqlDataReader reader, int column, CancellationToken cancellationToken) => await reader.IsDBNullAsync(column, cancellationToken) ? null : reader.GetString(column);
}

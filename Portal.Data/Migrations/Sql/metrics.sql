-- How a metric is measured is the platform's to say; an organisation sees it for metrics that it has used.
ALTER TABLE metric_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON metric_versions FOR SELECT TO billing_tenant
    USING (EXISTS (SELECT FROM usage_aggregates a WHERE a.metric_name = metric_versions.metric_name AND a.unit = metric_versions.unit));
GRANT SELECT ON metric_versions TO billing_tenant;

-- Late usage that was given up: written once. The customers' role is granted nothing on it; the policy is the second wall.
ALTER TABLE late_usage_write_offs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON late_usage_write_offs TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));
CREATE TRIGGER late_usage_write_offs_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON late_usage_write_offs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER metric_versions_append_only BEFORE UPDATE OR TRUNCATE ON metric_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The rule of every metric that has one, in every month of a span; months as year x 12 + month - 1.
CREATE FUNCTION metric_rules(first_month integer, last_month integer)
RETURNS TABLE (metric_name text, unit text, month integer, aggregation text, property text, rounding text, decimals integer, needs_events boolean) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (v.metric_name, v.unit, m.month)
        v.metric_name, v.unit, m.month, v.aggregation, v.property, v.rounding, v.decimals, v.aggregation IN ('max', 'last', 'unique')
    FROM generate_series(first_month, last_month) AS m(month) JOIN metric_versions v ON v.from_month <= m.month
    ORDER BY v.metric_name, v.unit, m.month, v.from_month DESC
$$;

-- The quantity of a month as it is rated.
CREATE FUNCTION round_quantity(value numeric, rounding text, decimals integer) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE rounding
        WHEN 'up' THEN trunc(value, decimals) + CASE WHEN trunc(value, decimals) = value THEN 0 ELSE sign(value) * ('1e-' || decimals)::numeric END
        WHEN 'down' THEN trunc(value, decimals)
        WHEN 'nearest' THEN round(value, decimals)
        ELSE value END
$$;

-- What organisations used in months, each metric by its own measure. Sums and counts are those kept with the events; what they don't say is asked of the events, in
-- the same statement, so that both are of one moment. Where no metric needs its events, they are not touched.
CREATE FUNCTION usage_quantities(organisations uuid[], first_month integer, last_month integer)
RETURNS TABLE (organisation_id uuid, month integer, metric_name text, unit text, aggregation text, property text, rounding text, decimals integer,
    measured numeric, quantity numeric, events bigint, projects uuid[], quantities numeric[], counts bigint[]) LANGUAGE sql STABLE AS $$
    WITH rules AS MATERIALIZED (SELECT * FROM metric_rules(first_month, last_month)),
    months AS (SELECT i AS month, i / 12 AS y, i % 12 + 1 AS m FROM generate_series(first_month, last_month) AS i),
    kept AS (
        SELECT a.organisation_id, months.month, a.metric_name, a.unit, a.project_id, a.total_value, a.event_count
        FROM usage_aggregates a JOIN months ON months.y = a.year AND months.m = a.month
        WHERE a.organisation_id = ANY (organisations)),
    sums AS (
        SELECT k.organisation_id, k.month, k.metric_name, k.unit, sum(k.total_value) AS total, sum(k.event_count)::bigint AS events,
            array_agg(k.project_id ORDER BY k.project_id) AS projects, array_agg(k.total_value ORDER BY k.project_id) AS totals, array_agg(k.event_count ORDER BY k.project_id) AS counts
        FROM kept k GROUP BY k.organisation_id, k.month, k.metric_name, k.unit),
    found AS MATERIALIZED (
        SELECT e.organisation_id, e.billing_month AS month, e.metric_name, e.unit, e.project_id, grouping(e.project_id) = 1 AS is_whole,
            CASE r.aggregation
                WHEN 'max' THEN max(e.metric_value)
                WHEN 'last' THEN (array_agg(e.metric_value ORDER BY e."timestamp" DESC, e.id DESC) FILTER (WHERE r.aggregation = 'last'))[1]
                ELSE count(DISTINCT e.metadata ->> r.property) END AS value
        FROM rules r JOIN usage_events e ON e.metric_name = r.metric_name AND e.unit = r.unit AND e.billing_month = r.month
        WHERE (SELECT EXISTS (SELECT FROM rules WHERE needs_events)) AND r.needs_events AND e.organisation_id = ANY (organisations)
            -- Leaves out other partitions; the month decides.
            AND e."timestamp" >= make_timestamptz(first_month / 12, first_month % 12 + 1, 1, 0, 0, 0, 'UTC') - interval '2 days'
            AND e."timestamp" < make_timestamptz((last_month + 1) / 12, (last_month + 1) % 12 + 1, 1, 0, 0, 0, 'UTC') + interval '2 days'
            AND NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = e.organisation_id AND s.event_id = e.id)
        GROUP BY GROUPING SETS ((e.organisation_id, e.billing_month, e.metric_name, e.unit, r.aggregation), (e.organisation_id, e.billing_month, e.metric_name, e.unit, r.aggregation, e.project_id))),
    by_project AS (
        SELECT s.organisation_id, s.month, s.metric_name, s.unit, array_agg(coalesce(f.value, 0) ORDER BY p.project_id) AS quantities
        FROM sums s JOIN rules r ON r.metric_name = s.metric_name AND r.unit = s.unit AND r.month = s.month AND r.needs_events
        CROSS JOIN LATERAL unnest(s.projects) AS p(project_id)
        LEFT JOIN found f ON NOT f.is_whole AND f.organisation_id = s.organisation_id AND f.month = s.month AND f.metric_name = s.metric_name AND f.unit = s.unit AND f.project_id = p.project_id
        GROUP BY s.organisation_id, s.month, s.metric_name, s.unit),
    measures AS (
        SELECT s.organisation_id, s.month, s.metric_name, s.unit, coalesce(r.aggregation, 'sum') AS aggregation, r.property, coalesce(r.rounding, 'none') AS rounding, coalesce(r.decimals, 0) AS decimals,
            CASE WHEN r.needs_events THEN coalesce(f.value, 0) WHEN r.aggregation = 'count' THEN s.events ELSE s.total END AS measured,
            s.events, s.projects, CASE WHEN r.needs_events THEN b.quantities WHEN r.aggregation = 'count' THEN s.counts::numeric[] ELSE s.totals END AS quantities, s.counts
        FROM sums s
        LEFT JOIN rules r ON r.metric_name = s.metric_name AND r.unit = s.unit AND r.month = s.month
        LEFT JOIN found f ON f.is_whole AND f.organisation_id = s.organisation_id AND f.month = s.month AND f.metric_name = s.metric_name AND f.unit = s.unit
        LEFT JOIN by_project b ON b.organisation_id = s.organisation_id AND b.month = s.month AND b.metric_name = s.metric_name AND b.unit = s.unit)
    SELECT m.organisation_id, m.month, m.metric_name, m.unit, m.aggregation, m.property, m.rounding, m.decimals,
        m.measured, round_quantity(m.measured, m.rounding, m.decimals), m.events, m.projects, m.quantities, m.counts
    FROM measures m
$$;

-- A metric's month over all organisations: the catalogue, and usage that no price covers. A row enters it once, however often its sums grow.
CREATE INDEX usage_aggregates_metric ON usage_aggregates (year, month, metric_name, unit);

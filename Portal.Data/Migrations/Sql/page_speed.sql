-- Usage by day of the organisation's zone: what charts and overviews show, without the quarter hours of two months. Kept in the transaction that stores the
-- events, as the other sums are; a change of zone moves no day that was written.
CREATE TABLE usage_days (
    organisation_id uuid NOT NULL,
    day date NOT NULL,
    project_id uuid NOT NULL,
    metric_name text NOT NULL,
    unit text NOT NULL,
    total_value numeric NOT NULL,
    event_count bigint NOT NULL,
    PRIMARY KEY (organisation_id, day, project_id, metric_name, unit)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE usage_days ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON usage_days TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));
GRANT SELECT ON usage_days TO billing_tenant;

-- The day of an instant in an organisation's calendar. A new zone takes over with a month: what the date there still says of the month before is the month's first day.
CREATE FUNCTION usage_day(at timestamptz, time_zone text, next_time_zone text, changes_at timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN next_time_zone IS NULL OR at < changes_at THEN (at AT TIME ZONE time_zone)::date
        ELSE greatest((at AT TIME ZONE next_time_zone)::date, (changes_at AT TIME ZONE time_zone)::date) END
$$;

-- Makes the days of all organisations out of the quarter hours, by the zones of now: for usage that was written past the intake.
CREATE FUNCTION rebuild_usage_days() RETURNS void LANGUAGE sql AS $$
    DELETE FROM usage_days;
    INSERT INTO usage_days (organisation_id, day, project_id, metric_name, unit, total_value, event_count)
    SELECT b.organisation_id, usage_day(b.bucket_start, o.time_zone, o.next_time_zone, o.time_zone_changes_at) AS day, b.project_id, b.metric_name, b.unit, sum(b.total_value), sum(b.event_count)
    FROM usage_buckets b JOIN organisations o ON o.id = b.organisation_id GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2
$$;
SELECT rebuild_usage_days();

-- Adds to quarter hours (b_), to the days that they lie in, and to months (m_; a month is year x 12 + month - 1). Days are written once, in one order, as all that is locked.
CREATE OR REPLACE FUNCTION add_usage_sums(
    b_organisations uuid[], b_starts timestamptz[], b_projects uuid[], b_metrics text[], b_units text[], b_values text[], b_counts integer[],
    m_organisations uuid[], m_months integer[], m_projects uuid[], m_metrics text[], m_units text[], m_values text[], m_counts integer[], at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_buckets AS b (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
    SELECT d.organisation_id, d.bucket_start, d.project_id, d.metric_name, d.unit, d.value::numeric, d.count
    FROM unnest(b_organisations, b_starts, b_projects, b_metrics, b_units, b_values, b_counts) AS d(organisation_id, bucket_start, project_id, metric_name, unit, value, count)
    ON CONFLICT (organisation_id, bucket_start, project_id, metric_name, unit)
    DO UPDATE SET total_value = b.total_value + excluded.total_value, event_count = b.event_count + excluded.event_count;

    INSERT INTO usage_days AS u (organisation_id, day, project_id, metric_name, unit, total_value, event_count)
    SELECT d.organisation_id, usage_day(d.bucket_start, o.time_zone, o.next_time_zone, o.time_zone_changes_at) AS day, d.project_id, d.metric_name, d.unit, sum(d.value::numeric), sum(d.count)
    FROM unnest(b_organisations, b_starts, b_projects, b_metrics, b_units, b_values, b_counts) AS d(organisation_id, bucket_start, project_id, metric_name, unit, value, count)
        JOIN organisations o ON o.id = d.organisation_id
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (organisation_id, day, project_id, metric_name, unit)
    DO UPDATE SET total_value = u.total_value + excluded.total_value, event_count = u.event_count + excluded.event_count;

    INSERT INTO usage_aggregates AS a (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
    SELECT d.organisation_id, d.month / 12, d.month % 12 + 1, d.project_id, d.metric_name, d.unit, d.value::numeric, d.count, at
    FROM unnest(m_organisations, m_months, m_projects, m_metrics, m_units, m_values, m_counts) AS d(organisation_id, month, project_id, metric_name, unit, value, count)
    ON CONFLICT (organisation_id, year, month, project_id, metric_name, unit)
    DO UPDATE SET total_value = a.total_value + excluded.total_value, event_count = a.event_count + excluded.event_count, updated_at = excluded.updated_at;
END $$;

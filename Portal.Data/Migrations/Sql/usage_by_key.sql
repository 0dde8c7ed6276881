-- The key that sent an event; null for what came before this column. No foreign key: keys are never deleted, and a look-up for every event would cost the intake.
ALTER TABLE usage_events ADD COLUMN api_key_id uuid;

-- Days tell keys apart. The empty id stands for usage whose key was not written down.
ALTER TABLE usage_days ADD COLUMN api_key_id uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE usage_days ALTER COLUMN api_key_id DROP DEFAULT, DROP CONSTRAINT usage_days_pkey, ADD PRIMARY KEY (organisation_id, day, project_id, metric_name, unit, api_key_id);

-- Makes the days of all organisations out of the events, by the zones of now: for usage that was written past the intake.
CREATE OR REPLACE FUNCTION rebuild_usage_days() RETURNS void LANGUAGE sql AS $$
    DELETE FROM usage_days;
    INSERT INTO usage_days (organisation_id, day, project_id, metric_name, unit, api_key_id, total_value, event_count)
    SELECT e.organisation_id, usage_day(e.quarter, o.time_zone, o.next_time_zone, o.time_zone_changes_at) AS day, e.project_id, e.metric_name, e.unit, e.api_key_id, sum(e.total), sum(e.events)
    FROM (
        -- By quarter hours first: so many fewer than events, and none lies in two days.
        SELECT organisation_id, date_bin('15 minutes', "timestamp", timestamptz '2000-01-01 00:00:00+00') AS quarter, project_id, metric_name, unit,
            coalesce(api_key_id, '00000000-0000-0000-0000-000000000000') AS api_key_id, sum(metric_value) AS total, count(*) AS events
        FROM usage_events u WHERE NOT EXISTS (SELECT FROM usage_supersessions s WHERE s.organisation_id = u.organisation_id AND s.event_id = u.id) GROUP BY 1, 2, 3, 4, 5, 6) e
    JOIN organisations o ON o.id = e.organisation_id GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2
$$;

DROP FUNCTION ingest_usage(uuid[], uuid[], timestamptz[], boolean[], bigint[], uuid[], uuid[], uuid[], text[], text[], text[], timestamptz[], text[], text[], integer[],
    uuid[], timestamptz[], uuid[], text[], text[], text[], integer[], uuid[], integer[], uuid[], text[], text[], text[], integer[], timestamptz);
DROP FUNCTION add_usage_sums(uuid[], timestamptz[], uuid[], text[], text[], text[], integer[], uuid[], integer[], uuid[], text[], text[], text[], integer[], timestamptz);

-- Adds to quarter hours (b_), to the days that they lie in, and to months (m_; a month is year x 12 + month - 1). Quarter hours come by key, for the days; in their own
-- sums keys are one. Each is written once, in one order, as all that is locked.
CREATE FUNCTION add_usage_sums(
    b_organisations uuid[], b_starts timestamptz[], b_projects uuid[], b_metrics text[], b_units text[], b_values text[], b_counts integer[], b_keys uuid[],
    m_organisations uuid[], m_months integer[], m_projects uuid[], m_metrics text[], m_units text[], m_values text[], m_counts integer[], at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO usage_buckets AS b (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
    SELECT d.organisation_id, d.bucket_start, d.project_id, d.metric_name, d.unit, sum(d.value::numeric), sum(d.count)
    FROM unnest(b_organisations, b_starts, b_projects, b_metrics, b_units, b_values, b_counts) AS d(organisation_id, bucket_start, project_id, metric_name, unit, value, count)
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (organisation_id, bucket_start, project_id, metric_name, unit)
    DO UPDATE SET total_value = b.total_value + excluded.total_value, event_count = b.event_count + excluded.event_count;

    INSERT INTO usage_days AS u (organisation_id, day, project_id, metric_name, unit, api_key_id, total_value, event_count)
    SELECT d.organisation_id, usage_day(d.bucket_start, o.time_zone, o.next_time_zone, o.time_zone_changes_at) AS day, d.project_id, d.metric_name, d.unit, d.api_key_id, sum(d.value::numeric), sum(d.count)
    FROM unnest(b_organisations, b_starts, b_projects, b_metrics, b_units, b_values, b_counts, b_keys) AS d(organisation_id, bucket_start, project_id, metric_name, unit, value, count, api_key_id)
        JOIN organisations o ON o.id = d.organisation_id
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (organisation_id, day, project_id, metric_name, unit, api_key_id)
    DO UPDATE SET total_value = u.total_value + excluded.total_value, event_count = u.event_count + excluded.event_count;

    INSERT INTO usage_aggregates AS a (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
    SELECT d.organisation_id, d.month / 12, d.month % 12 + 1, d.project_id, d.metric_name, d.unit, d.value::numeric, d.count, at
    FROM unnest(m_organisations, m_months, m_projects, m_metrics, m_units, m_values, m_counts) AS d(organisation_id, month, project_id, metric_name, unit, value, count)
    ON CONFLICT (organisation_id, year, month, project_id, metric_name, unit)
    DO UPDATE SET total_value = a.total_value + excluded.total_value, event_count = a.event_count + excluded.event_count, updated_at = excluded.updated_at;
END $$;

-- A whole transaction of events whose idempotency keys are all new. When one is not, nothing is stored and the answer is false.
CREATE FUNCTION ingest_usage(
    key_hashes uuid[], key_event_ids uuid[], key_times timestamptz[], times_given boolean[], body_hashes bigint[],
    ids uuid[], organisations uuid[], projects uuid[], metrics text[], event_values text[], units text[], times timestamptz[], idempotency_keys text[], metadata text[], months integer[], api_keys uuid[],
    b_organisations uuid[], b_starts timestamptz[], b_projects uuid[], b_metrics text[], b_units text[], b_values text[], b_counts integer[], b_keys uuid[],
    m_organisations uuid[], m_months integer[], m_projects uuid[], m_metrics text[], m_units text[], m_values text[], m_counts integer[], at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF claim_usage_keys(key_hashes, key_event_ids, key_times, times_given, body_hashes, at) < cardinality(key_hashes) THEN
        DELETE FROM usage_event_keys AS k USING unnest(key_hashes, key_event_ids) AS mine(key_hash, event_id) WHERE k.key_hash = mine.key_hash AND k.event_id = mine.event_id;
        RETURN false;
    END IF;

    INSERT INTO usage_events (id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", idempotency_key, metadata, ingested_at, billing_month, api_key_id)
    SELECT e.id, e.organisation_id, e.project_id, e.metric_name, e.metric_value::numeric, e.unit, e.event_time, e.idempotency_key, e.metadata::jsonb, at, e.billing_month, e.api_key_id
    FROM unnest(ids, organisations, projects, metrics, event_values, units, times, idempotency_keys, metadata, months, api_keys)
        AS e(id, organisation_id, project_id, metric_name, metric_value, unit, event_time, idempotency_key, metadata, billing_month, api_key_id);
    PERFORM add_usage_sums(b_organisations, b_starts, b_projects, b_metrics, b_units, b_values, b_counts, b_keys, m_organisations, m_months, m_projects, m_metrics, m_units, m_values, m_counts, at);
    RETURN true;
END $$;

-- Usage: what is written thousands of times a second. Few indexes, no foreign keys (a key is only accepted for a project
-- that exists, and projects are never deleted); the invariants are proved by queries instead.
CREATE TABLE usage_events (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    project_id uuid NOT NULL,
    metric_name text NOT NULL CHECK (metric_name ~ '^[A-Za-z0-9_.:-]{1,100}$'),
    metric_value numeric NOT NULL CHECK (metric_value >= 0 AND metric_value < 1e18),
    unit text NOT NULL CHECK (char_length(unit) BETWEEN 1 AND 50),
    "timestamp" timestamptz NOT NULL,
    idempotency_key text,
    metadata jsonb,
    supersedes uuid,
    ingested_at timestamptz NOT NULL,
    billing_month integer NOT NULL,         -- year x 12 + month - 1, as the organisation's calendar had it; a change of zone moves no event
    -- An organisation's latest events, one event by its id, and the events of a span.
    PRIMARY KEY (organisation_id, id, "timestamp")
) PARTITION BY RANGE ("timestamp");
-- Recomputing a span of time across organisations.
CREATE INDEX usage_events_timestamp_brin ON usage_events USING brin ("timestamp");

-- Makes the monthly partitions that cover [from_month, to_month]. May run twice and at once.
CREATE FUNCTION ensure_usage_partitions(from_month date, to_month date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    month_start date := date_trunc('month', from_month)::date;
    made integer := 0;
    partition_name text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ensure_usage_partitions'));
    WHILE month_start <= to_month LOOP
        partition_name := 'usage_events_' || to_char(month_start, 'YYYY_MM');
        IF to_regclass(partition_name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF usage_events FOR VALUES FROM (%L) TO (%L)',
                partition_name, month_start::text || ' 00:00:00+00', (month_start + interval '1 month')::date::text || ' 00:00:00+00');
            made := made + 1;
        END IF;
        month_start := (month_start + interval '1 month')::date;
    END LOOP;
    RETURN made;
END $$;

-- Which idempotency keys have been seen. Narrow, because its random index is the price of every event.
CREATE TABLE usage_event_keys (
    key_hash uuid PRIMARY KEY,              -- first 16 bytes of SHA-256(project id, key)
    event_id uuid NOT NULL,
    "timestamp" timestamptz NOT NULL,       -- the event's
    timestamp_given boolean NOT NULL,       -- false: the sender left it to us
    body_hash bigint NOT NULL,              -- of metric, value and unit
    ingested_at timestamptz NOT NULL
);
COMMENT ON COLUMN usage_event_keys.body_hash IS 'First 8 bytes of SHA-256 over metric, normalised value and unit';

CREATE TABLE usage_supersessions (
    organisation_id uuid NOT NULL,
    event_id uuid NOT NULL,                 -- the event that no longer counts
    superseded_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, event_id)
);

CREATE TABLE usage_buckets (
    organisation_id uuid NOT NULL,
    bucket_start timestamptz NOT NULL,
    project_id uuid NOT NULL,
    metric_name text NOT NULL,
    unit text NOT NULL,
    total_value numeric NOT NULL,
    event_count bigint NOT NULL,
    PRIMARY KEY (organisation_id, bucket_start, project_id, metric_name, unit),
    CHECK (extract(epoch FROM bucket_start)::bigint % 900 = 0)
) WITH (fillfactor = 70);

CREATE TABLE usage_aggregates (
    organisation_id uuid NOT NULL,
    year integer NOT NULL,
    month integer NOT NULL CHECK (month BETWEEN 1 AND 12),
    project_id uuid NOT NULL,
    metric_name text NOT NULL,
    unit text NOT NULL,
    total_value numeric NOT NULL,
    event_count bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, year, month, project_id, metric_name, unit)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

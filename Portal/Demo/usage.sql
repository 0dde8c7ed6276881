-- The demo's usage. Given in demo_meters: project, metric, unit, what an ordinary day comes to, when its use began, its growth in a year,
-- the organisation's zone, how many hours lie between two events, how much more there is by day than by night, and a seed. Events first, then the sums, which are made of those very events: they can't differ.
INSERT INTO usage_events (id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", idempotency_key, metadata, supersedes, ingested_at, billing_month, api_key_id)
SELECT
    -- As receipt would have made it: time first, then chance.
    (lpad(to_hex((extract(epoch FROM e.at) * 1000)::bigint), 12, '0') || '7' || substr(e.hash, 1, 3) || '8' || substr(e.hash, 4, 15))::uuid,
    e.organisation_id, e.project_id, e.metric_name, e.value, e.unit, e.at,
    -- Of the last week, each with the key that its sender gave it.
    CASE WHEN e.at > $1::timestamptz - interval '7 days' THEN 'evt_' || substr(e.hash, 1, 20) END,
    jsonb_build_object('region', (ARRAY['ap-south-1', 'eu-west-1', 'us-east-1'])[1 + get_byte(decode(e.hash, 'hex'), 15) % 3]), NULL, e.at + interval '3 seconds',
    (extract(year FROM e.local) * 12 + extract(month FROM e.local) - 1)::integer,
    -- Several keys of a project share its usage, the first the most of it.
    a.keys[1 + (cardinality(a.keys) * power(get_byte(decode(e.hash, 'hex'), 14) / 256.0, 2))::integer % cardinality(a.keys)]
FROM (
    SELECT m.*, t.at, t.local, h.hash,
        greatest(1, trunc(((m.daily * t.hours / 24)
            -- Grows through the year, swells towards the year's end.
            * (1 + m.growth * extract(epoch FROM t.at - m.began) / 31557600)
            * (1 + 0.12 * sin((extract(doy FROM t.local) - 240) / 365.25 * 2 * pi()))
            -- Weekends are quiet, nights too, each in the customer's own day.
            * CASE WHEN extract(isodow FROM t.local) > 5 THEN 0.55 ELSE 1.08 END
            * (1 + m.rhythm * sin((extract(hour FROM t.local) - 8) / 24 * 2 * pi()))
            -- No two days alike, and now and then one stands out.
            * (0.85 + get_byte(decode(h.hash, 'hex'), 10) / 850.0)
            * CASE WHEN get_byte(decode(d.hash, 'hex'), 3) < 3 THEN 2.6 ELSE 1 END
            -- What comes more seldom is more at a time.
            / k.share)::numeric)) AS value, k.share
    FROM demo_meters m
    CROSS JOIN LATERAL (
        -- The last ten weeks, in which a month is compared with the one before, as often as the meter says; what lies before by half days at most.
        SELECT s + m.shift AS at, (s + m.shift) AT TIME ZONE m.time_zone AS local, greatest(12.0, m.every) AS hours
        FROM generate_series(m.began, $1::timestamptz - interval '70 days' - greatest(12, m.every) * interval '1 hour', greatest(12, m.every) * interval '1 hour') s
        UNION ALL
        SELECT s + m.shift, (s + m.shift) AT TIME ZONE m.time_zone, m.every
        FROM generate_series(greatest(m.began, $1::timestamptz - interval '70 days'), $1::timestamptz, m.every * interval '1 hour') s) t
    CROSS JOIN LATERAL (SELECT md5(m.seed || t.at::text) AS hash) h
    CROSS JOIN LATERAL (SELECT md5(m.organisation_id::text || t.local::date::text) AS hash) d
    -- Hour by hour, some are left out: most by day, few at night, fewer on weekends.
    CROSS JOIN LATERAL (SELECT CASE WHEN t.hours = 1
        THEN (0.7 + 0.28 * sin((extract(hour FROM t.local) - 8) / 24 * 2 * pi())) * CASE WHEN extract(isodow FROM t.local) > 5 THEN 0.8 ELSE 1 END ELSE 1 END AS share) k) e
LEFT JOIN (SELECT project_id, array_agg(id ORDER BY created_at, id) AS keys FROM api_keys GROUP BY project_id) a ON a.project_id = e.project_id
WHERE e.at <= $1::timestamptz AND get_byte(decode(e.hash, 'hex'), 12) < 256 * e.share;

-- Keys as receipt would have noted them: one that is sent again is known.
INSERT INTO usage_event_keys (key_hash, event_id, "timestamp", timestamp_given, body_hash, ingested_at)
SELECT encode(substr(sha256(uuid_send(project_id) || convert_to(idempotency_key, 'UTF8')), 1, 16), 'hex')::uuid, id, "timestamp", true,
    -- Metric, unit and value in steps of 10^-12, each text after its length.
    ('x' || encode(substr(sha256(int4send(octet_length(metric_name)) || convert_to(metric_name, 'UTF8') || int4send(octet_length(unit)) || convert_to(unit, 'UTF8')
        || int8send(0) || int8send((metric_value * 1000000000000)::bigint)), 1, 8), 'hex'))::bit(64)::bigint,
    ingested_at
FROM usage_events WHERE idempotency_key IS NOT NULL AND "timestamp" > $1::timestamptz - interval '7 days';

INSERT INTO usage_buckets (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
SELECT organisation_id, to_timestamp(floor(extract(epoch FROM "timestamp") / 900) * 900), project_id, metric_name, unit, sum(metric_value), count(*)
FROM usage_events GROUP BY 1, 2, 3, 4, 5;

INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
SELECT organisation_id, billing_month / 12, billing_month % 12 + 1, project_id, metric_name, unit, sum(metric_value), count(*), max(ingested_at)
FROM usage_events GROUP BY 1, 2, 3, 4, 5, 6;

SELECT rebuild_usage_days();

-- Every event came with a key.
UPDATE api_keys SET last_used_at = used.at FROM (SELECT api_key_id, max("timestamp") AS at FROM usage_events GROUP BY api_key_id) AS used WHERE api_keys.id = used.api_key_id;

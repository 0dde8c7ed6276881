-- A regular expression for every event was a fifth of what the database spent on the intake. The name's characters are checked in the
-- catalogue of metrics, where every name stands before its first event.
ALTER TABLE usage_events
    DROP CONSTRAINT usage_events_metric_name_check,
    ADD CONSTRAINT usage_events_metric_name_check CHECK (char_length(metric_name) BETWEEN 1 AND 100);

-- The same rule, in whole numbers.
ALTER TABLE usage_buckets
    DROP CONSTRAINT usage_buckets_bucket_start_check,
    ADD CONSTRAINT usage_buckets_bucket_start_check CHECK (bucket_start = date_bin('15 minutes', bucket_start, timestamptz '2000-01-01 00:00:00+00'));

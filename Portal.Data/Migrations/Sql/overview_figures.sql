-- Usage of a day over all organisations: quarter hours are written in the order of time, so that a summary of each stretch of the table finds them.
CREATE INDEX usage_buckets_start_brin ON usage_buckets USING brin (bucket_start) WITH (pages_per_range = 32, autosummarize = on);

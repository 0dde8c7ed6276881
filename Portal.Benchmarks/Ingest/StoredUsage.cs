namespace Portal.Benchmarks.Ingest;

/// <summary>Events that lie there before anything is measured.</summary>
internal static class StoredUsage
{
    /// <summary>Fills the tables of usage with events of the last weeks, with keys without order; the sums follow from them.</summary>
    public static async Task FillAsync(BenchmarkServer server, int events)
    {
        const int Step = 500_000;
        for (var done = 0; done < events; done += Step)
        {
            await server.ExecuteAsync(
                $"""
                WITH projects AS (SELECT array_agg(organisation_id ORDER BY id) AS organisations, array_agg(id ORDER BY id) AS ids FROM projects),
                made AS (
                    SELECT overlay(overlay(md5('e{done}' || i)::text PLACING '7' FROM 13) PLACING lpad(to_hex(floor(extract(epoch FROM now()) * 1000)::bigint - 1000000000 + {done} + i), 12, '0') FROM 1 FOR 12)::uuid AS id,
                        organisations[1 + i % cardinality(ids)] AS organisation_id, ids[1 + i % cardinality(ids)] AS project_id,
                        (ARRAY['api_calls', 'storage', 'egress', 'compute', 'messages'])[1 + i / 20 % 5] AS metric_name,
                        (i % 100000) / 100.0 AS metric_value, now() - interval '11 days' + (({done} + i) * interval '0.08 seconds') AS at, md5('k{done}' || i) AS key
                    FROM projects, generate_series(1, {Math.Min(Step, events - done)}) AS i),
                keys AS (
                    INSERT INTO usage_event_keys (key_hash, event_id, "timestamp", timestamp_given, body_hash, ingested_at)
                    SELECT key::uuid, id, at, true, 0, at FROM made)
                INSERT INTO usage_events (id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", idempotency_key, metadata, ingested_at, billing_month)
                SELECT id, organisation_id, project_id, metric_name, metric_value, 'count', at, key, jsonb_build_object('region', 'ap-south-1'), at, extract(year FROM at) * 12 + extract(month FROM at) - 1 FROM made
                """);
        }

        await server.ExecuteAsync(
            """
            INSERT INTO usage_buckets SELECT organisation_id, to_timestamp(floor(extract(epoch FROM "timestamp") / 900) * 900), project_id, metric_name, unit, sum(metric_value), count(*) FROM usage_events GROUP BY 1, 2, 3, 4, 5;
            INSERT INTO usage_aggregates SELECT organisation_id, billing_month / 12, billing_month % 12 + 1, project_id, metric_name, unit, sum(metric_value), count(*), now() FROM usage_events GROUP BY 1, 2, 3, 4, 5, 6;
            SELECT rebuild_usage_days();
            """);
        await server.ExecuteAsync("VACUUM (ANALYZE)");
        await server.ExecuteAsync("CHECKPOINT");
    }
}

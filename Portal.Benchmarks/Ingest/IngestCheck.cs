namespace Portal.Benchmarks.Ingest;

/// <summary>A figure for events that were lost or counted twice would be none.</summary>
internal static class IngestCheck
{
    public static async Task ShouldAgreeAsync(BenchmarkServer server)
    {
        var differences = await server.ScalarAsync<long>(
            """
            SELECT count(*) FROM (SELECT organisation_id, project_id, metric_name, unit, sum(metric_value) AS total, count(*) AS n FROM usage_events GROUP BY 1, 2, 3, 4) e
            FULL JOIN (SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS n FROM usage_aggregates GROUP BY 1, 2, 3, 4) a USING (organisation_id, project_id, metric_name, unit)
            FULL JOIN (SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS n FROM usage_buckets GROUP BY 1, 2, 3, 4) b USING (organisation_id, project_id, metric_name, unit)
            WHERE e.total IS DISTINCT FROM a.total OR e.n IS DISTINCT FROM a.n OR e.total IS DISTINCT FROM b.total OR e.n IS DISTINCT FROM b.n
            """);
        var stored = await server.ScalarAsync<long>("SELECT count(*) FROM usage_events");
        if (differences != 0)
            throw new InvalidOperationException($"{differences} sums differ from the events.");
        Console.WriteLine($"check      {stored:N0} events stored; buckets and months agree with them");
    }
}

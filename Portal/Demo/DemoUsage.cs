using Npgsql;
using NpgsqlTypes;

namespace Portal.Demo;

/// <summary>What the demo's customers used: events by one statement, and the sums that are kept of them.</summary>
internal sealed class DemoUsage(NpgsqlDataSource dataSource)
{
    private const int TimeoutSeconds = 120;

    // What is stored is measured once a day, and is no less by night.
    private static readonly (string Metric, string Unit, decimal Daily, int Every, double Rhythm)[] s_metrics =
        [("api_calls", "count", 14_000m, 1, 0.45), ("storage", "gb_day", 240m, 24, 0), ("messages", "count", 1_150m, 1, 0.45)];

    /// <summary>Writes it up to <paramref name="now"/>, in one transaction.</summary>
    public async Task MakeAsync(IReadOnlyList<DemoCustomer> customers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"SELECT ensure_usage_partitions('{customers.Min(customer => customer.Since).AddDays(-2):yyyy-MM-dd}', '{now:yyyy-MM-dd}')", cancellationToken);
        await RunAsync(connection, """
            CREATE TEMPORARY TABLE demo_meters (organisation_id uuid, project_id uuid, metric_name text, unit text, daily float8, began timestamptz, growth float8,
                time_zone text, every float8, rhythm float8, shift interval, seed text) ON COMMIT DROP
            """, cancellationToken);
        await using (var copy = await connection.BeginBinaryImportAsync("COPY demo_meters FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            for (var index = 0; index < customers.Count; index++)
                await MetersAsync(copy, customers[index], index, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        await using (var command = new NpgsqlCommand("INSERT INTO metrics (id, name, unit, created_at) SELECT gen_random_uuid(), metric_name, unit, min(began) FROM demo_meters GROUP BY metric_name, unit ON CONFLICT DO NOTHING", connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        foreach (var statement in DemoScript.Read("usage"))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = TimeoutSeconds };
            if (statement.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        // So that the first pages have plans made for what is there.
        await RunAsync(connection, "ANALYZE usage_events, usage_buckets, usage_days, usage_aggregates", cancellationToken);
    }

    private static async Task MetersAsync(NpgsqlBinaryImporter copy, DemoCustomer customer, int index, CancellationToken cancellationToken)
    {
        foreach (var (metric, unit, daily, every, rhythm) in s_metrics)
            await MeterAsync(copy, customer, (metric, unit, daily * customer.Company.Size, every, rhythm), index, cancellationToken);
        // One uses what nobody has priced: billing lists it.
        if (index == 6)
            await MeterAsync(copy, customer, ("exports", "file", 12, 4, 0.45), index, cancellationToken);
    }

    private static async Task MeterAsync(NpgsqlBinaryImporter copy, DemoCustomer customer, (string Metric, string Unit, decimal Daily, int Every, double Rhythm) meter, int index, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(customer.OrganisationId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(customer.ProjectId, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync(meter.Metric, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(meter.Unit, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync((double)meter.Daily, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(customer.Since, NpgsqlDbType.TimestampTz, cancellationToken);
        // Most grow, some fade.
        await copy.WriteAsync(((index * 7) % 11 / 10.0) - 0.2, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(customer.Company.TimeZone, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync((double)meter.Every, NpgsqlDbType.Double, cancellationToken);
        await copy.WriteAsync(meter.Rhythm, NpgsqlDbType.Double, cancellationToken);
        // Nobody sends on the stroke of the hour.
        await copy.WriteAsync(TimeSpan.FromSeconds((index * 97 % 3300) + meter.Metric.Length), NpgsqlDbType.Interval, cancellationToken);
        await copy.WriteAsync($"{meter.Metric} {index}", NpgsqlDbType.Text, cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

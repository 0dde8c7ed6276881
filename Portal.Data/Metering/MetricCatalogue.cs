using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Portal.Data.Metering;

/// <summary>Brings metrics that nobody has defined into the catalogue. What it has brought once it remembers, up to a bound.</summary>
internal sealed class MetricCatalogue
{
    private const int MaxRemembered = 100_000;

    private readonly ConcurrentDictionary<(string Name, string Unit), byte> _known = new();

    /// <summary>The metrics of these events that may be missing, in the order in which every writer inserts them.</summary>
    public List<(string Name, string Unit)> Unknown(List<GatheredEvent> events)
    {
        HashSet<(string, string)>? unknown = null;
        foreach (var gathered in events)
        {
            var metric = (gathered.Draft.MetricName, gathered.Draft.Unit);
            if (!_known.ContainsKey(metric))
                (unknown ??= []).Add(metric);
        }

        if (unknown is null)
            return [];
        List<(string Name, string Unit)> sorted = [.. unknown];
        sorted.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name) is var order and not 0 ? order : string.CompareOrdinal(left.Unit, right.Unit));
        return sorted;
    }

    /// <summary>Inserts those that are missing, in a transaction of its own: the events wait for nobody else's metrics.</summary>
    public async Task AddAsync(NpgsqlConnection connection, List<(string Name, string Unit)> metrics, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO metrics (id, name, unit, created_at) SELECT m.*, $4 FROM unnest($1, $2, $3) AS m ON CONFLICT DO NOTHING", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. metrics.Select(_ => Guid.CreateVersion7(now))] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. metrics.Select(metric => metric.Name)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. metrics.Select(metric => metric.Unit)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (_known.Count > MaxRemembered)
            _known.Clear();
        foreach (var metric in metrics)
            _known.TryAdd(metric, 0);
    }
}

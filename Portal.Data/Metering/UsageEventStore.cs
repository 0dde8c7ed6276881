using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>Usage in PostgreSQL, written outside EF: thousands of rows a second.</summary>
internal sealed class UsageEventStore(NpgsqlDataSource dataSource, IOptions<IngestOptions> options, TimeProvider clock, ILogger<UsageEventStore> logger) : IUsageEventStore
{
    private readonly MetricCatalogue _catalogue = new();

    public IUsageWriter OpenWriter() => new UsageWriter(dataSource, _catalogue, options.Value, clock, logger);

    public async Task<IReadOnlyList<Guid>> FindByKeyAsync(IReadOnlyCollection<Guid> projectIds, string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("SELECT event_id FROM usage_event_keys WHERE key_hash = ANY ($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. projectIds.Select(id => EventHash.OfKey(id, idempotencyKey))], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        List<Guid> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            found.Add(reader.GetGuid(0));
        return found;
    }
}

using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>Project keys, read with one statement: the look-up stands in the way of every first request of a key.</summary>
internal sealed class ProjectKeys(NpgsqlDataSource dataSource) : IProjectKeys
{
    private const int TimeoutSeconds = 5;

    public async Task<ProjectKey?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                """
                SELECT k.id, k.prefix, k.organisation_id, k.project_id, k.scopes, k.rate_limit_per_hour, k.expires_at,
                    k.revoked_at IS NULL AND p.is_active AND o.is_active, o.status = 'suspended', o.time_zone, o.next_time_zone, o.time_zone_changes_at
                FROM api_keys k
                JOIN projects p ON p.id = k.project_id
                JOIN organisations o ON o.id = k.organisation_id
                WHERE k.key_hash = $1
                """);
            command.CommandTimeout = TimeoutSeconds;
            command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
        }
        catch (Exception exception) when (IsAway(exception))
        {
            throw new UsageStoreUnavailableException("The database can't be asked for a key.", exception);
        }
    }

    public async Task RecordUseAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> uses, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(
                """
                UPDATE api_keys SET last_used_at = greatest(last_used_at, u.at)
                FROM unnest($1, $2) AS u(id, at) WHERE api_keys.id = u.id
                """);
            command.CommandTimeout = TimeoutSeconds;
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. uses.Select(use => use.Key)] });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. uses.Select(use => use.Value)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            throw new UsageStoreUnavailableException("The use of keys can't be written.", exception);
        }
    }

    private static ProjectKey Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        Prefix = reader.GetString(1),
        OrganisationId = reader.GetGuid(2),
        ProjectId = reader.GetGuid(3),
        Scopes = reader.GetFieldValue<string[]>(4),
        RateLimitPerHour = reader.IsDBNull(5) ? null : reader.GetInt32(5),
        ExpiresAt = reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
        IsInForce = reader.GetBoolean(7),
        IsSuspended = reader.GetBoolean(8),
        Calendar = new BillingCalendar(reader.GetString(9), reader.IsDBNull(10) ? null : reader.GetString(10), reader.IsDBNull(11) ? null : reader.GetFieldValue<DateTimeOffset>(11)),
    };

    private static bool IsAway(Exception exception) => exception is NpgsqlException or SocketException or TimeoutException or IOException;
}

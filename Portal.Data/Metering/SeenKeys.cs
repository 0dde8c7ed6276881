using Npgsql;
using NpgsqlTypes;

namespace Portal.Data.Metering;

/// <summary>Compares events whose idempotency keys were not new with the events that hold them.</summary>
internal static class SeenKeys
{
    /// <summary>Decides every keyed event whose key another transaction has stored.</summary>
    public static async Task ReadAsync(NpgsqlConnection connection, Gather gather, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """SELECT key_hash, event_id, "timestamp", timestamp_given, body_hash FROM usage_event_keys WHERE key_hash = ANY ($1)""", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. gather.Keyed.Select(gathered => gathered.KeyHash)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var gathered = gather.Leader(reader.GetGuid(0));
            var seen = new SeenKey(reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetBoolean(3), reader.GetInt64(4));
            // Our own row, written a moment ago.
            if (seen.EventId == gathered.Id)
                continue;
            gathered.Seen = seen;
            gathered.Repeats(seen);
        }
    }
}

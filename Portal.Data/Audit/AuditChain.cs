using Npgsql;
using NpgsqlTypes;
using Portal.Core.Audit;
using Portal.Core.Kernel;
using Portal.Data.Kernel;

namespace Portal.Data.Audit;

/// <summary>The chain on PostgreSQL: the hashes are made by the database, see <c>staff.sql</c>.</summary>
internal sealed class AuditChain : IAuditChain
{
    private const string Check =
        """
        WITH looked AS MATERIALIZED (
            SELECT s.position, s.entry_id, s.hash,
                CASE
                    WHEN s.position <> coalesce(lag(s.position) OVER chain, $1) + 1 THEN 'SealMissing'
                    WHEN s.previous <> coalesce(lag(s.hash) OVER chain, $2) THEN 'Relinked'
                    WHEN a.id IS NULL THEN 'Removed'
                    WHEN s.hash <> sha256(s.previous || audit_content(a)) THEN 'Changed'
                END AS flaw
            FROM audit_seals s LEFT JOIN audit_log a ON a.id = s.entry_id
            WHERE s.position > $1 AND s.position <= $3
            WINDOW chain AS (ORDER BY s.position))
        SELECT position, entry_id, hash, flaw, (SELECT count(*) FROM looked), position = (SELECT max(position) FROM looked)
        FROM looked
        WHERE position = (SELECT max(position) FROM looked) OR position IN (SELECT position FROM looked WHERE flaw IS NOT NULL ORDER BY position LIMIT 100)
        ORDER BY position
        """;

    private const string Strays =
        """
        (SELECT a.id, 'Unsealed' FROM audit_log a
         WHERE NOT EXISTS (SELECT FROM audit_seals s WHERE s.entry_id = a.id) AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.entry_id = a.id) ORDER BY a.id LIMIT $1)
        UNION ALL
        (SELECT u.entry_id, 'RemovedUnsealed' FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.id = u.entry_id) ORDER BY u.position LIMIT $1)
        """;

    public async Task<long> SealAsync(IBillingDb db, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT seal_audit($1, $2)").With(most).With(now);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<AuditHead> HeadAsync(IBillingDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT position, hash, sealed_at, (SELECT count(*) FROM audit_unsealed) FROM audit_chain");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new AuditHead(reader.GetInt64(0), Hex(reader, 1), await reader.IsDBNullAsync(2, cancellationToken) ? null : await reader.GetFieldValueAsync<DateTimeOffset>(2, cancellationToken), reader.GetInt64(3));
    }

    public async Task<AuditStretch> CheckAsync(IBillingDb db, AuditLink after, long until, CancellationToken cancellationToken)
    {
        await using var command = db.Command(Check).With(after.Position).With(Convert.FromHexString(after.Hash), NpgsqlDbType.Bytea).With(until);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (last, looked, flaws) = (after, 0L, new List<AuditFlaw>());
        while (await reader.ReadAsync(cancellationToken))
        {
            looked = reader.GetInt64(4);
            if (!await reader.IsDBNullAsync(3, cancellationToken))
                flaws.Add(new AuditFlaw(Enum.Parse<AuditFlawKind>(reader.GetString(3)), reader.GetInt64(0), reader.GetGuid(1)));
            if (reader.GetBoolean(5))
                last = new AuditLink(reader.GetInt64(0), Hex(reader, 2));
        }

        return new AuditStretch(last, looked, flaws);
    }

    public async Task<IReadOnlyList<AuditFlaw>> FindStraysAsync(IBillingDb db, int most, CancellationToken cancellationToken)
    {
        await using var command = db.Command(Strays).With(most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var flaws = new List<AuditFlaw>();
        while (await reader.ReadAsync(cancellationToken))
            flaws.Add(new AuditFlaw(Enum.Parse<AuditFlawKind>(reader.GetString(1)), null, reader.GetGuid(0)));
        return flaws;
    }

    private static string Hex(NpgsqlDataReader reader, int column) => Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(column));
}

using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Portal.Core.Health;
using Portal.Core.Kernel;
using Portal.Data.Kernel;

namespace Portal.Data.Health;

/// <summary>Looks at invariants by the queries of <see cref="InvariantQueries"/>.</summary>
internal sealed partial class InvariantProbe(ILogger<InvariantProbe> logger) : IInvariantProbe
{
    public IReadOnlyList<Invariant> Invariants { get; } = [.. InvariantQueries.All.Select(query => query.Invariant)];

    public async Task<InvariantResult> CheckAsync(IBillingDb db, Invariant invariant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = InvariantQueries.All.Single(query => query.Invariant == invariant);
        try
        {
            await using (var limit = db.Command("SELECT set_config('statement_timeout', '20s', true), set_config('lock_timeout', '5s', true)"))
                await limit.ExecuteNonQueryAsync(cancellationToken);
            if (query.Needs is { } table && !await ExistsAsync(db, table, cancellationToken))
                return new InvariantResult(invariant.Id, invariant.Title, true, $"{table} is not there yet");
            await using var command = db.Command(query.Sql);
            if (query.Sql.Contains("$1", StringComparison.Ordinal))
                command.With(now);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var (looked, broken) = (reader.GetInt64(0), reader.GetInt64(1));
            return new InvariantResult(invariant.Id, invariant.Title, broken == 0, string.Create(CultureInfo.InvariantCulture, $"{broken} of {looked} {query.Things}"));
        }
        catch (NpgsqlException exception)
        {
            CheckFailed(logger, invariant.Id, exception);
            return new InvariantResult(invariant.Id, invariant.Title, false, $"could not be checked (SQLSTATE {exception.SqlState ?? "none"})");
        }
    }

    public async Task<IReadOnlyList<InvariantFinding>> FindAsync(IBillingDb db, Invariant invariant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var query = InvariantQueries.All.Single(query => query.Invariant == invariant);
        if (query.Rows is not { } rows || (query.Needs is { } table && !await ExistsAsync(db, table, cancellationToken)))
            return [];
        await using (var limit = db.Command("SELECT set_config('statement_timeout', '20s', true)"))
            await limit.ExecuteNonQueryAsync(cancellationToken);
        await using var command = db.Command(rows);
        if (rows.Contains("$1", StringComparison.Ordinal))
            command.With(now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<InvariantFinding>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new InvariantFinding(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return found;
    }

    private static async Task<bool> ExistsAsync(IBillingDb db, string table, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT to_regclass($1) IS NOT NULL").With(table);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Invariant {Id} could not be checked")]
    private static partial void CheckFailed(ILogger logger, string id, Exception exception);
}

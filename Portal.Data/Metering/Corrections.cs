using Npgsql;
using NpgsqlTypes;
using Portal.Core.Metering;

namespace Portal.Data.Metering;

/// <summary>Events that supersede others: finds what they replace and claims it, so that no event is replaced twice.</summary>
internal static class Corrections
{
    /// <summary>Claims within the open transaction. What can't be claimed is rejected, and its idempotency key is free again.</summary>
    public static async Task ClaimAsync(NpgsqlConnection connection, Gather gather, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = gather.Corrections.Where(gathered => gathered.Draft.Outcome.Status == EventStatus.Undecided).ToList();
        if (open.Count == 0)
            return;
        var targets = await FindAsync(connection, open, cancellationToken);
        List<GatheredEvent> claims = [];
        HashSet<(Guid, Guid)> claimed = [];
        foreach (var gathered in open)
        {
            if (!targets.TryGetValue((gathered.Submission.ProjectId, gathered.Draft.Supersedes!.Value), out var target))
                gathered.Draft.Outcome = EventOutcome.Rejected(EventProblem.SupersededNotFound);
            else if (!claimed.Add((gathered.Submission.OrganisationId, target.Id)))
                gathered.Draft.Outcome = EventOutcome.Rejected(EventProblem.AlreadySuperseded);
            else
            {
                gathered.Superseded = target;
                claims.Add(gathered);
            }
        }

        var mine = await InsertAsync(connection, claims, now, cancellationToken);
        foreach (var gathered in claims)
        {
            if (!mine.Contains(gathered.Id))
                gathered.Draft.Outcome = EventOutcome.Rejected(EventProblem.AlreadySuperseded);
            else if (gathered.Draft.Timestamp is null)
                gathered.Timestamp = gathered.Superseded!.Timestamp;
        }

        await ReleaseKeysAsync(connection, open, cancellationToken);
    }

    private static async Task<Dictionary<(Guid ProjectId, Guid Id), SupersededEvent>> FindAsync(NpgsqlConnection connection, List<GatheredEvent> open, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT e.project_id, e.id, e."timestamp", e.metric_name, e.unit, e.metric_value::text, e.billing_month, coalesce(e.api_key_id, '00000000-0000-0000-0000-000000000000')
            FROM (SELECT DISTINCT * FROM unnest($1, $2, $3) AS w(organisation_id, project_id, id)) AS w
            JOIN usage_events e ON e.organisation_id = w.organisation_id AND e.id = w.id AND e.project_id = w.project_id
            """, connection);
        command.Parameters.Add(Uuids(open.Select(gathered => gathered.Submission.OrganisationId)));
        command.Parameters.Add(Uuids(open.Select(gathered => gathered.Submission.ProjectId)));
        command.Parameters.Add(Uuids(open.Select(gathered => gathered.Draft.Supersedes!.Value)));
        Dictionary<(Guid, Guid), SupersededEvent> targets = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            targets[(reader.GetGuid(0), reader.GetGuid(1))] = new SupersededEvent(
                reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3), reader.GetString(4), UsageValue.ReadStored(reader.GetString(5)), reader.GetInt32(6), reader.GetGuid(7));
        }

        return targets;
    }

    private static async Task<HashSet<Guid>> InsertAsync(NpgsqlConnection connection, List<GatheredEvent> claims, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // In one order in every writer, as all that is locked.
        claims.Sort(static (left, right) => left.Superseded!.Id.CompareTo(right.Superseded!.Id));
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO usage_supersessions (organisation_id, event_id, superseded_by, created_at)
            SELECT c.*, $4 FROM unnest($1, $2, $3) AS c ON CONFLICT DO NOTHING RETURNING superseded_by
            """, connection);
        command.Parameters.Add(Uuids(claims.Select(gathered => gathered.Submission.OrganisationId)));
        command.Parameters.Add(Uuids(claims.Select(gathered => gathered.Superseded!.Id)));
        command.Parameters.Add(Uuids(claims.Select(gathered => gathered.Id)));
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        HashSet<Guid> mine = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            mine.Add(reader.GetGuid(0));
        return mine;
    }

    private static async Task ReleaseKeysAsync(NpgsqlConnection connection, List<GatheredEvent> open, CancellationToken cancellationToken)
    {
        var refused = open.Where(gathered => gathered.IsRejected && gathered.HasKey).Select(gathered => gathered.KeyHash).ToArray();
        if (refused.Length == 0)
            return;
        await using var command = new NpgsqlCommand("DELETE FROM usage_event_keys WHERE key_hash = ANY ($1)", connection);
        command.Parameters.Add(Uuids(refused));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter<Guid[]> Uuids(IEnumerable<Guid> values) => new() { TypedValue = [.. values], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
}

using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Simulations;
using Portal.Data.Kernel;

namespace Portal.Data.Simulations;

/// <summary>Simulations as rows that nodes claim with a lease.</summary>
internal sealed class SimulationQueue : ISimulationQueue
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public async Task<SimulationLease?> ClaimAsync(IBillingDb db, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            UPDATE simulations SET state = 'running', lease_token = $2, lease_until = $3, started_at = coalesce(started_at, $1), attempts = attempts + 1
            WHERE id = (
                SELECT id FROM simulations
                WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $1)
                ORDER BY created_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id, lease_token, first_month, last_month, priced_on, organisation_id, draft, cliff_percent, created_at, planned_at IS NOT NULL, attempts
            """).With(now).With(Guid.CreateVersion7(now)).With(leaseUntil);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken)
            ? null
            : new SimulationLease(
                reader.GetGuid(0),
                reader.GetGuid(1),
                new SimulationSpan(BillingMonth.FromIndex(reader.GetInt32(2)), BillingMonth.FromIndex(reader.GetInt32(3)), await reader.GetFieldValueAsync<DateOnly>(4, cancellationToken)),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetGuid(5),
                SimulationDraft.Read(reader.GetString(6)),
                reader.GetDecimal(7),
                await reader.GetFieldValueAsync<DateTimeOffset>(8, cancellationToken),
                reader.GetBoolean(9),
                reader.GetInt32(10));
    }

    public async Task<bool> IsWaitingAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT EXISTS (SELECT FROM simulations WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $1))").With(now);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task PlanAsync(IBillingDb db, SimulationLease lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var items = db.Command("""
            INSERT INTO simulation_results (simulation_id, organisation_id, state, current, simulated, months, unpriced)
            SELECT $1, o.id, 'pending', 0, 0, '[]', 0
            FROM organisations o
            WHERE o.is_active AND ($2 IS NULL OR o.id = $2)
                AND (EXISTS (
                    SELECT FROM generate_series($3::int, $4::int) AS i JOIN usage_aggregates a ON a.organisation_id = o.id AND a.year = i / 12 AND a.month = i % 12 + 1)
                    OR EXISTS (SELECT FROM subscription_phases p WHERE p.organisation_id = o.id AND p.starts_on <= $5 AND (p.ends_on IS NULL OR p.ends_on > $5))
                    OR EXISTS (SELECT FROM services s WHERE s.organisation_id = o.id AND s.status = 'active'))
            ON CONFLICT DO NOTHING
            """).With(lease.Id).With(lease.OrganisationId, NpgsqlDbType.Uuid).With(lease.Span.First.Index).With(lease.Span.Last.Index).With(lease.Span.PricedOn);
        var total = await items.ExecuteNonQueryAsync(cancellationToken);
        await using var simulation = db.Command("UPDATE simulations SET total = $3, planned_at = $4 WHERE id = $1 AND lease_token = $2 AND state = 'running' AND planned_at IS NULL")
            .With(lease.Id).With(lease.Token).With(total).With(now);
        await FencedAsync(simulation, cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> PendingAsync(IBillingDb db, SimulationLease lease, int take, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT organisation_id FROM simulation_results WHERE simulation_id = $1 AND state = 'pending' ORDER BY organisation_id LIMIT $2").With(lease.Id).With(take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>(take);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    public async Task RecordAsync(IBillingDb db, SimulationLease lease, IReadOnlyList<SimulationOutcome> outcomes, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        var failed = outcomes.Count(outcome => outcome.Replayed is null);
        // First the row that all who work on it wait for: who lost it writes nothing.
        await using (var simulation = db.Command("UPDATE simulations SET done = done + $3, failed = failed + $4, lease_until = $5 WHERE id = $1 AND lease_token = $2 AND state = 'running'")
            .With(lease.Id).With(lease.Token).With(outcomes.Count - failed).With(failed).With(leaseUntil))
            await FencedAsync(simulation, cancellationToken);
        await using var results = db.Command("""
            UPDATE simulation_results row SET state = CASE WHEN done.reason IS NULL THEN 'done' ELSE 'failed' END, currency = done.currency, current = done.current, simulated = done.simulated,
                months = done.months, unpriced = done.unpriced, jump = done.jump, reason = done.reason
            FROM unnest($2::uuid[], $3::text[], $4::numeric[], $5::numeric[], $6::jsonb[], $7::int[], $8::jsonb[], $9::text[]) AS done(organisation_id, currency, current, simulated, months, unpriced, jump, reason)
            WHERE row.simulation_id = $1 AND row.organisation_id = done.organisation_id AND row.state = 'pending'
            """)
            .With(lease.Id)
            .With(outcomes.Select(outcome => outcome.OrganisationId).ToArray())
            .With(outcomes.Select(outcome => outcome.Replayed?.Currency).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(outcomes.Select(outcome => outcome.Replayed?.Current ?? 0).ToArray())
            .With(outcomes.Select(outcome => outcome.Replayed?.Simulated ?? 0).ToArray())
            .With(outcomes.Select(outcome => JsonSerializer.Serialize(outcome.Replayed?.Months ?? [], s_json)).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(outcomes.Select(outcome => outcome.Replayed?.Unpriced ?? 0).ToArray())
            .With(outcomes.Select(outcome => outcome.Replayed?.Jump is { } jump ? JsonSerializer.Serialize(jump, s_json) : null).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(outcomes.Select(outcome => outcome.Replayed is null ? outcome.Reason ?? "Unknown." : null).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (await results.ExecuteNonQueryAsync(cancellationToken) != outcomes.Count)
            throw new LeaseLostException("Somebody else has done some of these organisations.");
    }

    public async Task FinishAsync(IBillingDb db, SimulationLease lease, SimulationState state, string? error, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("UPDATE simulations SET state = $3, error = $4, finished_at = $5, lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2 AND state = 'running'")
            .With(lease.Id).With(lease.Token).With(EnumText.Of(state)).With(error, NpgsqlDbType.Text).With(now);
        await FencedAsync(command, cancellationToken);
    }

    public async Task ReleaseAsync(IBillingDb db, SimulationLease lease, CancellationToken cancellationToken)
    {
        await using var command = db.Command("UPDATE simulations SET lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2").With(lease.Id).With(lease.Token);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task FencedAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            throw new LeaseLostException("The lease is somebody else's, or the simulation was called off.");
    }
}

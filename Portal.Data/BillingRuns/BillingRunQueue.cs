using NpgsqlTypes;
using Portal.Core.BillingRuns;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Data.Kernel;

namespace Portal.Data.BillingRuns;

/// <summary>Runs as rows that nodes claim with a lease.</summary>
internal sealed class BillingRunQueue : IBillingRunQueue
{
    public async Task<RunLease?> ClaimAsync(IBillingDb db, DateTimeOffset now, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            UPDATE billing_runs SET state = 'running', lease_token = $2, lease_until = $3, started_at = coalesce(started_at, $1), attempts = attempts + 1
            WHERE id = (
                SELECT id FROM billing_runs
                WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $1)
                ORDER BY created_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
            RETURNING id, lease_token, year, month, organisation_id, auto_issue, remake, planned_at IS NOT NULL, attempts, late_only
            """).With(now).With(Guid.CreateVersion7(now)).With(leaseUntil);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken)
            ? null
            : new RunLease(
                reader.GetGuid(0),
                reader.GetGuid(1),
                new BillingMonth(reader.GetInt32(2), reader.GetInt32(3)),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetGuid(4),
                reader.GetBoolean(5),
                reader.GetBoolean(6),
                reader.GetBoolean(7),
                reader.GetInt32(8),
                reader.GetBoolean(9));
    }

    public async Task<bool> IsWaitingAsync(IBillingDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT EXISTS (SELECT FROM billing_runs WHERE state IN ('queued', 'running') AND (lease_until IS NULL OR lease_until < $1))").With(now);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task PlanAsync(IBillingDb db, RunLease lease, BillingMonth firstMonth, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var items = db.Command("""
            INSERT INTO billing_run_items (billing_run_id, organisation_id, state)
            SELECT $1, o.id, 'pending'
            FROM organisations o
            WHERE ($2 IS NULL OR o.id = $2)
                AND (EXISTS (
                    SELECT FROM generate_series($3::int, $4::int) AS i JOIN usage_aggregates a ON a.organisation_id = o.id AND a.year = i / 12 AND a.month = i % 12 + 1)
                    OR EXISTS (SELECT FROM subscription_phases p WHERE p.organisation_id = o.id AND p.starts_on <= make_date(($4::int + 1) / 12, ($4::int + 1) % 12 + 1, 1))
                    OR EXISTS (SELECT FROM service_phases p WHERE p.organisation_id = o.id AND p.starts_on <= make_date(($4::int + 1) / 12, ($4::int + 1) % 12 + 1, 1)))
            ON CONFLICT DO NOTHING
            """).With(lease.RunId).With(lease.OrganisationId, NpgsqlDbType.Uuid).With(firstMonth.Index).With(lease.Month.Index);
        var total = await items.ExecuteNonQueryAsync(cancellationToken);
        await using var run = db.Command("UPDATE billing_runs SET total = $3, planned_at = $4 WHERE id = $1 AND lease_token = $2 AND state = 'running' AND planned_at IS NULL")
            .With(lease.RunId).With(lease.Token).With(total).With(now);
        await FencedAsync(run, cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> PendingAsync(IBillingDb db, RunLease lease, Guid? after, int take, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT organisation_id FROM billing_run_items
            WHERE billing_run_id = $1 AND state = 'pending' AND ($2 IS NULL OR organisation_id > $2)
            ORDER BY organisation_id LIMIT $3
            """).With(lease.RunId).With(after, NpgsqlDbType.Uuid).With(take);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>(take);
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    public async Task RecordAsync(IBillingDb db, RunLease lease, RunProgress progress, DateTimeOffset leaseUntil, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(progress);
        // What is checked at commit is checked now: all who work on the run wait for its row, so it is locked as briefly as can be.
        await using (var checks = db.Command("SET CONSTRAINTS ALL IMMEDIATE"))
            await checks.ExecuteNonQueryAsync(cancellationToken);
        if (progress.Items.Count > 0)
        {
            await using var items = db.Command("""
                UPDATE billing_run_items item SET state = done.state, reason = done.reason, invoice_id = done.invoice_id
                FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS done(organisation_id, state, reason, invoice_id)
                WHERE item.billing_run_id = $1 AND item.organisation_id = done.organisation_id AND item.state = 'pending'
                """)
                .With(lease.RunId)
                .With(progress.Items.Select(item => item.OrganisationId).ToArray())
                .With(progress.Items.Select(item => EnumText.Of(item.State)).ToArray())
                .With(progress.Items.Select(item => item.Reason).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)
                .With(progress.Items.Select(item => item.InvoiceId).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid);
            if (await items.ExecuteNonQueryAsync(cancellationToken) != progress.Items.Count)
                throw new LeaseLostException("Somebody else has done some of these organisations.");
        }

        await using var run = db.Command("""
            UPDATE billing_runs SET done = done + $3, skipped = skipped + $4, failed = failed + $5, unpriced = unpriced + $6, issued = issued + $7, lease_until = $8
            WHERE id = $1 AND lease_token = $2 AND state = 'running'
            """)
            .With(lease.RunId)
            .With(lease.Token)
            .With(progress.Items.Count(item => item.State == BillingRunItemState.Done))
            .With(progress.Items.Count(item => item.State == BillingRunItemState.Skipped))
            .With(progress.Items.Count(item => item.State == BillingRunItemState.Failed))
            .With(progress.Unpriced)
            .With(progress.Issued)
            .With(leaseUntil);
        await FencedAsync(run, cancellationToken);
    }

    public async Task FinishAsync(IBillingDb db, RunLease lease, BillingRunState state, string? error, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            UPDATE billing_runs SET state = $3, error = $4, finished_at = $5, lease_until = NULL, lease_token = NULL,
                issued = CASE WHEN auto_issue THEN (SELECT count(*) FROM invoices WHERE billing_run_id = $1 AND status <> 'draft') ELSE issued END
            WHERE id = $1 AND lease_token = $2 AND state = 'running'
            """).With(lease.RunId).With(lease.Token).With(EnumText.Of(state)).With(error, NpgsqlDbType.Text).With(now);
        await FencedAsync(command, cancellationToken);
    }

    public async Task ReleaseAsync(IBillingDb db, RunLease lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("UPDATE billing_runs SET lease_until = NULL, lease_token = NULL WHERE id = $1 AND lease_token = $2").With(lease.RunId).With(lease.Token);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task FencedAsync(Npgsql.NpgsqlCommand command, CancellationToken cancellationToken)
    {
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            throw new LeaseLostException("The lease is somebody else's.");
    }
}

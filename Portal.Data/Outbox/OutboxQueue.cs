using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Outbox;

namespace Portal.Data.Outbox;

/// <summary>The queue on PostgreSQL. A claim is a lease: it moves the due time on and counts the attempt, and the count is what a late holder fails on.</summary>
internal sealed class OutboxQueue(IBillingStore store) : IOutboxQueue
{
    private static readonly AccessScope s_scope = new AccessScope.System("messages of every organisation leave from one queue");

    public async Task<OutboxMessage?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var claimed = await db.Outbox.FromSql(
            $"""
            UPDATE outbox SET due_at = {now + lease}, attempts = attempts + 1
            WHERE id = (SELECT id FROM outbox WHERE done_at IS NULL AND dead_at IS NULL AND due_at <= {now} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return claimed is [var one] ? one : null;
    }

    public Task<bool> DoneAsync(OutboxMessage claimed, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE outbox SET done_at = {now}, last_error = NULL WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND done_at IS NULL",
        cancellationToken);

    public Task<bool> RetryAsync(OutboxMessage claimed, string error, DateTimeOffset dueAt, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE outbox SET due_at = {dueAt}, last_error = {error} WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND done_at IS NULL",
        cancellationToken);

    public Task<bool> GiveUpAsync(OutboxMessage claimed, string error, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE outbox SET dead_at = {now}, last_error = {error} WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND done_at IS NULL",
        cancellationToken);

    private async Task<bool> RunAsync(FormattableString sql, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var rows = await ((BillingDbContext)db).Database.ExecuteSqlAsync(sql, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return rows == 1;
    }
}

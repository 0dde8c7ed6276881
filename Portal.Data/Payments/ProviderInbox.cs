using Microsoft.EntityFrameworkCore;
using Portal.Core.Access;
using Portal.Core.Kernel;
using Portal.Core.Payments;

namespace Portal.Data.Payments;

/// <summary>The inbox on PostgreSQL. A claim is a lease: it moves the due time on and counts the attempt, and the count is what a late holder fails on.</summary>
internal sealed class ProviderInbox(IBillingStore store) : IProviderInbox
{
    private static readonly AccessScope s_scope = new AccessScope.System("provider events belong to no organisation until they are worked off");

    public async Task<bool> StoreAsync(IncomingProviderEvent incoming, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incoming);
        return await RunAsync(
            $"""
            INSERT INTO provider_events (id, event_id, type, body, received_at, attempts, due_at)
            VALUES ({Guid.CreateVersion7(now)}, {incoming.EventId}, {incoming.Type}, {incoming.Body}, {now}, 0, {now})
            ON CONFLICT (event_id) DO NOTHING
            """,
            cancellationToken);
    }

    public async Task<ProviderEvent?> ClaimAsync(DateTimeOffset now, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var claimed = await db.ProviderEvents.FromSql(
            $"""
            UPDATE provider_events SET due_at = {now + lease}, attempts = attempts + 1
            WHERE id = (SELECT id FROM provider_events WHERE processed_at IS NULL AND dead_at IS NULL AND due_at <= {now} ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING *
            """).AsNoTracking().ToListAsync(cancellationToken);
        await db.CommitAsync(cancellationToken);
        return claimed is [var one] ? one : null;
    }

    public Task<bool> ProcessedAsync(ProviderEvent claimed, string? note, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE provider_events SET processed_at = {now}, note = {note}, error = NULL WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND processed_at IS NULL",
        cancellationToken);

    public Task<bool> RetryAsync(ProviderEvent claimed, string error, DateTimeOffset dueAt, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE provider_events SET due_at = {dueAt}, error = {error} WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND processed_at IS NULL",
        cancellationToken);

    public Task<bool> GiveUpAsync(ProviderEvent claimed, string error, DateTimeOffset now, CancellationToken cancellationToken) => RunAsync(
        $"UPDATE provider_events SET dead_at = {now}, error = {error} WHERE id = {claimed.Id} AND attempts = {claimed.Attempts} AND processed_at IS NULL",
        cancellationToken);

    private async Task<bool> RunAsync(FormattableString sql, CancellationToken cancellationToken)
    {
        await using var db = await store.OpenAsync(s_scope, cancellationToken);
        var rows = await ((BillingDbContext)db).Database.ExecuteSqlAsync(sql, cancellationToken);
        await db.CommitAsync(cancellationToken);
        return rows == 1;
    }
}

using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;
using Portal.Core.Kernel;
using Portal.Core.Metering;
using Portal.Core.Organisations;
using Portal.Core.PrepaidCredits;
using Portal.Data.Kernel;

namespace Portal.Data.PrepaidCredits;

/// <summary>
/// The book on PostgreSQL. A movement is one insert; its trigger moves the wallet, the grant and what is covered, so that none of them can differ from the sum
/// of the movements, whoever writes. The wallet's row lock makes those who move it wait for each other.
/// </summary>
internal sealed class PrepaidBook : IPrepaidBook
{
    private const decimal Smallest = 0.000001m;

    public async Task<PrepaidGrant?> GrantAsync(IBillingDb db, NewPrepaidGrant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grant);
        if (grant.Credits <= 0)
            throw new ArgumentException("A grant holds something.", nameof(grant));
        var row = PrepaidGrant.Empty(grant, now);
        await using (var command = db.Command("""
            INSERT INTO prepaid_grants (id, organisation_id, kind, source_id, credits, remaining, granted_at, expires_at, reason, granted_by)
            VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9) ON CONFLICT (kind, source_id) DO NOTHING
            """)
            .With(row.Id).With(row.OrganisationId).With(EnumText.Of(row.Kind)).With(row.SourceId).With(row.Credits).With(now)
            .With(row.ExpiresAt, NpgsqlDbType.TimestampTz).With(row.Reason, NpgsqlDbType.Text).With(row.GrantedBy, NpgsqlDbType.Uuid))
        {
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
                return null;
        }

        var kind = row.Kind == PrepaidGrantKind.Purchase ? PrepaidMovementKind.Purchased : PrepaidMovementKind.Earned;
        await MoveAsync(db, new Movement(row.OrganisationId, row.Id, kind, row.Credits, EnumText.Of(row.Kind), row.ExpiresAt) { SourceId = row.SourceId, ProviderPaymentId = grant.ProviderPaymentId, Description = row.Reason }, now, cancellationToken);
        return row;
    }

    public async Task<decimal> TakeAsync(IBillingDb db, Guid organisationId, PrepaidUse use, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (!await LockAsync(db, organisationId, cancellationToken))
            return 0;
        var left = Truncate(use.Quantity);
        var taken = 0m;
        foreach (var grant in await GrantsAsync(db, organisationId, use, cancellationToken))
        {
            if (left <= 0)
                break;
            var units = Math.Min(left, Units(grant.Remaining, use.CreditsPerUnit));
            if (units <= 0)
                continue;
            var credits = units * use.CreditsPerUnit;
            await MoveAsync(db, new Movement(organisationId, grant.Id, PrepaidMovementKind.Consumed, -credits, "usage", grant.ExpiresAt) { Use = use, Quantity = units }, now, cancellationToken);
            left -= units;
            taken += credits;
        }

        return taken;
    }

    public async Task<PrepaidProgress> CoverAsync(IBillingDb db, Organisation organisation, IReadOnlyList<BillingMonth> months, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(months);
        await using (var locking = db.Command("SELECT 1 FROM organisations WHERE id = $1 FOR NO KEY UPDATE").With(organisation.Id))
            await locking.ExecuteNonQueryAsync(cancellationToken);
        if (!await LockAsync(db, organisation.Id, cancellationToken))
            return default;
        var (consumed, returned) = (0m, 0m);
        foreach (var need in await NeedsAsync(db, organisation.Id, months, cancellationToken))
        {
            var period = organisation.Calendar.Period(need.Month);
            if (need.Quantity > 0 && need.CreditsPerUnit is { } cost)
                consumed += await TakeAsync(db, organisation.Id, new PrepaidUse(need.Month, need.MetricName, need.Unit, need.Quantity, cost, need.CreditCostId, period.End, period.Start), now, cancellationToken);
            else if (need.Quantity < 0)
                returned += await ReturnAsync(db, organisation.Id, need, now, cancellationToken);
        }

        var progress = new PrepaidProgress(consumed, returned, await ExpireAsync(db, organisation.Id, now, cancellationToken));
        if (progress.Changed)
            await ReleasePrepaidRevenue.RunAsync(db, organisation.Id, now, cancellationToken);
        return progress;
    }

    public async Task<IReadOnlyList<Organisation>> WithCreditsAsync(IBillingDb db, IReadOnlyCollection<Guid>? organisationIds, BillingMonth since, CancellationToken cancellationToken)
    {
        var first = since.Index;
        var organisations = db.Organisations.AsNoTracking().Where(organisation =>
            db.PrepaidWallets.Any(wallet => wallet.OrganisationId == organisation.Id && wallet.Balance > 0)
            || db.PrepaidCoverages.Any(covered => covered.OrganisationId == organisation.Id && covered.Month >= first && covered.Quantity > 0));
        if (organisationIds is not null)
            organisations = organisations.Where(organisation => organisationIds.Contains(organisation.Id));
        return await organisations.OrderBy(organisation => organisation.Id).ToListAsync(cancellationToken);
    }

    // False: the organisation never had any.
    private static async Task<bool> LockAsync(IBillingDb db, Guid organisationId, CancellationToken cancellationToken)
    {
        await using var command = db.Command("SELECT 1 FROM prepaid_wallets WHERE organisation_id = $1 FOR UPDATE").With(organisationId);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    // Soonest expiry first. A grant serves the months that it lived in: it came before the month ended, and had not expired when it began.
    private static async Task<List<Available>> GrantsAsync(IBillingDb db, Guid organisationId, PrepaidUse use, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT id, remaining, expires_at FROM prepaid_grants
            WHERE organisation_id = $1 AND remaining > 0 AND ($2::timestamptz IS NULL OR granted_at < $2) AND ($3::timestamptz IS NULL OR expires_at IS NULL OR expires_at > $3)
            ORDER BY expires_at NULLS LAST, granted_at, id
            """).With(organisationId).With(use.Before, NpgsqlDbType.TimestampTz).With(use.Since, NpgsqlDbType.TimestampTz);
        var grants = new List<Available>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            grants.Add(new Available(reader.GetGuid(0), reader.GetDecimal(1), await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(2)));
        return grants;
    }

    // Usage less what is covered already, of months without an invoice that counts; by the cost in force on the month's first day.
    private static async Task<List<Need>> NeedsAsync(IBillingDb db, Guid organisationId, IReadOnlyList<BillingMonth> months, CancellationToken cancellationToken)
    {
        int[] indexes = [.. months.Select(month => month.Index)];
        await using var command = db.Command("""
            SELECT u.month, u.metric_name, u.unit, trunc(u.quantity, 6) - coalesce(covered.quantity, 0), cost.credits_per_unit, cost.id
            FROM usage_quantities(ARRAY[$1::uuid], $3, $4) u
            LEFT JOIN prepaid_coverages covered ON covered.organisation_id = u.organisation_id AND covered.month = u.month AND covered.metric_name = u.metric_name AND covered.unit = u.unit
            LEFT JOIN credit_costs cost ON cost.metric_name = u.metric_name AND cost.unit = u.unit
                AND daterange(cost.effective_from, cost.effective_to, '[)') @> make_date(u.month / 12, u.month % 12 + 1, 1)
            WHERE u.month = ANY ($2) AND trunc(u.quantity, 6) <> coalesce(covered.quantity, 0)
                AND NOT EXISTS (SELECT FROM invoices i WHERE i.organisation_id = u.organisation_id AND i.year * 12 + i.month - 1 = u.month AND i.status <> 'void' AND i.supplement = 0)
            ORDER BY u.month, u.metric_name, u.unit
            """).With(organisationId).With(indexes).With(indexes.Min()).With(indexes.Max());
        var needs = new List<Need>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            needs.Add(new Need(
                BillingMonth.FromIndex(reader.GetInt32(0)), reader.GetString(1), reader.GetString(2), reader.GetDecimal(3),
                await reader.IsDBNullAsync(4, cancellationToken) ? null : reader.GetDecimal(4),
                await reader.IsDBNullAsync(5, cancellationToken) ? null : reader.GetGuid(5)));
        }

        return needs;
    }

    // Back to the grants that it was taken from, the last first; what was taken whole comes back whole.
    private static async Task<decimal> ReturnAsync(IBillingDb db, Guid organisationId, Need need, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var taken = new List<(Guid Grant, decimal Quantity, decimal Credits, DateTimeOffset? ExpiresAt)>();
        await using (var command = db.Command("""
            SELECT grant_id, sum(quantity), -sum(amount), min(expires_at) FROM prepaid_movements
            WHERE organisation_id = $1 AND month = $2 AND metric_name = $3 AND unit = $4
            GROUP BY grant_id HAVING sum(quantity) > 0 ORDER BY max(sequence) DESC
            """).With(organisationId).With(need.Month.Index).With(need.MetricName).With(need.Unit))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                taken.Add((reader.GetGuid(0), reader.GetDecimal(1), reader.GetDecimal(2), await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetFieldValue<DateTimeOffset>(3)));
        }

        var (left, returned) = (-need.Quantity, 0m);
        foreach (var (grant, quantity, credits, expiresAt) in taken)
        {
            if (left <= 0)
                break;
            var units = Math.Min(left, quantity);
            var back = units == quantity ? credits : Math.Min(credits, decimal.Round(credits * (units / quantity), 12, MidpointRounding.ToZero));
            left -= units;
            if (back <= 0)
                continue;
            var use = new PrepaidUse(need.Month, need.MetricName, need.Unit, units, need.CreditsPerUnit ?? 0, need.CreditCostId);
            await MoveAsync(db, new Movement(organisationId, grant, PrepaidMovementKind.Returned, back, "usage", expiresAt) { Use = use, Quantity = -units }, now, cancellationToken);
            returned += back;
        }

        return returned;
    }

    private static async Task<decimal> ExpireAsync(IBillingDb db, Guid organisationId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var over = new List<Available>();
        await using (var command = db.Command("SELECT id, remaining, expires_at FROM prepaid_grants WHERE organisation_id = $1 AND remaining > 0 AND expires_at <= $2 ORDER BY expires_at, id").With(organisationId).With(now))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                over.Add(new Available(reader.GetGuid(0), reader.GetDecimal(1), reader.GetFieldValue<DateTimeOffset>(2)));
        }

        foreach (var grant in over)
            await MoveAsync(db, new Movement(organisationId, grant.Id, PrepaidMovementKind.Expired, -grant.Remaining, "expiry", grant.ExpiresAt), now, cancellationToken);
        return over.Sum(grant => grant.Remaining);
    }

    private static async Task MoveAsync(IBillingDb db, Movement movement, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // The sequence and the balance after it are the trigger's.
        await using var command = db.Command("""
            INSERT INTO prepaid_movements (id, organisation_id, sequence, grant_id, kind, amount, balance_after, source, source_id, credit_cost_id, metric_name, unit, month, quantity, expires_at,
                provider_payment_id, description, created_at)
            VALUES ($1, $2, 0, $3, $4, $5, 0, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """)
            .With(Guid.CreateVersion7(now)).With(movement.OrganisationId).With(movement.GrantId).With(EnumText.Of(movement.Kind)).With(movement.Amount).With(movement.Source)
            .With(movement.SourceId, NpgsqlDbType.Uuid).With(movement.Use?.CreditCostId, NpgsqlDbType.Uuid)
            .With(movement.Use?.MetricName, NpgsqlDbType.Text).With(movement.Use?.Unit, NpgsqlDbType.Text).With(movement.Use?.Month.Index, NpgsqlDbType.Integer).With(movement.Quantity, NpgsqlDbType.Numeric)
            .With(movement.ExpiresAt, NpgsqlDbType.TimestampTz).With(movement.ProviderPaymentId, NpgsqlDbType.Text).With(movement.Description, NpgsqlDbType.Text).With(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Whole millionths of a unit that so many credits pay for; the quotient may have been rounded up.
    private static decimal Units(decimal credits, decimal creditsPerUnit)
    {
        var units = Truncate(credits / creditsPerUnit);
        return units * creditsPerUnit > credits ? units - Smallest : units;
    }

    private static decimal Truncate(decimal value) => decimal.Round(value, CreditCost.Decimals, MidpointRounding.ToZero);

    private sealed record Available(Guid Id, decimal Remaining, DateTimeOffset? ExpiresAt);

    private sealed record Need(BillingMonth Month, string MetricName, string Unit, decimal Quantity, decimal? CreditsPerUnit, Guid? CreditCostId);

    private sealed record Movement(Guid OrganisationId, Guid GrantId, PrepaidMovementKind Kind, decimal Amount, string Source, DateTimeOffset? ExpiresAt)
    {
        public Guid? SourceId { get; init; }

        public string? ProviderPaymentId { get; init; }

        public string? Description { get; init; }

        public PrepaidUse? Use { get; init; }

        public decimal? Quantity { get; init; }
    }
}

using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using Portal.Core.Access;
using Portal.Core.Audit;
using Portal.Core.Credits;
using Portal.Core.Invoicing;
using Portal.Core.Kernel;
using Portal.Data.Kernel;

namespace Portal.Data.Invoicing;

/// <summary>What is done to many invoices at once.</summary>
internal sealed class InvoiceBulk : IInvoiceBulk
{
    public async Task<IReadOnlyList<DraftToIssue>> LockDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. invoiceIds];
        var drafts = await db.Invoices.FromSql($"SELECT * FROM invoices WHERE id = ANY ({ids}) AND status = 'draft' AND hold_reason IS NULL ORDER BY id FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken);
        Guid[] owners = [.. drafts.Select(draft => draft.OrganisationId).Distinct()];
        var organisations = await db.Organisations.AsNoTracking().Where(organisation => owners.Contains(organisation.Id)).ToDictionaryAsync(organisation => organisation.Id, cancellationToken);
        return [.. drafts.OrderBy(draft => draft.Id).Select(draft => new DraftToIssue(draft, organisations[draft.OrganisationId]))];
    }

    public async Task<long> TakeNumbersAsync(IBillingDb db, string series, string financialYear, int count, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            INSERT INTO number_series AS counter (series, financial_year, last_number) VALUES ($1, $2, $3)
            ON CONFLICT (series, financial_year) DO UPDATE SET last_number = counter.last_number + $3
            RETURNING last_number
            """).With(series).With(financialYear).With((long)count);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! - count + 1;
    }

    public async Task HoldAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, string reason, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("UPDATE invoices SET hold_reason = $2, updated_at = $3 WHERE id = ANY ($1) AND status = 'draft'").With(invoiceIds.ToArray()).With(reason).With(now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task IssueAsync(IBillingDb db, IReadOnlyCollection<IssuedFacts> invoices, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(invoices);
        await using var command = db.Command("""
            UPDATE invoices SET status = issued.status, number = issued.number, seller = issued.seller, customer = issued.customer, issued_at = $1, due_at = issued.due_at,
                amount_paid = issued.amount_paid, paid_at = issued.paid_at, updated_at = $1
            FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::timestamptz[], $8::numeric[], $9::timestamptz[])
                AS issued(id, status, number, seller, customer, due_at, amount_paid, paid_at)
            WHERE invoices.id = issued.id AND invoices.status = 'draft'
            """)
            .With(issuedAt)
            .With(invoices.Select(invoice => invoice.InvoiceId).ToArray())
            .With(invoices.Select(invoice => EnumText.Of(invoice.Status)).ToArray())
            .With(invoices.Select(invoice => invoice.Number).ToArray())
            .With(invoices.Select(invoice => invoice.Seller).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(invoices.Select(invoice => invoice.Customer).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Jsonb)
            .With(invoices.Select(invoice => invoice.DueAt).ToArray())
            .With(invoices.Select(invoice => invoice.AmountPaid).ToArray())
            .With(invoices.Select(invoice => invoice.PaidAt).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);
        if (await command.ExecuteNonQueryAsync(cancellationToken) != invoices.Count)
            throw new InvalidOperationException("A locked draft was not there to be issued.");
    }

    public async Task<IReadOnlyDictionary<(Guid OrganisationId, string Currency), decimal>> LockCreditAsync(IBillingDb db, IReadOnlyCollection<Guid> organisationIds, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            SELECT organisation_id, currency, balance FROM account_credit_balances
            WHERE organisation_id = ANY ($1) AND balance > 0 ORDER BY organisation_id, currency FOR UPDATE
            """).With(organisationIds.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var credit = new Dictionary<(Guid, string), decimal>();
        while (await reader.ReadAsync(cancellationToken))
            credit[(reader.GetGuid(0), reader.GetString(1))] = reader.GetDecimal(2);
        return credit;
    }

    // The balances are written first, in one order for everybody; each movement then knows the balance after it.
    public async Task MoveCreditAsync(IBillingDb db, IReadOnlyList<CreditMovement> movements, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(movements);
        var sums = movements.GroupBy(movement => (movement.OrganisationId, movement.Currency)).Select(group => (group.Key, Sum: group.Sum(movement => movement.Amount))).ToList();
        Guid[] owners = [.. sums.Select(sum => sum.Key.OrganisationId)];
        string[] currencies = [.. sums.Select(sum => sum.Key.Currency)];
        await using var opening = db.Command("""
            INSERT INTO account_credit_balances (organisation_id, currency, balance)
            SELECT organisation_id, currency, 0 FROM unnest($1::uuid[], $2::text[]) AS moved(organisation_id, currency) ORDER BY organisation_id, currency
            ON CONFLICT DO NOTHING
            """).With(owners).With(currencies);
        await opening.ExecuteNonQueryAsync(cancellationToken);
        await using var moving = db.Command("""
            UPDATE account_credit_balances credit SET balance = credit.balance + moved.amount
            FROM unnest($1::uuid[], $2::text[], $3::numeric[]) AS moved(organisation_id, currency, amount)
            WHERE credit.organisation_id = moved.organisation_id AND credit.currency = moved.currency
            RETURNING credit.organisation_id, credit.currency, credit.balance
            """).With(owners).With(currencies).With(sums.Select(sum => sum.Sum).ToArray());
        var balances = sums.ToDictionary(sum => sum.Key, sum => -sum.Sum);
        await using (var reader = await moving.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                balances[(reader.GetGuid(0), reader.GetString(1))] += reader.GetDecimal(2);
        }

        await using var writer = await ((NpgsqlConnection)db.Context().Database.GetDbConnection()).BeginBinaryImportAsync(
            "COPY account_credit_movements (id, organisation_id, currency, amount, balance_after, reason, source_id, created_at) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var movement in movements)
        {
            var key = (movement.OrganisationId, movement.Currency);
            balances[key] += movement.Amount;
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(Guid.CreateVersion7(now), NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(movement.OrganisationId, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(movement.Currency, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(movement.Amount, NpgsqlDbType.Numeric, cancellationToken);
            await writer.WriteAsync(balances[key], NpgsqlDbType.Numeric, cancellationToken);
            await writer.WriteAsync(movement.Reason, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(movement.SourceId, NpgsqlDbType.Uuid, cancellationToken);
            await writer.WriteAsync(now, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await writer.CompleteAsync(cancellationToken);
    }

    public async Task DeleteDraftsAsync(IBillingDb db, IReadOnlyCollection<Guid> invoiceIds, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. invoiceIds];
        foreach (var sql in (string[])["DELETE FROM invoice_lines WHERE invoice_id = ANY ($1)", "DELETE FROM invoice_taxes WHERE invoice_id = ANY ($1)", "DELETE FROM invoices WHERE id = ANY ($1)"])
        {
            await using var command = db.Command(sql).With(ids);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public async Task<int> MarkOverdueAsync(IBillingDb db, CallContext call, int take, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = db.Command("""
            WITH due AS MATERIALIZED (
                SELECT id, status FROM invoices
                WHERE status IN ('issued', 'partially_paid') AND due_at < $1 AND amount_due > 0
                ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED)
            UPDATE invoices SET status = 'overdue', updated_at = $1 FROM due WHERE invoices.id = due.id
            RETURNING invoices.id, invoices.organisation_id, due.status
            """).With(now).With(take);
        var audit = new List<AuditEntry>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                audit.Add(AuditEntry.Of(
                    call,
                    new AuditRecord("invoice.overdue", "invoice", reader.GetGuid(0), reader.GetGuid(1), new { Status = EnumText.Read<InvoiceStatus>(reader.GetString(2)) }, new { Status = InvoiceStatus.Overdue }),
                    now));
            }
        }

        await db.InsertManyAsync(audit, cancellationToken);
        return audit.Count;
    }
}

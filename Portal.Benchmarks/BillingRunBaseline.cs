using Npgsql;
using Portal.Core.Metering;

namespace Portal.Benchmarks;

/// <summary>
/// The same rows by SQL alone, into the same tables with the same constraints and triggers: one transaction per invoice over 16
/// connections, prepared, in one round trip each. Nothing is rated, rounded or looked up: the rows are taken as the product made them.
/// </summary>
internal static class BillingRunBaseline
{
    private const int Connections = 16;

    private static readonly string[] s_statements =
    [
        """
        INSERT INTO invoices (id, organisation_id, billing_run_id, status, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, created_at, updated_at)
        SELECT id, organisation_id, billing_run_id, 'draft', year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, 0, created_at, created_at FROM source.invoices WHERE id = $1
        """,
        "INSERT INTO invoice_lines SELECT * FROM source.invoice_lines WHERE invoice_id = $1",
        "INSERT INTO invoice_taxes SELECT * FROM source.invoice_taxes WHERE invoice_id = $1",
        "INSERT INTO ledger_transactions SELECT * FROM source.ledger_transactions WHERE source_id = $1",
        "INSERT INTO ledger_entries SELECT e.* FROM source.ledger_transactions t JOIN source.ledger_entries e ON e.transaction_id = t.id WHERE t.source_id = $1",
        "INSERT INTO outbox SELECT * FROM source.outbox WHERE subject_id = $1",
        "INSERT INTO audit_log SELECT * FROM source.audit_log WHERE entity_id = $1",
        "UPDATE billing_run_items item SET state = 'done', invoice_id = $1 FROM source.invoices i WHERE i.id = $1 AND item.billing_run_id = i.billing_run_id AND item.organisation_id = i.organisation_id",
        // Last, because everybody waits for this row.
        """
        WITH counter AS (UPDATE number_series SET last_number = last_number + 1 RETURNING series || '/' || financial_year || '/' || to_char(last_number, 'FM000000') AS number)
        UPDATE invoices SET status = 'issued', number = counter.number, seller = s.seller, customer = s.customer, issued_at = s.issued_at, due_at = s.due_at, updated_at = s.issued_at
        FROM counter, source.invoices s WHERE invoices.id = $1 AND s.id = $1
        """,
    ];

    /// <summary>Invoices per second.</summary>
    /// <param name="database">A copy of the product's database from before its run.</param>
    /// <param name="ours">The product's database after its run: where the rows are taken from.</param>
    /// <param name="organisations">How many invoices there must be.</param>
    /// <param name="month">The month.</param>
    public static async Task<double> RunAsync(BillingRunDatabase database, BillingRunDatabase ours, int organisations, BillingMonth month)
    {
        await TakeOverAsync(database.DataSource, ours.DataSource, month);
        var invoices = await IdsAsync(database.DataSource);
        BillingRunBenchmark.Expect(invoices.Count == organisations, "the baseline has other invoices");
        var next = -1;
        var (_, seconds) = await BillingRunBenchmark.TimedAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => WriteAsync(database.DataSource, invoices, () => Interlocked.Increment(ref next)))));
            return true;
        });
        await using var count = database.DataSource.CreateCommand("SELECT count(*) FROM invoices i JOIN source.invoices s ON s.id = i.id WHERE i.status = 'issued'");
        BillingRunBenchmark.Expect((long)(await count.ExecuteScalarAsync())! == organisations, "the baseline wrote fewer invoices");
        return organisations / seconds;
    }

    private static async Task WriteAsync(NpgsqlDataSource database, List<Guid> invoices, Func<int> next)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in s_statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement) { Parameters = { new NpgsqlParameter<Guid>() } });
        await batch.PrepareAsync();
        for (var index = next(); index < invoices.Count; index = next())
        {
            foreach (var command in batch.BatchCommands)
                ((NpgsqlParameter<Guid>)command.Parameters[0]).TypedValue = invoices[index];
            // A batch is one transaction.
            await batch.ExecuteNonQueryAsync();
        }
    }

    // The rows that the product made are laid ready, and the run that they belong to is planned as the product planned it.
    private static async Task TakeOverAsync(NpgsqlDataSource database, NpgsqlDataSource ours, BillingMonth month)
    {
        var invoices = $"(SELECT id FROM invoices WHERE year = {month.Year} AND month = {month.Month})";
        (string Table, string Rows, string Key)[] sources =
        [
            ("billing_runs", "true", "id"),
            ("invoices", $"id IN {invoices}", "id"),
            ("invoice_lines", $"invoice_id IN {invoices}", "invoice_id"),
            ("invoice_taxes", $"invoice_id IN {invoices}", "invoice_id"),
            ("ledger_transactions", $"source_id IN {invoices}", "source_id"),
            ("ledger_entries", $"transaction_id IN (SELECT id FROM ledger_transactions WHERE source_id IN {invoices})", "transaction_id"),
            ("outbox", $"subject_id IN {invoices}", "subject_id"),
            ("audit_log", $"entity_id IN {invoices}", "entity_id"),
        ];
        await BillingRunSeed.RunAsync(database, "CREATE SCHEMA source");
        await using var from = await ours.OpenConnectionAsync();
        await using var to = await database.OpenConnectionAsync();
        foreach (var (table, rows, key) in sources)
        {
            await BillingRunSeed.RunAsync(database, $"CREATE TABLE source.{table} AS SELECT * FROM {table} WITH NO DATA");
            await using (var read = await from.BeginRawBinaryCopyAsync($"COPY (SELECT * FROM {table} WHERE {rows}) TO STDOUT (FORMAT BINARY)"))
            await using (var write = await to.BeginRawBinaryCopyAsync($"COPY source.{table} FROM STDIN (FORMAT BINARY)"))
                await read.CopyToAsync(write);
            await BillingRunSeed.RunAsync(database, $"CREATE INDEX ON source.{table} ({key})");
            await BillingRunSeed.RunAsync(database, $"VACUUM ANALYZE source.{table}");
        }

        await BillingRunSeed.RunAsync(database, """
            INSERT INTO billing_runs SELECT * FROM source.billing_runs s WHERE NOT EXISTS (SELECT FROM billing_runs r WHERE r.id = s.id);
            INSERT INTO billing_run_items (billing_run_id, organisation_id, state) SELECT billing_run_id, organisation_id, 'pending' FROM source.invoices;
            INSERT INTO number_series (series, financial_year, last_number) SELECT DISTINCT split_part(number, '/', 1), split_part(number, '/', 2), 0 FROM source.invoices ON CONFLICT DO NOTHING;
            CHECKPOINT;
            """);
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("SELECT id FROM source.invoices ORDER BY number");
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<Guid>();
        while (await reader.ReadAsync())
            ids.Add(reader.GetGuid(0));
        return ids;
    }
}

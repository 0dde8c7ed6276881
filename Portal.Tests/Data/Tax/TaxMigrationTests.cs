using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Portal.Data;
using Portal.Data.Kernel;
using Portal.Tests.Support;

namespace Portal.Tests.Data.Tax;

public sealed class TaxMigrationTests
{
    [Fact]
    public async Task Flat_rates_go_on_as_rates_of_their_own_and_lines_bear_their_share_of_the_tax()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var options = new DbContextOptionsBuilder<BillingDbContext>();
        options.UseBilling(source);
        await using var context = new BillingDbContext(options.Options);
        var migrator = context.GetService<IMigrator>();
        var names = context.Database.GetMigrations().ToList();
        await migrator.MigrateAsync(names[names.FindIndex(name => name.EndsWith("_Tax", StringComparison.Ordinal)) - 1]);
        await context.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO settings (key, value, updated_at)
            VALUES ('platform', '{{"seller": {{"legalName": "Seller", "address": "1 Street", "country": "IN", "stateCode": "29", "taxId": "29AAGCB7383J1Z4"}}, "defaults": {{"taxRate": 18, "currency": "INR"}}}}', now());
            INSERT INTO organisations (id, name, billing_email, currency, time_zone, locale, country, tax_rate, tax_name, payment_terms_days, status, is_active, created_at, updated_at)
            SELECT format('00000000-0000-0000-0000-00000000000%s', i)::uuid, 'Organisation ' || i, 'a@example.com', 'INR', 'Asia/Kolkata', 'en-IN', country, rate, 'GST', 15, 'active', true, now(), now()
            FROM (VALUES (1, 'IN', 18), (2, 'IN', 5), (3, 'US', 0), (4, 'US', 7)) AS given(i, country, rate);
            INSERT INTO prices (id, metric_name, unit, currency, model, unit_price, included, effective_from, created_at, updated_at)
            VALUES ('00000000-0000-0000-0000-0000000000aa', 'api_calls', 'calls', 'INR', 'standard', 1, 0, '2020-01-01', now(), now());
            INSERT INTO invoices (id, organisation_id, status, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, created_at, updated_at)
            VALUES ('00000000-0000-0000-0000-0000000000bb', '00000000-0000-0000-0000-000000000001', 'draft', 2026, 10, '2026-10-01', '2026-11-01', 'UTC', 'en-IN', 'INR', 0.30, 0, 0.05, 0.35, 0, now(), now());
            INSERT INTO invoice_lines (id, invoice_id, organisation_id, position, kind, description, metric_name, unit, usage_year, usage_month, event_count, quantity, amount, unrounded_amount, price_id, explanation)
            SELECT gen_random_uuid(), '00000000-0000-0000-0000-0000000000bb', '00000000-0000-0000-0000-000000000001', i, 'usage', 'line', 'api_calls', 'calls', 2026, 10, 1, 1, 0.03, 0.03, '00000000-0000-0000-0000-0000000000aa', '{{}}'
            FROM generate_series(1, 10) AS i;
            INSERT INTO invoice_taxes (invoice_id, organisation_id, position, name, rate, base, amount)
            VALUES ('00000000-0000-0000-0000-0000000000bb', '00000000-0000-0000-0000-000000000001', 1, 'GST', 18, 0.30, 0.05);
            UPDATE invoices SET status = 'issued', number = 'INV/26-27/000001', issued_at = now(), due_at = now();
            """);

        await migrator.MigrateAsync();

        (await TextAsync(source, "SELECT string_agg(right(organisation_id::text, 1) || ' ' || own_rate || ' ' || own_label, ', ' ORDER BY organisation_id) FROM organisation_tax_profiles")).ShouldBe("2 5 GST, 4 7 GST");
        (await TextAsync(source, "SELECT profile ->> 'taxId' FROM seller_tax_profiles")).ShouldBe("29AAGCB7383J1Z4");
        (await TextAsync(source, "SELECT string_agg(charge || ' ' || tax_amount, ', ' ORDER BY position) FROM invoice_lines")).ShouldBe(
            "0.03 0.01, 0.03 0.01, 0.03 0.01, 0.03 0.01, 0.03 0.01, 0.03 0.00, 0.03 0.00, 0.03 0.00, 0.03 0.00, 0.03 0.00");
        (await TextAsync(source, "SELECT (value::jsonb -> 'defaults')::text FROM settings")).ShouldBe("""{"currency": "INR"}""");
    }

    private static async Task<string?> TextAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync();
    }
}

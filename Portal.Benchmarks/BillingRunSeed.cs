using Npgsql;
using Portal.Core.Metering;

namespace Portal.Benchmarks;

/// <summary>What a billing run starts from: organisations, a project each, five prices for everybody, and the month's usage.</summary>
internal static class BillingRunSeed
{
    public static async Task FillAsync(NpgsqlDataSource database, int organisations, BillingMonth month, int monthsBefore)
    {
        await RunAsync(database, """
            INSERT INTO organisations (id, name, billing_email, currency, time_zone, locale, country, state_code, payment_terms_days, status, is_active, created_at, updated_at)
            SELECT gen_random_uuid(), 'Organisation ' || i, 'billing@example.com', 'INR', 'Asia/Kolkata', 'en-IN', 'IN', '29', 15, 'active', true, now(), now()
            FROM generate_series(1, $1) AS i
            """, organisations);
        await RunAsync(database, "INSERT INTO projects (id, organisation_id, name, is_active, created_at, updated_at) SELECT gen_random_uuid(), id, 'Default', true, now(), now() FROM organisations");
        await RunAsync(database, """
            INSERT INTO prices (id, metric_name, unit, currency, model, unit_price, included, effective_from, created_at, updated_at)
            SELECT gen_random_uuid(), 'metric_' || i, 'calls', 'INR', CASE WHEN i <= 2 THEN 'graduated' ELSE 'standard' END, CASE WHEN i > 2 THEN i * 0.0125 END, 0, '2020-01-01', now(), now()
            FROM generate_series(1, 5) AS i
            """);
        await RunAsync(database, """
            INSERT INTO price_tiers (price_id, position, up_to, unit_price, flat_fee)
            SELECT id, tier.position, tier.up_to, tier.unit_price, tier.flat_fee
            FROM prices, (VALUES (0, 1000, 0.10, 5), (1, 10000, 0.05, 0), (2, NULL, 0.01, 20)) AS tier(position, up_to, unit_price, flat_fee)
            WHERE model = 'graduated'
            """);
        await RunAsync(database, """
            INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
            SELECT p.organisation_id, i / 12, i % 12 + 1, p.id, 'metric_' || m, 'calls', round((random() * 20000)::numeric, 3) + 1, 100, now()
            FROM projects p, generate_series(1, 5) AS m, generate_series($1::int, $2::int) AS i
            """, month.Index - monthsBefore, month.Index);
        await RunAsync(database, """
            INSERT INTO settings (key, value, updated_at)
            VALUES ('platform', '{"seller": {"legalName": "Example Seller Pvt Ltd", "address": "1 Example Street", "country": "IN", "stateCode": "29", "taxId": "29ABCDE1234F1ZW"}}', now())
            """);
    }

    internal static async Task RunAsync(NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }
}

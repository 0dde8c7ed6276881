using Npgsql;
using Portal.Core.Metering;

namespace Portal.Benchmarks;

/// <summary>
/// What a billing run starts from: organisations, a project each, five prices for everybody, the month's usage; and, unless it is left out, a
/// subscription for every second one (a tenth of them with a minimum commitment), a service for every fifth, a discount for every fifth, and prepaid
/// credits for every twentieth.
/// </summary>
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

    /// <summary>Subscriptions, services, discounts and prepaid credits, from the month's first day.</summary>
    public static async Task SubscribeAsync(NpgsqlDataSource database, BillingMonth month)
    {
        var first = month.FirstDay;
        await RunAsync(database, """
            INSERT INTO plans (id, code, name, price_amount, currency, "interval", interval_count, trial_period_days, included_credits, features, minimum_commitment, hsn_sac, customers_may_change, customers_may_cancel, is_active, created_at, updated_at)
            VALUES (gen_random_uuid(), 'growth', 'Growth', 4999, 'INR', 'month', 1, 0, 0, '{}', NULL, '998313', true, true, true, now(), now()),
                   (gen_random_uuid(), 'scale', 'Scale', 14999, 'INR', 'month', 1, 0, 0, '{}', 5000, '998313', true, true, true, now(), now())
            """);
        await RunAsync(database, """
            WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organisations),
            started AS (
                INSERT INTO subscriptions (id, organisation_id, plan_id, status, starts_on, time_zone, cancel_at_period_end, created_at, updated_at)
                SELECT gen_random_uuid(), o.id, p.id, 'active', $1, 'Asia/Kolkata', false, now(), now()
                FROM numbered o JOIN plans p ON p.code = CASE WHEN o.number % 20 = 0 THEN 'scale' ELSE 'growth' END
                WHERE o.number % 2 = 0 RETURNING id, organisation_id, plan_id)
            INSERT INTO subscription_phases (id, subscription_id, organisation_id, plan_id, plan_name, fee, currency, "interval", interval_count, minimum_commitment, hsn_sac, anchor_on, starts_on, created_at, updated_at)
            SELECT gen_random_uuid(), s.id, s.organisation_id, p.id, p.name, p.price_amount, 'INR', 'month', 1, p.minimum_commitment, p.hsn_sac, $1, $1, now(), now() FROM started s JOIN plans p ON p.id = s.plan_id
            """, first);
        await RunAsync(database, """
            WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organisations),
            activated AS (
                INSERT INTO services (id, organisation_id, name, type, quantity, unit_price, currency, "interval", interval_count, hsn_sac, anchor_on, status, is_suspended_with_account, activated_on, created_at, updated_at)
                SELECT gen_random_uuid(), id, 'POS terminal', 'terminal', 3, 250, 'INR', 'month', 1, '998313', $1, 'active', false, $1 + 9, now(), now() FROM numbered WHERE number % 5 = 0
                RETURNING id, organisation_id)
            INSERT INTO service_phases (id, service_id, organisation_id, quantity, unit_price, starts_on, created_at, updated_at)
            SELECT gen_random_uuid(), id, organisation_id, 3, 250, $1 + 9, now(), now() FROM activated
            """, first);
        await RunAsync(database, """
            WITH tenth AS (
                INSERT INTO discounts (id, name, kind, value, redemptions, is_active, created_at, updated_at) VALUES (gen_random_uuid(), 'A tenth', 'percentage', 10, 0, true, now(), now()) RETURNING id),
            numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organisations)
            INSERT INTO organisation_discounts (id, organisation_id, discount_id, source, reason, first_month, created_at, updated_at)
            SELECT gen_random_uuid(), o.id, tenth.id, 'staff', 'For the benchmark', $1, now(), now() FROM numbered o, tenth WHERE number % 5 = 1
            """, month.Index);
        await RunAsync(database, """
            INSERT INTO credit_costs (id, name, metric_name, unit, credits_per_unit, effective_from, created_at, updated_at) VALUES (gen_random_uuid(), 'Calls', 'metric_3', 'calls', 0.5, '2020-01-01', now(), now())
            """);
        await RunAsync(database, """
            WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM organisations)
            INSERT INTO prepaid_grants (id, organisation_id, kind, source_id, credits, remaining, granted_at, reason)
            SELECT gen_random_uuid(), id, 'staff', gen_random_uuid(), 2000, 0, $1, 'For the benchmark' FROM numbered WHERE number % 20 = 3
            """, first.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        await RunAsync(database, """
            INSERT INTO prepaid_movements (id, organisation_id, grant_id, kind, amount, source, created_at, sequence, balance_after)
            SELECT gen_random_uuid(), organisation_id, id, 'earned', credits, 'staff', granted_at, 0, 0 FROM prepaid_grants
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

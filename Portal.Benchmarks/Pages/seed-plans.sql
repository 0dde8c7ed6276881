-- What else a platform of a year has: plans and who is on them, services, discounts, prepaid credits, simulations, and the figures that are kept of all that.
-- Follows seed.sql, which leaves its schema: what is kept agrees with what it is kept from, by the product's own rules.
CREATE UNLOGGED TABLE seed.tenants AS
SELECT row_number() OVER (ORDER BY id) AS n, id, created_at AS at, CASE WHEN currency = 'USD' THEN 'USD' ELSE 'INR' END AS currency FROM organisations;
CREATE UNIQUE INDEX ON seed.tenants (n);
CREATE UNLOGGED TABLE seed.calendar AS
SELECT today, date_trunc('month', today)::date AS first, extract(year FROM today)::int * 12 + extract(month FROM today)::int - 1 AS month FROM (SELECT (now() AT TIME ZONE 'Asia/Kolkata')::date AS today) AS day;
CREATE FUNCTION seed.start(day date) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT day::timestamp AT TIME ZONE 'Asia/Kolkata' $$;
CREATE FUNCTION seed.next(day date, months int) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT (day + months * interval '1 month')::date $$;

-- Eight plans; the last is of the dollar. Two have prices of their own.
CREATE UNLOGGED TABLE seed.plans AS
SELECT p, seed.id('2025-01-01'::timestamptz, p, 40) AS id, (ARRAY['Free', 'Starter', 'Team', 'Business', 'Scale', 'Enterprise', 'Yearly', 'Global'])[p] AS name, (ARRAY[0, 50, 100, 150, 200, 250, 240, 99])[p]::numeric AS fee,
    CASE p WHEN 8 THEN 'USD' ELSE 'INR' END AS currency, CASE p WHEN 7 THEN 'year' ELSE 'month' END AS cycle, CASE p WHEN 7 THEN 12 ELSE 1 END AS months
FROM generate_series(1, 8) AS p;
INSERT INTO plans (id, code, name, description, price_amount, currency, "interval", interval_count, trial_period_days, included_credits, features, hsn_sac, customers_may_change, customers_may_cancel, is_active, created_at, updated_at)
SELECT id, lower(name), name, 'What a team of its size needs', fee, currency, cycle, 1, CASE p WHEN 1 THEN 0 ELSE 14 END, CASE p WHEN 1 THEN 0 ELSE 100 END, ARRAY['Usage by project', 'Support by mail'], '998315', true, true, true, '2025-01-01', '2025-01-01' FROM seed.plans;
INSERT INTO prices (id, plan_id, metric_name, unit, currency, model, unit_price, included, hsn_sac, effective_from, created_at, updated_at)
SELECT seed.id('2025-01-01'::timestamptz, p, 41), id, 'egress', 'gigabytes', 'INR', 'standard', 0.02, 0, '998315', '2026-01-01', '2026-01-01', '2026-01-01' FROM seed.plans WHERE p IN (5, 6);

-- Eleven of twelve organisations have a subscription, of up to a year: some changed plan, some are tried out, cancelled or called off. Plans of the dollar began this month.
CREATE UNLOGGED TABLE seed.subscriptions AS
SELECT *, CASE WHEN is_trial THEN today - 5 WHEN currency = 'USD' THEN first ELSE seed.next(first, -4 - n::int % 8) END AS starts_on, CASE WHEN is_trial THEN today + 9 END AS trial_ends_on,
    CASE WHEN is_cancelled THEN seed.next(first, -1) WHEN is_called_off THEN seed.next(first, CASE p WHEN 7 THEN 8 - n::int % 8 ELSE 1 END) END AS ends_on
FROM (
    SELECT t.*, c.today, c.first, seed.id(t.at, t.n, 42) AS subscription_id, CASE WHEN t.currency = 'USD' THEN 8 ELSE 1 + t.n % 7 END AS p, t.n % 9 = 1 AND t.n % 7 < 5 AND t.currency = 'INR' AND t.n % 40 <> 11 AS is_changed, t.n % 40 = 11 AS is_trial,
        t.n % 31 = 3 AND t.n % 40 <> 11 AND t.currency = 'INR' AS is_cancelled, t.n % 37 = 6 AND t.n % 31 <> 3 AND t.n % 40 <> 11 AND t.currency = 'INR' AS is_called_off
    FROM seed.tenants t, seed.calendar c WHERE t.n % 12 <> 7) AS made;
CREATE UNLOGGED TABLE seed.phases AS
SELECT s.n, k, seed.id(s.at, s.n * 2 + k, 43) AS id, s.id AS organisation_id, s.subscription_id, s.p + k AS p, CASE k WHEN 0 THEN s.starts_on ELSE seed.next(s.starts_on, 2) END AS starts_on,
    CASE WHEN k = 0 AND s.is_changed THEN seed.next(s.starts_on, 2) ELSE s.ends_on END AS ends_on, coalesce(s.trial_ends_on, s.starts_on) AS anchor_on
FROM seed.subscriptions s, generate_series(0, CASE WHEN s.is_changed THEN 1 ELSE 0 END) AS k;
INSERT INTO subscriptions (id, organisation_id, plan_id, status, starts_on, ends_on, trial_ends_on, time_zone, current_period_start, current_period_end, trial_start, trial_end, cancel_at_period_end, cancelled_at, cancel_reason, created_at, updated_at)
SELECT s.subscription_id, s.id, p.id, CASE WHEN s.is_cancelled THEN 'cancelled' WHEN s.is_trial THEN 'trialing' WHEN s.n % 5 = 0 AND s.currency = 'INR' THEN 'past_due' ELSE 'active' END, s.starts_on, s.ends_on, s.trial_ends_on, 'Asia/Kolkata',
    seed.start(CASE WHEN s.is_trial OR s.p = 7 THEN s.starts_on WHEN s.is_cancelled THEN seed.next(s.first, -2) ELSE s.first END),
    seed.start(CASE WHEN s.is_trial THEN s.trial_ends_on WHEN s.p = 7 THEN seed.next(s.starts_on, 12) WHEN s.is_cancelled THEN seed.next(s.first, -1) ELSE seed.next(s.first, 1) END),
    CASE WHEN s.is_trial THEN seed.start(s.starts_on) END, CASE WHEN s.is_trial THEN seed.start(s.trial_ends_on) END, s.is_called_off, CASE WHEN s.is_called_off THEN seed.start(s.first) WHEN s.is_cancelled THEN seed.start(seed.next(s.first, -2)) END,
    CASE WHEN s.is_called_off OR s.is_cancelled THEN 'Not needed any more' END, seed.start(s.starts_on), seed.start(s.first)
FROM seed.subscriptions s JOIN seed.plans p ON p.p = s.p + CASE WHEN s.is_changed THEN 1 ELSE 0 END;
INSERT INTO subscription_phases (id, subscription_id, organisation_id, plan_id, plan_name, fee, currency, "interval", interval_count, hsn_sac, anchor_on, starts_on, ends_on, created_at, updated_at)
SELECT h.id, h.subscription_id, h.organisation_id, p.id, p.name, p.fee, p.currency, p.cycle, 1, '998315', h.anchor_on, h.starts_on, h.ends_on, seed.start(h.starts_on), seed.start(h.starts_on) FROM seed.phases h JOIN seed.plans p ON p.p = h.p;

-- Fees stand on the invoices of the month before, in advance: taken out of the second line of usage, so that the invoices' sums stay.
CREATE UNLOGGED TABLE seed.charged AS
SELECT i.id AS invoice_id, i.organisation_id, i.year, i.month, l.id AS line_id, l.price_id, h.id AS phase_id, h.n, p.name, p.fee, p.months, p.cycle, period AS span_from, seed.next(period, p.months) AS span_to,
    ((extract(year FROM period) - extract(year FROM h.anchor_on)) * 12 + extract(month FROM period) - extract(month FROM h.anchor_on))::int / p.months AS number
FROM invoices i
CROSS JOIN LATERAL (SELECT (i.period_end AT TIME ZONE 'Asia/Kolkata')::date AS period) AS due
JOIN seed.phases h ON h.organisation_id = i.organisation_id AND due.period >= greatest(h.starts_on, h.anchor_on) AND (h.ends_on IS NULL OR due.period < h.ends_on)
JOIN seed.plans p ON p.p = h.p
JOIN invoice_lines l ON l.invoice_id = i.id AND l.position = 1
WHERE p.fee > 0 AND p.currency = 'INR' AND ((extract(year FROM due.period) - extract(year FROM h.anchor_on)) * 12 + extract(month FROM due.period) - extract(month FROM h.anchor_on))::int % p.months = 0;
UPDATE invoice_lines l SET amount = 300 - c.fee, charge = 300 - c.fee, unrounded_amount = 300 - c.fee, quantity = (300 - c.fee) * 100, tax_amount = 54 - c.fee * 0.18,
    explanation = jsonb_set(l.explanation, '{rated}', jsonb_build_object('quantity', (300 - c.fee) * 100, 'included', 0, 'rated', (300 - c.fee) * 100, 'rows', '[]'::jsonb, 'amount', 300 - c.fee))
FROM seed.charged c WHERE c.line_id = l.id;
INSERT INTO invoice_lines (id, invoice_id, organisation_id, position, kind, description, metric_name, unit, usage_year, usage_month, event_count, quantity, unit_price, amount, charge, tax_rate, tax_amount, unrounded_amount, hsn_sac, subscription_phase_id, charge_key, service_from, service_to, explanation)
SELECT seed.id(seed.start(span_from), n * 16 + month, 44), invoice_id, organisation_id, 3, 'subscription', name || ', ' || to_char(span_from, 'FMDD Mon YYYY') || ' to ' || to_char(span_to - 1, 'FMDD Mon YYYY'), '', cycle, year, month, 0, 1, fee, fee, fee, 18, fee * 0.18, fee,
    '998315', phase_id, replace(phase_id::text, '-', '') || ':' || number, span_from, span_to,
    jsonb_build_object('terms', jsonb_build_object('model', 'standard', 'currency', 'INR', 'unitPrice', fee, 'tiers', '[]'::jsonb, 'included', 0),
        'rated', jsonb_build_object('quantity', 1, 'included', 0, 'rated', 1, 'rows', '[]'::jsonb, 'amount', fee), 'projects', '{}'::jsonb,
        'recurring', jsonb_build_object('period', jsonb_build_object('from', span_from, 'to', span_to), 'span', jsonb_build_object('from', span_from, 'to', span_to), 'isCredit', false, 'whole', fee, 'daysBefore', 0, 'billed', 0, 'carried', 0))
FROM seed.charged;

-- Services that began this month: five of the largest organisation, one of every eighth.
CREATE UNLOGGED TABLE seed.services AS
SELECT t.n, k, t.id AS organisation_id, t.currency, seed.id(t.at, t.n * 8 + k, 45) AS id, c.first FROM seed.tenants t, seed.calendar c, generate_series(1, CASE t.n WHEN 1 THEN 5 ELSE 1 END) AS k WHERE t.n % 8 = 1;
INSERT INTO services (id, organisation_id, name, type, serial, quantity, unit_price, currency, "interval", interval_count, hsn_sac, anchor_on, status, is_suspended_with_account, activated_on, created_at, updated_at)
SELECT id, organisation_id, 'Line ' || k, 'line', 'SN-' || n || '-' || k, 2, 45, currency, 'month', 1, '998315', first, 'active', false, first, seed.start(first), seed.start(first) FROM seed.services;
INSERT INTO service_phases (id, service_id, organisation_id, quantity, unit_price, starts_on, created_at, updated_at)
SELECT seed.id(seed.start(first), n * 8 + k, 46), id, organisation_id, 2, 45, first, seed.start(first), seed.start(first) FROM seed.services;

-- Ten discounts, redeemed this month: the first by a quarter of all.
CREATE UNLOGGED TABLE seed.redemptions AS
SELECT t.n, t.id AS organisation_id, d, c.month, c.first FROM seed.tenants t, seed.calendar c, LATERAL (SELECT 1 AS d WHERE t.n % 4 = 1 UNION ALL SELECT 2 + (t.n / 20) % 9 WHERE t.n % 20 IN (1, 2)) AS taken;
INSERT INTO discounts (id, name, code, kind, value, currency, periods, redemptions, is_active, created_at, updated_at)
SELECT seed.id('2025-01-01'::timestamptz, d, 47), 'Welcome ' || d, 'WELCOME-' || lpad(d::text, 2, '0'), CASE WHEN d % 3 = 0 THEN 'amount' ELSE 'percentage' END, 5 + d, CASE WHEN d % 3 = 0 THEN 'INR' END, CASE WHEN d % 2 = 0 THEN 12 END,
    (SELECT count(*) FROM seed.redemptions r WHERE r.d = made.d), d <> 10, '2025-01-01', '2025-01-01' FROM generate_series(1, 10) AS made(d);
INSERT INTO organisation_discounts (id, organisation_id, discount_id, source, first_month, end_month, created_at, updated_at)
SELECT seed.id(seed.start(first), n * 16 + d, 48), organisation_id, seed.id('2025-01-01'::timestamptz, d, 47), 'code', month, CASE WHEN d % 2 = 0 THEN month + 12 END, seed.start(first), seed.start(first) FROM seed.redemptions;

-- Prepaid credits of every third organisation: what its plan includes each month, used in part and then expired; every sixth bought packs, the largest forty of them, that nothing was used of yet.
INSERT INTO credit_products (id, name, description, credits, price, currency, hsn_sac, is_active, created_at, updated_at)
SELECT seed.id('2025-01-01'::timestamptz, i, 49), 'Pack of ' || i * 1000, 'For work in bursts', i * 1000, i * 900, 'INR', '998315', true, '2025-01-01', '2025-01-01' FROM generate_series(1, 5) AS i;
INSERT INTO credit_costs (id, name, category, metric_name, unit, credits_per_unit, effective_from, effective_to, created_at, updated_at)
SELECT seed.id('2025-01-01'::timestamptz, i, 50), name, 'compute', name, unit, 10 + old, CASE old WHEN 1 THEN '2024-01-01'::date ELSE '2025-01-01' END, CASE old WHEN 1 THEN '2025-01-01'::date END, '2025-01-01', '2025-01-01'
FROM (SELECT row_number() OVER (ORDER BY name) * 2 + old AS i, name, unit, old FROM metrics, generate_series(0, 1) AS old) AS made;
CREATE UNLOGGED TABLE seed.grants AS
SELECT t.n, t.id AS organisation_id, seed.id(granted_at, t.n * 64 + k, 51) AS id, 'plan' AS kind, seed.id(granted_at, t.n * 64 + k, 52) AS source_id, 100::numeric AS credits, granted_at, seed.start(seed.next(c.first, 1 - k)) AS expires_at, c.month - k AS month, k
FROM seed.tenants t, seed.calendar c, generate_series(0, 6) AS k, LATERAL (SELECT seed.start(seed.next(c.first, -k)) AS granted_at) AS g WHERE t.n % 3 = 1
UNION ALL
SELECT t.n, t.id, seed.id(bought_at, t.n * 64 + k, 53), 'purchase', seed.id(bought_at, t.n * 64 + k, 54), 1000, bought_at, NULL, NULL, k
FROM seed.tenants t, generate_series(1, CASE t.n WHEN 1 THEN 40 ELSE 1 END) AS k, LATERAL (SELECT date_trunc('second', now()) - interval '200 days' + (t.n + k * 10000) * interval '1 second' AS bought_at) AS b WHERE t.n % 6 = 1;
CREATE UNLOGGED TABLE seed.movements AS
SELECT *, row_number() OVER (PARTITION BY organisation_id ORDER BY at, id) AS sequence, sum(amount) OVER (PARTITION BY organisation_id ORDER BY at, id) AS balance_after
FROM (
    SELECT seed.id(granted_at, n * 64 + k, CASE kind WHEN 'plan' THEN 55 ELSE 56 END) AS id, organisation_id, id AS grant_id, CASE kind WHEN 'plan' THEN 'earned' ELSE 'purchased' END AS kind, credits AS amount, granted_at AS at, kind AS source, source_id, NULL::int AS month, expires_at, n FROM seed.grants
    UNION ALL
    SELECT seed.id(used_at, (n * 8 + k) * 64 + i, 57), organisation_id, id, 'consumed', -60.0 / uses, used_at, 'usage', NULL, month, NULL, n
    FROM seed.grants, LATERAL (SELECT CASE n WHEN 1 THEN 60 ELSE 6 END AS uses) AS u, generate_series(1, uses) AS i, LATERAL (SELECT granted_at + i * interval '26 days' / uses AS used_at) AS at WHERE kind = 'plan' AND used_at < now()
    UNION ALL
    SELECT seed.id(expires_at, n * 8 + k, 58), organisation_id, id, 'expired', -40, expires_at, 'expiry', NULL, NULL, NULL, n FROM seed.grants WHERE kind = 'plan' AND expires_at < now()) AS moved;
INSERT INTO prepaid_grants (id, organisation_id, kind, source_id, credits, remaining, granted_at, expires_at)
SELECT g.id, g.organisation_id, g.kind, g.source_id, g.credits, m.remaining, g.granted_at, g.expires_at FROM seed.grants g JOIN (SELECT grant_id, sum(amount) AS remaining FROM seed.movements GROUP BY grant_id) m ON m.grant_id = g.id;
INSERT INTO prepaid_movements (id, organisation_id, sequence, grant_id, kind, amount, balance_after, source, source_id, credit_cost_id, metric_name, unit, month, quantity, expires_at, provider_payment_id, created_at)
SELECT m.id, m.organisation_id, m.sequence, m.grant_id, m.kind, m.amount, m.balance_after, m.source, m.source_id, CASE m.kind WHEN 'consumed' THEN c.id END, CASE m.kind WHEN 'consumed' THEN c.metric_name END, CASE m.kind WHEN 'consumed' THEN c.unit END, m.month,
    CASE m.kind WHEN 'consumed' THEN -m.amount / c.credits_per_unit END, m.expires_at, CASE m.kind WHEN 'purchased' THEN 'pay_pack_' || m.n || '_' || m.sequence END, m.at
FROM seed.movements m, credit_costs c WHERE c.metric_name = 'api_calls' AND c.effective_to IS NULL;
INSERT INTO prepaid_wallets (organisation_id, balance, movements) SELECT organisation_id, sum(amount), count(*) FROM prepaid_movements GROUP BY organisation_id;
INSERT INTO prepaid_coverages (organisation_id, month, metric_name, unit, quantity, credits) SELECT organisation_id, month, metric_name, unit, sum(quantity), -sum(amount) FROM prepaid_movements WHERE quantity IS NOT NULL GROUP BY 1, 2, 3, 4;
CREATE UNLOGGED TABLE seed.purchases AS
SELECT *, seed.id(granted_at, n * 64 + k, 59) AS payment_id, seed.id(granted_at, n * 64 + k, 60) AS transaction_id, row_number() OVER (ORDER BY granted_at, id) AS number, 900::numeric AS net, 162::numeric AS tax FROM seed.grants WHERE kind = 'purchase';
INSERT INTO payments (id, organisation_id, method, status, currency, amount, tds_amount, provider_payment_id, provider_method, received_at, created_at, updated_at)
SELECT payment_id, organisation_id, 'razorpay', 'captured', 'INR', net + tax, 0, 'pay_pack_' || n || '_' || k, 'upi', granted_at, granted_at, granted_at FROM seed.purchases;
INSERT INTO prepaid_purchases (id, organisation_id, credit_product_id, product_name, credits, status, currency, net, tax, total, taxes, tax_treatment, hsn_sac, number, seller, customer, payment_id, paid_at, created_at, updated_at)
SELECT source_id, organisation_id, seed.id('2025-01-01'::timestamptz, 1, 49), 'Pack of 1000', credits, 'paid', 'INR', net, tax, net + tax, jsonb_build_array(jsonb_build_object('name', 'GST', 'rate', 18, 'base', net, 'amount', tax)), '{}', '998315',
    'RV/25-26/' || lpad(number::text, 6, '0'), '{"legalName": "Example Seller Pvt Ltd", "address": "1 Example Street", "country": "IN"}', jsonb_build_object('name', 'Organisation ' || n, 'billingEmail', 'billing-' || n || '@example.com', 'country', 'IN', 'timeZone', 'Asia/Kolkata'),
    payment_id, granted_at, granted_at, granted_at FROM seed.purchases;
INSERT INTO number_series (series, financial_year, last_number) SELECT 'RV', '25-26', max(number) FROM seed.purchases;
INSERT INTO ledger_transactions (id, organisation_id, kind, source_id, currency, description, occurred_at) SELECT transaction_id, organisation_id, 'payment.captured', payment_id, 'INR', 'Payment of prepaid credits', granted_at FROM seed.purchases;
INSERT INTO ledger_entries (transaction_id, position, organisation_id, account, currency, debit, credit)
SELECT transaction_id, position, organisation_id, account, 'INR', debit, credit FROM seed.purchases, LATERAL (VALUES (0, 'provider_clearing', net + tax, 0::numeric), (1, 'deferred_revenue', 0, net), (2, 'tax_payable', 0, tax)) AS e(position, account, debit, credit);

-- Twelve simulations; the newest has replayed half a year of everybody.
INSERT INTO simulations (id, kind, title, draft, first_month, last_month, priced_on, cliff_percent, state, total, done, failed, started_by, created_at, started_at, finished_at, planned_at, attempts)
SELECT seed.id(now() - i * interval '1 day', i, 61), 'price', 'api_calls (calls), standard', '{"price": {"metricName": "api_calls", "unit": "calls", "currency": "INR", "model": "standard", "price": 0.02}}', month - 6, month - 1, today, 20,
    CASE i WHEN 12 THEN 'cancelled' ELSE 'completed' END, CASE i WHEN 1 THEN (SELECT count(*) FROM seed.tenants) ELSE 1 END, CASE i WHEN 1 THEN (SELECT count(*) FROM seed.tenants) ELSE 1 END, 0, 'staff@example.com', at, at, at + interval '1 minute', at, 1
FROM generate_series(1, 12) AS i, seed.calendar, LATERAL (SELECT now() - i * interval '1 day' AS at) AS a;
INSERT INTO simulation_results (simulation_id, organisation_id, state, currency, current, simulated, months, unpriced, jump)
SELECT seed.id(now() - interval '1 day', 1, 61), t.id, 'done', t.currency, r.before, r.after, m.months, CASE WHEN t.n % 500 = 9 THEN 1 ELSE 0 END,
    CASE WHEN r.after > r.before * 1.2 THEN jsonb_build_object('month', m.last, 'current', r.before / 6, 'simulated', r.after / 6, 'metricName', 'api_calls', 'unit', 'calls', 'quantity', 42) END
FROM seed.tenants t CROSS JOIN LATERAL (SELECT (600 + t.n * 37 % 6000)::numeric AS before, (600 + t.n * 37 % 6000) * (1 + (t.n * 7 % 151 - 60) / 100.0) AS after) AS r
CROSS JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('month', to_char(day, 'YYYY-MM'), 'current', r.before / 6, 'simulated', r.after / 6) ORDER BY day) AS months, to_char(max(day), 'YYYY-MM') AS last
    FROM seed.calendar c, generate_series(seed.next(c.first, -6)::timestamp, seed.next(c.first, -1)::timestamp, interval '1 month') AS day) AS m;

-- Recurring revenue as the product derives it, on every day on which something began or ended: what it moved by, and where it stands.
ANALYZE subscription_phases, service_phases, services, discounts, organisation_discounts;
CREATE UNLOGGED TABLE seed.mrr AS
SELECT organisation_id, currency, day, mrr_derived(organisation_id, currency, 2, day) AS mrr
FROM (
    SELECT h.organisation_id, p.currency, unnest(ARRAY[greatest(h.starts_on, h.anchor_on), h.ends_on]) AS day FROM seed.phases h JOIN seed.plans p ON p.p = h.p
    UNION SELECT organisation_id, currency, first FROM seed.services
    UNION SELECT r.organisation_id, t.currency, r.first FROM seed.redemptions r JOIN seed.tenants t ON t.id = r.organisation_id WHERE EXISTS (SELECT FROM seed.phases h WHERE h.organisation_id = r.organisation_id)) AS days, seed.calendar
WHERE day <= today;
CREATE UNLOGGED TABLE seed.moved AS
SELECT *, row_number() OVER (PARTITION BY organisation_id, currency ORDER BY day) AS number FROM (SELECT organisation_id, currency, day, mrr, coalesce(lag(mrr) OVER (PARTITION BY organisation_id, currency ORDER BY day), 0) AS before FROM seed.mrr) AS steps WHERE mrr <> before;
INSERT INTO mrr_movements (id, organisation_id, currency, kind, amount, mrr_after, day, month, cause, cause_key, created_at)
SELECT seed.id(seed.start(day), row_number() OVER (ORDER BY organisation_id, number), 62), organisation_id, currency, CASE WHEN mrr = 0 THEN 'churn' WHEN before = 0 AND number = 1 THEN 'new' WHEN before = 0 THEN 'reactivation' WHEN mrr > before THEN 'expansion' ELSE 'contraction' END,
    mrr - before, mrr, day, extract(year FROM day)::int * 12 + extract(month FROM day)::int - 1, 'Began or changed', replace(organisation_id::text, '-', '') || ':' || currency || ':' || number, seed.start(day) FROM seed.moved;
INSERT INTO mrr_months (month, currency, kind, amount, count) SELECT month, currency, kind, sum(amount), count(*) FROM mrr_movements GROUP BY 1, 2, 3;
INSERT INTO mrr_positions (organisation_id, currency, mrr, trial_mrr, movements, decimals, looked_on, looked_at)
SELECT f.organisation_id, f.currency, coalesce(m.amount, 0), f.trial, coalesce(m.count, 0), 2, c.today, now()
FROM seed.calendar c,
    (SELECT organisation_id, currency, sum(trial) AS trial FROM (
        SELECT h.organisation_id, p.currency, CASE WHEN h.anchor_on > c.today THEN round(p.fee / p.months, 2) ELSE 0 END AS trial FROM seed.calendar c, seed.phases h JOIN seed.plans p ON p.p = h.p
        UNION ALL SELECT organisation_id, currency, 0 FROM seed.services) AS fees GROUP BY 1, 2) f
LEFT JOIN (SELECT organisation_id, currency, sum(amount) AS amount, count(*) AS count FROM mrr_movements GROUP BY 1, 2) m USING (organisation_id, currency);
-- Revenue by month and cohorts, by the product's own function.
ANALYZE invoices, invoice_lines, prices;
SELECT keep_revenue(now(), 'Asia/Kolkata');
DROP SCHEMA seed CASCADE;
SET session_replication_role = origin;

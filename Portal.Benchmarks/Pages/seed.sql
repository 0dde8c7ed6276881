-- A platform that has billed for a year: set by set, triggers and foreign keys aside (what is written here keeps to them).
-- $ORGANISATIONS and $EVENTS are put in by the benchmark. The first organisation is by far the largest; most are small.
SET session_replication_role = replica;
CREATE SCHEMA seed;
-- An id that sorts by time, as the product's do.
CREATE FUNCTION seed.id(at timestamptz, number bigint, kind int) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(number & 4095), 3, '0') || '8' || lpad(to_hex(kind), 3, '0') || lpad(to_hex(number), 12, '0'))::uuid $$;
INSERT INTO settings (key, value, updated_at)
VALUES ('platform', '{"seller": {"legalName": "Example Seller Pvt Ltd", "address": "1 Example Street", "country": "IN"}}', now());
INSERT INTO seller_tax_profiles (id, profile, effective_from, created_at, updated_at)
SELECT gen_random_uuid(), value -> 'seller', '2000-01-01', now(), now() FROM (SELECT value::jsonb AS value FROM settings WHERE key = 'platform') AS platform;
INSERT INTO exchange_rates (id, base_currency, target_currency, rate, effective_from, effective_to, source, created_at, updated_at)
SELECT gen_random_uuid(), base, 'INR', 80 + extract(day FROM day) / 10, day::date, day::date + 1, 'by hand', day, day FROM generate_series(now() - interval '400 days', now(), interval '1 day') AS day, unnest(ARRAY['USD', 'EUR', 'GBP']) AS base;
-- What this benchmark does not measure stays quiet.
INSERT INTO paused_jobs (job, paused_at, paused_by)
SELECT job, now(), 'benchmark' FROM unnest(ARRAY['resume-billing-runs', 'resume-simulations', 'start-monthly-billing', 'mark-overdue', 'advance-subscriptions', 'keep-mrr', 'keep-analytics', 'reconcile-payments', 'consume-prepaid-credits',
    'ensure-usage-partitions', 'check-usage-drift', 'prune-idempotency', 'prune-job-runs', 'close-old-views', 'seal-audit', 'verify-audit', 'check-invariants']) AS job;

-- Organisations, projects, keys, notes.
CREATE UNLOGGED TABLE seed.organisations AS
SELECT n, seed.id(now() - interval '400 days' + n * interval '1 minute', n, 1) AS id, now() - interval '400 days' + n * interval '1 minute' AS at,
    (ARRAY['Amber', 'Basalt', 'Cobalt', 'Dune', 'Ember', 'Fjord', 'Granite', 'Harbour', 'Indigo', 'Juniper', 'Kestrel', 'Lagoon', 'Meadow', 'Nimbus', 'Opal', 'Prairie', 'Quartz', 'Ridge', 'Summit', 'Tundra'])[1 + n % 20]
        || ' ' || (ARRAY['Analytics', 'Commerce', 'Devices', 'Energy', 'Foods', 'Games', 'Health', 'Insurance', 'Logistics', 'Media', 'Robotics'])[1 + n % 11] || ' ' || n AS name
FROM generate_series(1, $ORGANISATIONS) AS n;
CREATE UNIQUE INDEX ON seed.organisations (n);
INSERT INTO organisations (id, name, billing_email, currency, time_zone, locale, country, payment_terms_days, status, is_active, created_at, updated_at, suspended_at, suspension_reason)
SELECT id, name, 'billing-' || n || '@example.com', CASE WHEN n % 10 = 0 THEN 'USD' ELSE 'INR' END, 'Asia/Kolkata', 'en-IN', 'IN', 15,
    CASE WHEN n % 97 = 5 THEN 'suspended' WHEN n % 5 = 0 THEN 'overdue' ELSE 'active' END, n % 211 <> 7, at, at, CASE WHEN n % 97 = 5 THEN now() END, CASE WHEN n % 97 = 5 THEN 'Invoices past due' END
FROM seed.organisations;
INSERT INTO organisation_tax_profiles (id, organisation_id, country, state_code, address, is_sez, is_reverse_charge, effective_from, created_at, updated_at)
SELECT seed.id(at, n, 34), id, 'IN', lpad((1 + n % 37)::text, 2, '0'), n || ' Example Road', false, false, '2000-01-01', at, at FROM seed.organisations;
CREATE UNLOGGED TABLE seed.projects AS
SELECT o.n, k, o.id AS organisation_id, seed.id(o.at + k * interval '1 hour', o.n * 8 + k, 2) AS id, o.at + k * interval '1 hour' AS at FROM seed.organisations o, generate_series(0, CASE WHEN n = 1 THEN 7 ELSE 1 END) AS k;
CREATE UNIQUE INDEX ON seed.projects (n, k);
INSERT INTO projects (id, organisation_id, name, description, is_active, created_at, updated_at)
SELECT id, organisation_id, 'Project ' || k, 'What runs in region ' || k, k < 7, at, at FROM seed.projects;
INSERT INTO api_keys (id, organisation_id, project_id, name, prefix, key_hash, scopes, revoked_at, last_used_at, created_at)
SELECT seed.id(p.at, p.n * 64 + p.k * 4 + i, 3), p.organisation_id, p.id, 'Key ' || i, 'bk_' || lpad(to_hex(p.n * 64 + p.k * 4 + i), 9, '0'), sha256(('key' || p.n || '/' || p.k || '/' || i)::bytea),
    ARRAY['usage:write'], CASE WHEN i = 1 THEN now() - interval '3 days' END, now() - interval '1 hour', p.at
FROM seed.projects p, generate_series(0, 1) AS i;
INSERT INTO organisation_notes (id, organisation_id, text, author_name, created_at)
SELECT seed.id(now() - i * interval '1 day', n * 8 + i, 4), id, 'Spoke with them about their invoice of last month.', 'Staff', now() - i * interval '1 day' FROM seed.organisations, generate_series(1, 6) AS i WHERE n % 10 = 1;

-- Prices: ten for everybody, and one of its own for every tenth organisation; the catalogue of metrics, one of which a hundredth uses without a price.
CREATE UNLOGGED TABLE seed.metrics AS
SELECT i, (ARRAY['api_calls', 'storage', 'egress', 'compute', 'messages', 'lookups', 'renders', 'builds', 'minutes', 'seats', 'previews'])[i + 1] AS name, (ARRAY['calls', 'gigabytes', 'gigabytes', 'hours', 'messages', 'calls', 'pages', 'builds', 'minutes', 'seats', 'pages'])[i + 1] AS unit,
    seed.id('2025-01-01'::timestamptz, i, 5) AS price_id FROM generate_series(0, 10) AS i;
INSERT INTO metrics (id, name, unit, description, created_at) SELECT seed.id('2025-01-01'::timestamptz, i, 6), name, unit, 'Counted by the minute', '2025-01-01' FROM seed.metrics;
INSERT INTO prices (id, metric_name, unit, currency, model, unit_price, included, hsn_sac, effective_from, created_at, updated_at)
SELECT price_id, name, unit, 'INR', 'standard', 0.0125 * (i + 1), 0, '998315', '2020-01-01', '2025-01-01', '2025-01-01' FROM seed.metrics WHERE i < 10;
INSERT INTO prices (id, organisation_id, metric_name, unit, currency, model, unit_price, included, hsn_sac, effective_from, created_at, updated_at)
SELECT seed.id(o.at, o.n, 7), o.id, 'api_calls', 'calls', 'INR', 'standard', 0.01, 0, '998315', '2026-01-01', o.at, o.at FROM seed.organisations o WHERE n % 10 = 1;

-- A year of billing runs, and an invoice of each month for everybody: paid, refunded, void, overdue, partly paid, issued, drafts.
CREATE UNLOGGED TABLE seed.months AS
SELECT ago, (date_trunc('month', now() AT TIME ZONE 'Asia/Kolkata') - ago * interval '1 month') AS first, seed.id(now(), ago, 8) AS placeholder FROM generate_series(1, 12) AS ago;
INSERT INTO billing_runs (id, year, month, state, auto_issue, remake, total, done, skipped, failed, unpriced, issued, started_by, created_at, started_at, finished_at, planned_at, attempts)
SELECT seed.id(first + interval '1 month 1 hour', ago, 9), extract(year FROM first), extract(month FROM first), 'completed', true, false, $ORGANISATIONS, $ORGANISATIONS, 0, 0, 0, $ORGANISATIONS, 'start-monthly-billing',
    first + interval '1 month 1 hour', first + interval '1 month 1 hour', first + interval '1 month 2 hours', first + interval '1 month 1 hour', 1 FROM seed.months;
CREATE UNLOGGED TABLE seed.invoices AS
SELECT *, round(subtotal * 0.18, 2) AS tax, subtotal + round(subtotal * 0.18, 2) AS total, number_of::bigint AS number,
    CASE status WHEN 'paid' THEN subtotal + round(subtotal * 0.18, 2) WHEN 'refunded' THEN subtotal + round(subtotal * 0.18, 2) WHEN 'partially_paid' THEN 100 ELSE 0 END AS paid
FROM (
    SELECT o.n, m.ago, o.id AS organisation_id, m.first, m.first + interval '1 month 2 hours' + o.n * interval '0.1 seconds' AS at, row_number() OVER (ORDER BY m.ago DESC, o.n) AS number_of,
        seed.id(m.first + interval '1 month 2 hours' + o.n * interval '0.1 seconds', o.n * 16 + m.ago, 10) AS id, seed.id(m.first + interval '1 month 1 hour', m.ago, 9) AS run_id, 1000 + (o.n * 37 + m.ago * 101) % 5000 + 2.50 AS subtotal,
        CASE WHEN m.ago > 3 AND (o.n + m.ago) % 53 = 0 THEN 'void' WHEN m.ago > 3 AND (o.n + m.ago) % 97 = 0 THEN 'refunded' WHEN m.ago > 3 THEN 'paid'
            WHEN m.ago = 3 AND o.n % 25 = 0 THEN 'overdue' WHEN m.ago = 3 THEN 'paid'
            WHEN m.ago = 2 AND o.n % 5 = 0 THEN 'overdue' WHEN m.ago = 2 AND o.n % 5 = 1 THEN 'partially_paid' WHEN m.ago = 2 THEN 'paid'
            WHEN o.n % 3 = 0 THEN 'draft' WHEN o.n % 3 = 1 THEN 'issued' ELSE 'paid' END AS status
    FROM seed.organisations o, seed.months m) AS made;
INSERT INTO billing_run_items (billing_run_id, organisation_id, state, invoice_id) SELECT run_id, organisation_id, 'done', id FROM seed.invoices;
INSERT INTO invoices (id, organisation_id, billing_run_id, status, number, year, month, period_start, period_end, time_zone, locale, currency, subtotal, discount, tax, total, amount_paid, seller, customer, hold_reason, issued_at, due_at, paid_at, voided_at, void_reason, created_at, updated_at)
SELECT id, organisation_id, run_id, status, CASE WHEN status <> 'draft' THEN 'INV/25-26/' || lpad(number::text, 6, '0') END, extract(year FROM first), extract(month FROM first),
    first AT TIME ZONE 'Asia/Kolkata', (first + interval '1 month') AT TIME ZONE 'Asia/Kolkata', 'Asia/Kolkata', 'en-IN', 'INR', subtotal, 0, tax, total, paid,
    CASE WHEN status <> 'draft' THEN '{"legalName": "Example Seller Pvt Ltd", "address": "1 Example Street", "country": "IN"}'::jsonb END,
    CASE WHEN status <> 'draft' THEN jsonb_build_object('name', 'Organisation ' || n, 'billingEmail', 'billing-' || n || '@example.com', 'country', 'IN', 'timeZone', 'Asia/Kolkata') END,
    CASE WHEN status = 'draft' AND n % 60 = 0 THEN 'No price for lookups' END, CASE WHEN status <> 'draft' THEN at END,
    CASE WHEN status <> 'draft' THEN at + interval '15 days' END, CASE WHEN status IN ('paid', 'refunded') THEN at + interval '5 days' END, CASE WHEN status = 'void' THEN at + interval '2 days' END, CASE WHEN status = 'void' THEN 'Billed twice' END, at, at
FROM seed.invoices;
INSERT INTO number_series (series, financial_year, last_number) SELECT 'INV', '25-26', max(number) FROM seed.invoices;
INSERT INTO invoice_lines (id, invoice_id, organisation_id, position, kind, description, metric_name, unit, project_id, usage_year, usage_month, event_count, quantity, unit_price, amount, charge, tax_rate, tax_amount, unrounded_amount, hsn_sac, price_id, explanation)
SELECT seed.id(i.at, i.n * 256 + i.ago * 16 + p, 11), i.id, i.organisation_id, p, 'usage', m.name || ' · ' || m.unit, m.name, m.unit, NULL, extract(year FROM i.first), extract(month FROM i.first), 100, amount * 100, 0.01, amount, amount, 18, CASE p WHEN 0 THEN i.tax - 54.45 WHEN 1 THEN 54 ELSE 0.45 END, amount, '998315', m.price_id,
    jsonb_build_object('terms', jsonb_build_object('model', 'standard', 'currency', 'INR', 'unitPrice', 0.01, 'tiers', '[]'::jsonb, 'included', 0),
        'rated', jsonb_build_object('quantity', amount * 100, 'included', 0, 'rated', amount * 100, 'rows', '[]'::jsonb, 'amount', amount), 'projects', '{}'::jsonb)
FROM seed.invoices i CROSS JOIN generate_series(0, 2) AS p CROSS JOIN LATERAL (SELECT CASE p WHEN 0 THEN i.subtotal - 302.5 WHEN 1 THEN 300 ELSE 2.5 END AS amount) AS part JOIN seed.metrics m ON m.i = p;
INSERT INTO invoice_taxes (invoice_id, position, organisation_id, name, rate, base, amount) SELECT id, 0, organisation_id, 'GST', 18, subtotal, tax FROM seed.invoices;

-- Payments, what they settled, and the ledger.
CREATE UNLOGGED TABLE seed.payments AS
SELECT *, seed.id(at + interval '5 days', n * 16 + ago, 12) AS payment_id, at + interval '5 days' AS paid_at, (n + ago) % 3 <> 0 AS online FROM seed.invoices WHERE paid > 0;
INSERT INTO payments (id, organisation_id, method, status, currency, amount, tds_amount, reference, provider_payment_id, provider_method, received_at, created_at, updated_at)
SELECT payment_id, organisation_id, CASE WHEN online THEN 'razorpay' ELSE 'bank_transfer' END, CASE WHEN status = 'refunded' THEN 'refunded' ELSE 'captured' END, 'INR', paid, 0,
    CASE WHEN NOT online THEN 'UTR' || number END, CASE WHEN online THEN 'pay_' || number END, CASE WHEN online THEN 'upi' END, paid_at, paid_at, paid_at FROM seed.payments;
INSERT INTO payment_allocations (id, organisation_id, payment_id, invoice_id, amount, created_at) SELECT seed.id(paid_at, n * 16 + ago, 13), organisation_id, payment_id, id, paid, paid_at FROM seed.payments;
CREATE UNLOGGED TABLE seed.transactions AS
SELECT seed.id(at, n * 16 + ago, 14) AS id, organisation_id, 'invoice.issued' AS kind, id AS source_id, 'Invoice INV/25-26/' || lpad(number::text, 6, '0') AS description, at, total AS amount, subtotal, tax, NULL::text AS account FROM seed.invoices WHERE status <> 'draft'
UNION ALL
SELECT seed.id(paid_at, n * 16 + ago, 15), organisation_id, CASE WHEN online THEN 'payment.captured' ELSE 'payment.recorded' END, payment_id, 'Payment', paid_at, paid, NULL, NULL, CASE WHEN online THEN 'provider_clearing' ELSE 'bank' END FROM seed.payments;
INSERT INTO ledger_transactions (id, organisation_id, kind, source_id, currency, description, occurred_at) SELECT id, organisation_id, kind, source_id, 'INR', description, at FROM seed.transactions;
INSERT INTO ledger_entries (transaction_id, position, organisation_id, account, currency, debit, credit)
SELECT t.id, position, t.organisation_id, e.account, 'INR', debit, credit
FROM seed.transactions t CROSS JOIN LATERAL (VALUES
    (0, CASE WHEN t.account IS NULL THEN 'accounts_receivable' ELSE t.account END, t.amount, 0::numeric), (1, CASE WHEN t.account IS NULL THEN 'revenue' ELSE 'accounts_receivable' END, 0, coalesce(t.subtotal, t.amount)), (2, 'tax_payable', 0, t.tax)) AS e(position, account, debit, credit)
WHERE e.debit > 0 OR e.credit > 0;

-- What left the portal, and what was written down.
INSERT INTO email_notifications (id, organisation_id, template, subject_id, recipient, subject, status, error, attempts, resends, created_at, sent_at)
SELECT seed.id(at, n * 16 + ago, 16), organisation_id, 'invoice_issued', id, 'billing-' || n || '@example.com', 'Invoice INV/25-26/' || lpad(number::text, 6, '0'), CASE WHEN number % 500 = 0 THEN 'failed' ELSE 'sent' END,
    CASE WHEN number % 500 = 0 THEN 'The mailbox is full.' END, 1, 0, at, CASE WHEN number % 500 <> 0 THEN at END FROM seed.invoices WHERE status <> 'draft';
INSERT INTO outbox (id, organisation_id, kind, subject_id, created_at, due_at, attempts, done_at, dead_at, last_error)
SELECT seed.id(at, n * 16 + ago, 17), organisation_id, 'invoice.issued', id, at, at, 1, CASE WHEN number % 500 <> 0 THEN at END, CASE WHEN number % 500 = 0 THEN at END, CASE WHEN number % 500 = 0 THEN 'The mailbox is full.' END FROM seed.invoices WHERE status <> 'draft';
INSERT INTO provider_events (id, event_id, type, body, received_at, processed_at, attempts, due_at, dead_at, error)
SELECT seed.id(paid_at, n * 16 + ago, 18), 'evt_' || number, 'payment.captured', convert_to('{"event": "payment.captured", "payload": {"payment": {"entity": {"id": "pay_' || number || '"}}}}', 'UTF8'), paid_at,
    CASE WHEN number % 900 <> 0 THEN paid_at END, 1, paid_at, CASE WHEN number % 900 = 0 THEN paid_at END, CASE WHEN number % 900 = 0 THEN 'No such order.' END FROM seed.payments WHERE online;
INSERT INTO audit_log (id, organisation_id, actor_kind, actor_name, action, entity_type, entity_id, after, correlation_id, created_at)
SELECT seed.id(at, n * 16 + ago, 19), organisation_id, 'job', 'start-monthly-billing', 'invoice.issued', 'invoice', id, jsonb_build_object('total', total), md5(number::text), at FROM seed.invoices WHERE status <> 'draft'
UNION ALL
SELECT seed.id(paid_at, n * 16 + ago, 20), organisation_id, 'user', 'staff@example.com', 'payment.recorded', 'payment', payment_id, jsonb_build_object('amount', paid), md5(number::text), paid_at FROM seed.payments
UNION ALL
SELECT seed.id(at, n, 21), id, 'user', 'staff@example.com', 'organisation.created', 'organisation', id, jsonb_build_object('name', name), md5(n::text), at FROM seed.organisations;
INSERT INTO job_runs (id, job, node, is_out_of_turn, started_at, finished_at, outcome, error)
SELECT seed.id(now() - i * interval '1 minute', i, 22), (ARRAY['mark-overdue', 'reconcile-payments', 'seal-audit', 'resume-billing-runs', 'close-old-views', 'check-invariants'])[1 + i % 6], 'node', false, now() - i * interval '1 minute', now() - i * interval '1 minute' + interval '1 second',
    CASE WHEN i % 400 = 7 THEN 'failed' ELSE 'done' END, CASE WHEN i % 400 = 7 THEN 'The database did not answer.' END FROM generate_series(1, 20000) AS i;
INSERT INTO support_tickets (id, organisation_id, subject, category, priority, status, opened_by_name, requester_email, created_at, updated_at, last_message_at, resolved_at)
SELECT seed.id(at, number, 23), organisation_id, 'About invoice ' || number, (ARRAY['question', 'billing', 'technical'])[1 + n % 3], (ARRAY['low', 'normal', 'high', 'urgent'])[1 + n % 4],
    (ARRAY['open', 'in_progress', 'waiting_on_customer', 'resolved', 'closed'])[1 + number % 5], 'Person ' || n, 'person-' || n || '@example.com', at, at, at, CASE WHEN number % 5 >= 3 THEN at END
FROM seed.invoices WHERE number % 12 = 0 OR n = 1;
INSERT INTO support_messages (id, organisation_id, ticket_id, author, author_name, body, is_internal, created_at)
SELECT seed.id(t.created_at + i * interval '1 hour', t.number * 4 + i, 24), t.organisation_id, t.id, CASE WHEN i % 2 = 0 THEN 'customer' ELSE 'staff' END, 'Somebody', 'What does the second line of this invoice mean?', false, t.created_at + i * interval '1 hour' FROM support_tickets t, generate_series(0, 2) AS i;

-- People: an owner of each organisation, a member of every fifth, sixty of staff, their sessions, invitations.
INSERT INTO users (id, display_name, is_active, created_at, user_name, normalized_user_name, email, normalized_email, email_confirmed, password_hash, security_stamp, concurrency_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
SELECT seed.id(now() - interval '300 days', n, 25), 'Person ' || n, n % 50 <> 3, now() - interval '300 days', 'person-' || n || '@example.com', 'PERSON-' || n || '@EXAMPLE.COM', 'person-' || n || '@example.com', 'PERSON-' || n || '@EXAMPLE.COM', true, NULL, md5(n::text), md5(n::text), false, false, true, 0
FROM generate_series(1, $ORGANISATIONS + 60) AS n;
INSERT INTO user_roles (id, user_id, role_id, organisation_id, created_at)
SELECT seed.id(at, n, 26), seed.id(now() - interval '300 days', n, 25), '01900000-0000-7000-8000-000000000011'::uuid, id, at FROM seed.organisations
UNION ALL
SELECT seed.id(at, n, 27), seed.id(now() - interval '300 days', n + 1, 25), '01900000-0000-7000-8000-000000000014'::uuid, id, at FROM seed.organisations WHERE n % 5 = 0 AND n < $ORGANISATIONS
UNION ALL
SELECT seed.id(at, n, 28), seed.id(now() - interval '300 days', n + 100, 25), '01900000-0000-7000-8000-000000000014'::uuid, (SELECT id FROM seed.organisations WHERE n = 1), at FROM seed.organisations WHERE n <= 200
UNION ALL
SELECT seed.id(now(), n, 29), seed.id(now() - interval '300 days', $ORGANISATIONS + n, 25), '01900000-0000-7000-8000-000000000003'::uuid, NULL, now() FROM generate_series(1, 60) AS n;
INSERT INTO user_sessions (id, user_id, ip_address, user_agent, created_at, last_seen_at, confirmed_at, expires_at, ended_at)
SELECT seed.id(now() - interval '1 hour', n, 30), seed.id(now() - interval '300 days', 1 + n % $ORGANISATIONS, 25), '192.0.2.1', 'Firefox', now() - interval '1 hour', now(), now() - interval '1 hour', now() + interval '11 hours', CASE WHEN n % 2 = 0 THEN now() END FROM generate_series(1, $ORGANISATIONS * 2) AS n;
INSERT INTO invitations (id, organisation_id, email, normalized_email, role_id, invited_by, link_id, times_sent, created_at, sent_at, expires_at)
SELECT seed.id(now(), n, 31), id, 'invited-' || n || '@example.com', 'INVITED-' || n || '@EXAMPLE.COM', '01900000-0000-7000-8000-000000000014'::uuid, 'staff@example.com', seed.id(now(), n, 32), 1, now(), now(), now() + interval '7 days' FROM seed.organisations WHERE n % 10 = 1;

-- Usage of the last eighty days, in the order in which it came; its sums follow from it. A few send most of it.
INSERT INTO usage_events (id, organisation_id, project_id, metric_name, metric_value, unit, "timestamp", metadata, ingested_at, billing_month)
SELECT seed.id(e.at, e.i, 33), p.organisation_id, p.id, m.name, (e.i % 1000) / 100.0 + 1, m.unit, e.at, '{"region": "ap-south-1"}', e.at, extract(year FROM e.at AT TIME ZONE 'Asia/Kolkata') * 12 + extract(month FROM e.at AT TIME ZONE 'Asia/Kolkata') - 1
FROM (
    SELECT i, now() - interval '80 days' + i * (interval '80 days' / $EVENTS) AS at, 1 + floor($ORGANISATIONS * power((hashint8(i) & 1073741823) / 1073741824.0::float8, 3))::int AS n, hashint8(i + 1000000000) & 1 AS k, (hashint8(i + 2000000000) & 1023) % 10 AS metric
    FROM generate_series(1::bigint, $EVENTS - 1) AS i) AS e
JOIN seed.projects p ON p.n = e.n AND p.k = e.k JOIN seed.metrics m ON m.i = CASE WHEN e.metric = 9 AND e.n % 100 = 3 THEN 10 ELSE e.metric END;
INSERT INTO usage_buckets (organisation_id, bucket_start, project_id, metric_name, unit, total_value, event_count)
SELECT organisation_id, to_timestamp(floor(extract(epoch FROM "timestamp") / 900) * 900) AS start, project_id, metric_name, unit, sum(metric_value), count(*) FROM usage_events GROUP BY 1, 2, 3, 4, 5 ORDER BY start;
INSERT INTO usage_aggregates (organisation_id, year, month, project_id, metric_name, unit, total_value, event_count, updated_at)
SELECT organisation_id, billing_month / 12, billing_month % 12 + 1, project_id, metric_name, unit, sum(metric_value), count(*), now() FROM usage_events GROUP BY 1, 2, 3, 4, 5, 6;
SELECT rebuild_usage_days();

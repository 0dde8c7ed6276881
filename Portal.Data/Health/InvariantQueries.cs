using Portal.Core.Health;

namespace Portal.Data.Health;

/// <summary>A query that gives two numbers: how many were looked at, and how many of them break the rule. <c>$1</c> is now. <c>Rows</c> names up to twenty that break it, as kind, key and label.</summary>
internal sealed record InvariantQuery(Invariant Invariant, string Things, string Sql, string? Needs = null, string? Rows = null);

/// <summary>
/// The invariants as queries. What grows with every event is looked at in bounded parts, the newest first; what grows with invoices is
/// looked at whole.
/// </summary>
internal static class InvariantQueries
{
    public static IReadOnlyList<InvariantQuery> All { get; } =
    [
        Of("I1", "Every ledger entry's debits equal its credits, in one currency", "ledger transactions out of balance", """
            SELECT count(*), count(*) FILTER (WHERE sums.balanced IS NOT TRUE)
            FROM ledger_transactions t
            LEFT JOIN (
                SELECT e.transaction_id, sum(e.debit) = sum(e.credit) AND min(e.currency) = max(e.currency) AS balanced
                FROM ledger_entries e GROUP BY e.transaction_id) sums ON sums.transaction_id = t.id
            """),
        Of("I2", "An invoice's total equals its lines less discount plus tax", "invoices whose parts don't add up", """
            SELECT count(*), count(*) FILTER (
                WHERE i.total <> i.subtotal - i.discount + i.tax OR i.subtotal <> coalesce(l.amount, 0) OR i.tax <> coalesce(t.amount, 0) OR i.discount <> coalesce(l.discount, 0))
            FROM invoices i
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount, sum(discount) AS discount FROM invoice_lines GROUP BY invoice_id) l ON l.invoice_id = i.id
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM invoice_taxes GROUP BY invoice_id) t ON t.invoice_id = i.id
            """,
            """
            SELECT 'invoice', i.id::text, coalesce(i.number, 'Draft')
            FROM invoices i
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount, sum(discount) AS discount FROM invoice_lines GROUP BY invoice_id) l ON l.invoice_id = i.id
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM invoice_taxes GROUP BY invoice_id) t ON t.invoice_id = i.id
            WHERE i.total <> i.subtotal - i.discount + i.tax OR i.subtotal <> coalesce(l.amount, 0) OR i.tax <> coalesce(t.amount, 0) OR i.discount <> coalesce(l.discount, 0)
            ORDER BY i.id LIMIT 20
            """),
        Of("I3", "An invoice's amount paid equals its allocations, and its amount due is between zero and the total", "invoices whose payments don't add up", """
            SELECT count(*), count(*) FILTER (WHERE i.amount_paid <> coalesce(a.amount, 0) OR i.amount_due NOT BETWEEN 0 AND i.total)
            FROM invoices i
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM payment_allocations GROUP BY invoice_id) a ON a.invoice_id = i.id
            """,
            """
            SELECT 'invoice', i.id::text, coalesce(i.number, 'Draft')
            FROM invoices i
            LEFT JOIN (SELECT invoice_id, sum(amount) AS amount FROM payment_allocations GROUP BY invoice_id) a ON a.invoice_id = i.id
            WHERE i.amount_paid <> coalesce(a.amount, 0) OR i.amount_due NOT BETWEEN 0 AND i.total
            ORDER BY i.id LIMIT 20
            """),
        Of("I4", "An organisation has at most one valid invoice per month", "organisations' months with more than one invoice", """
            SELECT count(*), count(*) FILTER (WHERE invoices > 1)
            FROM (SELECT count(*) AS invoices FROM invoices WHERE status <> 'void' GROUP BY organisation_id, year, month, supplement) months
            """,
            """
            SELECT DISTINCT 'organisation', o.id::text, o.name
            FROM organisations o JOIN (SELECT organisation_id FROM invoices WHERE status <> 'void' GROUP BY organisation_id, year, month, supplement HAVING count(*) > 1) twice ON twice.organisation_id = o.id
            LIMIT 20
            """),
        Of("I6", "Invoice numbers are consecutive within their series, without gaps", "series with a gap", """
            SELECT count(*), count(*) FILTER (WHERE found.numbers <> s.last_number OR found.distinct_numbers <> s.last_number OR found.lowest < 1 OR found.highest > s.last_number)
            FROM number_series s
            CROSS JOIN LATERAL (
                SELECT count(*) AS numbers, count(DISTINCT n) AS distinct_numbers, coalesce(min(n), 1) AS lowest, coalesce(max(n), 0) AS highest
                FROM (
                    SELECT substr(number, char_length(s.series || '/' || s.financial_year) + 2)::bigint AS n
                    FROM (SELECT number FROM invoices UNION ALL SELECT number FROM prepaid_purchases) documents
                    WHERE starts_with(number, s.series || '/' || s.financial_year || '/')) numbered) found
            """),
        Of("I7", "Stored documents match their hash, and every safeguard on issued invoices is on", "stored documents (of the newest 2,000) and guards that are not as they should be", """
            SELECT count(*), count(*) FILTER (WHERE NOT ok)
            FROM (
                SELECT sha256(content) = sha256 AS ok FROM (SELECT content, sha256 FROM invoice_files ORDER BY invoice_id DESC LIMIT 2000) newest
                UNION ALL
                SELECT sha256(content) = sha256 FROM (SELECT content, sha256 FROM prepaid_voucher_files ORDER BY purchase_id DESC LIMIT 2000) newest
                UNION ALL
                SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = guard.name AND tgenabled = 'O')
                FROM unnest(ARRAY['invoices_guard', 'invoice_lines_insert_guard', 'invoice_lines_update_guard', 'invoice_lines_delete_guard',
                    'invoice_taxes_insert_guard', 'invoice_taxes_update_guard', 'invoice_taxes_delete_guard', 'invoices_sums', 'invoice_lines_sums',
                    'invoice_taxes_sums', 'invoice_files_append_only', 'ledger_entries_append_only', 'audit_log_append_only', 'audit_seals_append_only', 'audit_log_to_seal',
                    'prepaid_movements_move', 'prepaid_wallets_guard', 'prepaid_grants_guard', 'prepaid_purchases_guard', 'prepaid_voucher_files_append_only', 'prepaid_releases_append_only']) AS guard(name)) checks
            """),
        Of("I8", "Each provider payment or order is recorded once, under one organisation", "provider ids recorded twice or under two organisations", """
            SELECT count(*), count(*) FILTER (WHERE times > 1 OR owners > 1)
            FROM (
                SELECT count(*) AS times, count(DISTINCT organisation_id) AS owners FROM payments WHERE provider_payment_id IS NOT NULL GROUP BY provider_payment_id
                UNION ALL
                SELECT count(*), count(DISTINCT organisation_id) FROM payment_orders WHERE provider_order_id IS NOT NULL GROUP BY provider_order_id
                UNION ALL
                SELECT 1, 1 + count(o.id) FILTER (WHERE o.organisation_id <> p.organisation_id)
                FROM payments p LEFT JOIN payment_orders o ON o.provider_order_id = p.provider_order_id
                WHERE p.provider_order_id IS NOT NULL GROUP BY p.id) ids
            """),
        Of("I10", "No invoice is paid beyond its total, and no payment settles more than its amount", "invoices and payments allocated beyond their amount", """
            SELECT count(*), count(*) FILTER (WHERE allocated > holds)
            FROM (
                SELECT sum(a.amount) AS allocated, i.total AS holds FROM payment_allocations a JOIN invoices i ON i.id = a.invoice_id GROUP BY i.id
                UNION ALL
                SELECT sum(a.amount), p.amount + p.tds_amount FROM payment_allocations a JOIN payments p ON p.id = a.payment_id GROUP BY p.id) sums
            """,
            """
            (SELECT 'invoice', i.id::text, coalesce(i.number, 'Draft') FROM payment_allocations a JOIN invoices i ON i.id = a.invoice_id GROUP BY i.id HAVING sum(a.amount) > i.total LIMIT 10)
            UNION ALL
            (SELECT 'payment', p.id::text, 'Payment of ' || p.amount::text || ' ' || p.currency FROM payment_allocations a JOIN payments p ON p.id = a.payment_id GROUP BY p.id HAVING sum(a.amount) > p.amount + p.tds_amount LIMIT 10)
            """),
        Of("I13", "No payment provider event has failed or waited more than an hour", "stuck provider events", """
            SELECT count(*), count(*) FILTER (WHERE processed_at IS NULL AND (dead_at IS NOT NULL OR received_at < $1 - interval '1 hour')) FROM provider_events
            """,
            """
            SELECT 'provider_event', id::text, type FROM provider_events WHERE processed_at IS NULL AND (dead_at IS NOT NULL OR received_at < $1 - interval '1 hour') ORDER BY id DESC LIMIT 20
            """),
        Of("I14", "No record refers to another organisation's record", "records that cross organisations", """
            SELECT count(*), count(*) FILTER (WHERE crossing)
            FROM (
                SELECT p.organisation_id IS DISTINCT FROM a.organisation_id AS crossing FROM usage_aggregates a LEFT JOIN projects p ON p.id = a.project_id
                UNION ALL
                SELECT p.organisation_id IS DISTINCT FROM e.organisation_id
                FROM (SELECT organisation_id, project_id FROM usage_events WHERE "timestamp" BETWEEN $1 - interval '1 day' AND $1 LIMIT 200000) e LEFT JOIN projects p ON p.id = e.project_id
                UNION ALL
                SELECT p.organisation_id IS DISTINCT FROM b.organisation_id
                FROM (SELECT organisation_id, project_id FROM usage_buckets LIMIT 200000) b LEFT JOIN projects p ON p.id = b.project_id
                UNION ALL
                SELECT i.organisation_id <> l.organisation_id FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
                UNION ALL
                SELECT i.organisation_id <> f.organisation_id FROM invoice_files f JOIN invoices i ON i.id = f.invoice_id
                UNION ALL
                SELECT coalesce(p.organisation_id <> l.organisation_id, false) FROM invoice_lines l JOIN prices p ON p.id = l.price_id
                UNION ALL
                SELECT i.organisation_id <> a.organisation_id OR p.organisation_id <> a.organisation_id FROM payment_allocations a JOIN invoices i ON i.id = a.invoice_id JOIN payments p ON p.id = a.payment_id
                UNION ALL
                SELECT i.organisation_id <> o.organisation_id FROM payment_orders o JOIN invoices i ON i.id = o.invoice_id
                UNION ALL
                SELECT t.organisation_id <> e.organisation_id FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
                UNION ALL
                SELECT i.organisation_id <> r.organisation_id FROM billing_run_items r JOIN invoices i ON i.id = r.invoice_id
                UNION ALL
                SELECT k.organisation_id IS DISTINCT FROM p.organisation_id FROM api_keys k JOIN projects p ON p.id = k.project_id) rows
            """),
        Of("I16", "No failed email is left unattended", "failed emails and messages", """
            SELECT count(*), count(*) FILTER (WHERE dead_at IS NOT NULL AND discarded_at IS NULL) FROM outbox
            """,
            """
            SELECT 'outbox', id::text, replace(kind, '.', ' ') FROM outbox WHERE dead_at IS NOT NULL AND discarded_at IS NULL ORDER BY id DESC LIMIT 20
            """),
        Of("I17", "Every issued or voided invoice has its audit entry and, where money is due, its ledger entry", "issued invoices without their audit or ledger entry", """
            SELECT count(*), count(*) FILTER (
                WHERE NOT EXISTS (SELECT FROM audit_log a WHERE a.entity_id = i.id AND a.action = 'invoice.issued')
                    OR (i.status = 'void' AND NOT EXISTS (SELECT FROM audit_log a WHERE a.entity_id = i.id AND a.action = 'invoice.voided'))
                    OR (i.total > 0 AND NOT EXISTS (SELECT FROM ledger_transactions t WHERE t.source_id = i.id AND t.kind = 'invoice.issued'))
                    OR (i.total > 0 AND i.status = 'void' AND NOT EXISTS (SELECT FROM ledger_transactions t WHERE t.source_id = i.id AND t.kind = 'invoice.voided')))
            FROM invoices i WHERE i.status <> 'draft'
            """,
            """
            SELECT 'invoice', i.id::text, coalesce(i.number, 'Invoice')
            FROM invoices i
            WHERE i.status <> 'draft' AND (NOT EXISTS (SELECT FROM audit_log a WHERE a.entity_id = i.id AND a.action = 'invoice.issued')
                OR (i.status = 'void' AND NOT EXISTS (SELECT FROM audit_log a WHERE a.entity_id = i.id AND a.action = 'invoice.voided'))
                OR (i.total > 0 AND NOT EXISTS (SELECT FROM ledger_transactions t WHERE t.source_id = i.id AND t.kind = 'invoice.issued'))
                OR (i.total > 0 AND i.status = 'void' AND NOT EXISTS (SELECT FROM ledger_transactions t WHERE t.source_id = i.id AND t.kind = 'invoice.voided')))
            ORDER BY i.id LIMIT 20
            """),
        Of("I17c", "What is written to the audit log is sealed within ten minutes, and the newest 2,000 seals hold", "audit rows that wait too long or no longer fit their seal", """
            SELECT count(*), count(*) FILTER (WHERE broken)
            FROM (
                SELECT a.id IS NULL OR s.hash <> sha256(s.previous || audit_content(a)) AS broken
                FROM (SELECT * FROM audit_seals ORDER BY position DESC LIMIT 2000) s LEFT JOIN audit_log a ON a.id = s.entry_id
                UNION ALL
                SELECT a.created_at IS NULL OR a.created_at < $1 - interval '10 minutes'
                FROM (SELECT * FROM audit_unsealed ORDER BY position LIMIT 2000) u LEFT JOIN audit_log a ON a.id = u.entry_id) rows
            """,
            """
            SELECT 'audit', s.entry_id::text, 'Seal ' || s.position::text
            FROM (SELECT * FROM audit_seals ORDER BY position DESC LIMIT 2000) s LEFT JOIN audit_log a ON a.id = s.entry_id
            WHERE a.id IS NULL OR s.hash <> sha256(s.previous || audit_content(a))
            ORDER BY s.position LIMIT 20
            """),
        Of("I18", "Account credit is never negative and matches its transactions and the ledger", "account credit balances that don't match", """
            SELECT count(*), count(*) FILTER (WHERE balance < 0 OR balance <> moved OR balance <> booked)
            FROM (
                SELECT coalesce(b.balance, 0) AS balance, coalesce(m.amount, 0) AS moved, coalesce(l.amount, 0) AS booked
                FROM account_credit_balances b
                FULL JOIN (SELECT organisation_id, currency, sum(amount) AS amount FROM account_credit_movements GROUP BY organisation_id, currency) m USING (organisation_id, currency)
                FULL JOIN (
                    SELECT organisation_id, currency, sum(credit - debit) AS amount FROM ledger_entries WHERE account = 'customer_credit' GROUP BY organisation_id, currency) l USING (organisation_id, currency)) credit
            """,
            """
            SELECT 'organisation', o.id::text, o.name
            FROM organisations o
            JOIN (
                SELECT coalesce(b.organisation_id, m.organisation_id, l.organisation_id) AS organisation_id
                FROM account_credit_balances b
                FULL JOIN (SELECT organisation_id, currency, sum(amount) AS amount FROM account_credit_movements GROUP BY organisation_id, currency) m USING (organisation_id, currency)
                FULL JOIN (
                    SELECT organisation_id, currency, sum(credit - debit) AS amount FROM ledger_entries WHERE account = 'customer_credit' GROUP BY organisation_id, currency) l USING (organisation_id, currency)
                WHERE coalesce(b.balance, 0) < 0 OR coalesce(b.balance, 0) <> coalesce(m.amount, 0) OR coalesce(b.balance, 0) <> coalesce(l.amount, 0)) wrong ON wrong.organisation_id = o.id
            ORDER BY o.name LIMIT 20
            """),
        Of("I20", "No billing run waits for a node or is held for more than ten minutes past its time", "stuck billing runs", """
            SELECT count(*), count(*) FILTER (WHERE coalesce(lease_until, created_at) < $1 - interval '10 minutes')
            FROM billing_runs WHERE state IN ('queued', 'running')
            """,
            """
            SELECT 'billing_run', id::text, 'Run of ' || year::text || '-' || lpad(month::text, 2, '0')
            FROM billing_runs WHERE state IN ('queued', 'running') AND coalesce(lease_until, created_at) < $1 - interval '10 minutes'
            ORDER BY id LIMIT 20
            """),
        Of("I22", "Monthly, daily and quarter-hourly usage totals agree", "counters (of 200 organisations) whose totals disagree", """
            WITH organisations AS MATERIALIZED (SELECT id FROM organisations ORDER BY md5(id::text || date_trunc('minute', $1::timestamptz)::text) LIMIT 200)
            SELECT count(*), count(*) FILTER (WHERE a.total IS DISTINCT FROM b.total OR a.events IS DISTINCT FROM b.events OR d.total IS DISTINCT FROM b.total OR d.events IS DISTINCT FROM b.events)
            FROM (
                SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events
                FROM usage_aggregates WHERE organisation_id IN (SELECT id FROM organisations) GROUP BY organisation_id, project_id, metric_name, unit) a
            FULL JOIN (
                SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events
                FROM usage_buckets WHERE organisation_id IN (SELECT id FROM organisations) GROUP BY organisation_id, project_id, metric_name, unit) b
                USING (organisation_id, project_id, metric_name, unit)
            FULL JOIN (
                SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events
                FROM usage_days WHERE organisation_id IN (SELECT id FROM organisations) GROUP BY organisation_id, project_id, metric_name, unit) d
                USING (organisation_id, project_id, metric_name, unit)
            """,
            """
            WITH months AS (SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events FROM usage_aggregates GROUP BY 1, 2, 3, 4),
                quarters AS (SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events FROM usage_buckets GROUP BY 1, 2, 3, 4),
                days AS (SELECT organisation_id, project_id, metric_name, unit, sum(total_value) AS total, sum(event_count) AS events FROM usage_days GROUP BY 1, 2, 3, 4)
            SELECT DISTINCT 'usage', o.id::text, o.name
            FROM months m FULL JOIN quarters q USING (organisation_id, project_id, metric_name, unit) FULL JOIN days d USING (organisation_id, project_id, metric_name, unit) JOIN organisations o ON o.id = organisation_id
            WHERE m.total IS DISTINCT FROM q.total OR m.events IS DISTINCT FROM q.events OR d.total IS DISTINCT FROM q.total OR d.events IS DISTINCT FROM q.events LIMIT 20
            """),
        new InvariantQuery(
            new Invariant("I24", "No scheduled job has failed for good, hangs or is long overdue"),
            "triggers that are stuck",
            // The scheduler keeps its times in ticks of 100 ns since the year 1.
            """
            SELECT count(*), count(*) FILTER (
                WHERE trigger_state = 'ERROR'
                    OR (trigger_state IN ('WAITING', 'ACQUIRED', 'BLOCKED') AND next_fire_time < 621355968000000000 + (extract(epoch FROM $1::timestamptz) * 10000000)::bigint - 6000000000))
            FROM scheduler.qrtz_triggers
            """,
            "scheduler.qrtz_triggers",
            """
            SELECT 'job', job_name, replace(job_name, '-', ' ') FROM scheduler.qrtz_triggers
            WHERE trigger_state = 'ERROR'
                OR (trigger_state IN ('WAITING', 'ACQUIRED', 'BLOCKED') AND next_fire_time < 621355968000000000 + (extract(epoch FROM $1::timestamptz) * 10000000)::bigint - 6000000000)
            ORDER BY job_name LIMIT 20
            """),
        Of("I31", "Prepaid credits are never negative, and the balance matches its transactions and remaining grants", "prepaid credit balances that don't match", """
            SELECT count(*), count(*) FILTER (WHERE balance < 0 OR balance <> moved OR balance <> remaining)
            FROM (
                SELECT coalesce(w.balance, 0) AS balance, coalesce(m.amount, 0) AS moved, coalesce(g.remaining, 0) AS remaining
                FROM prepaid_wallets w
                FULL JOIN (SELECT organisation_id, sum(amount) AS amount FROM prepaid_movements GROUP BY organisation_id) m USING (organisation_id)
                FULL JOIN (SELECT organisation_id, sum(remaining) AS remaining FROM prepaid_grants GROUP BY organisation_id) g USING (organisation_id)) wallets
            """,
            """
            SELECT 'organisation', o.id::text, o.name
            FROM prepaid_wallets w
            FULL JOIN (SELECT organisation_id, sum(amount) AS amount FROM prepaid_movements GROUP BY organisation_id) m USING (organisation_id)
            FULL JOIN (SELECT organisation_id, sum(remaining) AS remaining FROM prepaid_grants GROUP BY organisation_id) g USING (organisation_id)
            JOIN organisations o ON o.id = organisation_id
            WHERE coalesce(w.balance, 0) < 0 OR coalesce(w.balance, 0) <> coalesce(m.amount, 0) OR coalesce(w.balance, 0) <> coalesce(g.remaining, 0)
            ORDER BY o.name LIMIT 20
            """),
        Of("I32", "Deferred revenue in the ledger equals prepaid credits paid for and not yet earned", "organisations whose deferred revenue disagrees", """
            SELECT count(*), count(*) FILTER (WHERE deferred <> booked OR is_beyond)
            FROM (
                SELECT coalesce(p.deferred, 0) AS deferred, coalesce(l.amount, 0) AS booked, coalesce(p.is_beyond, false) AS is_beyond
                FROM (
                    SELECT p.organisation_id, p.currency, sum(p.net - coalesce(r.amount, 0)) AS deferred, bool_or(coalesce(r.amount, 0) NOT BETWEEN 0 AND p.net) AS is_beyond
                    FROM prepaid_purchases p LEFT JOIN (SELECT purchase_id, sum(amount) AS amount FROM prepaid_releases GROUP BY purchase_id) r ON r.purchase_id = p.id
                    WHERE p.status = 'paid' GROUP BY p.organisation_id, p.currency) p
                FULL JOIN (
                    SELECT organisation_id, currency, sum(credit - debit) AS amount FROM ledger_entries WHERE account = 'deferred_revenue' GROUP BY organisation_id, currency) l USING (organisation_id, currency)) sums
            """,
            """
            SELECT DISTINCT 'organisation', o.id::text, o.name
            FROM (
                SELECT p.organisation_id, p.currency, sum(p.net - coalesce(r.amount, 0)) AS deferred, bool_or(coalesce(r.amount, 0) NOT BETWEEN 0 AND p.net) AS is_beyond
                FROM prepaid_purchases p LEFT JOIN (SELECT purchase_id, sum(amount) AS amount FROM prepaid_releases GROUP BY purchase_id) r ON r.purchase_id = p.id
                WHERE p.status = 'paid' GROUP BY p.organisation_id, p.currency) p
            FULL JOIN (
                SELECT organisation_id, currency, sum(credit - debit) AS amount FROM ledger_entries WHERE account = 'deferred_revenue' GROUP BY organisation_id, currency) l USING (organisation_id, currency)
            JOIN organisations o ON o.id = organisation_id
            WHERE coalesce(p.deferred, 0) <> coalesce(l.amount, 0) OR coalesce(p.is_beyond, false)
            LIMIT 20
            """),
        Of("I33", "Recurring revenue movements add up to subscriptions and services", "recurring revenue totals that disagree or are over an hour old", """
            WITH sums AS (SELECT organisation_id, currency, sum(amount) AS amount FROM mrr_movements GROUP BY organisation_id, currency),
            changed AS (
                SELECT organisation_id, max(at) AS at FROM (
                    SELECT organisation_id, updated_at AS at FROM subscription_phases UNION ALL SELECT organisation_id, updated_at FROM service_phases UNION ALL SELECT organisation_id, updated_at FROM organisation_discounts) rows
                GROUP BY organisation_id)
            SELECT count(*), count(*) FILTER (WHERE p.mrr <> coalesce(s.amount, 0)
                -- What was changed since the last look is the next one's to find.
                OR (c.at < p.looked_at AND p.mrr <> mrr_derived(p.organisation_id, p.currency, p.decimals, p.looked_on))
                OR (c.at > p.looked_at AND c.at < $1 - interval '1 hour'))
            FROM mrr_positions p LEFT JOIN sums s USING (organisation_id, currency) LEFT JOIN changed c USING (organisation_id)
            """,
            """
            SELECT 'organisation', o.id::text, o.name
            FROM mrr_positions p JOIN organisations o ON o.id = p.organisation_id
            WHERE p.mrr <> (SELECT coalesce(sum(m.amount), 0) FROM mrr_movements m WHERE m.organisation_id = p.organisation_id AND m.currency = p.currency)
                OR p.mrr <> mrr_derived(p.organisation_id, p.currency, p.decimals, p.looked_on)
            ORDER BY o.name LIMIT 20
            """),
    ];

    private static InvariantQuery Of(string id, string title, string things, string sql, string? rows = null) => new(new Invariant(id, title), things, sql, Rows: rows);
}

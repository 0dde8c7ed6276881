CREATE TRIGGER simulations_notify AFTER INSERT OR UPDATE ON simulations FOR EACH ROW EXECUTE FUNCTION notify_change('simulation');

-- The log of recurring revenue is written once; its months are summed as it is written.
CREATE TRIGGER mrr_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mrr_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION sum_mrr_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO mrr_months AS m (month, currency, kind, amount, count)
    SELECT month, currency, kind, sum(amount), count(*) FROM written GROUP BY month, currency, kind ORDER BY month, currency, kind
    ON CONFLICT (month, currency, kind) DO UPDATE SET amount = m.amount + excluded.amount, count = m.count + excluded.count;
    RETURN NULL;
END $$;
CREATE TRIGGER mrr_movements_month AFTER INSERT ON mrr_movements REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION sum_mrr_month();

-- Recurring revenue of an organisation on a day, worked out anew and apart from the program: fees of a month, then the discounts of the whole invoice in order of giving.
CREATE FUNCTION mrr_derived(organisation uuid, in_currency text, decimals integer, wanted date) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
DECLARE
    rest numeric;
    taken record;
    index integer := extract(year FROM wanted)::int * 12 + extract(month FROM wanted)::int - 1;
BEGIN
    SELECT coalesce(sum(fee), 0) INTO rest FROM (
        SELECT round(p.fee / (p.interval_count * CASE p."interval" WHEN 'year' THEN 12 ELSE 1 END), decimals) AS fee
        FROM subscription_phases p
        WHERE p.organisation_id = organisation AND p.currency = in_currency AND greatest(p.starts_on, p.anchor_on) <= wanted AND (p.ends_on IS NULL OR p.ends_on > wanted)
        UNION ALL
        SELECT round(round(p.quantity * p.unit_price, decimals) / (s.interval_count * CASE s."interval" WHEN 'year' THEN 12 ELSE 1 END), decimals)
        FROM service_phases p JOIN services s ON s.organisation_id = p.organisation_id AND s.id = p.service_id
        WHERE p.organisation_id = organisation AND s.currency = in_currency AND p.starts_on <= wanted AND (p.ends_on IS NULL OR p.ends_on > wanted)) fees;
    FOR taken IN
        SELECT d.kind, d.value FROM organisation_discounts g JOIN discounts d ON d.id = g.discount_id
        WHERE g.organisation_id = organisation AND g.first_month <= index AND (g.end_month IS NULL OR g.end_month > index)
            AND d.metric_name IS NULL AND (d.periods IS NULL OR d.periods > 1) AND (d.kind = 'percentage' OR d.currency = in_currency)
        ORDER BY g.id
    LOOP
        rest := rest - CASE taken.kind WHEN 'percentage' THEN round(rest * taken.value / 100, decimals) ELSE least(taken.value, rest) END;
    END LOOP;
    RETURN rest;
END $$;

-- Revenue of the months in which invoices were issued or voided, or late usage was credited, since the last time; then the cohorts. A month is written whole.
CREATE FUNCTION keep_revenue(at timestamptz, zone text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz := (SELECT kept_at - interval '1 hour' FROM analytics_marks WHERE name = 'revenue');
    months integer[];
BEGIN
    SELECT array_agg(DISTINCT extract(year FROM day)::int * 12 + extract(month FROM day)::int - 1) INTO months
    FROM (
        SELECT issued_at AT TIME ZONE zone AS day FROM invoices WHERE issued_at IS NOT NULL AND (since IS NULL OR issued_at >= since)
        UNION SELECT voided_at AT TIME ZONE zone FROM invoices WHERE status = 'void' AND voided_at IS NOT NULL AND issued_at IS NOT NULL AND (since IS NULL OR voided_at >= since)
        UNION SELECT created_at AT TIME ZONE zone FROM late_usage_credits WHERE since IS NULL OR created_at >= since) days;
    INSERT INTO analytics_marks (name, kept_at) VALUES ('revenue', at) ON CONFLICT (name) DO UPDATE SET kept_at = excluded.kept_at;
    IF months IS NULL THEN
        RETURN 0;
    END IF;
    DELETE FROM revenue_months WHERE month = ANY (months);
    DELETE FROM organisation_revenue_months WHERE month = ANY (months);
    WITH bounds AS (
        SELECT m AS month, (make_date(m / 12, m % 12 + 1, 1)::timestamp AT TIME ZONE zone) AS first, (make_date((m + 1) / 12, (m + 1) % 12 + 1, 1)::timestamp AT TIME ZONE zone) AS next
        FROM unnest(months) AS m),
    documents AS (
        SELECT b.month, i.id, i.organisation_id, i.currency, coalesce(i.customer ->> 'country', '') AS country, 1 AS sign
        FROM bounds b JOIN invoices i ON i.issued_at >= b.first AND i.issued_at < b.next
        UNION ALL
        SELECT b.month, i.id, i.organisation_id, i.currency, coalesce(i.customer ->> 'country', ''), -1
        FROM bounds b JOIN invoices i ON i.status = 'void' AND i.issued_at IS NOT NULL AND i.voided_at >= b.first AND i.voided_at < b.next),
    charged AS MATERIALIZED (
        SELECT d.month, d.organisation_id, d.currency, d.country, l.metric_name, CASE WHEN l.metric_name = '' THEN l.kind ELSE l.unit END AS unit,
            coalesce(s.plan_id, p.plan_id, '00000000-0000-0000-0000-000000000000') AS plan_id, d.sign * (l.amount - l.discount) AS amount, d.sign AS lines
        FROM documents d JOIN invoice_lines l ON l.organisation_id = d.organisation_id AND l.invoice_id = d.id
        LEFT JOIN subscription_phases s ON s.organisation_id = l.organisation_id AND s.id = l.subscription_phase_id
        LEFT JOIN prices p ON p.id = l.price_id
        UNION ALL
        SELECT b.month, c.organisation_id, c.currency, o.country, c.metric_name, c.unit, coalesce(p.plan_id, '00000000-0000-0000-0000-000000000000'), -c.amount, 0
        FROM bounds b JOIN late_usage_credits c ON c.created_at >= b.first AND c.created_at < b.next
        JOIN organisations o ON o.id = c.organisation_id LEFT JOIN prices p ON p.id = c.price_id),
    cells AS (
        INSERT INTO revenue_months (month, currency, country, metric_name, unit, plan_id, amount, lines)
        SELECT month, currency, country, metric_name, unit, plan_id, sum(amount), sum(lines) FROM charged GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount) <> 0 OR sum(lines) <> 0)
    INSERT INTO organisation_revenue_months (month, organisation_id, currency, amount)
    SELECT month, organisation_id, currency, sum(amount) FROM charged GROUP BY 1, 2, 3;
    DELETE FROM cohort_months;
    INSERT INTO cohort_months (cohort, currency, since, retained, revenue)
    SELECT f.first, r.currency, r.month - f.first, count(*) FILTER (WHERE r.amount > 0), sum(r.amount)
    FROM organisation_revenue_months r
    JOIN (SELECT organisation_id, currency, min(month) AS first FROM organisation_revenue_months WHERE amount > 0 GROUP BY 1, 2) f ON f.organisation_id = r.organisation_id AND f.currency = r.currency
    WHERE r.month >= f.first
    GROUP BY 1, 2, 3;
    RETURN cardinality(months);
END $$;

-- The second wall around an organisation: its sessions run as billing_tenant, which owns nothing and sees only the rows of
-- app.organisation_id. Without that setting it sees none.
DO $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('billing_tenant'));
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'billing_tenant') THEN
        CREATE ROLE billing_tenant NOLOGIN NOINHERIT;
    END IF;
EXCEPTION WHEN unique_violation OR duplicate_object THEN
    NULL; -- Another database of this server made it at the same moment.
END $$;
DO $$
BEGIN
    IF NOT pg_has_role(current_user, 'billing_tenant', 'MEMBER') THEN
        EXECUTE format('GRANT billing_tenant TO %I', current_user);
    END IF;
END $$;

CREATE FUNCTION current_organisation() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT nullif(current_setting('app.organisation_id', true), '')::uuid
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['projects', 'api_keys', 'user_roles', 'usage_events', 'usage_supersessions', 'usage_buckets', 'usage_aggregates',
        'billing_run_items', 'billing_run_unpriced', 'late_usage_credits', 'invoices', 'invoice_lines', 'invoice_taxes', 'invoice_files', 'payments', 'payment_allocations',
        'payment_orders', 'account_credit_balances', 'account_credit_movements', 'ledger_transactions', 'ledger_entries', 'audit_log', 'outbox', 'email_notifications'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    END LOOP;
END $$;

ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisations TO billing_tenant USING (id = (SELECT current_organisation()));

-- Own prices and those for everybody.
ALTER TABLE prices ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON prices FOR SELECT TO billing_tenant USING (organisation_id IS NULL OR organisation_id = (SELECT current_organisation()));
ALTER TABLE price_tiers ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON price_tiers FOR SELECT TO billing_tenant USING (EXISTS (SELECT FROM prices WHERE prices.id = price_tiers.price_id));

-- The people of the organisation, without what they sign in with.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users FOR SELECT TO billing_tenant USING (EXISTS (SELECT FROM user_roles WHERE user_roles.user_id = users.id));

GRANT USAGE ON SCHEMA public TO billing_tenant;
GRANT SELECT ON organisations, projects, api_keys, user_roles, roles, role_permissions, usage_events, usage_supersessions, usage_buckets, usage_aggregates,
    prices, price_tiers, late_usage_credits, invoices, invoice_lines, invoice_taxes, invoice_files, payments, payment_allocations, payment_orders,
    account_credit_balances, account_credit_movements, ledger_transactions, ledger_entries, audit_log, email_notifications, settings TO billing_tenant;
GRANT SELECT (id, email, display_name, is_active, created_at) ON users TO billing_tenant;
GRANT UPDATE (billing_email, address, tax_id, state_code, locale, updated_at) ON organisations TO billing_tenant;
GRANT INSERT, UPDATE ON projects, api_keys, payment_orders TO billing_tenant;
GRANT INSERT ON audit_log, outbox TO billing_tenant;

-- Two costs of a metric and unit are never in force on one day.
ALTER TABLE credit_costs ADD CONSTRAINT credit_costs_no_overlap EXCLUDE USING gist (
    metric_name WITH =,
    unit WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&);
CREATE TRIGGER credit_costs_guard BEFORE UPDATE ON credit_costs FOR EACH ROW EXECUTE FUNCTION guard_rate();
CREATE TRIGGER credit_costs_keep BEFORE DELETE OR TRUNCATE ON credit_costs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A movement of prepaid credits moves all that is derived from it: the wallet, its grant and what is covered. The wallet's row is locked by it, so movements of an
-- organisation come one after the other; a balance below zero is refused by the tables' checks.
CREATE FUNCTION move_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO prepaid_wallets (organisation_id, balance, movements) VALUES (NEW.organisation_id, 0, 0) ON CONFLICT DO NOTHING;
    UPDATE prepaid_wallets SET balance = balance + NEW.amount, movements = movements + 1 WHERE organisation_id = NEW.organisation_id
        RETURNING balance, movements INTO NEW.balance_after, NEW.sequence;
    UPDATE prepaid_grants SET remaining = remaining + NEW.amount WHERE id = NEW.grant_id AND organisation_id = NEW.organisation_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'organisation % has no prepaid grant %', NEW.organisation_id, NEW.grant_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF NEW.quantity IS NOT NULL THEN
        INSERT INTO prepaid_coverages (organisation_id, month, metric_name, unit, quantity, credits) VALUES (NEW.organisation_id, NEW.month, NEW.metric_name, NEW.unit, 0, 0) ON CONFLICT DO NOTHING;
        UPDATE prepaid_coverages SET quantity = quantity + NEW.quantity, credits = credits - NEW.amount
            WHERE organisation_id = NEW.organisation_id AND month = NEW.month AND metric_name = NEW.metric_name AND unit = NEW.unit;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prepaid_movements_move BEFORE INSERT ON prepaid_movements FOR EACH ROW EXECUTE FUNCTION move_prepaid();
CREATE TRIGGER prepaid_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON prepaid_movements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What a movement derives is written by a movement alone.
CREATE FUNCTION guard_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% is changed by movements alone', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prepaid_wallets_guard BEFORE INSERT OR UPDATE ON prepaid_wallets FOR EACH ROW EXECUTE FUNCTION guard_prepaid();
CREATE TRIGGER prepaid_wallets_keep BEFORE DELETE OR TRUNCATE ON prepaid_wallets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prepaid_coverages_guard BEFORE INSERT OR UPDATE ON prepaid_coverages FOR EACH ROW EXECUTE FUNCTION guard_prepaid();
CREATE TRIGGER prepaid_coverages_keep BEFORE DELETE OR TRUNCATE ON prepaid_coverages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A grant comes empty, and nothing of it changes but what is left.
CREATE FUNCTION guard_prepaid_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.remaining <> 0 THEN
            RAISE EXCEPTION 'prepaid grant % is filled by a movement alone', NEW.id USING ERRCODE = 'restrict_violation';
        END IF;
    ELSIF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'remaining') IS DISTINCT FROM (to_jsonb(OLD) - 'remaining') THEN
        RAISE EXCEPTION 'prepaid grant % is changed by movements alone', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prepaid_grants_guard BEFORE INSERT OR UPDATE ON prepaid_grants FOR EACH ROW EXECUTE FUNCTION guard_prepaid_grant();
CREATE TRIGGER prepaid_grants_keep BEFORE DELETE OR TRUNCATE ON prepaid_grants FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A purchase is a document once it is paid.
CREATE FUNCTION guard_prepaid_purchase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'paid' THEN
        RAISE EXCEPTION 'purchase % is paid and cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['status', 'number', 'seller', 'customer', 'payment_id', 'paid_at', 'updated_at'])
       IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['status', 'number', 'seller', 'customer', 'payment_id', 'paid_at', 'updated_at']) THEN
        RAISE EXCEPTION 'purchase % keeps its numbers', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER prepaid_purchases_guard BEFORE UPDATE OR DELETE ON prepaid_purchases FOR EACH ROW EXECUTE FUNCTION guard_prepaid_purchase();

-- A discount keeps its numbers: it can only be counted and withdrawn. What an organisation was given can only be ended.
CREATE FUNCTION guard_discount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['redemptions', 'is_active', 'updated_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['redemptions', 'is_active', 'updated_at'])
       OR NEW.redemptions < OLD.redemptions THEN
        RAISE EXCEPTION 'discount % keeps its numbers', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER discounts_guard BEFORE UPDATE ON discounts FOR EACH ROW EXECUTE FUNCTION guard_discount();
CREATE TRIGGER discounts_keep BEFORE DELETE OR TRUNCATE ON discounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE FUNCTION guard_organisation_discount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['end_month', 'updated_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['end_month', 'updated_at'])
       OR coalesce(NEW.end_month > OLD.end_month, NEW.end_month IS NULL AND OLD.end_month IS NOT NULL) THEN
        RAISE EXCEPTION 'discount % of an organisation can only be ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organisation_discounts_guard BEFORE UPDATE ON organisation_discounts FOR EACH ROW EXECUTE FUNCTION guard_organisation_discount();
CREATE TRIGGER organisation_discounts_keep BEFORE DELETE OR TRUNCATE ON organisation_discounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The lines' discounts sum to the invoice's, too.
CREATE OR REPLACE FUNCTION check_invoice_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As it stands now: it may have been changed again, or thrown away, since the change that this checks.
    IF EXISTS (
        SELECT FROM invoices i, LATERAL (SELECT coalesce(sum(amount), 0) AS amount, sum(tax_amount) AS tax, coalesce(sum(discount), 0) AS discount FROM invoice_lines WHERE invoice_id = i.id) AS lines
        WHERE i.id = NEW.id
            AND (i.subtotal <> lines.amount OR i.discount <> lines.discount OR i.tax <> coalesce(lines.tax, i.tax)
                OR i.tax <> (SELECT coalesce(sum(amount), 0) FROM invoice_taxes WHERE invoice_id = NEW.id))) THEN
        RAISE EXCEPTION 'the lines and taxes of invoice % do not sum to its subtotal, discount and tax', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
DROP TRIGGER invoices_sums ON invoices;
CREATE CONSTRAINT TRIGGER invoices_sums AFTER INSERT OR UPDATE OF subtotal, discount, tax ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_sums();

-- The organisation's wall. Customers see what they have and buy packs; discounts themselves hold codes and are not theirs to read.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['prepaid_wallets', 'prepaid_grants', 'prepaid_movements', 'prepaid_coverages', 'prepaid_purchases', 'organisation_discounts'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
        EXECUTE format('GRANT SELECT ON %I TO billing_tenant', name);
    END LOOP;
END $$;
GRANT INSERT ON prepaid_purchases TO billing_tenant;
GRANT SELECT ON credit_products, credit_costs TO billing_tenant;

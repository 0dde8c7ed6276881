CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The scheduler's own tables: made by the scheduler itself when it starts.
CREATE SCHEMA IF NOT EXISTS scheduler;

-- Two prices of one scope are never in force on the same day.
ALTER TABLE prices ADD CONSTRAINT prices_no_overlap EXCLUDE USING gist (
    metric_name WITH =,
    unit WITH =,
    coalesce(organisation_id, '00000000-0000-0000-0000-000000000000') WITH =,
    coalesce(plan_id, '00000000-0000-0000-0000-000000000000') WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&);

-- What is written once.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_log', 'ledger_transactions', 'ledger_entries', 'account_credit_movements', 'invoice_files', 'payment_allocations', 'usage_supersessions', 'late_usage_credits'] LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_append_only', name);
    END LOOP;
END $$;
CREATE TRIGGER usage_events_append_only BEFORE UPDATE OR DELETE ON usage_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- An issued invoice never changes, save for what is paid and its status; a draft may be thrown away.
CREATE FUNCTION guard_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' THEN
        IF TG_OP = 'DELETE' THEN
            RAISE EXCEPTION 'invoice % is issued and cannot be deleted', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF (to_jsonb(NEW) - ARRAY['status', 'amount_paid', 'amount_due', 'paid_at', 'voided_at', 'void_reason', 'updated_at'])
           IS DISTINCT FROM
           (to_jsonb(OLD) - ARRAY['status', 'amount_paid', 'amount_due', 'paid_at', 'voided_at', 'void_reason', 'updated_at']) THEN
            RAISE EXCEPTION 'invoice % is issued and cannot be changed', OLD.id USING ERRCODE = 'restrict_violation';
        END IF;
        IF NEW.status = 'draft' OR (OLD.status IN ('void', 'refunded') AND NEW.status <> OLD.status) THEN
            RAISE EXCEPTION 'invoice % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER invoices_guard BEFORE UPDATE OR DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION guard_invoice();

CREATE FUNCTION guard_invoice_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed JOIN invoices ON invoices.id = changed.invoice_id WHERE invoices.status <> 'draft') THEN
        RAISE EXCEPTION 'the invoice is issued: % cannot change', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_insert_guard AFTER INSERT ON invoice_lines REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();
CREATE TRIGGER invoice_lines_update_guard AFTER UPDATE ON invoice_lines REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();
CREATE TRIGGER invoice_lines_delete_guard AFTER DELETE ON invoice_lines REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();
CREATE TRIGGER invoice_taxes_insert_guard AFTER INSERT ON invoice_taxes REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();
CREATE TRIGGER invoice_taxes_update_guard AFTER UPDATE ON invoice_taxes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();
CREATE TRIGGER invoice_taxes_delete_guard AFTER DELETE ON invoice_taxes REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION guard_invoice_parts();

-- The sum of the lines is the subtotal and the sum of the taxes is the tax, exactly; checked at commit.
CREATE FUNCTION check_invoice_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As it stands now: it may have been changed again, or thrown away, since the change that this checks.
    IF EXISTS (
        SELECT FROM invoices
        WHERE id = NEW.id
            AND (subtotal <> (SELECT coalesce(sum(amount), 0) FROM invoice_lines WHERE invoice_id = NEW.id)
                OR tax <> (SELECT coalesce(sum(amount), 0) FROM invoice_taxes WHERE invoice_id = NEW.id))) THEN
        RAISE EXCEPTION 'the lines and taxes of invoice % do not sum to its subtotal and tax', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION check_invoice_lines_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        IF (SELECT subtotal FROM invoices WHERE id = NEW.invoice_id) <> (SELECT coalesce(sum(amount), 0) FROM invoice_lines WHERE invoice_id = NEW.invoice_id) THEN
            RAISE EXCEPTION 'the lines of invoice % do not sum to its subtotal', NEW.invoice_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF (SELECT subtotal FROM invoices WHERE id = OLD.invoice_id) <> (SELECT coalesce(sum(amount), 0) FROM invoice_lines WHERE invoice_id = OLD.invoice_id) THEN
            RAISE EXCEPTION 'the lines of invoice % do not sum to its subtotal', OLD.invoice_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION check_invoice_taxes_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        IF (SELECT tax FROM invoices WHERE id = NEW.invoice_id) <> (SELECT coalesce(sum(amount), 0) FROM invoice_taxes WHERE invoice_id = NEW.invoice_id) THEN
            RAISE EXCEPTION 'the taxes of invoice % do not sum to its tax', NEW.invoice_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        IF (SELECT tax FROM invoices WHERE id = OLD.invoice_id) <> (SELECT coalesce(sum(amount), 0) FROM invoice_taxes WHERE invoice_id = OLD.invoice_id) THEN
            RAISE EXCEPTION 'the taxes of invoice % do not sum to its tax', OLD.invoice_id USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER invoices_sums AFTER INSERT OR UPDATE OF subtotal, tax ON invoices DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_sums();
CREATE CONSTRAINT TRIGGER invoice_lines_sums AFTER INSERT OR UPDATE OR DELETE ON invoice_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_lines_sum();
CREATE CONSTRAINT TRIGGER invoice_taxes_sums AFTER INSERT OR UPDATE OR DELETE ON invoice_taxes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_invoice_taxes_sum();

-- The debits of a ledger transaction equal its credits; checked at commit.
CREATE FUNCTION check_ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(debit) <> sum(credit) OR count(DISTINCT currency) <> 1 FROM ledger_entries WHERE transaction_id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.transaction_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entries_balance AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_ledger_balance();

-- What settles an invoice: never more than the payment holds.
CREATE FUNCTION check_allocations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount) FROM payment_allocations WHERE payment_id = NEW.payment_id)
       > (SELECT amount + tds_amount FROM payments WHERE id = NEW.payment_id) THEN
        RAISE EXCEPTION 'payment % is allocated beyond its amount', NEW.payment_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_allocations_sum AFTER INSERT ON payment_allocations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_allocations();

-- A payment only moves forward; failed may still be captured late, captured never fails.
CREATE FUNCTION guard_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> OLD.status AND NOT (CASE OLD.status
        WHEN 'pending' THEN NEW.status IN ('authorized', 'captured', 'failed')
        WHEN 'authorized' THEN NEW.status IN ('captured', 'failed')
        WHEN 'failed' THEN NEW.status IN ('authorized', 'captured')
        WHEN 'captured' THEN NEW.status IN ('partially_refunded', 'refunded')
        WHEN 'partially_refunded' THEN NEW.status IN ('refunded', 'captured')
        ELSE NEW.status IN ('partially_refunded', 'captured') END) THEN
        RAISE EXCEPTION 'payment % cannot go from % to %', OLD.id, OLD.status, NEW.status USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.amount <> NEW.amount OR OLD.currency <> NEW.currency OR OLD.organisation_id <> NEW.organisation_id THEN
        RAISE EXCEPTION 'payment % cannot change its amount, currency or owner', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_guard BEFORE UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION guard_payment();

-- A used price keeps its numbers: it can only be ended.
CREATE FUNCTION guard_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['effective_to', 'updated_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['effective_to', 'updated_at']) THEN
        RAISE EXCEPTION 'price % can only be ended', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prices_guard BEFORE UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION guard_price();
CREATE TRIGGER price_tiers_guard BEFORE UPDATE OR DELETE ON price_tiers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Tells every node what changed, so that caches empty and open pages follow. Channel: billing.
CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('billing', TG_ARGV[0] || ':' || NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER api_keys_notify AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at OR OLD.expires_at IS DISTINCT FROM NEW.expires_at OR OLD.scopes IS DISTINCT FROM NEW.scopes OR OLD.rate_limit_per_hour IS DISTINCT FROM NEW.rate_limit_per_hour)
    EXECUTE FUNCTION notify_change('api_key');
CREATE TRIGGER projects_notify AFTER UPDATE ON projects FOR EACH ROW
    WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active) EXECUTE FUNCTION notify_change('project');
CREATE TRIGGER organisations_notify AFTER UPDATE ON organisations FOR EACH ROW EXECUTE FUNCTION notify_change('organisation');
CREATE TRIGGER invoices_notify AFTER UPDATE ON invoices FOR EACH ROW
    WHEN (OLD.status <> 'draft') EXECUTE FUNCTION notify_change('invoice');
CREATE TRIGGER billing_runs_notify AFTER INSERT OR UPDATE ON billing_runs FOR EACH ROW EXECUTE FUNCTION notify_change('billing_run');

CREATE FUNCTION notify_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('billing', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_work('outbox');
CREATE TRIGGER provider_events_notify AFTER INSERT ON provider_events FOR EACH STATEMENT EXECUTE FUNCTION notify_work('provider_events');

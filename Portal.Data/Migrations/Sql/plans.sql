-- No two subscriptions of one organisation are in force on one day. One that ended on the day it began was never in force.
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_no_overlap EXCLUDE USING gist (
    organisation_id WITH =,
    daterange(starts_on, ends_on, '[)') WITH &&);
-- Nor are two phases of one subscription, or of one service. A change ends one phase and begins another in one transaction: looked at when it commits.
ALTER TABLE subscription_phases ADD CONSTRAINT subscription_phases_no_overlap EXCLUDE USING gist (
    subscription_id WITH =,
    daterange(starts_on, ends_on, '[)') WITH &&) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE service_phases ADD CONSTRAINT service_phases_no_overlap EXCLUDE USING gist (
    service_id WITH =,
    daterange(starts_on, ends_on, '[)') WITH &&) DEFERRABLE INITIALLY DEFERRED;

-- What a phase costs is what was agreed: only its days move. Nothing of a subscription or service is deleted: invoices are explained by it.
CREATE FUNCTION guard_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['anchor_on', 'starts_on', 'ends_on', 'updated_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['anchor_on', 'starts_on', 'ends_on', 'updated_at']) THEN
        RAISE EXCEPTION 'the terms of % % do not change', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    -- Where a fee that is invoiced is counted from stays where it is.
    IF TG_TABLE_NAME = 'subscription_phases' AND (to_jsonb(NEW) ->> 'anchor_on', NEW.starts_on) IS DISTINCT FROM (to_jsonb(OLD) ->> 'anchor_on', OLD.starts_on)
        AND EXISTS (SELECT FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id WHERE l.organisation_id = OLD.organisation_id AND l.subscription_phase_id = OLD.id AND i.status <> 'void') THEN
        RAISE EXCEPTION 'phase % is invoiced', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subscription_phases_guard BEFORE UPDATE ON subscription_phases FOR EACH ROW EXECUTE FUNCTION guard_phase();
CREATE TRIGGER service_phases_guard BEFORE UPDATE ON service_phases FOR EACH ROW EXECUTE FUNCTION guard_phase();
CREATE TRIGGER plans_keep BEFORE DELETE OR TRUNCATE ON plans FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER subscriptions_keep BEFORE DELETE OR TRUNCATE ON subscriptions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER subscription_phases_keep BEFORE DELETE OR TRUNCATE ON subscription_phases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER services_keep BEFORE DELETE OR TRUNCATE ON services FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER service_phases_keep BEFORE DELETE OR TRUNCATE ON service_phases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A subscription's end that has been is not taken back.
CREATE FUNCTION guard_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status IN ('cancelled', 'expired') AND (NEW.status, NEW.ends_on) IS DISTINCT FROM (OLD.status, OLD.ends_on) THEN
        RAISE EXCEPTION 'subscription % is over', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subscriptions_guard BEFORE UPDATE ON subscriptions FOR EACH ROW EXECUTE FUNCTION guard_subscription();

-- The organisation's wall. Customers change and cancel their own subscription where its plan lets them; what it costs they can't touch.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['subscriptions', 'subscription_phases', 'services', 'service_phases'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    END LOOP;
END $$;
GRANT SELECT ON plans, subscriptions, subscription_phases, services, service_phases TO billing_tenant;
GRANT INSERT ON subscription_phases TO billing_tenant;
GRANT UPDATE (anchor_on, starts_on, ends_on, updated_at) ON subscription_phases TO billing_tenant;
GRANT UPDATE (plan_id, status, ends_on, current_period_start, current_period_end, cancel_at_period_end, cancelled_at, cancel_reason, updated_at) ON subscriptions TO billing_tenant;

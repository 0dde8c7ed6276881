-- Documents and releases of prepaid credits are written once.
CREATE TRIGGER prepaid_voucher_files_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON prepaid_voucher_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prepaid_releases_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON prepaid_releases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The organisation's wall.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['prepaid_voucher_files', 'prepaid_releases'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
        EXECUTE format('GRANT SELECT ON %I TO billing_tenant', name);
    END LOOP;
END $$;

-- Pages show a balance that moved without being reloaded; the message has the organisation's id.
CREATE FUNCTION notify_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('billing', 'prepaid:' || NEW.organisation_id);
    RETURN NULL;
END $$;
CREATE TRIGGER prepaid_wallets_notify AFTER INSERT OR UPDATE ON prepaid_wallets FOR EACH ROW EXECUTE FUNCTION notify_prepaid();

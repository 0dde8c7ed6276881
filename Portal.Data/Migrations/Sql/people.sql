-- An organisation's own people are managed by its own people, under the role that row-level security holds. What people sign in with stays
-- out of their reach: sessions, links and codes are no customer's.
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));
GRANT SELECT, INSERT, UPDATE ON invitations TO billing_tenant;
GRANT INSERT, DELETE ON user_roles TO billing_tenant;
GRANT SELECT (two_factor_enabled) ON users TO billing_tenant;

-- What signs cookies and seals secrets: shared by all nodes, and still there after a restart.
CREATE TABLE key_ring (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    xml text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The last owner of an organisation and the last platform admin stay, whatever takes their role away.
CREATE FUNCTION guard_last_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed uuid := CASE WHEN OLD.organisation_id IS NULL THEN '01900000-0000-7000-8000-000000000001'::uuid ELSE '01900000-0000-7000-8000-000000000011'::uuid END;
BEGIN
    IF OLD.role_id <> needed THEN
        RETURN NULL;
    END IF;
    -- Two who go at the same moment wait for each other: the second sees that the first has gone.
    PERFORM pg_advisory_xact_lock(hashtextextended('last holder ' || coalesce(OLD.organisation_id::text, 'platform'), 0));
    IF NOT EXISTS (SELECT FROM user_roles WHERE role_id = needed AND organisation_id IS NOT DISTINCT FROM OLD.organisation_id) THEN
        RAISE EXCEPTION 'the last % stays', CASE WHEN OLD.organisation_id IS NULL THEN 'platform admin' ELSE 'owner' END USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER user_roles_last_holder AFTER UPDATE OR DELETE ON user_roles DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION guard_last_holder();

-- Internal notes: staff's alone. The customers' role is granted nothing on them; the policy is the second wall.
ALTER TABLE organisation_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisation_notes TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

-- The chain over the audit log. Whatever is written to the log waits here, by the same transaction, until it is sealed.
CREATE TABLE audit_unsealed (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entry_id uuid NOT NULL);
-- Serves the check for rows that are neither sealed nor waiting.
CREATE INDEX ix_audit_unsealed_entry_id ON audit_unsealed (entry_id);

CREATE TABLE audit_seals (
    position bigint PRIMARY KEY CHECK (position > 0),
    entry_id uuid NOT NULL,
    previous bytea NOT NULL CHECK (length(previous) = 32),
    hash bytea NOT NULL CHECK (length(hash) = 32),
    sealed_at timestamptz NOT NULL);
-- A row is sealed once; serves the seal of one row, too.
CREATE UNIQUE INDEX ix_audit_seals_entry_id ON audit_seals (entry_id);
CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The end of the chain: one row, locked by whoever seals, so that the chain can't fork.
CREATE TABLE audit_chain (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    position bigint NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamptz);
INSERT INTO audit_chain (position, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Everything that a row says, in one fixed form: jsonb orders keys and spells numbers in one way, times are whole microseconds.
CREATE FUNCTION audit_content(entry audit_log) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT convert_to(jsonb_build_array(
        entry.id, entry.organisation_id, entry.actor_kind, entry.actor_id, entry.actor_name, entry.action, entry.entity_type, entry.entity_id,
        entry.before, entry.after, entry.ip_address, entry.user_agent, entry.correlation_id, (extract(epoch FROM entry.created_at) * 1000000)::bigint)::text, 'UTF8')
$$;

CREATE FUNCTION queue_audit_for_sealing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_unsealed (entry_id) SELECT id FROM written;
    RETURN NULL;
END $$;
CREATE TRIGGER audit_log_to_seal AFTER INSERT ON audit_log REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION queue_audit_for_sealing();
INSERT INTO audit_unsealed (entry_id) SELECT id FROM audit_log ORDER BY id;

-- Seals at most so many waiting rows, in the order in which they came; answers how many. Each seal holds the hash of the one before it.
CREATE FUNCTION seal_audit(most integer, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head audit_chain;
    waiting record;
    content_hash bytea;
    sealed bigint := 0;
BEGIN
    SELECT * INTO head FROM audit_chain FOR UPDATE;
    FOR waiting IN
        SELECT u.position, u.entry_id, audit_content(a) AS content FROM audit_unsealed u JOIN audit_log a ON a.id = u.entry_id ORDER BY u.position LIMIT most
    LOOP
        content_hash := sha256(head.hash || waiting.content);
        INSERT INTO audit_seals (position, entry_id, previous, hash, sealed_at) VALUES (head.position + 1, waiting.entry_id, head.hash, content_hash, at);
        DELETE FROM audit_unsealed WHERE position = waiting.position;
        head.position := head.position + 1;
        head.hash := content_hash;
        sealed := sealed + 1;
    END LOOP;
    IF sealed > 0 THEN
        UPDATE audit_chain SET position = head.position, hash = head.hash, sealed_at = at;
    END IF;
    RETURN sealed;
END $$;

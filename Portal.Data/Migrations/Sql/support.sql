-- Tickets: the organisation's wall, and inside of it the wall around staff's notes.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['support_tickets', 'support_readings'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY tenant ON %I TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()))', name);
    END LOOP;
END $$;

-- A note among staff is no row to a customer, and nobody of theirs writes as staff.
ALTER TABLE support_messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON support_messages TO billing_tenant
    USING (organisation_id = (SELECT current_organisation()) AND NOT is_internal)
    WITH CHECK (organisation_id = (SELECT current_organisation()) AND NOT is_internal AND author = 'customer');
-- What is seen of the messages decides what is seen of their files.
ALTER TABLE support_attachments ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON support_attachments TO billing_tenant
    USING (organisation_id = (SELECT current_organisation()) AND EXISTS (SELECT FROM support_messages WHERE support_messages.id = support_attachments.message_id))
    WITH CHECK (organisation_id = (SELECT current_organisation()));

GRANT SELECT ON support_tickets, support_messages, support_attachments, support_readings TO billing_tenant;
GRANT INSERT ON support_tickets, support_messages, support_attachments, support_readings TO billing_tenant;
GRANT UPDATE (status, updated_at, last_message_at, resolved_at) ON support_tickets TO billing_tenant;
GRANT UPDATE (seen_at) ON support_readings TO billing_tenant;

-- What was written stays as it was written.
CREATE TRIGGER support_messages_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON support_messages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER support_attachments_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON support_attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A closed ticket stays closed, and no ticket changes its owner or number.
CREATE FUNCTION guard_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'closed' AND NEW.status <> 'closed' THEN
        RAISE EXCEPTION 'ticket % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.organisation_id <> OLD.organisation_id OR NEW.number <> OLD.number OR NEW.created_at <> OLD.created_at THEN
        RAISE EXCEPTION 'ticket % cannot change its owner, number or beginning', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER support_tickets_guard BEFORE UPDATE ON support_tickets FOR EACH ROW EXECUTE FUNCTION guard_ticket();

-- Open pages follow.
CREATE TRIGGER support_tickets_notify AFTER INSERT OR UPDATE ON support_tickets FOR EACH ROW EXECUTE FUNCTION notify_change('ticket');
CREATE FUNCTION notify_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('billing', 'ticket:' || NEW.ticket_id);
    RETURN NULL;
END $$;
CREATE TRIGGER support_messages_notify AFTER INSERT ON support_messages FOR EACH ROW EXECUTE FUNCTION notify_ticket();

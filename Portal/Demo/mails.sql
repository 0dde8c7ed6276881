-- What left in the past has left: its mails are sent. What is of the last days goes out by the product itself once it runs.
INSERT INTO email_notifications (id, template, subject_id, organisation_id, recipient, subject, status, message_id, error, attempts, resends, created_at, sent_at)
SELECT (lpad(to_hex((extract(epoch FROM m.at) * 1000)::bigint), 12, '0') || '7' || substr(m.hash, 1, 3) || '8' || substr(m.hash, 4, 15))::uuid,
    m.template, m.subject_id, m.organisation_id, m.recipient, m.subject, 'sent', '<' || m.hash || '@example.com>', NULL, 1, 0, m.at, m.at + interval '2 seconds'
FROM (
    SELECT 'invoice_issued' AS template, i.id AS subject_id, i.organisation_id, o.billing_email AS recipient, 'Invoice ' || i.number || ' from ' || $2 AS subject, b.created_at AS at, md5(b.id::text) AS hash
    FROM outbox b JOIN invoices i ON i.id = b.subject_id JOIN organisations o ON o.id = i.organisation_id
    WHERE b.kind = 'invoice.issued' AND b.done_at IS NULL AND b.created_at < $1
    UNION ALL
    SELECT 'payment_receipt', p.id, p.organisation_id, o.billing_email, 'Receipt from ' || $2, b.created_at, md5(b.id::text)
    FROM outbox b JOIN payments p ON p.id = b.subject_id JOIN organisations o ON o.id = p.organisation_id
    WHERE b.kind = 'payment.received' AND b.done_at IS NULL AND b.created_at < $1
    UNION ALL
    SELECT CASE m.author WHEN 'staff' THEN 'ticket_reply' ELSE 'ticket_message' END, m.id, CASE m.author WHEN 'staff' THEN m.organisation_id END,
        CASE m.author WHEN 'staff' THEN t.requester_email ELSE $3 END, '[SUP-' || t.number || '] ' || t.subject, b.created_at, md5(b.id::text)
    FROM outbox b JOIN support_messages m ON m.id = b.subject_id JOIN support_tickets t ON t.id = m.ticket_id
    WHERE b.kind = 'ticket.message' AND b.done_at IS NULL AND b.created_at < $1) m
ON CONFLICT DO NOTHING;

UPDATE outbox SET done_at = created_at + interval '2 seconds', attempts = 1 WHERE done_at IS NULL AND created_at < $1;

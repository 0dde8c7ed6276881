-- What lists and overviews ask for, measured with 10,000 organisations and 5,000,000 events (benchmark "pages").
-- Searching by a part of a name: of organisations, and of the lists that name one.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX organisations_search ON organisations USING gin (lower(name) gin_trgm_ops, lower(billing_email) gin_trgm_ops);
COMMENT ON INDEX organisations_search IS 'Organisations by a part of their name or mail address';
CREATE INDEX invoices_number_search ON invoices USING gin (lower(number) gin_trgm_ops);
COMMENT ON INDEX invoices_number_search IS 'Invoices by a part of their number';
CREATE INDEX payments_reference_search ON payments USING gin (lower(reference) gin_trgm_ops);
COMMENT ON INDEX payments_reference_search IS 'Payments by a part of their reference';
-- Twelve months of figures without reading twelve months of documents.
CREATE INDEX invoices_billed ON invoices (issued_at) INCLUDE (status, currency, total);
COMMENT ON INDEX invoices_billed IS 'Billed by month: the staff''s overview; invoices by their day of issue';
CREATE INDEX payments_collected ON payments (received_at) INCLUDE (status, method, currency, amount);
COMMENT ON INDEX payments_collected IS 'Collected by month: the staff''s overview; payments by the day they came';
CREATE INDEX ledger_entries_balance ON ledger_entries (currency, account) INCLUDE (debit, credit, organisation_id);
COMMENT ON INDEX ledger_entries_balance IS 'The trial balance';
CREATE INDEX outbox_unfinished ON outbox ((dead_at IS NOT NULL), due_at) WHERE done_at IS NULL;
COMMENT ON INDEX outbox_unfinished IS 'What waits and what was given up: the staff''s overview, health';
-- The sorts of the list of invoices that go over all of them.
CREATE INDEX invoices_total ON invoices (total, id);
COMMENT ON INDEX invoices_total IS 'All invoices by their total';

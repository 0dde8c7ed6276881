-- What the search looks at besides names of organisations and numbers of invoices, measured with 200,000 rows of each.
CREATE INDEX payments_provider_search ON payments (lower(provider_payment_id) text_pattern_ops) WHERE provider_payment_id IS NOT NULL;
COMMENT ON INDEX payments_provider_search IS 'Payments by the start of the provider''s id';
CREATE INDEX support_tickets_search ON support_tickets USING gin (lower(subject) gin_trgm_ops);
COMMENT ON INDEX support_tickets_search IS 'Tickets by a part of their subject';
CREATE INDEX users_search ON users USING gin (lower(email) gin_trgm_ops, lower(display_name) gin_trgm_ops);
COMMENT ON INDEX users_search IS 'People by a part of their mail address or name';
CREATE INDEX metrics_search ON metrics USING gin (lower(name) gin_trgm_ops);
COMMENT ON INDEX metrics_search IS 'Metrics by a part of their name';
CREATE INDEX discounts_search ON discounts USING gin (lower(name) gin_trgm_ops, lower(code) gin_trgm_ops);
COMMENT ON INDEX discounts_search IS 'Discounts by a part of their name or code';
CREATE INDEX plans_search ON plans USING gin (lower(name) gin_trgm_ops, lower(code) gin_trgm_ops);
COMMENT ON INDEX plans_search IS 'Plans by a part of their name or code';
CREATE INDEX credit_products_search ON credit_products USING gin (lower(name) gin_trgm_ops);
COMMENT ON INDEX credit_products_search IS 'Credit products by a part of their name';
-- Late usage that was billed, over all organisations: few of very many lines.
CREATE INDEX invoice_lines_late ON invoice_lines (usage_year, usage_month, organisation_id) WHERE kind = 'late_usage';
COMMENT ON INDEX invoice_lines_late IS 'Late usage that was billed, of all organisations';

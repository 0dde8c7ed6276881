-- Effective-dated tables: two of one scope are never in force on one day.
ALTER TABLE tax_rates ADD CONSTRAINT tax_rates_no_overlap EXCLUDE USING gist (
    country WITH =,
    coalesce(region, '') WITH =,
    coalesce(hsn_sac, '') WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&);
ALTER TABLE seller_tax_profiles ADD CONSTRAINT seller_tax_profiles_no_overlap EXCLUDE USING gist (daterange(effective_from, effective_to, '[)') WITH &&);
ALTER TABLE organisation_tax_profiles ADD CONSTRAINT organisation_tax_profiles_no_overlap EXCLUDE USING gist (
    organisation_id WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&);
ALTER TABLE exchange_rates ADD CONSTRAINT exchange_rates_no_overlap EXCLUDE USING gist (
    base_currency WITH =,
    target_currency WITH =,
    daterange(effective_from, effective_to, '[)') WITH &&);

-- A rate keeps its numbers: it can only be ended.
CREATE FUNCTION guard_rate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - ARRAY['effective_to', 'updated_at']) IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['effective_to', 'updated_at']) THEN
        RAISE EXCEPTION '% % can only be ended', TG_TABLE_NAME, OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tax_rates_guard BEFORE UPDATE ON tax_rates FOR EACH ROW EXECUTE FUNCTION guard_rate();
CREATE TRIGGER exchange_rates_guard BEFORE UPDATE ON exchange_rates FOR EACH ROW EXECUTE FUNCTION guard_rate();
CREATE TRIGGER tax_rates_keep BEFORE DELETE OR TRUNCATE ON tax_rates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER exchange_rates_keep BEFORE DELETE OR TRUNCATE ON exchange_rates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The organisation's wall. Customers keep their own profile, and read who sells to them and at what rates.
ALTER TABLE organisation_tax_profiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organisation_tax_profiles TO billing_tenant USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));
GRANT SELECT, INSERT ON organisation_tax_profiles TO billing_tenant;
GRANT UPDATE (state_code, tax_id, address, effective_to, updated_at) ON organisation_tax_profiles TO billing_tenant;
GRANT SELECT ON tax_rates, seller_tax_profiles, exchange_rates TO billing_tenant;

-- What the law of the seller's own country says where nobody has said anything yet: GST of India, the rate of most services.
INSERT INTO tax_rates (id, country, label, rate, is_inclusive, effective_from, created_at, updated_at)
VALUES ('01900000-0000-7000-8000-0000000000b1', 'IN', 'GST', 18, false, '2017-07-01', '2017-07-01T00:00:00Z', '2017-07-01T00:00:00Z');

-- The seller as it stood in the settings.
INSERT INTO seller_tax_profiles (id, profile, effective_from, created_at, updated_at)
SELECT '01900000-0000-7000-8000-0000000000b2', value -> 'seller', '2000-01-01', now(), now()
FROM (SELECT value::jsonb AS value FROM settings WHERE key = 'platform') AS platform
WHERE coalesce(value -> 'seller' ->> 'legalName', '') <> '';

-- The flat rate of each organisation goes on as a rate of its own, save where the tables now come to the same: a seller registered for GST,
-- its customers in India at 18 %, and its customers abroad, whom no tax was charged.
INSERT INTO organisation_tax_profiles (id, organisation_id, country, state_code, tax_id, address, is_sez, is_reverse_charge, own_rate, own_label, effective_from, created_at, updated_at)
SELECT gen_random_uuid(), o.id, o.country, o.state_code, o.tax_id, o.address, false, false, o.tax_rate, o.tax_name, '2000-01-01', now(), now()
FROM organisations o
    LEFT JOIN (SELECT value::jsonb -> 'seller' AS seller FROM settings WHERE key = 'platform') AS platform ON true
WHERE NOT (coalesce(seller ->> 'country', 'IN') = 'IN' AND coalesce(seller ->> 'taxId', '') <> ''
    AND ((o.country = 'IN' AND o.tax_rate = 18) OR (o.country <> 'IN' AND o.tax_rate = 0)));
ALTER TABLE organisations DROP COLUMN tax_rate, DROP COLUMN tax_name;
UPDATE settings SET value = (value::jsonb #- '{defaults,taxRate}' #- '{defaults,taxName}') WHERE key = 'platform';

-- Lines that are there bear their share of the tax that stood on their invoice: largest remainder, the first of equals first. No trigger may
-- stop this: nothing that was printed changes.
ALTER TABLE invoice_lines DISABLE TRIGGER USER;
UPDATE invoice_lines SET charge = amount;
WITH taxed AS (
    SELECT l.id, l.invoice_id, l.position, i.tax, i.subtotal - i.discount AS base, l.amount, (SELECT sum(rate) FROM invoice_taxes t WHERE t.invoice_id = i.id) AS rate,
        CASE WHEN i.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
            WHEN i.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3 ELSE 2 END AS decimals
    FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
    WHERE i.tax > 0 AND i.subtotal > 0),
shared AS (
    SELECT *, trunc(tax * amount / sum(amount) OVER (PARTITION BY invoice_id), decimals) AS part, tax * amount / sum(amount) OVER (PARTITION BY invoice_id) AS exact FROM taxed),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY invoice_id ORDER BY exact - part DESC, position) AS rank,
        (tax - sum(part) OVER (PARTITION BY invoice_id)) * power(10::numeric, decimals) AS surplus FROM shared)
UPDATE invoice_lines l SET tax_rate = ranked.rate, tax_amount = ranked.part + CASE WHEN ranked.rank <= ranked.surplus THEN round(power(10::numeric, -ranked.decimals), ranked.decimals) ELSE 0 END
FROM ranked WHERE ranked.id = l.id;
ALTER TABLE invoice_lines ENABLE TRIGGER USER;

-- The lines' shares sum to the invoice's tax, too.
CREATE OR REPLACE FUNCTION check_invoice_sums() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As it stands now: it may have been changed again, or thrown away, since the change that this checks.
    IF EXISTS (
        SELECT FROM invoices i, LATERAL (SELECT coalesce(sum(amount), 0) AS amount, sum(tax_amount) AS tax FROM invoice_lines WHERE invoice_id = i.id) AS lines
        WHERE i.id = NEW.id
            AND (i.subtotal <> lines.amount OR i.tax <> coalesce(lines.tax, i.tax)
                OR i.tax <> (SELECT coalesce(sum(amount), 0) FROM invoice_taxes WHERE invoice_id = NEW.id))) THEN
        RAISE EXCEPTION 'the lines and taxes of invoice % do not sum to its subtotal and tax', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

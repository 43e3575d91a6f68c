-- A payer may say which debt a payment is for (Civil Code of Colombia, art. 1654), and interest knows which charge bears it. Payments and
-- charges of before name nothing: they keep the order of the law.

ALTER TABLE payments
    ADD COLUMN named_charge_id BIGINT NULL,
    ADD KEY idx_payments_named_charge (named_charge_id),
    ADD CONSTRAINT fk_payments_named_charge FOREIGN KEY (named_charge_id) REFERENCES charges (id);

ALTER TABLE charges
    ADD COLUMN base_charge_id BIGINT NULL,
    ADD KEY idx_charges_base_charge (base_charge_id),
    ADD CONSTRAINT fk_charges_base_charge FOREIGN KEY (base_charge_id) REFERENCES charges (id);

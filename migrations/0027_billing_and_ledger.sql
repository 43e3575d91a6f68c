-- What the building charges and why, what changes a charge after it was issued, which interest was counted for which days, and the books:
-- a ledger in double entry that the database itself keeps from being changed. Why so: docs/decisions/053 and 054.

-- ---- Books ------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE ledger_accounts (
    id INT NOT NULL AUTO_INCREMENT,
    code VARCHAR(10) NOT NULL,
    name VARCHAR(100) NOT NULL,
    purpose ENUM('cash', 'bank', 'fund_bank', 'fees', 'interest', 'fines', 'suppliers', 'credits', 'deposits', 'unidentified', 'reserve',
        'result', 'discounts', 'bank_costs', 'reserve_costs') NULL,
    status ENUM('active', 'frozen', 'closed') NOT NULL DEFAULT 'active',
    minimum_balance DECIMAL(16,2) NULL,
    daily_limit DECIMAL(16,2) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_ledger_accounts_code (code),
    UNIQUE KEY uq_ledger_accounts_purpose (purpose)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO ledger_accounts (id, code, name, purpose) VALUES
    (1, '1105', 'Caja', 'cash'),
    (2, '1110', 'Banco', 'bank'),
    (3, '1120', 'Banco del fondo de imprevistos', 'fund_bank'),
    (4, '1305', 'Cuotas por cobrar', 'fees'),
    (5, '1315', 'Intereses por cobrar', 'interest'),
    (6, '1320', 'Multas por cobrar', 'fines'),
    (7, '2335', 'Proveedores', 'suppliers'),
    (8, '2805', 'Saldos a favor', 'credits'),
    (9, '2810', 'Depósitos de reservas', 'deposits'),
    (10, '2815', 'Consignaciones sin identificar', 'unidentified'),
    (11, '3305', 'Fondo de imprevistos', 'reserve'),
    (12, '3605', 'Resultados anteriores', 'result'),
    (13, '4170', 'Cuotas de administración', NULL),
    (14, '4172', 'Cuotas extraordinarias', NULL),
    (15, '4175', 'Descuentos por pronto pago', 'discounts'),
    (16, '4180', 'Uso de zonas comunes', NULL),
    (17, '4185', 'Parqueaderos', NULL),
    (18, '4210', 'Intereses de mora', NULL),
    (19, '4220', 'Multas', NULL),
    (20, '4295', 'Otros ingresos', NULL),
    (21, '5110', 'Honorarios', NULL),
    (22, '5130', 'Seguros', NULL),
    (23, '5135', 'Vigilancia', NULL),
    (24, '5140', 'Energía y servicios', NULL),
    (25, '5145', 'Mantenimiento y reparaciones', NULL),
    (26, '5150', 'Aseo y jardinería', NULL),
    (27, '5195', 'Otros gastos', NULL),
    (28, '5305', 'Gastos bancarios', 'bank_costs'),
    (29, '5395', 'Aporte al fondo de imprevistos', 'reserve_costs');

CREATE TABLE journal_entries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    posted_on DATE NOT NULL,
    act ENUM('opening', 'charge', 'run', 'payment', 'credit', 'void', 'adjustment', 'cancellation', 'unidentified', 'refund', 'expense',
        'expense_payment', 'transfer', 'reserve', 'bank_cost', 'manual', 'reversal') NOT NULL,
    source_id BIGINT NOT NULL,
    seq INT NOT NULL DEFAULT 1,
    memo VARCHAR(200) NOT NULL,
    reverses_id BIGINT NULL,
    created_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_journal_entries_source (act, source_id, seq),
    UNIQUE KEY uq_journal_entries_reverses (reverses_id),
    KEY idx_journal_entries_posted_on (posted_on),
    CONSTRAINT fk_journal_entries_reverses FOREIGN KEY (reverses_id) REFERENCES journal_entries (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE journal_lines (
    entry_id BIGINT NOT NULL,
    line INT NOT NULL,
    account_id INT NOT NULL,
    apartment_id BIGINT NULL,
    posted_on DATE NOT NULL,
    debit DECIMAL(16,2) NOT NULL DEFAULT 0,
    credit DECIMAL(16,2) NOT NULL DEFAULT 0,
    PRIMARY KEY (entry_id, line),
    KEY idx_journal_lines_account (account_id, posted_on, debit, credit),
    KEY idx_journal_lines_apartment (apartment_id, account_id, debit, credit),
    CONSTRAINT fk_journal_lines_entry FOREIGN KEY (entry_id) REFERENCES journal_entries (id),
    CONSTRAINT fk_journal_lines_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_journal_lines_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT chk_journal_lines_side CHECK (debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One row: who posts locks it for reading, who closes a month for writing.
CREATE TABLE ledger_state (
    id INT NOT NULL AUTO_INCREMENT,
    closed_through DATE NULL,
    proven_at TIMESTAMP NULL,
    proof_failures INT NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;
INSERT INTO ledger_state (id) VALUES (1);

-- The sums of a closed month, so that a balance is a sum of months and of the lines since.
CREATE TABLE ledger_months (
    account_id INT NOT NULL,
    month DATE NOT NULL,
    debit DECIMAL(18,2) NOT NULL,
    credit DECIMAL(18,2) NOT NULL,
    PRIMARY KEY (account_id, month),
    CONSTRAINT fk_ledger_months_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- What is charged --------------------------------------------------------------------------------------------------------------------

CREATE TABLE concepts (
    id INT NOT NULL AUTO_INCREMENT,
    kind ENUM('fee', 'interest', 'extra_fee', 'booking', 'deposit', 'fine', 'parking', 'other') NOT NULL,
    name VARCHAR(100) NOT NULL,
    receivable_account_id INT NOT NULL,
    income_account_id INT NOT NULL,
    basis ENUM('by_hand', 'coefficient', 'fixed', 'per_apartment') NOT NULL DEFAULT 'by_hand',
    amount DECIMAL(12,2) NULL,
    due_day INT NOT NULL DEFAULT 15,
    bears_interest BOOLEAN NOT NULL DEFAULT FALSE,
    blocks_certificate BOOLEAN NOT NULL DEFAULT FALSE,
    discount_percent DECIMAL(5,2) NULL,
    discount_amount DECIMAL(12,2) NULL,
    discount_day INT NULL,
    discount_rule ENUM('none', 'same_concept', 'nothing_overdue') NOT NULL DEFAULT 'nothing_overdue',
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_concepts_name (name),
    KEY idx_concepts_receivable_account (receivable_account_id),
    KEY idx_concepts_income_account (income_account_id),
    CONSTRAINT fk_concepts_receivable_account FOREIGN KEY (receivable_account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_concepts_income_account FOREIGN KEY (income_account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO concepts (id, kind, name, receivable_account_id, income_account_id, basis, due_day, bears_interest, blocks_certificate) VALUES
    (1, 'fee', 'Administración', 4, 13, 'per_apartment', 15, TRUE, TRUE),
    (2, 'interest', 'Intereses de mora', 5, 18, 'by_hand', 15, FALSE, TRUE),
    (3, 'extra_fee', 'Cuota extraordinaria', 4, 14, 'by_hand', 30, TRUE, TRUE),
    (4, 'booking', 'Reserva de zona común', 4, 16, 'by_hand', 15, FALSE, FALSE),
    (5, 'deposit', 'Depósito de reserva', 4, 9, 'by_hand', 15, FALSE, FALSE),
    (6, 'fine', 'Multa', 6, 19, 'by_hand', 15, FALSE, FALSE),
    (7, 'parking', 'Parqueadero', 4, 17, 'per_apartment', 15, FALSE, FALSE),
    (8, 'other', 'Otros cobros', 4, 20, 'by_hand', 15, FALSE, FALSE);

-- What an apartment pays of a concept instead of its own figure, or that it pays nothing of it.
CREATE TABLE concept_apartments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    concept_id INT NOT NULL,
    apartment_id BIGINT NOT NULL,
    amount DECIMAL(12,2) NULL,
    exempt BOOLEAN NOT NULL DEFAULT FALSE,
    reason VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_concept_apartments_concept_apartment (concept_id, apartment_id),
    KEY idx_concept_apartments_apartment (apartment_id),
    CONSTRAINT fk_concept_apartments_concept FOREIGN KEY (concept_id) REFERENCES concepts (id),
    CONSTRAINT fk_concept_apartments_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A month of a concept is posted once: live is NULL where it was undone.
CREATE TABLE billing_runs (
    id BIGINT NOT NULL AUTO_INCREMENT,
    concept_id INT NOT NULL,
    period DATE NOT NULL,
    live TINYINT(1) NULL DEFAULT 1,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    charges INT NOT NULL,
    total DECIMAL(14,2) NOT NULL,
    posted_by BIGINT NULL,
    undone_by BIGINT NULL,
    undone_at TIMESTAMP NULL,
    undo_reason VARCHAR(500) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_billing_runs_period (period, concept_id, live),
    KEY idx_billing_runs_concept (concept_id),
    CONSTRAINT fk_billing_runs_concept FOREIGN KEY (concept_id) REFERENCES concepts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE charges
    DROP CONSTRAINT chk_charges_paid,
    ADD COLUMN concept_id INT NULL,
    ADD COLUMN run_id BIGINT NULL,
    ADD COLUMN adjusted DECIMAL(12,2) NOT NULL DEFAULT 0,
    ADD COLUMN owed DECIMAL(12,2) GENERATED ALWAYS AS (amount + adjusted - paid) STORED,
    ADD COLUMN discount DECIMAL(12,2) NULL,
    ADD COLUMN discount_until DATE NULL,
    ADD COLUMN discount_rule ENUM('none', 'same_concept', 'nothing_overdue') NULL,
    ADD COLUMN interest_from DATE NULL;
ALTER TABLE charges
    ADD CONSTRAINT chk_charges_owed CHECK (paid >= 0 AND paid <= amount + adjusted),
    DROP KEY idx_charges_open,
    ADD KEY idx_charges_open (status, apartment_id, due_on, owed),
    ADD KEY idx_charges_concept (concept_id),
    ADD KEY idx_charges_run (run_id),
    ADD CONSTRAINT fk_charges_concept FOREIGN KEY (concept_id) REFERENCES concepts (id),
    ADD CONSTRAINT fk_charges_run FOREIGN KEY (run_id) REFERENCES billing_runs (id);

-- What changed a charge after it was issued. Taken back by a row of its own, never edited.
CREATE TABLE charge_adjustments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    charge_id BIGINT NOT NULL,
    kind ENUM('discount', 'waiver', 'correction', 'recount') NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    made_on DATE NOT NULL,
    reason VARCHAR(500) NOT NULL,
    act VARCHAR(100) NULL,
    payment_id BIGINT NULL,
    reverses_id BIGINT NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_charge_adjustments_reverses (reverses_id),
    KEY idx_charge_adjustments_charge (charge_id),
    KEY idx_charge_adjustments_payment (payment_id),
    CONSTRAINT fk_charge_adjustments_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT fk_charge_adjustments_payment FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT fk_charge_adjustments_reverses FOREIGN KEY (reverses_id) REFERENCES charge_adjustments (id),
    CONSTRAINT chk_charge_adjustments_amount CHECK (amount <> 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Interest ---------------------------------------------------------------------------------------------------------------------------

CREATE TABLE interest_rates (
    id INT NOT NULL AUTO_INCREMENT,
    month DATE NOT NULL,
    certified DECIMAL(6,3) NOT NULL,
    resolution VARCHAR(100) NOT NULL,
    assembly DECIMAL(6,3) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_interest_rates_month (month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Which days of which charge an interest is for; no day of a charge counts twice. live is NULL where it was counted anew.
CREATE TABLE interest_segments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    charge_id BIGINT NOT NULL,
    base_charge_id BIGINT NOT NULL,
    from_on DATE NOT NULL,
    to_on DATE NOT NULL,
    balance DECIMAL(12,2) NOT NULL,
    yearly DECIMAL(7,4) NOT NULL,
    day_rate DECIMAL(12,10) NOT NULL,
    exact DECIMAL(18,6) NOT NULL,
    live TINYINT(1) NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_interest_segments_day (base_charge_id, from_on, live),
    KEY idx_interest_segments_charge (charge_id),
    CONSTRAINT fk_interest_segments_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT fk_interest_segments_base_charge FOREIGN KEY (base_charge_id) REFERENCES charges (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Figures kept, and the books' own guard ---------------------------------------------------------------------------------------------

DROP TRIGGER charges_month_inserted;
DROP TRIGGER charges_month_updated;
DROP TRIGGER charges_month_deleted;

DELIMITER //
CREATE TRIGGER charges_month_inserted AFTER INSERT ON charges FOR EACH ROW
BEGIN
    IF NEW.kind = 'fee' AND NEW.period IS NOT NULL AND NEW.status IN ('open', 'paid') THEN
        INSERT INTO fee_months (period, billed, collected) VALUES (NEW.period, NEW.amount + NEW.adjusted, NEW.paid)
            ON DUPLICATE KEY UPDATE billed = billed + NEW.amount + NEW.adjusted, collected = collected + NEW.paid;
    END IF;
END//
CREATE TRIGGER charges_month_updated AFTER UPDATE ON charges FOR EACH ROW
BEGIN
    IF NOT (NEW.kind <=> OLD.kind AND NEW.period <=> OLD.period AND NEW.status <=> OLD.status
        AND NEW.amount <=> OLD.amount AND NEW.adjusted <=> OLD.adjusted AND NEW.paid <=> OLD.paid) THEN
        IF OLD.kind = 'fee' AND OLD.status IN ('open', 'paid') THEN
            UPDATE fee_months SET billed = billed - OLD.amount - OLD.adjusted, collected = collected - OLD.paid WHERE period = OLD.period;
        END IF;
        IF NEW.kind = 'fee' AND NEW.period IS NOT NULL AND NEW.status IN ('open', 'paid') THEN
            INSERT INTO fee_months (period, billed, collected) VALUES (NEW.period, NEW.amount + NEW.adjusted, NEW.paid)
                ON DUPLICATE KEY UPDATE billed = billed + NEW.amount + NEW.adjusted, collected = collected + NEW.paid;
        END IF;
    END IF;
END//
CREATE TRIGGER charges_month_deleted AFTER DELETE ON charges FOR EACH ROW
BEGIN
    IF OLD.kind = 'fee' AND OLD.status IN ('open', 'paid') THEN
        UPDATE fee_months SET billed = billed - OLD.amount - OLD.adjusted, collected = collected - OLD.paid WHERE period = OLD.period;
    END IF;
END//
CREATE TRIGGER journal_entries_stay BEFORE UPDATE ON journal_entries FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'An entry of the journal is never changed: it is reversed.';
END//
CREATE TRIGGER journal_entries_kept BEFORE DELETE ON journal_entries FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'An entry of the journal is never deleted: it is reversed.';
END//
CREATE TRIGGER journal_lines_stay BEFORE UPDATE ON journal_lines FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'A line of the journal is never changed: its entry is reversed.';
END//
CREATE TRIGGER journal_lines_kept BEFORE DELETE ON journal_lines FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'A line of the journal is never deleted: its entry is reversed.';
END//
DELIMITER ;

-- ---- Opening: one entry for each apartment that owes or has credit ----------------------------------------------------------------------

INSERT INTO journal_entries (posted_on, act, source_id, memo)
SELECT CURRENT_DATE, 'opening', a.id, 'Saldo inicial'
FROM apartments AS a
WHERE EXISTS (SELECT 1 FROM charges AS c WHERE c.apartment_id = a.id AND c.status = 'open' AND c.owed > 0)
    OR COALESCE((SELECT SUM(p.amount) FROM payments AS p WHERE p.apartment_id = a.id AND p.status_id = 1), 0)
        > COALESCE((SELECT SUM(x.amount) FROM payment_applications AS x INNER JOIN payments AS p ON p.id = x.payment_id
            WHERE p.apartment_id = a.id AND p.status_id = 1 AND x.reversed = 0), 0);

INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
SELECT e.id, k.receivable_account_id, k.receivable_account_id, e.source_id, e.posted_on, SUM(c.owed), 0
FROM journal_entries AS e
INNER JOIN charges AS c ON c.apartment_id = e.source_id AND c.status = 'open' AND c.owed > 0
INNER JOIN concepts AS k ON k.kind = c.kind
WHERE e.act = 'opening'
GROUP BY e.id, k.receivable_account_id, e.source_id, e.posted_on;

INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
SELECT x.id, 8, 8, x.source_id, x.posted_on, 0, x.held
FROM (
    SELECT e.id, e.source_id, e.posted_on,
        COALESCE((SELECT SUM(p.amount) FROM payments AS p WHERE p.apartment_id = e.source_id AND p.status_id = 1), 0)
        - COALESCE((SELECT SUM(a.amount) FROM payment_applications AS a INNER JOIN payments AS p ON p.id = a.payment_id
            WHERE p.apartment_id = e.source_id AND p.status_id = 1 AND a.reversed = 0), 0) AS held
    FROM journal_entries AS e WHERE e.act = 'opening'
) AS x
WHERE x.held > 0;

INSERT INTO journal_lines (entry_id, line, account_id, apartment_id, posted_on, debit, credit)
SELECT x.id, 12, 12, NULL, x.posted_on, GREATEST(-x.net, 0), GREATEST(x.net, 0)
FROM (
    SELECT e.id, e.posted_on, SUM(l.debit - l.credit) AS net
    FROM journal_entries AS e INNER JOIN journal_lines AS l ON l.entry_id = e.id
    WHERE e.act = 'opening' GROUP BY e.id, e.posted_on
) AS x
WHERE x.net <> 0;

-- ---- What one may do -------------------------------------------------------------------------------------------------------------------

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (
    SELECT 'billing' AS name, 'Concepts, runs, rates and adjustments' AS description
    UNION ALL SELECT 'ledger', 'Books'
) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'billing.view' AS name, 'See: concepts, runs, rates and adjustments' AS description
    UNION ALL SELECT 'billing.post', 'Post charges and runs, and undo them'
    UNION ALL SELECT 'billing.adjust', 'Waive and correct charges'
    UNION ALL SELECT 'billing.edit', 'Change: concepts and interest rates'
    UNION ALL SELECT 'ledger.view', 'See: books'
    UNION ALL SELECT 'ledger.post', 'Post entries by hand, transfers and opening balances'
    UNION ALL SELECT 'ledger.close', 'Close months of the books'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.module IN ('billing', 'ledger') AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 2, p.id FROM permissions AS p
WHERE p.name IN ('billing.view', 'billing.post', 'ledger.view')
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 2 AND x.permission_id = p.id);

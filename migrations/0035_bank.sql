-- The bank: its lines as they came in its files, what each of them is in the books, deposits that nobody knows yet, and the months in
-- which bank and books were compared. Why so: docs/decisions/055.

-- How the bank of an account writes its files; as somebody last imported one.
CREATE TABLE bank_profiles (
    account_id INT NOT NULL,
    format TEXT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (account_id),
    CONSTRAINT fk_bank_profiles_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE bank_imports (
    id BIGINT NOT NULL AUTO_INCREMENT,
    account_id INT NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    added INT NOT NULL,
    known INT NOT NULL,
    left_out INT NOT NULL,
    closing_balance DECIMAL(16,2) NULL,
    imported_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_bank_imports_account (account_id),
    CONSTRAINT fk_bank_imports_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The key is all that the bank says of a line, to the letter, and how many of that same day were the same before it: a file that
-- overlaps another adds nothing, and two deposits that are alike both stay.
CREATE TABLE bank_lines (
    id BIGINT NOT NULL AUTO_INCREMENT,
    account_id INT NOT NULL,
    day DATE NOT NULL,
    amount DECIMAL(16,2) NOT NULL,
    reference VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    text VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '',
    ordinal INT NOT NULL,
    import_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_bank_lines_line (account_id, day, amount, reference, text, ordinal),
    KEY idx_bank_lines_import (import_id),
    CONSTRAINT fk_bank_lines_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_bank_lines_import FOREIGN KEY (import_id) REFERENCES bank_imports (id),
    CONSTRAINT chk_bank_lines_amount CHECK (amount <> 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Which entry of the books a line is; several where one deposit was for several apartments. live is NULL where it was taken back.
CREATE TABLE bank_matches (
    id BIGINT NOT NULL AUTO_INCREMENT,
    line_id BIGINT NOT NULL,
    account_id INT NOT NULL,
    entry_id BIGINT NOT NULL,
    payment_id BIGINT NULL,
    amount DECIMAL(16,2) NOT NULL,
    how ENUM('linked', 'payment', 'booked', 'unidentified') NOT NULL,
    made_by BIGINT NULL,
    undone_by BIGINT NULL,
    undone_at TIMESTAMP NULL DEFAULT NULL,
    live TINYINT(1) NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_bank_matches_entry (entry_id, account_id, live),
    KEY idx_bank_matches_line (line_id, live),
    KEY idx_bank_matches_account (account_id),
    KEY idx_bank_matches_payment (payment_id),
    CONSTRAINT fk_bank_matches_line FOREIGN KEY (line_id) REFERENCES bank_lines (id),
    CONSTRAINT fk_bank_matches_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_bank_matches_entry FOREIGN KEY (entry_id) REFERENCES journal_entries (id),
    CONSTRAINT fk_bank_matches_payment FOREIGN KEY (payment_id) REFERENCES payments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Money that arrived and is nobody's yet: in the books against 2815. What payments took of it is their sum.
CREATE TABLE unidentified_deposits (
    id BIGINT NOT NULL AUTO_INCREMENT,
    line_id BIGINT NOT NULL,
    account_id INT NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    received_on DATE NOT NULL,
    memo VARCHAR(200) NOT NULL,
    made_by BIGINT NULL,
    undone_by BIGINT NULL,
    undone_at TIMESTAMP NULL DEFAULT NULL,
    live TINYINT(1) NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_unidentified_deposits_line (line_id, live),
    KEY idx_unidentified_deposits_account (account_id),
    CONSTRAINT fk_unidentified_deposits_line FOREIGN KEY (line_id) REFERENCES bank_lines (id),
    CONSTRAINT fk_unidentified_deposits_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT chk_unidentified_deposits_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE payments
    ADD COLUMN deposit_id BIGINT NULL,
    ADD KEY idx_payments_deposit (deposit_id),
    ADD CONSTRAINT fk_payments_deposit FOREIGN KEY (deposit_id) REFERENCES unidentified_deposits (id);

-- A month of an account: what the bank said, what is on its way, what the books said. live is NULL where it was opened again.
CREATE TABLE bank_reconciliations (
    id BIGINT NOT NULL AUTO_INCREMENT,
    account_id INT NOT NULL,
    month DATE NOT NULL,
    bank_balance DECIMAL(16,2) NOT NULL,
    in_transit DECIMAL(16,2) NULL,
    book_balance DECIMAL(16,2) NULL,
    items MEDIUMTEXT NULL,
    closed_by BIGINT NULL,
    closed_at TIMESTAMP NULL DEFAULT NULL,
    reopened_by BIGINT NULL,
    reopened_at TIMESTAMP NULL DEFAULT NULL,
    reopen_reason VARCHAR(500) NULL,
    live TINYINT(1) NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_bank_reconciliations_month (account_id, month, live),
    CONSTRAINT fk_bank_reconciliations_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (SELECT 'bank' AS name, 'Bank lines, unidentified deposits and reconciliations' AS description) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, 'bank', SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'bank.view' AS name, 'See: bank lines and reconciliations' AS description
    UNION ALL SELECT 'bank.edit', 'Import statements, match lines and assign deposits'
    UNION ALL SELECT 'bank.reconcile', 'Close and reopen reconciliations'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.module = 'bank' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 2, p.id FROM permissions AS p
WHERE p.name IN ('bank.view', 'bank.edit') AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 2 AND x.permission_id = p.id);

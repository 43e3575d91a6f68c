-- Whom the building pays: suppliers, their invoices with approval and payment, and the budget that both are compared with. Why so:
-- docs/decisions/057.

CREATE TABLE suppliers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(150) NOT NULL,
    tax_id VARCHAR(20) NULL,
    contact VARCHAR(100) NULL,
    phone VARCHAR(40) NULL,
    email VARCHAR(255) NULL,
    bank VARCHAR(60) NULL,
    bank_account VARCHAR(40) NULL,
    account_id INT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_suppliers_tax_id (tax_id),
    KEY idx_suppliers_name (name),
    KEY idx_suppliers_account (account_id),
    CONSTRAINT fk_suppliers_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- An invoice of a supplier is there once: invoice_key is its number without signs, live is NULL where it was voided.
CREATE TABLE expenses (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NULL,
    supplier_id BIGINT NOT NULL,
    account_id INT NOT NULL,
    invoice VARCHAR(40) NOT NULL,
    invoice_key VARCHAR(40) NOT NULL,
    live TINYINT(1) NULL DEFAULT 1,
    invoiced_on DATE NOT NULL,
    due_on DATE NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    paid DECIMAL(12,2) NOT NULL DEFAULT 0,
    description VARCHAR(300) NOT NULL,
    status ENUM('draft', 'sent', 'returned', 'approved', 'paid', 'voided') NOT NULL DEFAULT 'draft',
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_expenses_number (number),
    UNIQUE KEY uq_expenses_invoice (supplier_id, invoice_key, live),
    KEY idx_expenses_account (account_id),
    KEY idx_expenses_status_due (status, due_on),
    KEY idx_expenses_invoiced_on (invoiced_on),
    CONSTRAINT fk_expenses_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id),
    CONSTRAINT fk_expenses_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT chk_expenses_paid CHECK (amount > 0 AND paid >= 0 AND paid <= amount)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE expense_payments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    expense_id BIGINT NOT NULL,
    seq INT NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    paid_on DATE NOT NULL,
    payment_method_id INT NOT NULL,
    reference VARCHAR(50) NULL,
    made_by BIGINT NULL,
    voided_by BIGINT NULL,
    voided_at TIMESTAMP NULL,
    void_reason VARCHAR(500) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_expense_payments_expense_seq (expense_id, seq),
    KEY idx_expense_payments_payment_method (payment_method_id),
    KEY idx_expense_payments_paid_on (paid_on),
    CONSTRAINT fk_expense_payments_expense FOREIGN KEY (expense_id) REFERENCES expenses (id),
    CONSTRAINT fk_expense_payments_payment_method FOREIGN KEY (payment_method_id) REFERENCES payment_methods (id),
    CONSTRAINT chk_expense_payments_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who did what with it, in their order.
CREATE TABLE expense_steps (
    id BIGINT NOT NULL AUTO_INCREMENT,
    expense_id BIGINT NOT NULL,
    kind ENUM('made', 'changed', 'sent', 'returned', 'approved', 'paid', 'payment_voided', 'voided') NOT NULL,
    reason VARCHAR(500) NULL,
    amount DECIMAL(12,2) NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_expense_steps_expense (expense_id),
    CONSTRAINT fk_expense_steps_expense FOREIGN KEY (expense_id) REFERENCES expenses (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE expense_files (
    id BIGINT NOT NULL AUTO_INCREMENT,
    expense_id BIGINT NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    size INT NOT NULL,
    content LONGBLOB NOT NULL,
    added_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_expense_files_expense (expense_id),
    CONSTRAINT fk_expense_files_expense FOREIGN KEY (expense_id) REFERENCES expenses (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A year's budget; what changes after its approval is the next version. draft is NULL once it is approved: a year has one draft at most.
CREATE TABLE budgets (
    id BIGINT NOT NULL AUTO_INCREMENT,
    year INT NOT NULL,
    version INT NOT NULL,
    draft TINYINT(1) NULL DEFAULT 1,
    act VARCHAR(100) NULL,
    approved_on DATE NULL,
    approved_by BIGINT NULL,
    approved_at TIMESTAMP NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_budgets_version (year, version),
    UNIQUE KEY uq_budgets_draft (year, draft)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE budget_lines (
    id BIGINT NOT NULL AUTO_INCREMENT,
    budget_id BIGINT NOT NULL,
    account_id INT NOT NULL,
    month INT NOT NULL,
    amount DECIMAL(14,2) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_budget_lines_account_month (budget_id, account_id, month),
    KEY idx_budget_lines_account (account_id),
    CONSTRAINT fk_budget_lines_budget FOREIGN KEY (budget_id) REFERENCES budgets (id),
    CONSTRAINT fk_budget_lines_account FOREIGN KEY (account_id) REFERENCES ledger_accounts (id),
    CONSTRAINT chk_budget_lines_month CHECK (month BETWEEN 1 AND 12 AND amount >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- What was owed to suppliers by entries by hand: one invoice, approved, so that 2335 is what invoices say from the first day ----------

INSERT INTO suppliers (name, contact)
SELECT 'Saldos anteriores', 'Por pagar según asientos a mano de antes'
FROM (
    SELECT SUM(l.credit - l.debit) AS owed
    FROM journal_lines AS l INNER JOIN ledger_accounts AS a ON a.id = l.account_id WHERE a.purpose = 'suppliers'
) AS x
WHERE x.owed > 0;

INSERT INTO expenses (supplier_id, account_id, invoice, invoice_key, invoiced_on, due_on, amount, description, status)
SELECT s.id, r.id, 'SALDO-INICIAL', 'SALDOINICIAL', CURRENT_DATE, CURRENT_DATE, x.owed, 'Por pagar según asientos a mano de antes', 'approved'
FROM suppliers AS s
INNER JOIN ledger_accounts AS r ON r.purpose = 'result'
CROSS JOIN (
    SELECT SUM(l.credit - l.debit) AS owed
    FROM journal_lines AS l INNER JOIN ledger_accounts AS a ON a.id = l.account_id WHERE a.purpose = 'suppliers'
) AS x
WHERE s.tax_id IS NULL;

-- ---- What one may do -------------------------------------------------------------------------------------------------------------------

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (
    SELECT 'expenses' AS name, 'Suppliers, their invoices and what is paid to them' AS description
    UNION ALL SELECT 'budget', 'Budget'
) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'expenses.view' AS name, 'See: suppliers, expenses and budget' AS description
    UNION ALL SELECT 'expenses.edit', 'Change: suppliers and expenses, and send them for approval'
    UNION ALL SELECT 'expenses.approve', 'Approve expenses, return and void them'
    UNION ALL SELECT 'expenses.pay', 'Pay expenses, and take payments back'
    UNION ALL SELECT 'budget.edit', 'Change: budget, and write down its approval'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.module IN ('expenses', 'budget') AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 2, p.id FROM permissions AS p
WHERE p.name IN ('expenses.view', 'expenses.edit')
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 2 AND x.permission_id = p.id);

-- Payments over a gateway: what was begun there, what it told us, and what it paid out. Why so: docs/decisions/059.

CREATE TABLE online_payments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    provider_id VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NULL,
    pay_address VARCHAR(500) NULL,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    started_by BIGINT NULL,
    amount DECIMAL(12,2) NOT NULL,
    received DECIMAL(12,2) NULL,
    state ENUM('started', 'pending', 'approved', 'declined', 'expired', 'review', 'refunded') NOT NULL DEFAULT 'started',
    reason ENUM('amount', 'currency', 'after_declined') NULL,
    expires_at TIMESTAMP NULL DEFAULT NULL,
    asked_at TIMESTAMP NULL DEFAULT NULL,
    finished_at TIMESTAMP NULL DEFAULT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_online_payments_code (code),
    UNIQUE KEY uq_online_payments_provider (provider, provider_id),
    KEY idx_online_payments_state (state, asked_at),
    KEY idx_online_payments_apartment (apartment_id),
    KEY idx_online_payments_owner (owner_id),
    CONSTRAINT fk_online_payments_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_online_payments_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT chk_online_payments_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The key is what makes an event that comes twice one event: it is taken in the transaction that does what the event says.
CREATE TABLE online_events (
    id BIGINT NOT NULL AUTO_INCREMENT,
    provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event_id VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    online_payment_id BIGINT NULL,
    kind ENUM('created', 'pending', 'approved', 'declined', 'expired', 'refunded', 'settled') NOT NULL,
    amount DECIMAL(14,2) NULL,
    outcome ENUM('applied', 'stale', 'review', 'unknown') NOT NULL,
    happened_at TIMESTAMP NULL DEFAULT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_online_events_event (provider, event_id),
    KEY idx_online_events_online_payment (online_payment_id),
    CONSTRAINT fk_online_events_online_payment FOREIGN KEY (online_payment_id) REFERENCES online_payments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE online_settlements (
    id BIGINT NOT NULL AUTO_INCREMENT,
    provider VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    settlement_id VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount DECIMAL(14,2) NOT NULL,
    fee DECIMAL(14,2) NOT NULL,
    paid_on DATE NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_online_settlements_settlement (provider, settlement_id),
    CONSTRAINT chk_online_settlements_fee CHECK (fee >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One payment of each at most, whatever is told how often.
ALTER TABLE payments
    ADD COLUMN online_payment_id BIGINT NULL,
    ADD UNIQUE KEY uq_payments_online_payment (online_payment_id),
    ADD CONSTRAINT fk_payments_online_payment FOREIGN KEY (online_payment_id) REFERENCES online_payments (id);

-- ---- Books: money that the gateway has and has not paid out yet ----------------------------------------------------------------------------

ALTER TABLE ledger_accounts
    MODIFY COLUMN purpose ENUM('cash', 'bank', 'fund_bank', 'fees', 'interest', 'fines', 'suppliers', 'credits', 'deposits', 'unidentified',
        'reserve', 'result', 'discounts', 'bank_costs', 'reserve_costs', 'gateway') NULL;

ALTER TABLE journal_entries
    MODIFY COLUMN act ENUM('opening', 'charge', 'run', 'payment', 'credit', 'void', 'adjustment', 'cancellation', 'unidentified', 'refund',
        'expense', 'expense_payment', 'transfer', 'reserve', 'bank_cost', 'manual', 'reversal', 'settlement') NOT NULL;

-- 1115 is the plan's number; a building that has given it to something else gets the one beside it.
INSERT INTO ledger_accounts (code, name, purpose)
SELECT IF(COUNT(*) = 0, '1115', '111595'), 'Remesas en tránsito (pasarela de pagos)', 'gateway' FROM ledger_accounts WHERE code = '1115';

-- ---- Permissions ---------------------------------------------------------------------------------------------------------------------------

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'payments.pay_own' AS name, 'Pay online: for own apartments' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 3, p.id FROM permissions AS p
WHERE p.name = 'payments.pay_own' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 3 AND x.permission_id = p.id);

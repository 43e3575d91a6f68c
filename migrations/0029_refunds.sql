-- Credit that is given back, in parts or whole: which payments it came from, and what of them is gone.

ALTER TABLE payments ADD COLUMN refunded DECIMAL(12,2) NOT NULL DEFAULT 0;
ALTER TABLE payments ADD CONSTRAINT chk_payments_refunded CHECK (refunded >= 0 AND refunded <= amount);

CREATE TABLE refunds (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    apartment_id BIGINT NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    paid_on DATE NOT NULL,
    payment_method_id INT NOT NULL,
    reference VARCHAR(50) NULL,
    reason VARCHAR(500) NOT NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_refunds_number (number),
    KEY idx_refunds_apartment (apartment_id),
    KEY idx_refunds_payment_method (payment_method_id),
    CONSTRAINT fk_refunds_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_refunds_payment_method FOREIGN KEY (payment_method_id) REFERENCES payment_methods (id),
    CONSTRAINT chk_refunds_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE refund_parts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    refund_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_refund_parts_refund (refund_id),
    KEY idx_refund_parts_payment (payment_id),
    CONSTRAINT fk_refund_parts_refund FOREIGN KEY (refund_id) REFERENCES refunds (id),
    CONSTRAINT fk_refund_parts_payment FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT chk_refund_parts_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, 'payments', 'refund', p.description FROM (
    SELECT 'payments.refund' AS name, 'Give back: credit of apartments' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.name = 'payments.refund' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

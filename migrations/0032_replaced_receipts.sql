-- A payment that was applied again, because an earlier one was voided, has a new receipt. The one of before stays a paper, and its code
-- still tells that it was genuine and which receipt stands in its place.
CREATE TABLE replaced_receipts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    payment_id BIGINT NOT NULL,
    number VARCHAR(20) NOT NULL,
    verification_code VARCHAR(12) NOT NULL,
    replaced_by VARCHAR(20) NOT NULL,
    voided_payment_id BIGINT NOT NULL,
    replaced_on DATE NOT NULL,
    last_line INT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_replaced_receipts_number (number),
    UNIQUE KEY uq_replaced_receipts_verification_code (verification_code),
    KEY idx_replaced_receipts_payment (payment_id),
    KEY idx_replaced_receipts_voided_payment (voided_payment_id),
    CONSTRAINT fk_replaced_receipts_payment FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT fk_replaced_receipts_voided_payment FOREIGN KEY (voided_payment_id) REFERENCES payments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

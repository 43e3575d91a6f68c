-- A deposit of a booking is money of the resident in the building's hands. What became of it: damages it paid, what was given back.
CREATE TABLE deposit_returns (
    id BIGINT NOT NULL AUTO_INCREMENT,
    charge_id BIGINT NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    damages DECIMAL(12,2) NOT NULL,
    damage_charge_id BIGINT NULL,
    refund_id BIGINT NULL,
    reason VARCHAR(300) NULL,
    made_on DATE NOT NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_deposit_returns_charge (charge_id),
    KEY idx_deposit_returns_damage_charge (damage_charge_id),
    KEY idx_deposit_returns_refund (refund_id),
    CONSTRAINT fk_deposit_returns_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT fk_deposit_returns_damage_charge FOREIGN KEY (damage_charge_id) REFERENCES charges (id),
    CONSTRAINT fk_deposit_returns_refund FOREIGN KEY (refund_id) REFERENCES refunds (id),
    CONSTRAINT chk_deposit_returns_damages CHECK (amount > 0 AND damages >= 0 AND damages <= amount)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

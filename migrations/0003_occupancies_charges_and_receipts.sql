-- Who lives where and since when; what an apartment owes; how a payment was applied.

ALTER TABLE apartments
    ADD COLUMN floor INT NULL,
    ADD COLUMN coefficient DECIMAL(9,6) NULL,
    ADD COLUMN area DECIMAL(8,2) NULL,
    ADD COLUMN monthly_fee DECIMAL(12,2) NULL;

CREATE TABLE occupancies (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    kind ENUM('owner', 'tenant', 'family', 'authorised') NOT NULL,
    started_on DATE NOT NULL,
    ended_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_occupancies_apartment (apartment_id),
    KEY idx_occupancies_owner (owner_id),
    CONSTRAINT fk_occupancies_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_occupancies_owner FOREIGN KEY (owner_id) REFERENCES owners (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Owners of before: since when is not recorded anywhere, so the day the apartment was entered is taken.
INSERT INTO occupancies (apartment_id, owner_id, kind, started_on)
SELECT id, owner_id, 'owner', DATE(COALESCE(created_at, CURRENT_TIMESTAMP)) FROM apartments WHERE owner_id IS NOT NULL;

-- DECIMAL(10,2) holds less than a hundred million pesos.
ALTER TABLE payments
    MODIFY COLUMN amount DECIMAL(12,2) NOT NULL,
    ADD COLUMN payment_time TIME NULL,
    ADD COLUMN apartment_id BIGINT NULL,
    ADD COLUMN receipt_number VARCHAR(20) NULL,
    ADD COLUMN verification_code VARCHAR(12) NULL,
    ADD COLUMN recorded_by BIGINT NULL,
    ADD COLUMN confirmed_by BIGINT NULL,
    ADD COLUMN confirmed_at TIMESTAMP NULL,
    ADD COLUMN cancelled_by BIGINT NULL,
    ADD COLUMN cancelled_at TIMESTAMP NULL,
    ADD COLUMN cancel_reason VARCHAR(500) NULL,
    ADD UNIQUE KEY uq_payments_receipt_number (receipt_number),
    ADD UNIQUE KEY uq_payments_verification_code (verification_code),
    ADD KEY idx_payments_reference_number (reference_number),
    ADD KEY idx_payments_apartment (apartment_id),
    ADD CONSTRAINT fk_payments_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id);

INSERT INTO payment_status (id, name, description) VALUES
    (5, 'Rejected', 'Reported by an owner and found not to be so'),
    (6, 'Refunded', 'Given back');

INSERT INTO payment_methods (id, name, description) VALUES
    (6, 'PSE', 'Debit from a bank account over the Colombian PSE network');

CREATE TABLE charges (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NULL,
    kind ENUM('fee', 'interest', 'extra_fee', 'booking', 'deposit', 'fine', 'parking', 'other') NOT NULL,
    concept VARCHAR(200) NOT NULL,
    detail VARCHAR(300) NULL,
    number VARCHAR(30) NULL,
    period DATE NULL,
    amount DECIMAL(12,2) NOT NULL,
    paid DECIMAL(12,2) NOT NULL DEFAULT 0,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    status ENUM('open', 'paid', 'cancelled', 'exonerated') NOT NULL DEFAULT 'open',
    reservation_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_charges_number (number),
    KEY idx_charges_apartment (apartment_id),
    KEY idx_charges_owner (owner_id),
    KEY idx_charges_reservation (reservation_id),
    KEY idx_charges_status_due (status, due_on),
    KEY idx_charges_issued_on (issued_on),
    KEY idx_charges_kind_period (kind, period),
    CONSTRAINT fk_charges_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_charges_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_charges_reservation FOREIGN KEY (reservation_id) REFERENCES reservations (id),
    CONSTRAINT chk_charges_amount CHECK (amount > 0),
    CONSTRAINT chk_charges_paid CHECK (paid >= 0 AND paid <= amount)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE payment_applications (
    id BIGINT NOT NULL AUTO_INCREMENT,
    payment_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    line INT NOT NULL,
    owed DECIMAL(12,2) NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    reversed BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_payment_applications_payment (payment_id),
    KEY idx_payment_applications_charge (charge_id),
    CONSTRAINT fk_payment_applications_payment FOREIGN KEY (payment_id) REFERENCES payments (id),
    CONSTRAINT fk_payment_applications_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT chk_payment_applications_amount CHECK (amount > 0 AND amount <= owed)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

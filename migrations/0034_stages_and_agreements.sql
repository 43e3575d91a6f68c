-- How what is late is collected: stages by days late, each once for an apartment's debt; agreements to pay in instalments, which are a
-- schedule over charges that stay what they are.

-- Where an apartment stands: since when its debt has not been paid off, the last stage of it, and whether it is disputed.
CREATE TABLE collection_files (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    spell_on DATE NULL,
    stage ENUM('reminder', 'notice', 'second_notice', 'demand', 'pre_legal', 'lawyer') NULL,
    stage_on DATE NULL,
    disputed_until DATE NULL,
    dispute_reason VARCHAR(500) NULL,
    dispute_case VARCHAR(30) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_collection_files_apartment (apartment_id),
    KEY idx_collection_files_stage (stage),
    CONSTRAINT fk_collection_files_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What was done: the key lets no stage of a debt come twice, whatever job runs how often.
CREATE TABLE collection_acts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    spell_on DATE NOT NULL,
    stage ENUM('reminder', 'notice', 'second_notice', 'demand', 'pre_legal', 'lawyer') NOT NULL,
    done_on DATE NOT NULL,
    days_late INT NOT NULL,
    owed DECIMAL(12,2) NOT NULL,
    note VARCHAR(500) NULL,
    done_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_collection_acts_stage (apartment_id, spell_on, stage),
    CONSTRAINT fk_collection_acts_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE agreements (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    verification_code VARCHAR(12) NOT NULL,
    apartment_id BIGINT NOT NULL,
    state ENUM('active', 'fulfilled', 'broken', 'undone') NOT NULL,
    -- NULL where it has ended, so that the key lets an apartment have one at a time.
    live BOOLEAN NULL,
    made_on DATE NOT NULL,
    capital DECIMAL(12,2) NOT NULL,
    interest DECIMAL(12,2) NOT NULL,
    waived DECIMAL(12,2) NOT NULL,
    act VARCHAR(100) NULL,
    total DECIMAL(12,2) NOT NULL,
    interest_stands BOOLEAN NOT NULL,
    grace_days INT NOT NULL,
    made_by BIGINT NULL,
    ended_on DATE NULL,
    ended_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_agreements_number (number),
    UNIQUE KEY uq_agreements_verification_code (verification_code),
    UNIQUE KEY uq_agreements_live (apartment_id, live),
    CONSTRAINT fk_agreements_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT chk_agreements_total CHECK (total = capital + interest - waived AND waived >= 0 AND waived <= interest AND total > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE agreement_charges (
    id BIGINT NOT NULL AUTO_INCREMENT,
    agreement_id BIGINT NOT NULL,
    charge_id BIGINT NOT NULL,
    owed DECIMAL(12,2) NOT NULL,
    paid_before DECIMAL(12,2) NOT NULL,
    interest_from DATE NULL,
    live BOOLEAN NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_agreement_charges_live (charge_id, live),
    KEY idx_agreement_charges_agreement (agreement_id),
    CONSTRAINT fk_agreement_charges_agreement FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    CONSTRAINT fk_agreement_charges_charge FOREIGN KEY (charge_id) REFERENCES charges (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE agreement_instalments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    agreement_id BIGINT NOT NULL,
    line INT NOT NULL,
    due_on DATE NOT NULL,
    amount DECIMAL(12,2) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_agreement_instalments_line (agreement_id, line),
    CONSTRAINT fk_agreement_instalments_agreement FOREIGN KEY (agreement_id) REFERENCES agreements (id),
    CONSTRAINT chk_agreement_instalments_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A waiver that an agreement grants falls with it.
ALTER TABLE charge_adjustments
    ADD COLUMN agreement_id BIGINT NULL,
    ADD KEY idx_charge_adjustments_agreement (agreement_id),
    ADD CONSTRAINT fk_charge_adjustments_agreement FOREIGN KEY (agreement_id) REFERENCES agreements (id);

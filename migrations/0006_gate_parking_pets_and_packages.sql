-- Announced visits, visits over midnight, what is entered twice; packages; whom a parking space is for.

ALTER TABLE visitors
    ADD COLUMN exit_date DATE NULL,
    ADD COLUMN kind ENUM('guest', 'delivery', 'domestic', 'contractor', 'taxi') NOT NULL DEFAULT 'guest',
    ADD COLUMN state ENUM('announced', 'inside', 'left', 'revoked', 'denied') NOT NULL DEFAULT 'announced',
    ADD COLUMN apartment_id BIGINT NULL,
    ADD COLUMN people INT NOT NULL DEFAULT 1,
    ADD COLUMN license_plate VARCHAR(20) NULL,
    ADD COLUMN company VARCHAR(100) NULL,
    ADD COLUMN expected_from DATETIME NULL,
    ADD COLUMN expected_until DATETIME NULL,
    ADD COLUMN pass_code VARCHAR(6) NULL,
    ADD COLUMN auto_closed BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN entered_by BIGINT NULL,
    ADD COLUMN exited_by BIGINT NULL,
    ADD COLUMN client_key VARCHAR(36) NULL,
    ADD UNIQUE KEY uq_visitors_client_key (client_key),
    ADD KEY idx_visitors_state_date (state, visit_date),
    ADD KEY idx_visitors_pass_code (pass_code),
    ADD KEY idx_visitors_identification (identification),
    ADD KEY idx_visitors_apartment (apartment_id),
    ADD CONSTRAINT fk_visitors_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    ADD CONSTRAINT chk_visitors_people CHECK (people > 0);

-- Visits of before: entered and left, or entered and (if it was today) still inside.
UPDATE visitors SET state = 'left', updated_at = updated_at WHERE exit_time IS NOT NULL;
UPDATE visitors SET state = 'inside', updated_at = updated_at WHERE enter_time IS NOT NULL AND exit_time IS NULL AND visit_date >= CURRENT_DATE;
UPDATE visitors SET state = 'left', auto_closed = TRUE, updated_at = updated_at WHERE enter_time IS NOT NULL AND exit_time IS NULL AND visit_date < CURRENT_DATE;
UPDATE visitors SET exit_date = DATE_ADD(visit_date, INTERVAL 1 DAY), updated_at = updated_at WHERE exit_time IS NOT NULL AND enter_time IS NOT NULL AND exit_time < enter_time;

ALTER TABLE guards
    ADD COLUMN user_id BIGINT NULL,
    ADD COLUMN arl_expires_on DATE NULL,
    ADD COLUMN eps_expires_on DATE NULL,
    ADD KEY idx_guards_user (user_id),
    ADD CONSTRAINT fk_guards_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL;

CREATE TABLE gate_notes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    text TEXT NOT NULL,
    written_by BIGINT NOT NULL,
    read_by BIGINT NULL,
    read_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE packages (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    carrier VARCHAR(100) NOT NULL,
    description VARCHAR(200) NULL,
    status ENUM('waiting', 'collected', 'returned') NOT NULL DEFAULT 'waiting',
    received_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    received_by BIGINT NULL,
    collected_at TIMESTAMP NULL,
    collected_by_name VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_packages_apartment (apartment_id),
    KEY idx_packages_status (status),
    CONSTRAINT fk_packages_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE parking
    ADD COLUMN apartment_id BIGINT NULL,
    ADD COLUMN use_kind ENUM('resident', 'visitor') NOT NULL DEFAULT 'resident',
    ADD KEY idx_parking_license_plate (license_plate),
    ADD KEY idx_parking_apartment (apartment_id),
    ADD CONSTRAINT fk_parking_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id);

ALTER TABLE pets
    ADD COLUMN vaccination_expires_on DATE NULL;

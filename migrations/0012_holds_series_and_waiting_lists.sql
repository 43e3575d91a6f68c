-- A place may be held for some minutes, bookings may repeat, people may wait for a place, and be checked in.

INSERT INTO reservation_status (id, name, description) VALUES
    (5, 'Held', NULL),
    (6, 'Expired', NULL),
    (7, 'No-show', NULL);

CREATE TABLE reservation_series (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    weekdays VARCHAR(20) NOT NULL,
    every_weeks INT NOT NULL DEFAULT 1,
    start_time TIME NOT NULL,
    minutes INT NOT NULL,
    people INT NOT NULL DEFAULT 1,
    notes VARCHAR(500) NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_reservation_series_facility (facility_id),
    KEY idx_reservation_series_apartment (apartment_id),
    KEY idx_reservation_series_owner (owner_id),
    CONSTRAINT fk_reservation_series_facility FOREIGN KEY (facility_id) REFERENCES facilities (id),
    CONSTRAINT fk_reservation_series_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_reservation_series_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT chk_reservation_series_dates CHECK (starts_on <= ends_on AND minutes > 0 AND every_weeks > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The composite indexes keep a quota's look at one apartment or person as short in ten years as today.
ALTER TABLE reservations
    ADD COLUMN hold_until TIMESTAMP NULL,
    ADD COLUMN changes INT NOT NULL DEFAULT 0,
    ADD COLUMN series_id BIGINT NULL,
    ADD COLUMN checked_in_at TIMESTAMP NULL,
    ADD COLUMN checked_in_by BIGINT NULL,
    ADD COLUMN verification_code VARCHAR(12) NULL,
    ADD UNIQUE KEY uq_reservations_verification_code (verification_code),
    ADD KEY idx_reservations_apartment_start (apartment_id, start_date),
    ADD KEY idx_reservations_owner_start (owner_id, start_date),
    ADD KEY idx_reservations_status_end (status_id, end_date),
    ADD KEY idx_reservations_series (series_id),
    ADD CONSTRAINT fk_reservations_series FOREIGN KEY (series_id) REFERENCES reservation_series (id);

CREATE TABLE reservation_waits (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NOT NULL,
    start_date DATETIME NOT NULL,
    end_date DATETIME NOT NULL,
    people INT NOT NULL DEFAULT 1,
    state ENUM('waiting', 'offered', 'accepted', 'declined', 'missed', 'passed', 'left') NOT NULL DEFAULT 'waiting',
    reservation_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_reservation_waits_facility_state (facility_id, state, start_date),
    KEY idx_reservation_waits_facility (facility_id),
    KEY idx_reservation_waits_apartment (apartment_id),
    KEY idx_reservation_waits_owner (owner_id),
    KEY idx_reservation_waits_reservation (reservation_id),
    CONSTRAINT fk_reservation_waits_facility FOREIGN KEY (facility_id) REFERENCES facilities (id),
    CONSTRAINT fk_reservation_waits_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_reservation_waits_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_reservation_waits_reservation FOREIGN KEY (reservation_id) REFERENCES reservations (id),
    CONSTRAINT chk_reservation_waits_dates CHECK (start_date < end_date AND people > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Whoever stands at the gate may check people in.
INSERT INTO permissions (name, module, action, description)
SELECT p.name, 'reservations', 'check_in', p.description FROM (SELECT 'reservations.check_in' AS name, 'Check in: bookings' AS description) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM permissions AS p JOIN roles AS r ON r.id IN (1, 2, 4)
WHERE p.name = 'reservations.check_in' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.id AND x.permission_id = p.id);

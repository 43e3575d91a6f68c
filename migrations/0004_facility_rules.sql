-- The rules a facility is booked by. reservation_types becomes the kind of a facility, over which quotas count.

-- DECIMAL(8,2) holds less than a million pesos.
ALTER TABLE facilities
    MODIFY COLUMN hourly_rate DECIMAL(12,2) NULL,
    ADD COLUMN reservation_type_id INT NULL,
    ADD COLUMN shared BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN approval_required BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN slot_minutes INT NOT NULL DEFAULT 60,
    ADD COLUMN min_minutes INT NOT NULL DEFAULT 60,
    ADD COLUMN max_minutes INT NOT NULL DEFAULT 240,
    ADD COLUMN buffer_minutes INT NOT NULL DEFAULT 0,
    ADD COLUMN min_notice_minutes INT NOT NULL DEFAULT 0,
    ADD COLUMN max_advance_days INT NOT NULL DEFAULT 60,
    ADD COLUMN cancel_notice_minutes INT NOT NULL DEFAULT 0,
    ADD COLUMN deposit DECIMAL(12,2) NOT NULL DEFAULT 0,
    ADD COLUMN quota_count INT NULL,
    ADD COLUMN quota_period ENUM('day', 'week', 'month') NULL,
    ADD COLUMN terms TEXT NULL,
    ADD KEY idx_facilities_reservation_type (reservation_type_id),
    ADD CONSTRAINT fk_facilities_reservation_type FOREIGN KEY (reservation_type_id) REFERENCES reservation_types (id),
    ADD CONSTRAINT chk_facilities_minutes CHECK (slot_minutes > 0 AND min_minutes > 0 AND max_minutes >= min_minutes AND buffer_minutes >= 0);

CREATE TABLE facility_hours (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    weekday INT NOT NULL,
    opens_at TIME NOT NULL,
    closes_at TIME NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_facility_hours (facility_id, weekday, opens_at),
    CONSTRAINT fk_facility_hours_facility FOREIGN KEY (facility_id) REFERENCES facilities (id) ON DELETE CASCADE,
    CONSTRAINT chk_facility_hours_weekday CHECK (weekday BETWEEN 1 AND 7)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Facilities of before had no hours: they were open all day.
INSERT INTO facility_hours (facility_id, weekday, opens_at, closes_at)
SELECT f.id, d.weekday, '00:00:00', '00:00:00'
FROM facilities AS f
CROSS JOIN (SELECT 1 AS weekday UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7) AS d;

CREATE TABLE facility_blackouts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    start_date DATETIME NOT NULL,
    end_date DATETIME NOT NULL,
    reason VARCHAR(200) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_facility_blackouts_facility (facility_id),
    CONSTRAINT fk_facility_blackouts_facility FOREIGN KEY (facility_id) REFERENCES facilities (id) ON DELETE CASCADE,
    CONSTRAINT chk_facility_blackouts_dates CHECK (start_date < end_date)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE reservations
    MODIFY COLUMN total_cost DECIMAL(12,2) NULL,
    ADD COLUMN number VARCHAR(20) NULL,
    ADD COLUMN apartment_id BIGINT NULL,
    ADD COLUMN reservation_type_id INT NULL,
    ADD COLUMN people INT NOT NULL DEFAULT 1,
    ADD COLUMN deposit DECIMAL(12,2) NOT NULL DEFAULT 0,
    ADD COLUMN booked_by BIGINT NULL,
    ADD COLUMN cancelled_at TIMESTAMP NULL,
    ADD COLUMN cancelled_by BIGINT NULL,
    ADD COLUMN cancel_reason VARCHAR(500) NULL,
    ADD UNIQUE KEY uq_reservations_number (number),
    ADD KEY idx_reservations_facility_date (facility_id, start_date, end_date),
    ADD KEY idx_reservations_apartment (apartment_id),
    ADD KEY idx_reservations_reservation_type (reservation_type_id),
    ADD CONSTRAINT fk_reservations_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    ADD CONSTRAINT fk_reservations_reservation_type FOREIGN KEY (reservation_type_id) REFERENCES reservation_types (id),
    ADD CONSTRAINT chk_reservations_people CHECK (people > 0);

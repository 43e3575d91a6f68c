-- What a facility allows beyond its hours and lengths: quotas of a person and of an apartment in each period, bookings open at once, until when a booking may
-- be changed, whether it is paid first, whether people are checked in. And what it looks like.

ALTER TABLE facilities
    ADD COLUMN change_notice_minutes INT NOT NULL DEFAULT 0,
    ADD COLUMN open_limit INT NULL,
    ADD COLUMN pay_first BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN check_in BOOLEAN NOT NULL DEFAULT FALSE,
    ADD CONSTRAINT chk_facilities_change_notice CHECK (change_notice_minutes >= 0),
    ADD CONSTRAINT chk_facilities_open_limit CHECK (open_limit > 0);

CREATE TABLE facility_quotas (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    subject ENUM('person', 'apartment') NOT NULL,
    period ENUM('day', 'week', 'month') NOT NULL,
    most INT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_facility_quotas (facility_id, subject, period),
    CONSTRAINT fk_facility_quotas_facility FOREIGN KEY (facility_id) REFERENCES facilities (id) ON DELETE CASCADE,
    CONSTRAINT chk_facility_quotas_most CHECK (most > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The one quota there was counted by apartment.
INSERT INTO facility_quotas (facility_id, subject, period, most)
SELECT id, 'apartment', quota_period, quota_count FROM facilities WHERE quota_count > 0 AND quota_period IS NOT NULL;

ALTER TABLE facilities
    DROP COLUMN quota_count,
    DROP COLUMN quota_period;

CREATE TABLE facility_photos (
    id BIGINT NOT NULL AUTO_INCREMENT,
    facility_id BIGINT NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content LONGBLOB NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_facility_photos_facility (facility_id),
    CONSTRAINT fk_facility_photos_facility FOREIGN KEY (facility_id) REFERENCES facilities (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

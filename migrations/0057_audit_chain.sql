-- A seal for each day of the audit log, and each seal holds that of the day before: who changes, adds or takes away a line of a sealed
-- day has to make every later seal anew, and the last one lies in each backup's manifest. Why so: docs/decisions/086.

CREATE TABLE audit_seals (
    -- Of created_at, UTC.
    day DATE NOT NULL,
    first_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    record_count INT NOT NULL,
    -- SHA-256 over the digests of the day's lines in the order of their ids.
    digest CHAR(64) NOT NULL,
    -- SHA-256 over the head of the seal before, the day, its number of lines and its digest.
    head CHAR(64) NOT NULL,
    sealed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- When the archive deleted the day's lines, as the settings say.
    deleted_at TIMESTAMP NULL,
    PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Lines whose values retention took away: what they weighed before, so that the rest of the line and of its day is still proven.
CREATE TABLE audit_redactions (
    audit_id BIGINT NOT NULL,
    content CHAR(64) NOT NULL,
    redacted_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (audit_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What the last look at the seals found.
CREATE TABLE audit_checks (
    id INT NOT NULL,
    checked_at TIMESTAMP NULL,
    -- Null: all days were looked at.
    since DATE NULL,
    day_count INT NOT NULL DEFAULT 0,
    record_count BIGINT NOT NULL DEFAULT 0,
    fault_count INT NOT NULL DEFAULT 0,
    first_fault ENUM('changed', 'missing', 'added', 'unsealed', 'chain', 'deleted') NULL,
    first_day DATE NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO audit_checks (id) VALUES (1);

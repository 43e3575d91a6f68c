-- What signing in, the audit log, settings, numbering and background work need besides the documented columns.

-- Accounts: what ASP.NET Identity keeps. Stamps left NULL by older rows are given at the next sign-in.
ALTER TABLE users
    ADD COLUMN normalized_username VARCHAR(50) NULL,
    ADD COLUMN security_stamp VARCHAR(64) NULL,
    ADD COLUMN concurrency_stamp VARCHAR(64) NULL,
    ADD COLUMN access_failed_count INT NOT NULL DEFAULT 0,
    ADD COLUMN lockout_end TIMESTAMP NULL,
    ADD COLUMN language VARCHAR(5) NULL,
    ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN last_sign_in_at TIMESTAMP NULL,
    ADD UNIQUE KEY uq_users_normalized_username (normalized_username);

-- updated_at says when a person changed the account, not when this file ran.
UPDATE users SET normalized_username = UPPER(username), updated_at = updated_at;

ALTER TABLE roles
    ADD COLUMN normalized_name VARCHAR(50) NULL,
    ADD COLUMN concurrency_stamp VARCHAR(64) NULL;

UPDATE roles SET normalized_name = UPPER(name);

CREATE TABLE account_codes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    kind ENUM('activation', 'reset') NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    expires_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    used_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_account_codes_user (user_id),
    CONSTRAINT fk_account_codes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE data_protection_keys (
    id INT NOT NULL AUTO_INCREMENT,
    friendly_name VARCHAR(100) NULL,
    xml TEXT NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The documented profile.document_type_id points at nothing; this is what it points at. Ids already in use keep a row of their own.
CREATE TABLE document_types (
    id INT NOT NULL AUTO_INCREMENT,
    code VARCHAR(10) NOT NULL,
    name VARCHAR(50) NOT NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO document_types (id, code, name) VALUES
    (1, 'C. C.', 'Cédula de ciudadanía'),
    (2, 'C. E.', 'Cédula de extranjería'),
    (3, 'T. I.', 'Tarjeta de identidad'),
    (4, 'Pas.', 'Pasaporte'),
    (5, 'NIT', 'Número de identificación tributaria'),
    (6, 'PPT', 'Permiso por protección temporal');

INSERT INTO document_types (id, code, name)
SELECT DISTINCT p.document_type_id, CONCAT('#', p.document_type_id), CONCAT('#', p.document_type_id)
FROM profile AS p
WHERE p.document_type_id > 6;

UPDATE profile SET document_type_id = NULL, updated_at = updated_at WHERE document_type_id < 1;

ALTER TABLE profile
    ADD KEY idx_profile_document_type (document_type_id),
    ADD CONSTRAINT fk_profile_document_type FOREIGN KEY (document_type_id) REFERENCES document_types (id);

-- Audit: who by name and from where; and what one write did, so that after a lost connection it is known whether it was committed.
ALTER TABLE audit_log
    ADD COLUMN actor_name VARCHAR(200) NULL,
    ADD COLUMN ip_address VARCHAR(45) NULL,
    ADD COLUMN operation VARCHAR(36) NULL,
    ADD KEY idx_audit_log_record (table_name, record_id),
    ADD KEY idx_audit_log_created_at (created_at),
    ADD KEY idx_audit_log_user (user_id),
    ADD KEY idx_audit_log_operation (operation);

CREATE TABLE settings (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    value TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_settings_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The last number given of a series in a year. Taken under a row lock, inside the write it is for: no gaps.
CREATE TABLE sequences (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    year INT NOT NULL,
    last_number BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY uq_sequences_name_year (name, year)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE jobs (
    id BIGINT NOT NULL AUTO_INCREMENT,
    kind VARCHAR(50) NOT NULL,
    payload TEXT NOT NULL,
    state ENUM('waiting', 'running', 'done', 'failed') NOT NULL DEFAULT 'waiting',
    run_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    attempts INT NOT NULL DEFAULT 0,
    lease_owner VARCHAR(64) NULL,
    lease_until TIMESTAMP NULL,
    last_error VARCHAR(1000) NULL,
    unique_key VARCHAR(100) NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_jobs_unique_key (unique_key),
    KEY idx_jobs_state_run (state, run_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One figure of the building as it stood at the end of a day, so that trends are what was, not what would be computed today.
CREATE TABLE daily_figures (
    id BIGINT NOT NULL AUTO_INCREMENT,
    day DATE NOT NULL,
    name VARCHAR(50) NOT NULL,
    value DECIMAL(14,2) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_daily_figures_name_day (name, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

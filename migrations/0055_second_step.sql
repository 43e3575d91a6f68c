-- The second step of signing in, who must have one, and when somebody last proved that it is they. Why: docs/decisions/081.

CREATE TABLE second_factors (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    -- Both protected by the portal's keys; null where there is none.
    secret VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
    -- The one that is being set up: it counts once a code of it was typed.
    pending_secret VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NULL,
    pending_at TIMESTAMP NULL,
    confirmed_at TIMESTAMP NULL,
    -- The interval of 30 s whose code was used last: neither it nor an earlier one opens again.
    last_step BIGINT NULL,
    last_used_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_second_factors_user (user_id),
    CONSTRAINT fk_second_factors_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Ten codes for who has lost the telephone; the table has their SHA-256.
CREATE TABLE recovery_codes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    code_hash VARCHAR(64) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    used_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_recovery_codes_user_code (user_id, code_hash),
    CONSTRAINT fk_recovery_codes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Off for who has the portal already, so that an update closes nobody out; the first administrator of a new one finds it on.
ALTER TABLE roles
    ADD COLUMN two_step_required BOOLEAN NOT NULL DEFAULT FALSE,
    -- How many days somebody has who has none yet, from when it was asked for or the account was made.
    ADD COLUMN two_step_grace_days INT NOT NULL DEFAULT 7,
    ADD COLUMN two_step_since TIMESTAMP NULL;

ALTER TABLE sessions
    -- When the person last gave their password (and code) in it; null: not in this session, as after a guard's PIN.
    ADD COLUMN proved_at TIMESTAMP NULL,
    -- How they came in: password, code, recovery, pin; several joined by +. Null for sessions of before.
    ADD COLUMN methods VARCHAR(40) NULL;

-- Who is signed in where. The cookie holds a secret of 256 bits, this table its hash: who reads it cannot become anybody.

CREATE TABLE sessions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    token_hash VARCHAR(64) NOT NULL,
    stamp VARCHAR(64) NOT NULL,
    remembered BOOLEAN NOT NULL DEFAULT FALSE,
    user_agent VARCHAR(300) NULL,
    ip_address VARCHAR(45) NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    ended_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_sessions_token_hash (token_hash),
    KEY idx_sessions_user (user_id),
    KEY idx_sessions_seen (seen_at),
    CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Wrong passwords in a row, by what was tried (the hash of an account or of a name nobody has) and from where (a network address, a known device, or * for all
-- strange devices together). They make the next attempt wait; they never close an account.
CREATE TABLE sign_in_failures (
    id BIGINT NOT NULL AUTO_INCREMENT,
    subject VARCHAR(64) NOT NULL,
    source VARCHAR(64) NOT NULL,
    user_id BIGINT NULL,
    failures INT NOT NULL DEFAULT 0,
    first_at TIMESTAMP NULL,
    last_at TIMESTAMP NULL,
    wait_until TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_sign_in_failures_subject_source (subject, source),
    KEY idx_sign_in_failures_user (user_id),
    KEY idx_sign_in_failures_last (last_at),
    CONSTRAINT fk_sign_in_failures_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

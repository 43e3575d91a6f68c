-- Passkeys (WebAuthn) and the challenges they answer. Why: docs/decisions/092.

CREATE TABLE passkeys (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    -- As the authenticator made it; nobody else's has the same.
    credential_id VARBINARY(1023) NOT NULL,
    -- COSE, as it came.
    public_key VARBINARY(1024) NOT NULL,
    -- What the authenticator counted last; 0 where it does not count.
    sign_count BIGINT NOT NULL DEFAULT 0,
    -- Random, one for a person: an authenticator keeps it and shows it to whoever asks, so it is not their number.
    user_handle VARBINARY(64) NOT NULL,
    -- The domain it was made for; browsers offer it nowhere else.
    rp_id VARCHAR(253) NOT NULL,
    -- Ways to reach it, as the browser said: internal, hybrid, usb ...; joined by commas.
    transports VARCHAR(100) NULL,
    -- It lies with the maker of the device too, and is there on the person's other devices.
    backed_up BOOLEAN NOT NULL DEFAULT FALSE,
    -- The model of the authenticator; zeros where it does not tell.
    aaguid VARCHAR(36) NOT NULL,
    name VARCHAR(60) NOT NULL,
    created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    last_used_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_passkeys_credential (credential_id),
    KEY idx_passkeys_user (user_id),
    CONSTRAINT fk_passkeys_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What an authenticator is asked to sign: for some minutes, once, for one purpose, and where somebody is signed in for their session.
CREATE TABLE passkey_challenges (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- SHA-256 of the challenge, in hexadecimal.
    challenge_hash VARCHAR(64) NOT NULL,
    -- register, sign_in, second_step or prove.
    purpose VARCHAR(20) NOT NULL,
    -- Null at the door, where nobody has said who they are.
    user_id BIGINT NULL,
    session_id BIGINT NULL,
    -- The handle that the new passkey was asked for with.
    user_handle VARBINARY(64) NULL,
    expires_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_passkey_challenges_hash (challenge_hash),
    KEY idx_passkey_challenges_expires (expires_at),
    KEY idx_passkey_challenges_user (user_id),
    KEY idx_passkey_challenges_session (session_id),
    CONSTRAINT fk_passkey_challenges_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_passkey_challenges_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

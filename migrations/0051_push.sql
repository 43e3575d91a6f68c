-- Notifications that reach a device while the portal is closed (Web Push: RFC 8030, 8291, 8292).

-- The portal's own pair of keys, made at the first use: devices trust messages signed with it and no others.
CREATE TABLE push_keys (
    id TINYINT NOT NULL,
    public_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Under the keys of Data Protection.
    private_key TEXT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A browser on which somebody wants them, as its maker's server knows it.
CREATE TABLE push_devices (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    -- Whoever makes this session end, makes the messages end.
    session_id BIGINT NULL,
    endpoint VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    endpoint_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    device_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    secret VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent VARCHAR(300) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    -- When its server last took a message.
    delivered_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_push_devices_endpoint (endpoint_hash),
    KEY idx_push_devices_user (user_id),
    KEY idx_push_devices_session (session_id),
    CONSTRAINT fk_push_devices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT fk_push_devices_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Null: as the portal does by itself.
ALTER TABLE notification_choices ADD COLUMN by_push BOOLEAN NULL;

-- Other programs of the building: the keys they come with, what they asked twice, and what the portal tells them. Why: docs/decisions/093.

CREATE TABLE api_keys (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    -- As whom it acts, and never beyond what they may do.
    user_id BIGINT NOT NULL,
    -- Names of permissions, with commas between.
    scopes VARCHAR(2000) NOT NULL,
    -- What is shown of it: the first letters.
    prefix VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    secret_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    expires_at TIMESTAMP NULL,
    -- Networks it may come from (CIDR), with commas between; null: any.
    addresses VARCHAR(500) NULL,
    per_minute INT NOT NULL DEFAULT 120,
    revoked_at TIMESTAMP NULL,
    revoked_by BIGINT NULL,
    -- The minute that is counted, and how often it was used in it: one count for all portals.
    counted_at TIMESTAMP NULL,
    counted INT NOT NULL DEFAULT 0,
    used_at TIMESTAMP NULL,
    used_from VARCHAR(45) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_api_keys_secret (secret_hash),
    KEY idx_api_keys_user (user_id),
    CONSTRAINT fk_api_keys_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What was done under an Idempotency-Key, written in the same transaction: whoever repeats it is told what came of it the first time.
CREATE TABLE api_requests (
    id BIGINT NOT NULL AUTO_INCREMENT,
    api_key_id BIGINT NOT NULL,
    key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Of what was asked: the same key for something else is refused.
    fingerprint CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- Its rows in the audit log.
    operation CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- What was made.
    record_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_api_requests_key (api_key_id, key_hash),
    KEY idx_api_requests_created_at (created_at),
    CONSTRAINT fk_api_requests_api_key FOREIGN KEY (api_key_id) REFERENCES api_keys (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE webhooks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    -- Who set it up: it is told of what they may see.
    user_id BIGINT NOT NULL,
    address VARCHAR(500) NOT NULL,
    -- With commas between.
    events VARCHAR(500) NOT NULL,
    -- Under the keys of Data Protection.
    secret TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    -- Why the portal switched it off by itself; null where a person did, or it is on.
    off_because VARCHAR(20) NULL,
    -- Messages given up in a row.
    given_up INT NOT NULL DEFAULT 0,
    -- The receiver failed: before this moment nothing else is tried there.
    rests_until TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_webhooks_user (user_id),
    CONSTRAINT fk_webhooks_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One message to one receiver, written in the transaction of what it tells.
CREATE TABLE webhook_deliveries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    webhook_id BIGINT NOT NULL,
    message_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    event VARCHAR(50) NOT NULL,
    record_id BIGINT NULL,
    happened_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    state ENUM('waiting', 'delivered', 'given_up', 'left') NOT NULL DEFAULT 'waiting',
    attempts INT NOT NULL DEFAULT 0,
    tried_at TIMESTAMP NULL,
    next_at TIMESTAMP NULL,
    -- What the receiver said; null where it said nothing.
    status_code INT NULL,
    took_ms INT NULL,
    -- Why it failed where there was no answer.
    problem VARCHAR(30) NULL,
    -- The beginning of the answer.
    answer VARCHAR(4096) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_webhook_deliveries_message (message_id, webhook_id),
    KEY idx_webhook_deliveries_webhook (webhook_id),
    KEY idx_webhook_deliveries_happened_at (happened_at),
    CONSTRAINT fk_webhook_deliveries_webhook FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO modules (name, description)
SELECT p.name, p.description FROM (SELECT 'api' AS name, 'Keys and webhooks for other programs' AS description) AS p
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = p.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'api.manage' AS name, 'Make and revoke keys for other programs, and webhooks' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'api.manage' AS name) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

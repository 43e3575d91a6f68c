-- What people ask of their own data (Ley 1581 of 2012, arts 14 and 15), and until when the law wants it answered. Why: docs/decisions/085.

CREATE TABLE data_requests (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- HD-2026-000012.
    number VARCHAR(20) NOT NULL,
    -- Whose data; null for who has no account: a visitor, somebody who has moved away.
    user_id BIGINT NULL,
    -- As they were called when they asked.
    person_name VARCHAR(200) NOT NULL,
    -- Where the answer goes, of who has no account.
    contact VARCHAR(255) NULL,
    -- An inquiry (consulta), or a claim (reclamo): to correct, to update, to erase, to take a consent back.
    kind ENUM('inquiry', 'correct', 'update', 'erase', 'withdraw') NOT NULL,
    channel ENUM('portal', 'desk', 'letter', 'mail', 'telephone') NOT NULL DEFAULT 'portal',
    text TEXT NOT NULL,
    state ENUM('open', 'incomplete', 'answered', 'abandoned') NOT NULL DEFAULT 'open',
    received_on DATE NOT NULL,
    -- The day from which its business days count; itself it does not. Later than it was received where something was missing.
    counts_from DATE NOT NULL,
    -- The last day to answer; null while something is missing.
    due_on DATE NULL,
    extended_on DATE NULL,
    -- When the office asked for what is missing; two months later it is given up.
    asked_on DATE NULL,
    -- Of a claim: when "reclamo en trámite" was put beside the data.
    noted_on DATE NULL,
    outcome ENUM('granted', 'partly', 'denied') NULL,
    answered_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_data_requests_number (number),
    KEY idx_data_requests_user (user_id),
    KEY idx_data_requests_state_due_on (state, due_on),
    CONSTRAINT fk_data_requests_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What happened to each, in its order; the person reads all of it.
CREATE TABLE data_request_entries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    request_id BIGINT NOT NULL,
    kind ENUM('filed', 'noted', 'asked', 'completed', 'extended', 'answered', 'abandoned') NOT NULL,
    text TEXT NULL,
    -- Null: the portal itself.
    by_id BIGINT NULL,
    at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_data_request_entries_request (request_id),
    KEY idx_data_request_entries_by (by_id),
    CONSTRAINT fk_data_request_entries_request FOREIGN KEY (request_id) REFERENCES data_requests (id),
    CONSTRAINT fk_data_request_entries_by FOREIGN KEY (by_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO modules (name, description)
SELECT p.name, p.description FROM (SELECT 'privacy' AS name, 'What people ask of their own data' AS description) AS p
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = p.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'privacy.handle' AS name, 'Requests about personal data: read, file for somebody, answer' AS description
    UNION ALL SELECT 'privacy.export', 'Download all that is known about a person'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (
    SELECT 1 AS role_id, 'privacy.handle' AS name UNION ALL SELECT 2, 'privacy.handle'
    UNION ALL SELECT 1, 'privacy.export'
) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

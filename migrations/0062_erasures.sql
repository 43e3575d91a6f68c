-- People whose data was erased (Ley 1581 of 2012, arts 8e and 15): which account, who asked, when, and never a name. Beside the backups lies
-- the same list, so that a restore does not bring anybody back. Why: docs/decisions/088.

CREATE TABLE erasures (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- The same in the list beside the backups.
    reference CHAR(36) NOT NULL,
    user_id BIGINT NOT NULL,
    -- The claim that asked for it; null where the office did without one.
    request_id BIGINT NULL,
    -- SHA-256 over the reference, the account and when it was made: a list beside the backups of another building erases nobody here.
    fingerprint CHAR(64) NOT NULL,
    state ENUM('waiting', 'done') NOT NULL DEFAULT 'waiting',
    asked_by BIGINT NULL,
    asked_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    done_at TIMESTAMP NULL,
    -- Done again because an older backup had brought the person back.
    replayed BOOLEAN NOT NULL DEFAULT FALSE,
    deleted INT NOT NULL DEFAULT 0,
    anonymised INT NOT NULL DEFAULT 0,
    -- Lines of the audit log that lost their values or their name.
    redacted INT NOT NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_erasures_reference (reference),
    KEY idx_erasures_user (user_id),
    KEY idx_erasures_request (request_id),
    KEY idx_erasures_asked_by (asked_by),
    CONSTRAINT fk_erasures_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_erasures_request FOREIGN KEY (request_id) REFERENCES data_requests (id),
    CONSTRAINT fk_erasures_asked_by FOREIGN KEY (asked_by) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A line of the log that lost the name of who did it, not its values: what the line weighed with the name, and what the rest of it weighs.
ALTER TABLE audit_redactions
    MODIFY content CHAR(64) NULL,
    ADD COLUMN line CHAR(64) NULL AFTER content,
    ADD COLUMN rest CHAR(64) NULL AFTER line;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'privacy.erase' AS name, 'Erase a person' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'privacy.erase' AS name) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

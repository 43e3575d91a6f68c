-- Sets of backups, as they were made or failed to be. The sets lie in folders; this is what is known of them. Why: docs/decisions/080.

CREATE TABLE backup_sets (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- By the night's job, by somebody on the page, by whoever runs the portal's program.
    kind ENUM('nightly', 'asked', 'program') NOT NULL,
    -- Its folder, and the one in which it lies; the first is null where none was made.
    name VARCHAR(60) NULL,
    folder VARCHAR(500) NULL,
    started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    outcome ENUM('good', 'failed') NOT NULL,
    bytes BIGINT NOT NULL DEFAULT 0,
    table_count INT NOT NULL DEFAULT 0,
    record_count BIGINT NOT NULL DEFAULT 0,
    encrypted BOOLEAN NOT NULL DEFAULT FALSE,
    -- Same: copied to the second folder, read back, and the same.
    off_site ENUM('none', 'same', 'failed') NOT NULL DEFAULT 'none',
    -- Why it failed, or why its copy did.
    message VARCHAR(500) NULL,
    -- When the keeping rules took it away.
    removed_at TIMESTAMP NULL,
    asked_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_backup_sets_outcome (outcome, finished_at),
    KEY idx_backup_sets_started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'operations.backup' AS name, 'Make a backup now; is told when backups fail' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'operations.backup' AS name) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

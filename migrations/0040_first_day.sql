-- The first day of a building: what was taken in from files, and which charges are what apartments owed before. Why so: docs/decisions/071.

CREATE TABLE imports (
    id BIGINT NOT NULL AUTO_INCREMENT,
    file_name VARCHAR(200) NOT NULL,
    as_of DATE NOT NULL,
    file_rows INT NOT NULL,
    created INT NOT NULL,
    changed INT NOT NULL,
    opening DECIMAL(16,2) NOT NULL DEFAULT 0,
    imported_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE charges
    ADD COLUMN import_id BIGINT NULL,
    ADD KEY idx_charges_import (import_id),
    ADD CONSTRAINT fk_charges_import FOREIGN KEY (import_id) REFERENCES imports (id);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'building.set_up' AS name, 'Set the building up: make and import units, people, vehicles and opening balances' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.name = 'building.set_up' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

-- Fines go by the steps of Ley 675 of 2001, arts. 59 to 62: asked for, the accused heard, decided by assembly or council, told, a month to
-- challenge, charged. The row knows where it stands; each step stays as a row of its own.
CREATE TABLE fines (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    apartment_id BIGINT NOT NULL,
    owner_id BIGINT NULL,
    person VARCHAR(200) NULL,
    rule VARCHAR(200) NOT NULL,
    facts VARCHAR(2000) NOT NULL,
    happened_on DATE NOT NULL,
    answer_until DATE NOT NULL,
    state ENUM('requested', 'heard', 'decided', 'notified', 'challenged', 'confirmed', 'charged', 'absolved', 'dropped', 'annulled') NOT NULL,
    amount DECIMAL(12,2) NULL,
    decided_on DATE NULL,
    challenge_until DATE NULL,
    charge_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_fines_number (number),
    UNIQUE KEY uq_fines_charge (charge_id),
    KEY idx_fines_apartment (apartment_id, decided_on),
    KEY idx_fines_owner (owner_id),
    KEY idx_fines_state (state),
    CONSTRAINT fk_fines_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_fines_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_fines_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT chk_fines_amount CHECK (amount IS NULL OR amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE fine_steps (
    id BIGINT NOT NULL AUTO_INCREMENT,
    fine_id BIGINT NOT NULL,
    state ENUM('requested', 'heard', 'decided', 'notified', 'challenged', 'confirmed', 'charged', 'absolved', 'dropped', 'annulled') NOT NULL,
    made_on DATE NOT NULL,
    body ENUM('assembly', 'council') NULL,
    act VARCHAR(100) NULL,
    words VARCHAR(2000) NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_fine_steps_fine (fine_id),
    CONSTRAINT fk_fine_steps_fine FOREIGN KEY (fine_id) REFERENCES fines (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (SELECT 'fines' AS name, 'Fines, step by step' AS description) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'fines.view' AS name, 'See: fines' AS description
    UNION ALL SELECT 'fines.edit', 'Take fines through their steps'
    UNION ALL SELECT 'fines.view_own', 'See and answer: fines of own apartments'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id FROM permissions AS p
INNER JOIN (
    SELECT 1 AS role_id, 'fines.view' AS name
    UNION ALL SELECT 1, 'fines.edit'
    UNION ALL SELECT 2, 'fines.view'
    UNION ALL SELECT 3, 'fines.view_own'
) AS r ON r.name = p.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id);

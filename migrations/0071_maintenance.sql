-- Maintenance: the building's equipment, and the inspections that a law, a policy or good sense asks of it, each with its paper.
-- Why: docs/decisions/101.

INSERT INTO modules (name, description, enabled)
SELECT p.name, p.description, FALSE FROM (SELECT 'maintenance' AS name, 'Equipment and its inspections' AS description) AS p
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = p.name);

-- Also where an adopted database has one of that name.
UPDATE modules SET enabled = FALSE WHERE name = 'maintenance';

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'maintenance.view' AS name, 'See: equipment and its inspections' AS description
    UNION ALL SELECT 'maintenance.edit', 'Change: equipment and its inspections'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

UPDATE permissions SET module = 'maintenance' WHERE name IN ('maintenance.view', 'maintenance.edit');

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (
    SELECT 1 AS role_id, 'maintenance.view' AS name
    UNION ALL SELECT 1, 'maintenance.edit'
    UNION ALL SELECT 2, 'maintenance.view'
    UNION ALL SELECT 2, 'maintenance.edit'
) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

CREATE TABLE assets (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- What is written on it: ASC-01.
    code VARCHAR(20) NOT NULL,
    name VARCHAR(120) NOT NULL,
    kind VARCHAR(60) NOT NULL,
    tower_id INT NULL,
    place VARCHAR(120) NULL,
    maker VARCHAR(80) NULL,
    model VARCHAR(80) NULL,
    serial_number VARCHAR(80) NULL,
    -- Who maintains it.
    supplier_id BIGINT NULL,
    installed_on DATE NULL,
    warranty_until DATE NULL,
    notes VARCHAR(1000) NULL,
    -- Since when it is not there any more; its history stays.
    retired_on DATE NULL,
    retired_reason VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assets_code (code),
    KEY idx_assets_name (name),
    KEY idx_assets_kind (kind),
    KEY idx_assets_tower (tower_id),
    KEY idx_assets_supplier (supplier_id),
    CONSTRAINT fk_assets_tower FOREIGN KEY (tower_id) REFERENCES towers (id),
    CONSTRAINT fk_assets_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE inspection_kinds (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(80) NOT NULL,
    -- How long one is valid, from the day it was done.
    months INT NOT NULL,
    -- Days before its end on which the office is told for the first time.
    notice_days INT NOT NULL DEFAULT 60,
    -- What asks for it.
    source VARCHAR(300) NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_inspection_kinds_name (name),
    CONSTRAINT chk_inspection_kinds_months CHECK (months BETWEEN 1 AND 240),
    CONSTRAINT chk_inspection_kinds_notice CHECK (notice_days BETWEEN 7 AND 365)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO inspection_kinds (name, months, notice_days, source) VALUES
    ('Ascensores', 12, 60, 'Organismo acreditado por el ONAC, NTC 5926; en Bogotá Acuerdo 470 de 2011, en Cali Acuerdo 0450 de 2018, en Bucaramanga Acuerdo 048 de 2018'),
    ('Puertas eléctricas', 12, 60, 'Organismo acreditado por el ONAC; en Bogotá Acuerdo 470 de 2011'),
    ('Lavado de tanques de agua', 6, 60, 'Decreto 1575 de 2007, art. 10'),
    ('Extintores', 12, 60, 'NTC 2885: cada año y después de usarlos'),
    ('Gas', 60, 150, 'Resolución CREG 059 de 2012 y Resolución 90902 de 2013 del Ministerio de Minas: cada 60 meses, con aviso cinco meses antes');

-- Which inspections a piece of equipment needs.
CREATE TABLE inspection_duties (
    id BIGINT NOT NULL AUTO_INCREMENT,
    asset_id BIGINT NOT NULL,
    kind_id INT NOT NULL,
    -- Since when it is not asked for any more; what was done stays.
    ended_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_inspection_duties_asset_kind (asset_id, kind_id),
    KEY idx_inspection_duties_kind (kind_id),
    CONSTRAINT fk_inspection_duties_asset FOREIGN KEY (asset_id) REFERENCES assets (id),
    CONSTRAINT fk_inspection_duties_kind FOREIGN KEY (kind_id) REFERENCES inspection_kinds (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One that was done, passed or not. What was written by mistake is withdrawn, and stays with its reason.
CREATE TABLE inspections (
    id BIGINT NOT NULL AUTO_INCREMENT,
    duty_id BIGINT NOT NULL,
    done_on DATE NOT NULL,
    passed BOOLEAN NOT NULL,
    -- Until when it is valid; null where it was not passed.
    valid_until DATE NULL,
    issuer VARCHAR(120) NOT NULL,
    certificate_number VARCHAR(60) NULL,
    note VARCHAR(500) NULL,
    file_name VARCHAR(200) NULL,
    content_type VARCHAR(100) NULL,
    size INT NULL,
    content LONGBLOB NULL,
    recorded_by BIGINT NULL,
    withdrawn_at TIMESTAMP NULL,
    withdrawn_reason VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_inspections_duty_done (duty_id, done_on),
    CONSTRAINT fk_inspections_duty FOREIGN KEY (duty_id) REFERENCES inspection_duties (id),
    CONSTRAINT chk_inspections_valid CHECK (passed = (valid_until IS NOT NULL) AND (valid_until IS NULL OR valid_until > done_on))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

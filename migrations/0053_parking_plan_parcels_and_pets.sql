-- Parking as a plan by level, residents' vehicles, where a visitor's car stands; parcels with a code or a signature; photos of pets; reports
-- of visits. Why so: docs/decisions/078 and 079.

CREATE TABLE parking_levels (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    -- The order in which they are shown.
    position INT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_parking_levels_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE parking
    ADD COLUMN level_id BIGINT NULL,
    -- The place on the plan of its level, from 1; null: not drawn yet.
    ADD COLUMN plan_row INT NULL,
    ADD COLUMN plan_column INT NULL,
    -- For people who cannot walk far (Ley 361 of 1997, art. 62).
    ADD COLUMN step_free BOOLEAN NOT NULL DEFAULT FALSE,
    -- The apartment has it for rent, beside its own.
    ADD COLUMN leased BOOLEAN NOT NULL DEFAULT FALSE,
    -- A car that should not stand there.
    ADD COLUMN intruder_plate VARCHAR(20) NULL,
    ADD COLUMN intruder_at TIMESTAMP NULL,
    ADD KEY idx_parking_level (level_id),
    ADD CONSTRAINT fk_parking_level FOREIGN KEY (level_id) REFERENCES parking_levels (id) ON DELETE SET NULL;

ALTER TABLE visitors
    -- The visitors' space of their car.
    ADD COLUMN parking_id BIGINT NULL,
    ADD KEY idx_visitors_parking (parking_id),
    ADD CONSTRAINT fk_visitors_parking FOREIGN KEY (parking_id) REFERENCES parking (id) ON DELETE SET NULL;

CREATE TABLE vehicles (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NOT NULL,
    license_plate VARCHAR(20) NOT NULL,
    license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(UPPER(license_plate) COLLATE utf8mb4_bin, '[^0-9A-Z]+', ''), '')) STORED,
    vehicle_type_id INT NULL,
    brand VARCHAR(60) NULL,
    colour VARCHAR(40) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_vehicles_license_plate_key (license_plate_key),
    KEY idx_vehicles_apartment (apartment_id),
    KEY idx_vehicles_vehicle_type (vehicle_type_id),
    CONSTRAINT fk_vehicles_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id) ON DELETE CASCADE,
    CONSTRAINT fk_vehicles_vehicle_type FOREIGN KEY (vehicle_type_id) REFERENCES vehicle_types (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Spaces that are there: on one level, to be divided. Their plates are vehicles of their apartments; of one plate twice the first.
INSERT INTO parking_levels (name, position) SELECT 'Nivel 1', 1 FROM (SELECT COUNT(*) AS spaces FROM parking) AS p WHERE p.spaces > 0;
UPDATE parking SET level_id = (SELECT l.id FROM parking_levels AS l ORDER BY l.id LIMIT 1), updated_at = updated_at;
INSERT INTO vehicles (apartment_id, license_plate, vehicle_type_id)
SELECT p.apartment_id, p.license_plate, p.vehicle_type_id
FROM parking AS p
INNER JOIN (
    SELECT MIN(o.id) AS id FROM parking AS o
    WHERE o.license_plate_key IS NOT NULL AND o.apartment_id IS NOT NULL AND o.use_kind = 'resident' GROUP BY o.license_plate_key
) AS one ON one.id = p.id
ORDER BY p.id;

ALTER TABLE packages
    -- Six digits that the apartment shows at the gate; only while it waits.
    ADD COLUMN pickup_code CHAR(6) NULL,
    -- By what it was seen that it went to the right person; null: before this was asked.
    ADD COLUMN proof ENUM('code', 'signature', 'document', 'none') NULL,
    -- Drawn with a finger: the strokes of an SVG path in a box of 600 by 200.
    ADD COLUMN signature TEXT NULL,
    ADD COLUMN handed_by BIGINT NULL;

UPDATE packages
SET pickup_code = LPAD(MOD(CAST(CONV(HEX(RANDOM_BYTES(4)), 16, 10) AS UNSIGNED), 1000000), 6, '0'), updated_at = updated_at
WHERE status = 'waiting';

CREATE TABLE pet_photos (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pet_id BIGINT NOT NULL,
    content_type VARCHAR(50) NOT NULL,
    digest VARCHAR(64) NOT NULL,
    content LONGBLOB NOT NULL,
    small LONGBLOB NULL,
    large LONGBLOB NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pet_photos_pet (pet_id),
    CONSTRAINT fk_pet_photos_pet FOREIGN KEY (pet_id) REFERENCES pets (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'gate.report' AS name, 'Reports of visits: how many, who was inside, who overstayed' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'gate.report' AS name UNION ALL SELECT 2, 'gate.report') AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

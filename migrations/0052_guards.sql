-- Who is at the gate: the roster by weeks, hand-overs that both sign, notes that each must read, incidents. Why: docs/decisions/076, 077.

-- One guard's shift. Times are the building's wall clock; one that ends on the next day goes past midnight.
CREATE TABLE guard_shifts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- Null for somebody who no longer works here; their name stays.
    guard_id BIGINT NULL,
    guard_name VARCHAR(200) NOT NULL,
    starts_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    -- At which gate; null where there is one or it does not matter.
    terminal_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_guard_shifts_guard (guard_id, starts_at),
    KEY idx_guard_shifts_starts_at (starts_at),
    KEY idx_guard_shifts_terminal (terminal_id),
    CONSTRAINT fk_guard_shifts_guard FOREIGN KEY (guard_id) REFERENCES guards (id) ON DELETE SET NULL,
    CONSTRAINT fk_guard_shifts_terminal FOREIGN KEY (terminal_id) REFERENCES gate_terminals (id),
    CONSTRAINT chk_guard_shifts_ends_at CHECK (ends_at > starts_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What one guard hands to the next, signed by the PINs of both. A row that nobody took over was signed and broken off.
CREATE TABLE gate_handovers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- Made by the terminal: told twice is once.
    client_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    terminal_id BIGINT NOT NULL,
    outgoing_id BIGINT NOT NULL,
    -- The building's wall clock, as taken_at.
    signed_at DATETIME NOT NULL,
    incoming_id BIGINT NULL,
    taken_at DATETIME NULL,
    -- What was handed over, counted by the portal as it was taken over.
    inside INT NULL,
    parcels INT NULL,
    incidents INT NULL,
    conflicts INT NULL,
    -- What the terminal had still to deliver.
    waiting INT NULL,
    notes_read INT NULL,
    notes_skipped BOOLEAN NOT NULL DEFAULT FALSE,
    note VARCHAR(500) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_handovers_client_key (client_key),
    KEY idx_gate_handovers_terminal (terminal_id, signed_at),
    KEY idx_gate_handovers_signed_at (signed_at),
    CONSTRAINT fk_gate_handovers_terminal FOREIGN KEY (terminal_id) REFERENCES gate_terminals (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE gate_notes
    -- Each guard reads it before they go on; else the first who reads it has read it for all.
    ADD COLUMN must_read BOOLEAN NOT NULL DEFAULT FALSE,
    -- The building's wall clock; null: until it is read.
    ADD COLUMN valid_until DATETIME NULL;

CREATE TABLE gate_note_readers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    note_id BIGINT NOT NULL,
    reader_id BIGINT NOT NULL,
    read_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_note_readers_note (note_id, reader_id),
    CONSTRAINT fk_gate_note_readers_note FOREIGN KEY (note_id) REFERENCES gate_notes (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What happened at the gate or was seen from it. Nothing in it is changed afterwards: what is to be said is added.
CREATE TABLE gate_incidents (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- I-2026-000012, without gaps within a year.
    number VARCHAR(20) NOT NULL,
    -- The event of the terminal by which it was told.
    client_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind ENUM('theft', 'damage', 'intrusion', 'fight', 'noise', 'accident', 'fire', 'water', 'vehicle', 'other') NOT NULL,
    -- The building's wall clock: when it happened, and when it was written down.
    happened_at DATETIME NOT NULL,
    reported_at DATETIME NOT NULL,
    place VARCHAR(200) NOT NULL,
    text TEXT NOT NULL,
    -- Who was there, in the guard's words.
    people VARCHAR(500) NULL,
    apartment_id BIGINT NULL,
    terminal_id BIGINT NULL,
    reported_by BIGINT NOT NULL,
    offline BOOLEAN NOT NULL DEFAULT FALSE,
    time_doubt BOOLEAN NOT NULL DEFAULT FALSE,
    -- How many photos the terminal has of it; they come after it.
    photos INT NOT NULL DEFAULT 0,
    closed_at TIMESTAMP NULL,
    pqrs_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_incidents_number (number),
    UNIQUE KEY uq_gate_incidents_client_key (client_key),
    KEY idx_gate_incidents_happened_at (happened_at),
    KEY idx_gate_incidents_closed_at (closed_at),
    KEY idx_gate_incidents_apartment (apartment_id),
    KEY idx_gate_incidents_terminal (terminal_id),
    KEY idx_gate_incidents_pqrs (pqrs_id),
    CONSTRAINT fk_gate_incidents_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_gate_incidents_terminal FOREIGN KEY (terminal_id) REFERENCES gate_terminals (id),
    CONSTRAINT fk_gate_incidents_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Its history: what was added, when it was closed, opened again, made a case.
CREATE TABLE gate_incident_entries (
    id BIGINT NOT NULL AUTO_INCREMENT,
    incident_id BIGINT NOT NULL,
    kind ENUM('added', 'closed', 'reopened', 'filed', 'visit') NOT NULL,
    text TEXT NULL,
    by_id BIGINT NULL,
    -- The building's wall clock.
    at DATETIME NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_gate_incident_entries_incident (incident_id),
    CONSTRAINT fk_gate_incident_entries_incident FOREIGN KEY (incident_id) REFERENCES gate_incidents (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Visits it is about: kept as long as it is open.
CREATE TABLE gate_incident_visits (
    id BIGINT NOT NULL AUTO_INCREMENT,
    incident_id BIGINT NOT NULL,
    visitor_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_incident_visits_incident (incident_id, visitor_id),
    KEY idx_gate_incident_visits_visitor (visitor_id),
    CONSTRAINT fk_gate_incident_visits_incident FOREIGN KEY (incident_id) REFERENCES gate_incidents (id),
    CONSTRAINT fk_gate_incident_visits_visitor FOREIGN KEY (visitor_id) REFERENCES visitors (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE gate_incident_photos (
    id BIGINT NOT NULL AUTO_INCREMENT,
    incident_id BIGINT NOT NULL,
    -- Made by the terminal: sent twice is once.
    client_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    size INT NOT NULL,
    content MEDIUMBLOB NOT NULL,
    small MEDIUMBLOB NOT NULL,
    taken_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_incident_photos_client_key (client_key),
    KEY idx_gate_incident_photos_incident (incident_id),
    CONSTRAINT fk_gate_incident_photos_incident FOREIGN KEY (incident_id) REFERENCES gate_incidents (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'gate.incidents' AS name, 'Incidents of the gate: read, add, close, make a case of them' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'gate.incidents' AS name UNION ALL SELECT 2, 'gate.incidents') AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

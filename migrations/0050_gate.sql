-- The terminal that goes on without a network, passes, approval, blocklists. What each is for: docs/gate.md and docs/decisions/072 and 073.

-- What a resident gives somebody who may come in. A single one also has its announced visit; the others add a visit for each stay.
CREATE TABLE passes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    kind ENUM('single', 'recurring', 'event', 'vehicle', 'delivery') NOT NULL,
    host_id BIGINT NOT NULL,
    apartment_id BIGINT NULL,
    -- Who comes, or what is celebrated; null for a delivery.
    title VARCHAR(200) NULL,
    visitor_kind ENUM('guest', 'delivery', 'domestic', 'contractor', 'taxi') NOT NULL DEFAULT 'guest',
    identification VARCHAR(50) NULL,
    company VARCHAR(100) NULL,
    license_plate VARCHAR(20) NULL,
    license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(UPPER(license_plate) COLLATE utf8mb4_bin, '[^0-9A-Z]+', ''), '')) STORED,
    people INT NOT NULL DEFAULT 1,
    -- The building's wall clock, as visitors.expected_from.
    starts_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    -- Of a recurring one: bit 0 is Monday. Hours that end before they begin go past midnight.
    weekdays TINYINT UNSIGNED NULL,
    from_time TIME NULL,
    until_time TIME NULL,
    holidays BOOLEAN NOT NULL DEFAULT TRUE,
    paused_at TIMESTAMP NULL,
    -- Of an event: how many may be in it.
    capacity INT NULL,
    reservation_id BIGINT NULL,
    -- Of a delivery: it may be left at the gate.
    leave_at_gate BOOLEAN NOT NULL DEFAULT FALSE,
    -- Six digits to say, and 128 bits in hexadecimal for the address /p/… and its QR.
    code CHAR(6) NULL,
    token CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revoked_at DATETIME NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_passes_token (token),
    KEY idx_passes_code (code),
    KEY idx_passes_host (host_id, ends_at),
    KEY idx_passes_apartment (apartment_id),
    KEY idx_passes_reservation (reservation_id),
    KEY idx_passes_ends_at (ends_at),
    KEY idx_passes_license_plate_key (license_plate_key),
    CONSTRAINT fk_passes_host FOREIGN KEY (host_id) REFERENCES owners (id),
    CONSTRAINT fk_passes_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_passes_reservation FOREIGN KEY (reservation_id) REFERENCES reservations (id),
    CONSTRAINT chk_passes_people CHECK (people > 0),
    CONSTRAINT chk_passes_window CHECK (ends_at > starts_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The names of an event, each with its own code.
CREATE TABLE pass_guests (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pass_id BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    license_plate VARCHAR(20) NULL,
    license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(UPPER(license_plate) COLLATE utf8mb4_bin, '[^0-9A-Z]+', ''), '')) STORED,
    code CHAR(6) NULL,
    token CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    revoked_at DATETIME NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pass_guests_token (token),
    KEY idx_pass_guests_pass (pass_id),
    KEY idx_pass_guests_code (code),
    CONSTRAINT fk_pass_guests_pass FOREIGN KEY (pass_id) REFERENCES passes (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE visitors
    MODIFY COLUMN state ENUM('announced', 'inside', 'left', 'revoked', 'denied', 'void') NOT NULL DEFAULT 'announced',
    -- Nobody knows whom an exit without an entry was with.
    MODIFY COLUMN host_id BIGINT NULL,
    ADD COLUMN pass_id BIGINT NULL,
    ADD COLUMN pass_guest_id BIGINT NULL,
    -- Entered while the terminal had no answer from the portal.
    ADD COLUMN offline BOOLEAN NOT NULL DEFAULT FALSE,
    -- The terminal's clock could not be right: the times are the nearest that can be.
    ADD COLUMN time_doubt BOOLEAN NOT NULL DEFAULT FALSE,
    -- On whose word it was let in.
    ADD COLUMN authority ENUM('pass', 'host', 'phone', 'known', 'guard') NULL,
    ADD KEY idx_visitors_pass (pass_id),
    ADD KEY idx_visitors_pass_guest (pass_guest_id),
    ADD CONSTRAINT fk_visitors_pass FOREIGN KEY (pass_id) REFERENCES passes (id) ON DELETE SET NULL,
    ADD CONSTRAINT fk_visitors_pass_guest FOREIGN KEY (pass_guest_id) REFERENCES pass_guests (id) ON DELETE SET NULL;

-- Visits that are announced today keep their code; each gets its pass and an address of its own. (idx_visitors_pass_code names another
-- column and stays.)
INSERT INTO passes (kind, host_id, apartment_id, title, visitor_kind, identification, company, license_plate, people, starts_at, ends_at,
    code, token)
SELECT 'single', v.host_id, v.apartment_id, v.name, v.kind, NULLIF(v.identification, ''), v.company, v.license_plate, v.people,
    v.expected_from, v.expected_until, v.pass_code, LOWER(HEX(RANDOM_BYTES(16)))
FROM visitors AS v
INNER JOIN owners AS o ON o.id = v.host_id
WHERE v.state = 'announced' AND v.pass_code IS NOT NULL AND v.expected_until > v.expected_from
    AND (v.apartment_id IS NULL OR EXISTS (SELECT 1 FROM apartments AS a WHERE a.id = v.apartment_id))
ORDER BY v.id;

UPDATE visitors AS v
INNER JOIN passes AS p ON p.code = v.pass_code AND p.kind = 'single'
SET v.pass_id = p.id, v.updated_at = v.updated_at
WHERE v.state = 'announced';

-- Who is not let in, or is looked at twice: of the building (no apartment), or of one apartment.
CREATE TABLE gate_blocks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_id BIGINT NULL,
    effect ENUM('block', 'watch') NOT NULL DEFAULT 'block',
    name VARCHAR(200) NULL,
    identification VARCHAR(50) NULL,
    identification_key VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NULL,
    license_plate VARCHAR(20) NULL,
    license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NULL,
    reason VARCHAR(500) NOT NULL,
    until_date DATE NULL,
    made_by BIGINT NOT NULL,
    lifted_at TIMESTAMP NULL,
    lifted_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_gate_blocks_apartment (apartment_id),
    KEY idx_gate_blocks_identification_key (identification_key),
    KEY idx_gate_blocks_license_plate_key (license_plate_key),
    CONSTRAINT fk_gate_blocks_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Somebody stands at the gate and the apartment is asked.
CREATE TABLE gate_approvals (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- Made by the terminal: asked twice is asked once.
    client_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    apartment_id BIGINT NOT NULL,
    name VARCHAR(200) NOT NULL,
    visitor_kind ENUM('guest', 'delivery', 'domestic', 'contractor', 'taxi') NOT NULL DEFAULT 'guest',
    people INT NOT NULL DEFAULT 1,
    company VARCHAR(100) NULL,
    license_plate VARCHAR(20) NULL,
    asked_at TIMESTAMP(3) NOT NULL,
    asked_by BIGINT NOT NULL,
    answer ENUM('waiting', 'yes', 'no', 'leave', 'none') NOT NULL DEFAULT 'waiting',
    answered_at TIMESTAMP(3) NULL,
    answered_by BIGINT NULL,
    -- Answers that came after the first, or after its time: who, what and when, in words of the log.
    late VARCHAR(500) NULL,
    visitor_id BIGINT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_approvals_client_key (client_key),
    KEY idx_gate_approvals_apartment (apartment_id, asked_at),
    KEY idx_gate_approvals_visitor (visitor_id),
    CONSTRAINT fk_gate_approvals_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE apartments
    -- What the guard dials on the building's own intercom; null: the apartment's number.
    ADD COLUMN intercom VARCHAR(20) NULL,
    -- What happens when nobody answers the gate.
    ADD COLUMN gate_rule ENUM('guard', 'leave', 'deny') NOT NULL DEFAULT 'guard';

-- A device that was enrolled with a code of the office.
CREATE TABLE gate_terminals (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    -- SHA-256, in hexadecimal, of the code that enrols it once; null when it was used.
    code_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    code_expires_at TIMESTAMP NULL,
    -- SHA-256 of the secret in the device's cookie.
    secret_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    enrolled_at TIMESTAMP NULL,
    revoked_at TIMESTAMP NULL,
    seen_at TIMESTAMP NULL,
    -- What it said of itself when it was last seen.
    waiting INT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_gate_terminals_code_hash (code_hash),
    UNIQUE KEY uq_gate_terminals_secret_hash (secret_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE gate_pins (
    user_id BIGINT NOT NULL,
    pin_hash VARCHAR(100) NOT NULL,
    failures INT NOT NULL DEFAULT 0,
    locked_until TIMESTAMP NULL,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (user_id),
    CONSTRAINT fk_gate_pins_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Each act of a terminal, once, with what came of it.
CREATE TABLE gate_events (
    event_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    terminal_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind VARCHAR(20) NOT NULL,
    guard_id BIGINT NOT NULL,
    sent_by BIGINT NOT NULL,
    body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    -- As it was sent; null when the visit's time of keeping is over.
    body TEXT NULL,
    device_at DATETIME(3) NOT NULL,
    -- When it happened, on the building's wall clock (docs/decisions/072, R0).
    at DATETIME NOT NULL,
    received_at DATETIME(3) NOT NULL,
    offline BOOLEAN NOT NULL DEFAULT FALSE,
    outcome ENUM('applied', 'merged', 'conflict', 'refused') NOT NULL,
    reason VARCHAR(40) NULL,
    visitor_id BIGINT NULL,
    PRIMARY KEY (event_key),
    KEY idx_gate_events_terminal (terminal_id, at),
    KEY idx_gate_events_visitor (visitor_id),
    CONSTRAINT fk_gate_events_terminal FOREIGN KEY (terminal_id) REFERENCES gate_terminals (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What the office settles: two records that cannot both be so, or an entry that should not have been.
CREATE TABLE gate_conflicts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    kind ENUM('pass_reused', 'revoked', 'blocked', 'outside_window', 'exit_without_entry', 'over_capacity', 'second_entry', 'wrong_entry',
        'other_body') NOT NULL,
    visitor_id BIGINT NULL,
    other_visitor_id BIGINT NULL,
    event_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
    opened_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    opened_by BIGINT NULL,
    -- What a host wrote of a wrong entry.
    words VARCHAR(500) NULL,
    settlement ENUM('same_person', 'two_people', 'error') NULL,
    settled_at TIMESTAMP NULL,
    settled_by BIGINT NULL,
    note VARCHAR(500) NULL,
    PRIMARY KEY (id),
    KEY idx_gate_conflicts_visitor (visitor_id),
    KEY idx_gate_conflicts_settled_at (settled_at, opened_at),
    CONSTRAINT fk_gate_conflicts_visitor FOREIGN KEY (visitor_id) REFERENCES visitors (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'gate.manage' AS name, 'Terminals of the gate, blocklist, conflicts' AS description
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (SELECT 1 AS role_id, 'gate.manage' AS name UNION ALL SELECT 2, 'gate.manage') AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

-- Assemblies of owners (Ley 675 of 2001, arts. 37 to 49): who is called, who is there, what is voted. The register of coefficients is frozen
-- when the assembly opens; attendance and ballots are only added to, so that every vote can be counted again. Why so: docs/decisions/066.

CREATE TABLE assemblies (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    kind ENUM('ordinary', 'extraordinary') NOT NULL,
    mode ENUM('in_person', 'remote', 'mixed') NOT NULL,
    title VARCHAR(200) NOT NULL,
    place VARCHAR(300) NOT NULL,
    meets_at DATETIME NOT NULL,
    called_by ENUM('administrator', 'council', 'auditor', 'owners') NOT NULL,
    -- 2: held because the first had no quorum (art. 41).
    call_number INT NOT NULL DEFAULT 1,
    first_call_id BIGINT NULL,
    most_proxies INT NULL,
    state ENUM('draft', 'convened', 'open', 'closed', 'published', 'adjourned', 'cancelled') NOT NULL DEFAULT 'draft',
    revision INT NOT NULL DEFAULT 0,
    convened_at TIMESTAMP NULL,
    delivered_at TIMESTAMP NULL,
    opened_at TIMESTAMP NULL,
    closed_at TIMESTAMP NULL,
    published_at TIMESTAMP NULL,
    -- What the coefficients of the frozen register add up to.
    total DECIMAL(14,6) NULL,
    president VARCHAR(200) NULL,
    secretary VARCHAR(200) NULL,
    minutes TEXT NULL,
    act_number VARCHAR(20) NULL,
    verification_code VARCHAR(12) NULL,
    projector_token CHAR(32) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assemblies_number (number),
    UNIQUE KEY uq_assemblies_first_call (first_call_id),
    UNIQUE KEY uq_assemblies_act (act_number),
    UNIQUE KEY uq_assemblies_verification (verification_code),
    UNIQUE KEY uq_assemblies_projector (projector_token),
    KEY idx_assemblies_state (state, meets_at),
    CONSTRAINT fk_assemblies_first_call FOREIGN KEY (first_call_id) REFERENCES assemblies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE assembly_items (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    position INT NOT NULL,
    title VARCHAR(200) NOT NULL,
    text VARCHAR(2000) NULL,
    amount DECIMAL(14,2) NULL,
    -- informative is not voted; majority: more than half of what is represented (art. 45); qualified: 70 % of all (art. 46).
    threshold ENUM('informative', 'majority', 'qualified') NOT NULL,
    basis ENUM('coefficient', 'unit') NOT NULL,
    article VARCHAR(200) NULL,
    done_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_items_position (assembly_id, position),
    CONSTRAINT fk_assembly_items_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id) ON DELETE CASCADE,
    CONSTRAINT chk_assembly_items_qualified CHECK (threshold <> 'qualified' OR basis = 'coefficient')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Whom the call was told, and the code that lets them in at the door.
CREATE TABLE assembly_invitations (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    code VARCHAR(12) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_invitations (assembly_id, user_id),
    UNIQUE KEY uq_assembly_invitations_code (code),
    KEY idx_assembly_invitations_user (user_id),
    CONSTRAINT fk_assembly_invitations_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id) ON DELETE CASCADE,
    CONSTRAINT fk_assembly_invitations_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who owed common expenses when it was called (art. 39): names, no amounts.
CREATE TABLE assembly_debtors (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    owner VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_debtors (assembly_id, apartment_id),
    KEY idx_assembly_debtors_apartment (apartment_id),
    CONSTRAINT fk_assembly_debtors_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id) ON DELETE CASCADE,
    CONSTRAINT fk_assembly_debtors_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The register as it was when the assembly opened.
CREATE TABLE assembly_units (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    unit VARCHAR(130) NOT NULL,
    owner_id BIGINT NULL,
    owner VARCHAR(200) NULL,
    coefficient DECIMAL(9,6) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_units (assembly_id, apartment_id),
    KEY idx_assembly_units_apartment (apartment_id),
    CONSTRAINT fk_assembly_units_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id),
    CONSTRAINT fk_assembly_units_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Written, for one meeting. live is NULL once it has ended, so that the key lets a unit have one at a time.
CREATE TABLE assembly_proxies (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    giver VARCHAR(200) NOT NULL,
    holder_user_id BIGINT NULL,
    holder VARCHAR(200) NOT NULL,
    holder_document VARCHAR(30) NOT NULL,
    instruction VARCHAR(300) NULL,
    code VARCHAR(12) NOT NULL,
    on_paper BOOLEAN NOT NULL,
    given_by BIGINT NULL,
    live BOOLEAN NULL,
    ending ENUM('revoked', 'replaced', 'owner_came') NULL,
    ended_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_proxies_live (assembly_id, apartment_id, live),
    UNIQUE KEY uq_assembly_proxies_code (code),
    KEY idx_assembly_proxies_apartment (apartment_id),
    KEY idx_assembly_proxies_holder_user (holder_user_id),
    CONSTRAINT fk_assembly_proxies_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id),
    CONSTRAINT fk_assembly_proxies_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_assembly_proxies_holder_user FOREIGN KEY (holder_user_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The last row of a unit says whether it is represented, and by whom.
CREATE TABLE assembly_attendance (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    arrives BOOLEAN NOT NULL,
    user_id BIGINT NULL,
    person VARCHAR(200) NOT NULL,
    proxy_id BIGINT NULL,
    way ENUM('list', 'qr', 'guard', 'phone') NOT NULL,
    recorded_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_assembly_attendance_assembly (assembly_id, apartment_id),
    KEY idx_assembly_attendance_apartment (apartment_id),
    KEY idx_assembly_attendance_user (user_id),
    KEY idx_assembly_attendance_proxy (proxy_id),
    CONSTRAINT fk_assembly_attendance_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id),
    CONSTRAINT fk_assembly_attendance_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_assembly_attendance_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_assembly_attendance_proxy FOREIGN KEY (proxy_id) REFERENCES assembly_proxies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- standing is NULL for an annulled vote, running for one that is not open: the keys let an item have one vote that stands, and an assembly
-- one that is open. closed_after is the last row of the attendance when it closed.
CREATE TABLE assembly_votes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    assembly_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    standing BOOLEAN NULL,
    running BOOLEAN NULL,
    opened_at TIMESTAMP NOT NULL,
    closes_at TIMESTAMP NOT NULL,
    closed_at TIMESTAMP NULL,
    closed_after BIGINT NULL,
    quorum DECIMAL(14,6) NOT NULL,
    yes DECIMAL(14,6) NULL,
    no DECIMAL(14,6) NULL,
    abstained DECIMAL(14,6) NULL,
    represented DECIMAL(14,6) NULL,
    yes_units INT NULL,
    no_units INT NULL,
    abstained_units INT NULL,
    represented_units INT NULL,
    passed BOOLEAN NULL,
    annulled_at TIMESTAMP NULL,
    annulled_why VARCHAR(500) NULL,
    annulled_by BIGINT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_votes_standing (item_id, standing),
    UNIQUE KEY uq_assembly_votes_running (assembly_id, running),
    CONSTRAINT fk_assembly_votes_assembly FOREIGN KEY (assembly_id) REFERENCES assemblies (id),
    CONSTRAINT fk_assembly_votes_item FOREIGN KEY (item_id) REFERENCES assembly_items (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- submission is the key of one press of the button: pressed or sent twice, it gives the same receipt.
CREATE TABLE assembly_receipts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    vote_id BIGINT NOT NULL,
    submission CHAR(36) NOT NULL,
    code VARCHAR(12) NOT NULL,
    voter VARCHAR(200) NOT NULL,
    at_desk BOOLEAN NOT NULL,
    cast_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_receipts_submission (submission),
    UNIQUE KEY uq_assembly_receipts_code (code),
    KEY idx_assembly_receipts_vote (vote_id),
    CONSTRAINT fk_assembly_receipts_vote FOREIGN KEY (vote_id) REFERENCES assembly_votes (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE assembly_ballots (
    id BIGINT NOT NULL AUTO_INCREMENT,
    vote_id BIGINT NOT NULL,
    apartment_id BIGINT NOT NULL,
    choice ENUM('yes', 'no', 'abstain') NOT NULL,
    receipt_id BIGINT NOT NULL,
    attendance_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_assembly_ballots_unit (vote_id, apartment_id),
    KEY idx_assembly_ballots_apartment (apartment_id),
    KEY idx_assembly_ballots_receipt (receipt_id),
    KEY idx_assembly_ballots_attendance (attendance_id),
    CONSTRAINT fk_assembly_ballots_vote FOREIGN KEY (vote_id) REFERENCES assembly_votes (id),
    CONSTRAINT fk_assembly_ballots_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_assembly_ballots_receipt FOREIGN KEY (receipt_id) REFERENCES assembly_receipts (id),
    CONSTRAINT fk_assembly_ballots_attendance FOREIGN KEY (attendance_id) REFERENCES assembly_attendance (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

DELIMITER //
CREATE TRIGGER assembly_attendance_stays BEFORE UPDATE ON assembly_attendance FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Attendance is never changed: what happened next is a row of its own.';
END//
CREATE TRIGGER assembly_attendance_kept BEFORE DELETE ON assembly_attendance FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'Attendance is never deleted.';
END//
CREATE TRIGGER assembly_units_stay BEFORE UPDATE ON assembly_units FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'The register of an assembly is frozen.';
END//
CREATE TRIGGER assembly_ballots_stay BEFORE UPDATE ON assembly_ballots FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'A ballot is never changed.';
END//
CREATE TRIGGER assembly_ballots_kept BEFORE DELETE ON assembly_ballots FOR EACH ROW
BEGIN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'A ballot is never deleted: its vote is annulled.';
END//
DELIMITER ;

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (SELECT 'assemblies' AS name, 'Assemblies of owners' AS description) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'assemblies.view' AS name, 'See: assemblies and every vote' AS description
    UNION ALL SELECT 'assemblies.manage', 'Call assemblies, open votes, publish acts'
    UNION ALL SELECT 'assemblies.register', 'Register who arrives and leaves'
    UNION ALL SELECT 'assemblies.attend_own', 'Attend and vote for their own apartments'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (
    SELECT 1 AS role_id, 'assemblies.view' AS name UNION ALL SELECT 1, 'assemblies.manage' UNION ALL SELECT 1, 'assemblies.register'
    UNION ALL SELECT 1, 'assemblies.attend_own'
    UNION ALL SELECT 2, 'assemblies.view' UNION ALL SELECT 2, 'assemblies.manage' UNION ALL SELECT 2, 'assemblies.register'
    UNION ALL SELECT 3, 'assemblies.attend_own'
    UNION ALL SELECT 4, 'assemblies.register'
) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

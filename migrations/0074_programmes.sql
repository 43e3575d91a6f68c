-- Programmes: courses for the community. Who takes part, years and semesters, enrolment, attendance, marks, fees and scholarships.
-- Why: docs/decisions/103.

INSERT INTO modules (name, description, enabled)
SELECT p.name, p.description, FALSE FROM (SELECT 'programmes' AS name, 'Courses of the community' AS description) AS p
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = p.name);

-- Also where an adopted database has one of that name.
UPDATE modules SET enabled = FALSE WHERE name = 'programmes';

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'programmes.manage' AS name, 'Manage: courses, participants, years' AS description
    UNION ALL SELECT 'programmes.teach_own', 'Teach one''s own courses: attendance and marks'
    UNION ALL SELECT 'programmes.view_own', 'See one''s own courses and those of one''s children'
    UNION ALL SELECT 'programmes.health', 'See and write down the health of participants'
    UNION ALL SELECT 'programmes.family', 'See and write down the circumstances of families'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

UPDATE permissions SET module = 'programmes'
WHERE name IN ('programmes.manage', 'programmes.teach_own', 'programmes.view_own', 'programmes.health', 'programmes.family');

-- Health and family are given to nobody to begin with, and to teach is a role of one's own.
INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM (
    SELECT 1 AS role_id, 'programmes.manage' AS name
    UNION ALL SELECT 2, 'programmes.manage'
    UNION ALL SELECT 3, 'programmes.view_own'
) AS r
INNER JOIN permissions AS p ON p.name = r.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id)
ORDER BY r.role_id, p.id;

-- ---- People --------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE participants (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- Their own account, where they have one.
    user_id BIGINT NULL,
    -- Where they live, and whose account pays; null for somebody from outside.
    apartment_id BIGINT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    gender ENUM('female', 'male', 'other') NOT NULL,
    birth_date DATE NOT NULL,
    -- Of school, 1 to 12; null for adults.
    grade_level INT NULL,
    phone VARCHAR(20) NULL,
    emergency_contact VARCHAR(200) NULL,
    previous_school VARCHAR(150) NULL,
    transfer_reason VARCHAR(200) NULL,
    registered_on DATE NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    -- Of who lives outside.
    house_number VARCHAR(50) NULL,
    village VARCHAR(100) NULL,
    commune VARCHAR(100) NULL,
    district VARCHAR(100) NULL,
    province VARCHAR(100) NULL,
    birth_district VARCHAR(100) NULL,
    anonymised_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_participants_name (last_name, first_name),
    KEY idx_participants_user (user_id),
    KEY idx_participants_apartment (apartment_id),
    CONSTRAINT fk_participants_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_participants_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT chk_participants_names CHECK (CHAR_LENGTH(TRIM(first_name)) >= 2 AND CHAR_LENGTH(TRIM(last_name)) >= 2),
    CONSTRAINT chk_participants_grade CHECK (grade_level IS NULL OR grade_level BETWEEN 1 AND 12)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Sensitive (Ley 1581 of 2012, art. 5): only with consent, and only for who is given the permission.
CREATE TABLE participant_health (
    participant_id BIGINT NOT NULL,
    health VARCHAR(1000) NULL,
    vaccinated BOOLEAN NULL,
    -- What a teacher has to know: an allergy, what to do.
    safety_note VARCHAR(200) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (participant_id),
    CONSTRAINT fk_participant_health_participant FOREIGN KEY (participant_id) REFERENCES participants (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE family_profiles (
    participant_id BIGINT NOT NULL,
    religion VARCHAR(80) NULL,
    church_name VARCHAR(120) NULL,
    needs_clothes BOOLEAN NOT NULL DEFAULT FALSE,
    needs_materials BOOLEAN NOT NULL DEFAULT FALSE,
    needs_transport BOOLEAN NOT NULL DEFAULT FALSE,
    living_with VARCHAR(120) NULL,
    living_condition VARCHAR(120) NULL,
    own_house BOOLEAN NULL,
    months_here INT NULL,
    -- Group of the SISBEN: A1 to D21.
    sisben_group VARCHAR(5) NULL,
    how_known VARCHAR(120) NULL,
    organization_help VARCHAR(120) NULL,
    can_help BOOLEAN NOT NULL DEFAULT FALSE,
    help_amount DECIMAL(12,2) NULL,
    help_frequency VARCHAR(40) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (participant_id),
    CONSTRAINT fk_family_profiles_participant FOREIGN KEY (participant_id) REFERENCES participants (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE guardians (
    id BIGINT NOT NULL AUTO_INCREMENT,
    participant_id BIGINT NOT NULL,
    user_id BIGINT NULL,
    -- Mother, father, grandmother.
    relation VARCHAR(50) NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    phone VARCHAR(20) NULL,
    -- Represents the child by law, and sees what is the child's.
    legal_authority BOOLEAN NOT NULL DEFAULT FALSE,
    may_collect BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_guardians_participant (participant_id),
    KEY idx_guardians_user (user_id),
    CONSTRAINT fk_guardians_participant FOREIGN KEY (participant_id) REFERENCES participants (id),
    CONSTRAINT fk_guardians_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE guardian_circumstances (
    guardian_id BIGINT NOT NULL,
    occupation VARCHAR(100) NULL,
    income DECIMAL(12,2) NULL,
    children_count INT NULL,
    birth_district VARCHAR(100) NULL,
    house_number VARCHAR(50) NULL,
    village VARCHAR(100) NULL,
    commune VARCHAR(100) NULL,
    district VARCHAR(100) NULL,
    province VARCHAR(100) NULL,
    church VARCHAR(120) NULL,
    believes BOOLEAN NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (guardian_id),
    CONSTRAINT fk_guardian_circumstances_guardian FOREIGN KEY (guardian_id) REFERENCES guardians (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who allowed what, in which words; a child was heard (Decreto 1377 of 2013, art. 12).
CREATE TABLE participant_consents (
    id BIGINT NOT NULL AUTO_INCREMENT,
    participant_id BIGINT NOT NULL,
    purpose ENUM('programme', 'health', 'family', 'photos') NOT NULL,
    text VARCHAR(1000) NOT NULL,
    given_by VARCHAR(200) NOT NULL,
    child_heard BOOLEAN NOT NULL DEFAULT FALSE,
    given_on DATE NOT NULL,
    withdrawn_on DATE NULL,
    recorded_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_participant_consents_participant (participant_id, purpose),
    CONSTRAINT fk_participant_consents_participant FOREIGN KEY (participant_id) REFERENCES participants (id),
    CONSTRAINT chk_participant_consents_days CHECK (withdrawn_on IS NULL OR withdrawn_on >= given_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- That somebody who teaches minors was looked up (Ley 1918 of 2018, Decreto 753 of 2019): again within four months.
CREATE TABLE teacher_checks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    checked_on DATE NOT NULL,
    valid_until DATE NOT NULL,
    note VARCHAR(200) NULL,
    recorded_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_teacher_checks_user_valid (user_id, valid_until),
    CONSTRAINT fk_teacher_checks_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT chk_teacher_checks_valid CHECK (valid_until > checked_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Years, courses ------------------------------------------------------------------------------------------------------------------------

CREATE TABLE school_years (
    id BIGINT NOT NULL AUTO_INCREMENT,
    code VARCHAR(20) NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_school_years_code (code),
    CONSTRAINT chk_school_years_days CHECK (ends_on > starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE semesters (
    id BIGINT NOT NULL AUTO_INCREMENT,
    year_id BIGINT NOT NULL,
    code VARCHAR(20) NOT NULL,
    name VARCHAR(60) NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    -- Its results are what they are from then on.
    closed_at TIMESTAMP NULL,
    closed_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_semesters_code (code),
    KEY idx_semesters_year (year_id),
    CONSTRAINT fk_semesters_year FOREIGN KEY (year_id) REFERENCES school_years (id),
    CONSTRAINT chk_semesters_days CHECK (ends_on > starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE subjects (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(80) NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_subjects_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE courses (
    id BIGINT NOT NULL AUTO_INCREMENT,
    year_id BIGINT NOT NULL,
    name VARCHAR(100) NOT NULL,
    kind VARCHAR(60) NOT NULL,
    -- Of school; null where it is for all ages.
    grade_level INT NULL,
    section VARCHAR(10) NOT NULL DEFAULT '',
    -- For the key: null is no grade, and two of no grade are alike.
    grade_key INT GENERATED ALWAYS AS (COALESCE(grade_level, 0)) STORED,
    -- Its participants are minors: who teaches it is looked up.
    minors BOOLEAN NOT NULL DEFAULT TRUE,
    capacity INT NOT NULL,
    facility_id BIGINT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    fee DECIMAL(12,2) NOT NULL DEFAULT 0,
    description VARCHAR(1000) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_courses_year_grade_section_name (year_id, grade_key, section, name),
    KEY idx_courses_facility (facility_id),
    KEY idx_courses_starts (starts_on),
    CONSTRAINT fk_courses_year FOREIGN KEY (year_id) REFERENCES school_years (id),
    CONSTRAINT fk_courses_facility FOREIGN KEY (facility_id) REFERENCES facilities (id),
    CONSTRAINT chk_courses_grade CHECK (grade_level IS NULL OR grade_level BETWEEN 1 AND 12),
    CONSTRAINT chk_courses_capacity CHECK (capacity BETWEEN 1 AND 500),
    CONSTRAINT chk_courses_days CHECK (ends_on > starts_on),
    CONSTRAINT chk_courses_fee CHECK (fee >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE course_subjects (
    id BIGINT NOT NULL AUTO_INCREMENT,
    course_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    weight INT NOT NULL DEFAULT 1,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_course_subjects_course_subject (course_id, subject_id),
    KEY idx_course_subjects_subject (subject_id),
    CONSTRAINT fk_course_subjects_course FOREIGN KEY (course_id) REFERENCES courses (id),
    CONSTRAINT fk_course_subjects_subject FOREIGN KEY (subject_id) REFERENCES subjects (id),
    CONSTRAINT chk_course_subjects_weight CHECK (weight BETWEEN 1 AND 100)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Three at most at a time: each has a slot.
CREATE TABLE course_teachers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    course_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    slot INT NOT NULL,
    from_on DATE NOT NULL,
    -- The last day; null while they teach it.
    to_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_course_teachers_course_slot_from (course_id, slot, from_on),
    UNIQUE KEY uq_course_teachers_course_user_from (course_id, user_id, from_on),
    KEY idx_course_teachers_user_to (user_id, to_on),
    CONSTRAINT fk_course_teachers_course FOREIGN KEY (course_id) REFERENCES courses (id),
    CONSTRAINT fk_course_teachers_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT chk_course_teachers_slot CHECK (slot BETWEEN 1 AND 3),
    CONSTRAINT chk_course_teachers_days CHECK (to_on IS NULL OR to_on >= from_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Enrolment -----------------------------------------------------------------------------------------------------------------------------

-- What a participant pays less: a part of the fee or a sum, from the fund or as a discount.
CREATE TABLE scholarships (
    id BIGINT NOT NULL AUTO_INCREMENT,
    participant_id BIGINT NOT NULL,
    percent INT NULL,
    amount DECIMAL(12,2) NULL,
    from_fund BOOLEAN NOT NULL DEFAULT TRUE,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    -- The minutes that decided it.
    act VARCHAR(100) NOT NULL,
    revoked_on DATE NULL,
    granted_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_scholarships_participant (participant_id, ends_on),
    CONSTRAINT fk_scholarships_participant FOREIGN KEY (participant_id) REFERENCES participants (id),
    CONSTRAINT chk_scholarships_share CHECK ((percent IS NULL) <> (amount IS NULL)),
    CONSTRAINT chk_scholarships_percent CHECK (percent IS NULL OR percent BETWEEN 1 AND 100),
    CONSTRAINT chk_scholarships_days CHECK (ends_on >= starts_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE enrolments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    course_id BIGINT NOT NULL,
    participant_id BIGINT NOT NULL,
    enrolled_on DATE NOT NULL,
    -- The first day on which they are not expected.
    dropped_on DATE NULL,
    drop_semester_id BIGINT NULL,
    drop_reason VARCHAR(200) NULL,
    charge_id BIGINT NULL,
    scholarship_id BIGINT NULL,
    -- What of the fee the scholarship pays, in pesos.
    scholarship_amount DECIMAL(12,2) NULL,
    -- What of the fee was given back to who left, and of that to the scholarship; coming back takes it back.
    returned DECIMAL(12,2) NOT NULL DEFAULT 0,
    returned_scholarship DECIMAL(12,2) NOT NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_enrolments_participant_course (participant_id, course_id),
    KEY idx_enrolments_course_dropped (course_id, dropped_on),
    KEY idx_enrolments_dropped (dropped_on),
    KEY idx_enrolments_drop_semester (drop_semester_id),
    KEY idx_enrolments_charge (charge_id),
    KEY idx_enrolments_scholarship (scholarship_id),
    CONSTRAINT fk_enrolments_course FOREIGN KEY (course_id) REFERENCES courses (id),
    CONSTRAINT fk_enrolments_participant FOREIGN KEY (participant_id) REFERENCES participants (id),
    CONSTRAINT fk_enrolments_drop_semester FOREIGN KEY (drop_semester_id) REFERENCES semesters (id),
    CONSTRAINT fk_enrolments_charge FOREIGN KEY (charge_id) REFERENCES charges (id),
    CONSTRAINT fk_enrolments_scholarship FOREIGN KEY (scholarship_id) REFERENCES scholarships (id),
    CONSTRAINT chk_enrolments_dropped CHECK (dropped_on IS NULL OR dropped_on >= enrolled_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- From when to when they were expected: leaving and coming back.
CREATE TABLE enrolment_periods (
    id BIGINT NOT NULL AUTO_INCREMENT,
    enrolment_id BIGINT NOT NULL,
    from_on DATE NOT NULL,
    -- The first day on which they are not expected.
    until_on DATE NULL,
    -- The enrolment that they came from, by a transfer.
    transferred_from_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_enrolment_periods_enrolment_from (enrolment_id, from_on),
    KEY idx_enrolment_periods_transferred_from (transferred_from_id),
    CONSTRAINT fk_enrolment_periods_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolments (id),
    CONSTRAINT fk_enrolment_periods_transferred_from FOREIGN KEY (transferred_from_id) REFERENCES enrolments (id),
    CONSTRAINT chk_enrolment_periods_days CHECK (until_on IS NULL OR until_on >= from_on)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Attendance ----------------------------------------------------------------------------------------------------------------------------

CREATE TABLE course_sessions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    course_id BIGINT NOT NULL,
    held_on DATE NOT NULL,
    session ENUM('full', 'am', 'pm') NOT NULL,
    starts_at TIME NULL,
    ends_at TIME NULL,
    cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    cancel_reason VARCHAR(200) NULL,
    -- Of one half of a day there is one session that is held: a whole day takes both.
    am INT GENERATED ALWAYS AS (IF(cancelled = 0 AND session IN ('am', 'full'), 1, NULL)) STORED,
    pm INT GENERATED ALWAYS AS (IF(cancelled = 0 AND session IN ('pm', 'full'), 1, NULL)) STORED,
    -- Counts the saves of its register: two teachers who save one each.
    version INT NOT NULL DEFAULT 0,
    taken_at TIMESTAMP NULL,
    taken_by BIGINT NULL,
    -- The closure of the facility that keeps its place.
    blackout_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_course_sessions_am (course_id, held_on, am),
    UNIQUE KEY uq_course_sessions_pm (course_id, held_on, pm),
    KEY idx_course_sessions_held (held_on),
    CONSTRAINT fk_course_sessions_course FOREIGN KEY (course_id) REFERENCES courses (id),
    CONSTRAINT chk_course_sessions_times CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND (starts_at IS NULL OR ends_at > starts_at))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE attendance (
    id BIGINT NOT NULL AUTO_INCREMENT,
    session_id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    status ENUM('present', 'absent', 'late', 'excused') NOT NULL,
    reason VARCHAR(200) NULL,
    recorded_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_attendance_session_enrolment (session_id, enrolment_id),
    KEY idx_attendance_enrolment (enrolment_id),
    CONSTRAINT fk_attendance_session FOREIGN KEY (session_id) REFERENCES course_sessions (id),
    CONSTRAINT fk_attendance_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A register that was saved, by the key its device gave it: sent again it is answered as the first time.
CREATE TABLE register_saves (
    id BIGINT NOT NULL AUTO_INCREMENT,
    save_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    session_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_register_saves_save_key (save_key),
    KEY idx_register_saves_session (session_id),
    KEY idx_register_saves_created (created_at),
    CONSTRAINT fk_register_saves_session FOREIGN KEY (session_id) REFERENCES course_sessions (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Marks ---------------------------------------------------------------------------------------------------------------------------------

CREATE TABLE marks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    enrolment_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    semester_id BIGINT NOT NULL,
    graded_on DATE NOT NULL,
    value DECIMAL(4,2) NOT NULL,
    comment VARCHAR(300) NULL,
    user_id BIGINT NULL,
    last_edit TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_marks_enrolment_subject_semester (enrolment_id, subject_id, semester_id),
    KEY idx_marks_graded (graded_on),
    KEY idx_marks_subject (subject_id),
    KEY idx_marks_semester (semester_id),
    CONSTRAINT fk_marks_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolments (id),
    CONSTRAINT fk_marks_subject FOREIGN KEY (subject_id) REFERENCES subjects (id),
    CONSTRAINT fk_marks_semester FOREIGN KEY (semester_id) REFERENCES semesters (id),
    CONSTRAINT chk_marks_value CHECK (value BETWEEN 0 AND 10)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What a mark was before, and who changed it.
CREATE TABLE mark_changes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    enrolment_id BIGINT NOT NULL,
    subject_id BIGINT NOT NULL,
    semester_id BIGINT NOT NULL,
    -- The mark; it may be gone.
    mark_id BIGINT NOT NULL,
    value_before DECIMAL(4,2) NULL,
    value_after DECIMAL(4,2) NULL,
    comment_before VARCHAR(300) NULL,
    user_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_mark_changes_mark (mark_id),
    KEY idx_mark_changes_enrolment (enrolment_id, subject_id, semester_id),
    KEY idx_mark_changes_subject (subject_id),
    KEY idx_mark_changes_semester (semester_id),
    CONSTRAINT fk_mark_changes_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolments (id),
    CONSTRAINT fk_mark_changes_subject FOREIGN KEY (subject_id) REFERENCES subjects (id),
    CONSTRAINT fk_mark_changes_semester FOREIGN KEY (semester_id) REFERENCES semesters (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The results of a semester as they were when it was closed.
CREATE TABLE semester_results (
    id BIGINT NOT NULL AUTO_INCREMENT,
    semester_id BIGINT NOT NULL,
    enrolment_id BIGINT NOT NULL,
    average DECIMAL(4,2) NULL,
    -- Null where a subject has no mark or they had left.
    place INT NULL,
    ranked INT NOT NULL,
    course_mean DECIMAL(4,2) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_semester_results_semester_enrolment (semester_id, enrolment_id),
    KEY idx_semester_results_enrolment (enrolment_id),
    CONSTRAINT fk_semester_results_semester FOREIGN KEY (semester_id) REFERENCES semesters (id),
    CONSTRAINT fk_semester_results_enrolment FOREIGN KEY (enrolment_id) REFERENCES enrolments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- Money ---------------------------------------------------------------------------------------------------------------------------------

INSERT INTO ledger_accounts (code, name)
SELECT IF(COUNT(*) = 0, '1125', '112595'), 'Banco del fondo de becas' FROM ledger_accounts WHERE code = '1125';

INSERT INTO ledger_accounts (code, name)
SELECT IF(COUNT(*) = 0, '3310', '331095'), 'Fondo de becas' FROM ledger_accounts WHERE code = '3310';

INSERT INTO ledger_accounts (code, name)
SELECT IF(COUNT(*) = 0, '4182', '418295'), 'Cursos de la comunidad' FROM ledger_accounts WHERE code = '4182';

-- No interest, and no certificate waits for it.
INSERT INTO concepts (kind, name, receivable_account_id, income_account_id, basis, due_day, bears_interest, blocks_certificate)
SELECT 'other', IF(EXISTS(SELECT 1 FROM concepts WHERE name = 'Cursos'), 'Cursos de la comunidad', 'Cursos'), r.id, i.id, 'by_hand', 15, FALSE, FALSE
FROM ledger_accounts AS r, (SELECT MAX(id) AS id FROM ledger_accounts WHERE name = 'Cursos de la comunidad') AS i
WHERE r.purpose = 'fees';

-- Where the fees of courses and their fund lie in the books. In a table of its own: a portal of the version before knows no purposes but its own.
CREATE TABLE programme_accounts (
    id INT NOT NULL,
    concept_id INT NOT NULL,
    fund_bank_id INT NOT NULL,
    fund_id INT NOT NULL,
    PRIMARY KEY (id),
    KEY idx_programme_accounts_concept (concept_id),
    KEY idx_programme_accounts_fund_bank (fund_bank_id),
    KEY idx_programme_accounts_fund (fund_id),
    CONSTRAINT fk_programme_accounts_concept FOREIGN KEY (concept_id) REFERENCES concepts (id),
    CONSTRAINT fk_programme_accounts_fund_bank FOREIGN KEY (fund_bank_id) REFERENCES ledger_accounts (id),
    CONSTRAINT fk_programme_accounts_fund FOREIGN KEY (fund_id) REFERENCES ledger_accounts (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO programme_accounts (id, concept_id, fund_bank_id, fund_id)
SELECT 1, c.id, b.id, f.id
FROM (
        SELECT MAX(c.id) AS id FROM concepts AS c INNER JOIN ledger_accounts AS a ON a.id = c.income_account_id WHERE a.name = 'Cursos de la comunidad'
    ) AS c,
    (SELECT MAX(id) AS id FROM ledger_accounts WHERE name = 'Banco del fondo de becas') AS b,
    (SELECT MAX(id) AS id FROM ledger_accounts WHERE name = 'Fondo de becas') AS f;

-- What the fund of scholarships pays of a charge.
ALTER TABLE charge_adjustments ADD COLUMN from_fund BOOLEAN NOT NULL DEFAULT FALSE;

-- Surveys from draft to archive. Whom a survey convenes is frozen when it opens, and who of them has answered is kept apart from what was
-- answered: an anonymous answer has no person, apartment, time or running number. Why so: docs/decisions/062.

ALTER TABLE surveys
    ADD COLUMN weighted BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN audience ENUM('all', 'owners', 'tenants') NOT NULL DEFAULT 'all',
    ADD COLUMN opens_at DATETIME NULL,
    ADD COLUMN opened_at TIMESTAMP NULL,
    ADD COLUMN results_shared BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN revision INT NOT NULL DEFAULT 0,
    ADD CONSTRAINT chk_surveys_weighted CHECK (NOT (weighted AND anonymous));

ALTER TABLE questions
    ADD COLUMN several BOOLEAN NOT NULL DEFAULT FALSE;

-- Until now a survey was open from the moment it was written.
UPDATE surveys SET opened_at = COALESCE(created_at, CURRENT_TIMESTAMP), updated_at = updated_at;

CREATE TABLE survey_towers (
    survey_id BIGINT NOT NULL,
    tower_id INT NOT NULL,
    PRIMARY KEY (survey_id, tower_id),
    KEY idx_survey_towers_tower (tower_id),
    CONSTRAINT fk_survey_towers_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_towers_tower FOREIGN KEY (tower_id) REFERENCES towers (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who was convened, all of them written at once, and whether they have answered. Of an anonymous survey answered_at stays NULL.
CREATE TABLE survey_participants (
    id BIGINT NOT NULL AUTO_INCREMENT,
    survey_id BIGINT NOT NULL,
    respondent VARCHAR(80) NOT NULL,
    apartment_id BIGINT NULL,
    user_id BIGINT NULL,
    coefficient DECIMAL(9,6) NOT NULL DEFAULT 0,
    weight DECIMAL(9,6) NULL,
    answered BOOLEAN NOT NULL DEFAULT FALSE,
    answered_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_survey_participants (survey_id, respondent),
    KEY idx_survey_participants_apartment (apartment_id),
    KEY idx_survey_participants_user (user_id),
    CONSTRAINT fk_survey_participants_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_participants_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_survey_participants_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE survey_answers
    DROP FOREIGN KEY fk_survey_answers_response,
    DROP FOREIGN KEY fk_survey_answers_question;

RENAME TABLE survey_answers TO survey_answers_before;

-- One row for each question answered. The key is random, so the rows lie in the table as a shuffled pack does. choices are the numbers of
-- the options, rising, with commas: of a rating 1 to 5, of yes 1 and of no 2. participant_id is NULL in an anonymous survey.
CREATE TABLE survey_answers (
    id CHAR(32) NOT NULL,
    survey_id BIGINT NOT NULL,
    question_id BIGINT NOT NULL,
    participant_id BIGINT NULL,
    choices VARCHAR(160) NULL,
    text TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_survey_answers (question_id, participant_id),
    KEY idx_survey_answers_survey (survey_id),
    KEY idx_survey_answers_participant (participant_id),
    CONSTRAINT fk_survey_answers_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_answers_question FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_answers_participant FOREIGN KEY (participant_id) REFERENCES survey_participants (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Those who answered by name, under the numbers they had.
INSERT INTO survey_participants (id, survey_id, respondent, apartment_id, user_id, answered, answered_at)
SELECT r.id, r.survey_id, r.respondent, r.apartment_id, r.user_id, TRUE, r.created_at
FROM survey_responses AS r
INNER JOIN surveys AS s ON s.id = r.survey_id
WHERE NOT s.anonymous
ORDER BY r.id;

-- All others of the building as it is today; of an anonymous survey that somebody answered is found by the hash, for the last time.
INSERT INTO survey_participants (survey_id, respondent, apartment_id, coefficient, answered)
SELECT s.id, CONCAT('apartment:', a.id), a.id, COALESCE(a.coefficient, 0),
    s.anonymous AND EXISTS (
        SELECT 1 FROM survey_responses AS r
        WHERE r.survey_id = s.id AND r.respondent = SHA2(CONCAT('survey:', s.id, ':apartment:', a.id), 256))
FROM surveys AS s
INNER JOIN apartments AS a ON s.per_apartment
ORDER BY s.id, a.id
ON DUPLICATE KEY UPDATE coefficient = VALUES(coefficient);

INSERT INTO survey_participants (survey_id, respondent, apartment_id, user_id, answered)
SELECT w.survey_id, CONCAT('user:', w.user_id), w.apartment_id, w.user_id, w.answered
FROM (
    SELECT s.id AS survey_id, u.id AS user_id, u.user_status_id, t.apartment_id,
        s.anonymous AND EXISTS (
            SELECT 1 FROM survey_responses AS r
            WHERE r.survey_id = s.id AND r.respondent = SHA2(CONCAT('survey:', s.id, ':user:', u.id), 256)) AS answered
    FROM surveys AS s
    INNER JOIN users AS u ON NOT s.per_apartment
    LEFT JOIN (
        SELECT o.user_id, MIN(c.apartment_id) AS apartment_id
        FROM owners AS o
        INNER JOIN (
            SELECT owner_id, id AS apartment_id FROM apartments WHERE owner_id IS NOT NULL
            UNION
            SELECT owner_id, apartment_id FROM occupancies
            WHERE started_on <= CURRENT_DATE AND (ended_on IS NULL OR ended_on >= CURRENT_DATE)
        ) AS c ON c.owner_id = o.id
        GROUP BY o.user_id
    ) AS t ON t.user_id = u.id
) AS w
WHERE w.answered OR (w.apartment_id IS NOT NULL AND w.user_status_id = 1)
ORDER BY w.survey_id, w.user_id
ON DUPLICATE KEY UPDATE coefficient = VALUES(coefficient);

-- What was chosen becomes its number where it is, byte by byte, one of the options as the portal reads them (SurveyOptions): an array of
-- words, an array of objects with a label, an object of words, or one word. What is none of them stays as it was written.
INSERT INTO survey_answers (id, survey_id, question_id, participant_id, choices, text)
SELECT LEFT(SHA2(CONCAT(UUID(), RAND(), RAND(), RAND()), 256), 32), g.survey_id, g.question_id, g.participant_id, g.choices,
    CASE WHEN g.choices IS NULL THEN g.answer END
FROM (
    SELECT q.survey_id, q.id AS question_id, CASE WHEN s.anonymous THEN NULL ELSE b.response_id END AS participant_id, b.answer,
        CASE
            WHEN q.type = 'rating' AND b.answer IN ('1', '2', '3', '4', '5') THEN b.answer
            WHEN q.type = 'yes_no' AND b.answer = 'yes' THEN '1'
            WHEN q.type = 'yes_no' AND b.answer = 'no' THEN '2'
            WHEN q.type = 'multiple_choice' THEN CAST(o.number AS CHAR)
        END AS choices
    FROM survey_answers_before AS b
    INNER JOIN survey_responses AS r ON r.id = b.response_id
    INNER JOIN surveys AS s ON s.id = r.survey_id
    INNER JOIN questions AS q ON q.id = b.question_id
    LEFT JOIN (
        SELECT d.question_id, d.word, ROW_NUMBER() OVER (PARTITION BY d.question_id ORDER BY d.first_at) AS number
        FROM (
            SELECT w.question_id, CAST(TRIM(w.word) AS BINARY) AS word, MIN(w.n) AS first_at
            FROM (
                SELECT q.id AS question_id, j.n, COALESCE(j.word, j.label, j.text, j.name, j.title, j.choice, j.value) AS word
                FROM questions AS q, JSON_TABLE(q.options, '$[*]' COLUMNS (
                    n FOR ORDINALITY, word VARCHAR(500) PATH '$', label VARCHAR(500) PATH '$.label', text VARCHAR(500) PATH '$.text',
                    name VARCHAR(500) PATH '$.name', title VARCHAR(500) PATH '$.title', choice VARCHAR(500) PATH '$.option',
                    value VARCHAR(500) PATH '$.value')) AS j
                WHERE q.type = 'multiple_choice' AND JSON_TYPE(q.options) = 'ARRAY'
                UNION ALL
                SELECT q.id, j.n, j.word
                FROM questions AS q, JSON_TABLE(q.options, '$.*' COLUMNS (n FOR ORDINALITY, word VARCHAR(500) PATH '$')) AS j
                WHERE q.type = 'multiple_choice' AND JSON_TYPE(q.options) = 'OBJECT'
                UNION ALL
                SELECT q.id, 1, JSON_UNQUOTE(q.options) FROM questions AS q
                WHERE q.type = 'multiple_choice' AND q.options IS NOT NULL AND JSON_TYPE(q.options) NOT IN ('ARRAY', 'OBJECT', 'NULL')
            ) AS w
            WHERE TRIM(w.word) <> ''
            GROUP BY w.question_id, CAST(TRIM(w.word) AS BINARY)
        ) AS d
    ) AS o ON o.question_id = q.id AND o.word = CAST(b.answer AS BINARY)
) AS g;

-- The log told of each anonymous answer what it was, under one number with its hash.
DELETE FROM audit_log
WHERE table_name = 'survey_answers' AND record_id IN (
    SELECT b.id FROM survey_answers_before AS b
    INNER JOIN survey_responses AS r ON r.id = b.response_id
    INNER JOIN surveys AS s ON s.id = r.survey_id
    WHERE s.anonymous);

DELETE FROM audit_log
WHERE table_name = 'survey_responses' AND record_id IN (
    SELECT r.id FROM survey_responses AS r INNER JOIN surveys AS s ON s.id = r.survey_id WHERE s.anonymous);

DROP TABLE survey_answers_before;

DROP TABLE survey_responses;

-- Answers to surveys (the document has none); notices; where a notification leads.

ALTER TABLE surveys
    ADD COLUMN anonymous BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN per_apartment BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN closes_at DATETIME NULL;

CREATE TABLE survey_responses (
    id BIGINT NOT NULL AUTO_INCREMENT,
    survey_id BIGINT NOT NULL,
    respondent VARCHAR(80) NOT NULL,
    apartment_id BIGINT NULL,
    user_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_survey_responses_respondent (survey_id, respondent),
    KEY idx_survey_responses_apartment (apartment_id),
    KEY idx_survey_responses_user (user_id),
    CONSTRAINT fk_survey_responses_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_responses_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_survey_responses_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE survey_answers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    response_id BIGINT NOT NULL,
    question_id BIGINT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (id),
    KEY idx_survey_answers_response (response_id),
    KEY idx_survey_answers_question (question_id),
    CONSTRAINT fk_survey_answers_response FOREIGN KEY (response_id) REFERENCES survey_responses (id) ON DELETE CASCADE,
    CONSTRAINT fk_survey_answers_question FOREIGN KEY (question_id) REFERENCES questions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE notifications
    ADD COLUMN link VARCHAR(255) NULL,
    ADD KEY idx_notifications_recipient_read (recipient_id, `read`);

CREATE TABLE notices (
    id BIGINT NOT NULL AUTO_INCREMENT,
    title VARCHAR(200) NOT NULL,
    body TEXT NOT NULL,
    tower_id INT NULL,
    role_id INT NULL,
    publish_at DATETIME NOT NULL,
    expires_at DATETIME NULL,
    written_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_notices_tower (tower_id),
    KEY idx_notices_role (role_id),
    CONSTRAINT fk_notices_tower FOREIGN KEY (tower_id) REFERENCES towers (id),
    CONSTRAINT fk_notices_role FOREIGN KEY (role_id) REFERENCES roles (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE notice_reads (
    id BIGINT NOT NULL AUTO_INCREMENT,
    notice_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    read_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_notice_reads (notice_id, user_id),
    KEY idx_notice_reads_user (user_id),
    CONSTRAINT fk_notice_reads_notice FOREIGN KEY (notice_id) REFERENCES notices (id) ON DELETE CASCADE,
    CONSTRAINT fk_notice_reads_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

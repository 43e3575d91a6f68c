-- While an anonymous survey takes answers, each lies sealed: no copy of the database, nor two of them, tells what was answered. The key that
-- opens them is outside it and is destroyed when they are counted. Why so: docs/decisions/062.

ALTER TABLE surveys
    ADD COLUMN seal_key VARBINARY(200) NULL;

-- One row for each who answered, all of a survey of one length, under a random key.
CREATE TABLE survey_sealed_answers (
    id CHAR(32) NOT NULL,
    survey_id BIGINT NOT NULL,
    content LONGBLOB NOT NULL,
    PRIMARY KEY (id),
    KEY idx_survey_sealed_answers_survey (survey_id),
    CONSTRAINT fk_survey_sealed_answers_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

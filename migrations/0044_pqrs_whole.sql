-- PQRS to the end: what a report of a past month needs, warnings that come once, cases answered together, answers kept ready, lists kept,
-- people in turn, who is at a case, and search in what was written. Why so: docs/decisions/065.

ALTER TABLE pqrs_tracking
    MODIFY COLUMN kind ENUM('filed', 'message', 'reply', 'note', 'status', 'assigned', 'deadline', 'priority', 'rated', 'merged', 'unmerged')
        NOT NULL DEFAULT 'status',
    ADD COLUMN due_on DATE NULL,
    ADD COLUMN rating INT NULL,
    ADD KEY idx_pqrs_tracking_created (created_at, pqrs_id),
    ADD FULLTEXT KEY ft_pqrs_tracking (comments),
    ADD CONSTRAINT chk_pqrs_tracking_rating CHECK (rating BETWEEN 1 AND 5);

-- Of a case that was never opened again the last day at its end is the one it has; of one that was, only its last end is known.
UPDATE pqrs_tracking AS t
INNER JOIN pqrs AS c ON c.id = t.pqrs_id AND c.status_id IN (3, 4)
LEFT JOIN (
    SELECT pqrs_id, MAX(id) AS id FROM pqrs_tracking WHERE status_id NOT IN (3, 4) GROUP BY pqrs_id
) AS active ON active.pqrs_id = t.pqrs_id
SET t.due_on = c.due_on, t.rating = c.rating
WHERE t.status_id IN (3, 4) AND t.id > COALESCE(active.id, 0);

ALTER TABLE pqrs
    MODIFY COLUMN channel ENUM('web', 'desk', 'telephone', 'verbal', 'mail', 'whatsapp') NOT NULL DEFAULT 'web',
    ADD COLUMN merged_into_id BIGINT NULL,
    ADD COLUMN access_hash VARCHAR(64) NULL,
    ADD KEY idx_pqrs_merged_into (merged_into_id),
    ADD FULLTEXT KEY ft_pqrs (title, description),
    ADD CONSTRAINT fk_pqrs_merged_into FOREIGN KEY (merged_into_id) REFERENCES pqrs (id);

-- A warning of a last day: each step once; a day that moved warns anew.
CREATE TABLE pqrs_alarms (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pqrs_id BIGINT NOT NULL,
    due_on DATE NOT NULL,
    step ENUM('three_left', 'one_left', 'last_day', 'overdue', 'granted', 'silent') NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pqrs_alarms (pqrs_id, due_on, step),
    CONSTRAINT fk_pqrs_alarms_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs_canned_answers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    title VARCHAR(100) NOT NULL,
    text TEXT NOT NULL,
    category_id INT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pqrs_canned_answers_title (title),
    KEY idx_pqrs_canned_answers_category (category_id),
    CONSTRAINT fk_pqrs_canned_answers_category FOREIGN KEY (category_id) REFERENCES pqrs_categories (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- address: what stands after the question mark of the list.
CREATE TABLE pqrs_filters (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    name VARCHAR(40) NOT NULL,
    address VARCHAR(500) NOT NULL,
    shared BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pqrs_filters_name (user_id, name),
    CONSTRAINT fk_pqrs_filters_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who gets the new cases of a category, one after the other; last_at is when it was last their turn.
CREATE TABLE pqrs_turns (
    id BIGINT NOT NULL AUTO_INCREMENT,
    category_id INT NOT NULL,
    user_id BIGINT NOT NULL,
    last_at TIMESTAMP(6) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pqrs_turns (category_id, user_id),
    KEY idx_pqrs_turns_user (user_id),
    CONSTRAINT fk_pqrs_turns_category FOREIGN KEY (category_id) REFERENCES pqrs_categories (id),
    CONSTRAINT fk_pqrs_turns_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs_presence (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pqrs_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    writing BOOLEAN NOT NULL DEFAULT FALSE,
    seen_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_pqrs_presence (pqrs_id, user_id),
    KEY idx_pqrs_presence_user (user_id),
    CONSTRAINT fk_pqrs_presence_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id) ON DELETE CASCADE,
    CONSTRAINT fk_pqrs_presence_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

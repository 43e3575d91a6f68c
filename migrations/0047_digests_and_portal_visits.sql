-- How soon a kind of notification comes by mail, the digests it comes in, and when somebody was here last. Why so: docs/decisions/069.

ALTER TABLE notification_choices
    ADD COLUMN rhythm ENUM('at_once', 'daily', 'weekly') NOT NULL DEFAULT 'at_once';

-- Of whom digests are made: at which hour of the building's clock, and on which day of the week (0 is Sunday).
CREATE TABLE digest_times (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    hour INT NOT NULL DEFAULT 7,
    weekday INT NOT NULL DEFAULT 1,
    PRIMARY KEY (id),
    UNIQUE KEY uq_digest_times_user (user_id),
    CONSTRAINT fk_digest_times_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT chk_digest_times CHECK (hour BETWEEN 0 AND 23 AND weekday BETWEEN 0 AND 6)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A digest: one for each person, rhythm and day.
CREATE TABLE mail_digests (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    rhythm ENUM('at_once', 'daily', 'weekly') NOT NULL,
    day DATE NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    mailed_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_mail_digests_day (user_id, rhythm, day),
    CONSTRAINT fk_mail_digests_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- rhythm: it waits for a digest; digest_id: the one it went into. Lines of before went at once, or not at all.
ALTER TABLE notifications
    ADD COLUMN rhythm ENUM('at_once', 'daily', 'weekly') NULL,
    ADD COLUMN digest_id BIGINT NULL,
    ADD KEY idx_notifications_digest (digest_id),
    ADD KEY idx_notifications_rhythm (rhythm, digest_id),
    ADD CONSTRAINT fk_notifications_digest FOREIGN KEY (digest_id) REFERENCES mail_digests (id) ON DELETE SET NULL;

-- seen_at: the latest sign of them; since_at: that of the visit before this one.
CREATE TABLE portal_visits (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    since_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_portal_visits_user (user_id),
    CONSTRAINT fk_portal_visits_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A notification is worded when it is read, in its reader's language; what the words speak of is kept as data. And it may go by mail, once.

ALTER TABLE notifications
    ADD COLUMN data TEXT NULL,
    ADD COLUMN mailed_at TIMESTAMP NULL;

-- Only what a person chose differently from what the portal does by itself has a row.
CREATE TABLE notification_choices (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    kind VARCHAR(50) NOT NULL,
    by_mail BOOLEAN NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_notification_choices (user_id, kind),
    CONSTRAINT fk_notification_choices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A person's bookings as a calendar that other programs subscribe to, by a secret address. Only the hash of the secret is kept: who reads this table cannot read calendars.

CREATE TABLE calendar_feeds (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    secret_hash VARCHAR(64) NOT NULL,
    read_at TIMESTAMP NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_calendar_feeds_user (user_id),
    UNIQUE KEY uq_calendar_feeds_secret_hash (secret_hash),
    CONSTRAINT fk_calendar_feeds_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

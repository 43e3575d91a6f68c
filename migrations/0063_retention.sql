-- What one nightly job removes, by table, and what came of it last. Why: docs/privacy.md.

CREATE TABLE retention_runs (
    id INT NOT NULL AUTO_INCREMENT,
    rule VARCHAR(30) NOT NULL,
    -- The building's day of the last run, and how many rows went in it.
    day DATE NOT NULL,
    row_count BIGINT NOT NULL DEFAULT 0,
    ran_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Of what keeps its rows and loses a value: all before this moment has lost it, and is not looked at again.
    reached_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_retention_runs_rule (rule)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What is counted before it goes is found by these.
ALTER TABLE notifications ADD KEY idx_notifications_created_at (created_at);
ALTER TABLE account_codes ADD KEY idx_account_codes_expires_at (expires_at);

-- One job does what these did.
DELETE FROM jobs WHERE state = 'waiting' AND kind IN ('spent_jobs', 'spent_sessions', 'expired_visits', 'expired_passes');

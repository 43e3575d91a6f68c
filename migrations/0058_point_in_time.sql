-- How the stream of the binary log stands, and the drills: a set restored on a server of its own and compared. Why: docs/decisions/084.

-- One row, written by the portal that streams. What is lost with it is learnt again in a minute.
CREATE TABLE backup_streams (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- The server keeps no binary log.
    no_log BOOLEAN NOT NULL DEFAULT FALSE,
    log_file VARCHAR(200) NULL,
    log_position BIGINT NOT NULL DEFAULT 0,
    -- What was committed by then lies in the archive.
    reached_at TIMESTAMP NULL,
    -- The oldest set from which every later moment can be restored.
    since_at TIMESTAMP NULL,
    -- The first log after the newest set that is not there.
    missing VARCHAR(200) NULL,
    -- Why nothing is saved, or not elsewhere.
    message VARCHAR(500) NULL,
    portal VARCHAR(100) NULL,
    seen_at TIMESTAMP NULL,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE backup_drills (
    id BIGINT NOT NULL AUTO_INCREMENT,
    started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    finished_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    outcome ENUM('good', 'failed') NOT NULL,
    -- What was restored; null where it did not come so far.
    set_name VARCHAR(60) NULL,
    -- A set made for the drill, for the newest is encrypted and this machine cannot read it.
    own_set BOOLEAN NOT NULL DEFAULT FALSE,
    -- The binary log was replayed after it, to the moment below.
    with_logs BOOLEAN NOT NULL DEFAULT FALSE,
    reached_at TIMESTAMP NULL,
    table_count INT NOT NULL DEFAULT 0,
    differing INT NOT NULL DEFAULT 0,
    record_count BIGINT NOT NULL DEFAULT 0,
    -- By table, as JSON: its name, how many rows, what differs.
    tables LONGTEXT NULL,
    message VARCHAR(500) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_backup_drills_outcome (outcome, finished_at),
    KEY idx_backup_drills_started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

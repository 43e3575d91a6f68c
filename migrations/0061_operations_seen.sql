-- What the page of operations shows of each portal, of the tables' growth, and of the checks of the data. Why: docs/decisions/089.

-- What a portal says of itself with each beat; null from one that is older or was never asked.
ALTER TABLE portals
    ADD COLUMN circuits INT NULL,
    ADD COLUMN connections INT NULL,
    ADD COLUMN connections_most INT NULL,
    ADD COLUMN feed_lag_ms BIGINT NULL,
    ADD COLUMN retries BIGINT NULL,
    ADD COLUMN disk_free BIGINT NULL,
    ADD COLUMN disk_total BIGINT NULL,
    -- The end (UTC) of the certificate that ends first of those this portal uses; some end after 2038.
    ADD COLUMN certificate_until DATETIME NULL;

-- How large each table is, once a day, for 400 days.
CREATE TABLE table_sizes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    day DATE NOT NULL,
    name VARCHAR(64) NOT NULL,
    -- Data and indexes, as the server estimates them.
    bytes BIGINT NOT NULL,
    record_count BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY uq_table_sizes_day_name (day, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The last result of each check of the data, one row each.
CREATE TABLE integrity_checks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    checked_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    took_ms INT NOT NULL DEFAULT 0,
    found BIGINT NOT NULL DEFAULT 0,
    -- Which rows, by table and number.
    detail VARCHAR(500) NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_integrity_checks_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

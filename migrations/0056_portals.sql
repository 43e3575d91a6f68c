-- The portals that serve this database, each with the moment at which it last wrote. Who is asked whether it is ready writes its row: a
-- database that takes no changes, or a disk without room, shows to nobody else. Why: docs/decisions/083.

CREATE TABLE portals (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- Portal__Name, or the machine's.
    name VARCHAR(100) NOT NULL,
    version VARCHAR(50) NOT NULL,
    started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    seen_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    PRIMARY KEY (id),
    UNIQUE KEY uq_portals_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

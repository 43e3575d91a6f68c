-- A notice goes to the people of its audience, each once, and is known to have reached them. Why so: docs/decisions/063.

-- towers, roles and apartments are ids with commas between; empty means all of them.
ALTER TABLE notices
    ADD COLUMN towers VARCHAR(255) NOT NULL DEFAULT '',
    ADD COLUMN roles VARCHAR(100) NOT NULL DEFAULT '',
    ADD COLUMN apartments VARCHAR(2000) NOT NULL DEFAULT '',
    ADD COLUMN residents ENUM('all', 'owners', 'tenants') NOT NULL DEFAULT 'all',
    ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN version INT NOT NULL DEFAULT 1,
    ADD COLUMN corrects_id BIGINT NULL,
    ADD COLUMN delivered_at TIMESTAMP NULL,
    ADD COLUMN reminded_on DATE NULL,
    ADD UNIQUE KEY uq_notices_corrects (corrects_id),
    ADD KEY idx_notices_delivered (delivered_at, publish_at),
    ADD CONSTRAINT fk_notices_corrects FOREIGN KEY (corrects_id) REFERENCES notices (id) ON DELETE CASCADE;

UPDATE notices
SET towers = COALESCE(tower_id, ''), roles = COALESCE(role_id, ''), updated_at = updated_at;

ALTER TABLE notices
    DROP FOREIGN KEY fk_notices_tower,
    DROP FOREIGN KEY fk_notices_role;

ALTER TABLE notices
    DROP KEY idx_notices_tower,
    DROP KEY idx_notices_role,
    DROP COLUMN tower_id,
    DROP COLUMN role_id;

-- Whom it reached. A row is written with the line in their bell, so it is there once.
CREATE TABLE notice_recipients (
    id BIGINT NOT NULL AUTO_INCREMENT,
    notice_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_notice_recipients (notice_id, user_id),
    KEY idx_notice_recipients_user (user_id),
    CONSTRAINT fk_notice_recipients_notice FOREIGN KEY (notice_id) REFERENCES notices (id) ON DELETE CASCADE,
    CONSTRAINT fk_notice_recipients_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What is up already told nobody, and is not told now, weeks later: of those who read it is known that it reached them. The hour of the
-- building's wall is not known here; what is up within the coming day is delivered when its hour comes.
UPDATE notices SET delivered_at = CURRENT_TIMESTAMP, updated_at = updated_at WHERE publish_at < CURRENT_TIMESTAMP - INTERVAL 1 DAY;

INSERT INTO notice_recipients (notice_id, user_id)
SELECT r.notice_id, r.user_id FROM notice_reads AS r INNER JOIN notices AS n ON n.id = r.notice_id AND n.delivered_at IS NOT NULL
ORDER BY r.notice_id, r.user_id;

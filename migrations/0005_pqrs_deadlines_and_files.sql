-- Filing numbers, legal deadlines, pauses, files, and entries that only those who handle a case see.

INSERT INTO pqrs_status (id, name, description) VALUES
    (5, 'Waiting for petitioner', 'The deadline is held until the petitioner answers');

ALTER TABLE pqrs
    ADD COLUMN number VARCHAR(20) NULL,
    ADD COLUMN kind ENUM('petition', 'complaint', 'claim', 'suggestion', 'information', 'consultation') NULL,
    ADD COLUMN channel ENUM('web', 'desk', 'telephone', 'verbal') NOT NULL DEFAULT 'web',
    ADD COLUMN apartment_id BIGINT NULL,
    ADD COLUMN assigned_to BIGINT NULL,
    ADD COLUMN days_given INT NULL,
    ADD COLUMN due_on DATE NULL,
    ADD COLUMN resolved_at TIMESTAMP NULL,
    ADD COLUMN closed_at TIMESTAMP NULL,
    ADD COLUMN reopened_count INT NOT NULL DEFAULT 0,
    ADD COLUMN rating INT NULL,
    ADD COLUMN verification_code VARCHAR(12) NULL,
    ADD UNIQUE KEY uq_pqrs_number (number),
    ADD UNIQUE KEY uq_pqrs_verification_code (verification_code),
    ADD KEY idx_pqrs_status_due (status_id, due_on),
    ADD KEY idx_pqrs_apartment (apartment_id),
    ADD KEY idx_pqrs_assigned_to (assigned_to),
    ADD CONSTRAINT fk_pqrs_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    ADD CONSTRAINT fk_pqrs_assigned_to FOREIGN KEY (assigned_to) REFERENCES users (id),
    ADD CONSTRAINT chk_pqrs_rating CHECK (rating BETWEEN 1 AND 5);

ALTER TABLE pqrs_tracking
    ADD COLUMN kind ENUM('filed', 'message', 'reply', 'note', 'status', 'assigned', 'deadline', 'priority') NOT NULL DEFAULT 'status',
    ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE,
    ADD COLUMN seen_at TIMESTAMP NULL;

CREATE TABLE pqrs_pauses (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pqrs_id BIGINT NOT NULL,
    started_on DATE NOT NULL,
    ended_on DATE NULL,
    PRIMARY KEY (id),
    KEY idx_pqrs_pauses_pqrs (pqrs_id),
    CONSTRAINT fk_pqrs_pauses_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs_attachments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pqrs_id BIGINT NOT NULL,
    tracking_id BIGINT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    size INT NOT NULL,
    content LONGBLOB NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_pqrs_attachments_pqrs (pqrs_id),
    KEY idx_pqrs_attachments_tracking (tracking_id),
    CONSTRAINT fk_pqrs_attachments_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id) ON DELETE CASCADE,
    CONSTRAINT fk_pqrs_attachments_tracking FOREIGN KEY (tracking_id) REFERENCES pqrs_tracking (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

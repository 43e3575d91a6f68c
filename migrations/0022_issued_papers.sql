-- A receipt says for ever what it said when it was issued. Money that is applied later is applied by new rows, each on a numbered note with
-- its own day and reason; rows of before stand on no note and keep their meaning: they are what the receipt of their payment says.

CREATE TABLE application_notes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    verification_code VARCHAR(12) NOT NULL,
    apartment_id BIGINT NOT NULL,
    cause ENUM('void', 'credit') NOT NULL,
    voided_payment_id BIGINT NULL,
    issued_on DATE NOT NULL,
    issued_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_application_notes_number (number),
    UNIQUE KEY uq_application_notes_verification_code (verification_code),
    KEY idx_application_notes_apartment (apartment_id),
    KEY idx_application_notes_voided_payment (voided_payment_id),
    CONSTRAINT fk_application_notes_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT fk_application_notes_voided_payment FOREIGN KEY (voided_payment_id) REFERENCES payments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE payment_applications
    ADD COLUMN note_id BIGINT NULL,
    ADD KEY idx_payment_applications_note (note_id),
    ADD CONSTRAINT fk_payment_applications_note FOREIGN KEY (note_id) REFERENCES application_notes (id);

-- What is printed on each paper, by its number.
CREATE TABLE issued_papers (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    facts LONGTEXT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_issued_papers_number (number)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

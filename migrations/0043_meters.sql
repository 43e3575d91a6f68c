-- What apartments use by their meters: what each showed at the end of a month, and what of it is charged. Why so: docs/decisions/053.

ALTER TABLE concepts
    MODIFY COLUMN basis ENUM('by_hand', 'coefficient', 'fixed', 'per_apartment', 'meter') NOT NULL DEFAULT 'by_hand',
    ADD COLUMN unit VARCHAR(10) NULL;

CREATE TABLE meter_readings (
    id BIGINT NOT NULL AUTO_INCREMENT,
    concept_id INT NOT NULL,
    apartment_id BIGINT NOT NULL,
    period DATE NOT NULL,
    previous DECIMAL(14,3) NULL,
    reading DECIMAL(14,3) NOT NULL,
    used DECIMAL(14,3) NOT NULL,
    reason VARCHAR(200) NULL,
    read_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_meter_readings_month (concept_id, apartment_id, period),
    KEY idx_meter_readings_apartment (apartment_id),
    CONSTRAINT fk_meter_readings_concept FOREIGN KEY (concept_id) REFERENCES concepts (id),
    CONSTRAINT fk_meter_readings_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT chk_meter_readings_used CHECK (reading >= 0 AND used >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

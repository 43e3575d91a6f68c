-- Papers about what an apartment owes: the certificate of good standing (paz y salvo, Ley 675 of 2001, art. 29) and the debt certificate,
-- which alone is an executive title (art. 48). What each says is kept in issued_papers, by its number. Refunds get the code that their
-- paper carries; those of before have none, and their paper says so by leaving it out.

CREATE TABLE certificates (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    verification_code VARCHAR(12) NOT NULL,
    kind ENUM('good_standing', 'debt') NOT NULL,
    apartment_id BIGINT NOT NULL,
    cut_off DATE NOT NULL,
    total DECIMAL(12,2) NOT NULL,
    issued_on DATE NOT NULL,
    issued_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_certificates_number (number),
    UNIQUE KEY uq_certificates_verification_code (verification_code),
    KEY idx_certificates_apartment (apartment_id),
    CONSTRAINT fk_certificates_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id),
    CONSTRAINT chk_certificates_total CHECK (total >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

ALTER TABLE refunds ADD COLUMN verification_code VARCHAR(12) NULL;
ALTER TABLE refunds ADD UNIQUE KEY uq_refunds_verification_code (verification_code);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, 'collection', SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'collection.view' AS name, 'See: who owes, stages and agreements' AS description
    UNION ALL SELECT 'collection.edit', 'Act: agreements, disputes, and what goes to the lawyer'
    UNION ALL SELECT 'collection.certify', 'Certify debts and good standing'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

-- Whoever sees payments saw the debtors until now.
INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id
FROM role_permissions AS r
INNER JOIN permissions AS v ON v.id = r.permission_id AND v.name = 'payments.view'
INNER JOIN permissions AS p ON p.name = 'collection.view'
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id);

INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE p.module = 'collection' AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

-- The text of the data policy by versions, and who allowed what when: the proof that Ley 1581 of 2012 asks for (arts 9 and 12). Why:
-- docs/decisions/085.

CREATE TABLE data_policies (
    id BIGINT NOT NULL AUTO_INCREMENT,
    -- 1, 2, 3 in the order in which they came out; null for the draft, of which there is one at most.
    version INT NULL,
    body MEDIUMTEXT NOT NULL,
    published_at TIMESTAMP NULL,
    published_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_data_policies_version (version),
    KEY idx_data_policies_published_by (published_by),
    CONSTRAINT fk_data_policies_published_by FOREIGN KEY (published_by) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- What somebody answered to a version. Rows are added and never changed: the last of a person and a version counts.
CREATE TABLE data_consents (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    policy_id BIGINT NOT NULL,
    answer ENUM('later', 'given', 'withdrawn') NOT NULL,
    ip_address VARCHAR(45) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_data_consents_user (user_id),
    KEY idx_data_consents_policy (policy_id),
    CONSTRAINT fk_data_consents_user FOREIGN KEY (user_id) REFERENCES users (id),
    CONSTRAINT fk_data_consents_policy FOREIGN KEY (policy_id) REFERENCES data_policies (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

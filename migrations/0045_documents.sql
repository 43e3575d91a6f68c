-- The building's library: folders, documents with their versions, and who opened them. Why so: docs/decisions/068.

CREATE TABLE document_folders (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(80) NOT NULL,
    -- Papers of this kind that other rooms make are put here; such a folder stays.
    lands VARCHAR(20) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_document_folders_name (name),
    UNIQUE KEY uq_document_folders_lands (lands)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

INSERT INTO document_folders (name, lands) VALUES
    ('Actas de asamblea', 'minutes'),
    ('Presupuestos', 'budget'),
    ('Avisos', 'notice'),
    ('Encuestas', 'survey'),
    ('Contabilidad', 'accounts'),
    ('Otros documentos', 'other');

-- towers and roles are ids with commas between; empty means all of them.
CREATE TABLE documents (
    id BIGINT NOT NULL AUTO_INCREMENT,
    folder_id BIGINT NOT NULL,
    title VARCHAR(200) NOT NULL,
    -- The title and the names of its files without accents, in capitals: what a search looks at.
    title_key VARCHAR(200) NOT NULL,
    kind ENUM('accounts', 'minutes', 'budget', 'contract', 'bylaws', 'notice', 'survey', 'other') NOT NULL DEFAULT 'other',
    dated_on DATE NOT NULL,
    towers VARCHAR(255) NOT NULL DEFAULT '',
    roles VARCHAR(100) NOT NULL DEFAULT '',
    residents ENUM('all', 'owners', 'tenants') NOT NULL DEFAULT 'all',
    -- What another room made it from, such as budget:2026; null for what a person put here.
    source VARCHAR(60) NULL,
    -- How many versions it has, and which is the last.
    version INT NOT NULL DEFAULT 1,
    added_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_documents_source (source),
    KEY idx_documents_folder (folder_id),
    KEY idx_documents_dated (dated_on),
    CONSTRAINT fk_documents_folder FOREIGN KEY (folder_id) REFERENCES document_folders (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE document_versions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    document_id BIGINT NOT NULL,
    number INT NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    size BIGINT NOT NULL,
    sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    note VARCHAR(500) NULL,
    -- As documents.source, of this version alone, such as budget:12.
    source VARCHAR(60) NULL,
    added_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_document_versions_number (document_id, number),
    UNIQUE KEY uq_document_versions_source (source),
    KEY idx_document_versions_created (created_at),
    CONSTRAINT fk_document_versions_document FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- A file on its way: it belongs to who sends it, and becomes a version, an attachment or nothing.
CREATE TABLE document_uploads (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    size BIGINT NOT NULL,
    content_type VARCHAR(100) NULL,
    sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_document_uploads_user (user_id),
    KEY idx_document_uploads_created (created_at),
    CONSTRAINT fk_document_uploads_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The bytes, in pieces that every server takes in one statement. A piece changes hands from the upload to the version, and is not copied.
CREATE TABLE document_parts (
    id BIGINT NOT NULL AUTO_INCREMENT,
    upload_id BIGINT NULL,
    version_id BIGINT NULL,
    number INT NOT NULL,
    content MEDIUMBLOB NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY uq_document_parts_upload (upload_id, number),
    UNIQUE KEY uq_document_parts_version (version_id, number),
    CONSTRAINT fk_document_parts_upload FOREIGN KEY (upload_id) REFERENCES document_uploads (id) ON DELETE CASCADE,
    CONSTRAINT fk_document_parts_version FOREIGN KEY (version_id) REFERENCES document_versions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who opened which version, each time.
CREATE TABLE document_reads (
    id BIGINT NOT NULL AUTO_INCREMENT,
    version_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    read_at TIMESTAMP NOT NULL,
    PRIMARY KEY (id),
    KEY idx_document_reads_version (version_id, read_at),
    KEY idx_document_reads_user (user_id),
    CONSTRAINT fk_document_reads_version FOREIGN KEY (version_id) REFERENCES document_versions (id) ON DELETE CASCADE,
    CONSTRAINT fk_document_reads_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- ---- What one may do -------------------------------------------------------------------------------------------------------------------

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (SELECT 'documents' AS name, 'The library of documents' AS description) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'documents.view' AS name, 'See: documents that are for oneself' AS description
    UNION ALL SELECT 'documents.edit', 'Change: documents, their versions and who may see them; see who opened them'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.role_id, p.id FROM permissions AS p
INNER JOIN (
    SELECT 1 AS role_id, 'documents.view' AS name UNION ALL SELECT 1, 'documents.edit'
    UNION ALL SELECT 2, 'documents.view' UNION ALL SELECT 2, 'documents.edit'
    UNION ALL SELECT 3, 'documents.view' UNION ALL SELECT 4, 'documents.view'
) AS r ON r.name = p.name
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = r.role_id AND x.permission_id = p.id);

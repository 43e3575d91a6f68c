-- How grave what was done is, and where the log goes when it is old: moved whole, by id, and kept for the years that the settings say.
-- Why so: docs/decisions/064.

ALTER TABLE audit_log
    ADD COLUMN severity ENUM('info', 'warning', 'error') NOT NULL DEFAULT 'info',
    ADD KEY idx_audit_log_severity (severity, id);

UPDATE audit_log SET severity = 'error' WHERE action = 'ledger_proof_failed';
UPDATE audit_log SET severity = 'warning' WHERE action IN (
    'sign_in_failed', 'account_locked', 'sign_in_refused_locked', 'role_change', 'password_reset', 'month_reopened', 'ledger_reversed',
    'mail_refused', 'first_admin');

-- The columns of the log as they are on this server, whatever it was adopted with; the keys that a search needs come with them.
CREATE TABLE audit_log_archive LIKE audit_log;

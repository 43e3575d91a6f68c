-- Two profiles of one user, and two permissions of one name, which a later migration needs to be one.

INSERT INTO profile (id, user_id, first_name, last_name, email, phone) VALUES (101, 12, 'Jorge Iván', 'Peña', 'jorge@example.org', '3001234567'), (102, 12, 'J.', 'Peña', NULL, NULL);
INSERT INTO permissions (id, name) VALUES (101, 'reports.print');

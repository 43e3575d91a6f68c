-- Dates that are none, as servers of before let them be written.

SET sql_mode = 'ALLOW_INVALID_DATES';
INSERT INTO users (id, username, password, user_status_id, role_id, created_at, updated_at) VALUES (61, 'sin.fecha', 'x', 2, 3, '0000-00-00 00:00:00', '0000-00-00 00:00:00');
INSERT INTO profile (id, user_id, first_name, last_name, birth_date, created_at, updated_at) VALUES (61, 61, 'Fecha', 'Cero', '0000-00-00', '0000-00-00 00:00:00', '2020-01-01');
INSERT INTO owners (id, user_id, birth_date, updated_at) VALUES (61, 61, '1978-00-00', '0000-00-00 00:00:00');
INSERT INTO payments (id, amount, payment_date, status_id, owner_id, created_at, updated_at) VALUES (61, 10, '0000-00-00', 1, 5, '2023-03-04 05:06:07', '2023-03-04 05:06:07'), (62, 10, '2023-02-30', 1, 5, '0000-00-00 00:00:00', '0000-00-00 00:00:00');
INSERT INTO reservations (id, owner_id, facility_id, start_date, end_date, status_id) VALUES
    (61, 5, 1, '0000-00-00 00:00:00', '2024-07-01 10:00:00', 1), (62, 5, 1, '1978-00-00 00:00:00', '1978-00-00 12:00:00', 1), (63, 5, 1, '2024-07-01 10:00:00', '0000-00-00 00:00:00', 1);
INSERT INTO visitors (id, name, identification, host_id, visit_date, enter_time) VALUES (61, 'Sin día', '61', 5, '0000-00-00', '10:00:00'), (62, 'Sin mes', '62', 5, '1978-00-00', NULL);
UPDATE towers SET created_at = '0000-00-00 00:00:00' WHERE id = 2;
UPDATE user_status SET created_at = '0000-00-00 00:00:00' WHERE id = 3;

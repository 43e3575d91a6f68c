-- Rows that were loaded while the server did not look at foreign keys: one under every documented key.

SET foreign_key_checks = 0;
INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (31, 'huerfano.estado', 'x', 77, 3), (32, 'huerfano.rol', 'x', 1, 77);
INSERT INTO profile (id, user_id, first_name, last_name) VALUES (31, 901, 'Perfil', 'Huérfano');
INSERT INTO owners (id, user_id) VALUES (31, 902);
INSERT INTO apartments (id, apartment_number, status_id, tower_id, owner_id) VALUES (131, '131', 77, 1, NULL), (132, '132', 1, 77, NULL), (133, '133', 1, 1, 903);
INSERT INTO tenants (id, name, owner_id, apartment_id) VALUES (31, 'Inquilino de nadie', 904, NULL), (32, 'Inquilino sin casa', 5, 905);
INSERT INTO payments (id, amount, payment_date, status_id, owner_id, payment_method_id) VALUES (31, 10, '2024-01-01', 77, 5, NULL), (32, 10, '2024-01-02', 1, 904, NULL), (33, 10, '2024-01-03', 1, 5, 77);
INSERT INTO reservations (id, owner_id, facility_id, start_date, end_date, status_id) VALUES
    (31, 906, 1, '2024-04-01 10:00:00', '2024-04-01 11:00:00', 1), (32, 5, 77, '2024-04-02 10:00:00', '2024-04-02 11:00:00', 1), (33, 5, 1, '2024-04-03 10:00:00', '2024-04-03 11:00:00', 77);
INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id) VALUES (31, 'Sin categoría', '.', 77, 5, 1), (32, 'Sin dueño', '.', 1, 907, 1), (33, 'Sin estado', '.', 1, 5, 77);
INSERT INTO pqrs_tracking (id, pqrs_id, status_id, user_id) VALUES (31, 908, 1, 11), (32, 3, 77, 11), (33, 3, 1, 909);
INSERT INTO notifications (id, recipient_id, recipient_type, title, message) VALUES (31, 910, 'user', 'Para nadie', '.');
INSERT INTO questions (id, survey_id, question, type) VALUES (31, 911, 'De ninguna encuesta', 'text');
INSERT INTO visitors (id, name, identification, host_id, visit_date) VALUES (31, 'Visita a nadie', '1', 912, '2024-06-01');
INSERT INTO parking (id, space_number, status_id, vehicle_type_id, user_id) VALUES (31, 'H-31', 77, NULL, NULL), (32, 'H-32', 1, 77, NULL), (33, 'H-33', 1, NULL, 913);
INSERT INTO pets (id, name, species, owner_id) VALUES (31, 'De nadie', 'Gato', 914);
INSERT INTO role_permissions (id, role_id, permission_id) VALUES (31, 78, 1), (32, 2, 915);

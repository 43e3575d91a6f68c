-- Rows of an older installation: statuses entered by hand, accounts with bcrypt passwords of three generations.

INSERT INTO user_status (id, name) VALUES (1, 'Active'), (2, 'Inactive'), (3, 'Suspended'), (4, 'Pending');
INSERT INTO roles (id, name) VALUES (1, 'Admin'), (2, 'Staff'), (3, 'Owner'), (4, 'Security');
INSERT INTO apartment_status (id, name) VALUES (1, 'Occupied'), (2, 'Available');
INSERT INTO payment_status (id, name) VALUES (1, 'Pagado'), (2, 'Pendiente'), (3, 'Overdue'), (4, 'Cancelled');
INSERT INTO payment_methods (id, name) VALUES (1, 'Cash'), (2, 'Bank Transfer');
INSERT INTO pqrs_status (id, name) VALUES (1, 'Open'), (2, 'In Progress'), (3, 'Resolved'), (4, 'Closed');
INSERT INTO pqrs_categories (id, name) VALUES (1, 'Maintenance'), (9, 'Ruido');
INSERT INTO users (id, username, password, user_status_id, role_id, created_at, updated_at) VALUES
    (11, 'lucia.ramirez', '$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy', 1, 1, '2019-03-01 10:00:00', '2020-05-06 07:08:09'),
    (12, 'jorge.peña', '$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy', 1, 3, '2019-03-02 10:00:00', '2020-05-06 07:08:09'),
    (13, 'inactivo', '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy', 2, 3, '2019-03-03 10:00:00', '2020-05-06 07:08:09');
INSERT INTO profile (user_id, first_name, last_name, email) VALUES (11, 'Lucía', 'Ramírez', 'lucia@example.org'), (12, 'Jorge', 'Peña', NULL), (13, 'Ana', 'Ñáñez', NULL);
INSERT INTO owners (id, user_id, is_tenant) VALUES (5, 12, FALSE), (6, 13, TRUE);
INSERT INTO towers (id, name, floors) VALUES (1, 'Torre A', 12), (2, 'Torre B', 10);
INSERT INTO apartments (id, apartment_number, status_id, tower_id, owner_id) VALUES (100, '101', 1, 1, 5), (101, '101', 1, 2, 6), (102, '102', 2, 1, NULL);
INSERT INTO payments (id, amount, payment_date, status_id, owner_id, reference_number) VALUES (1, 350000.50, '2024-01-05', 1, 5, 'R-1'), (2, 10.00, '2024-02-05', 2, 6, NULL);
INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id) VALUES (3, 'Gotera', 'En el baño 🚿', 9, 5, 2);
INSERT INTO surveys (id, title) VALUES (1, 'Piscina');
INSERT INTO questions (survey_id, question, type, options) VALUES (1, '¿Horario?', 'multiple_choice', '["mañana", "tarde"]');
INSERT INTO parking (space_number, status_id, user_id) SELECT 'S1-01', 1, 12 FROM (SELECT 1) one WHERE EXISTS (SELECT 1 FROM parking_status);

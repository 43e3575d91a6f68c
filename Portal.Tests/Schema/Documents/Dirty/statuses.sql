-- Statuses of the building's own, in the document's lists.

INSERT INTO user_status (id, name) VALUES (60, 'Retirado');
INSERT INTO apartment_status (id, name) VALUES (60, 'Embargado');
INSERT INTO payment_status (id, name) VALUES (60, 'En cobro jurídico');
INSERT INTO reservation_status (id, name) VALUES (60, 'Aplazada');
INSERT INTO pqrs_status (id, name) VALUES (60, 'En comité');
INSERT INTO parking_status (id, name) VALUES (60, 'En litigio');
INSERT INTO payment_methods (id, name) VALUES (60, 'Nequi');
INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (121, 'retirado', 'x', 60, 3);
INSERT INTO apartments (id, apartment_number, status_id, tower_id, owner_id) VALUES (221, '221', 60, 1, 5);
INSERT INTO payments (id, amount, payment_date, status_id, owner_id, payment_method_id) VALUES (121, 10, '2024-01-01', 60, 5, 60);
INSERT INTO reservations (id, owner_id, facility_id, start_date, end_date, status_id) VALUES (121, 5, 1, '2034-05-01 10:00:00', '2034-05-01 11:00:00', 60);
INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id) VALUES (121, 'En comité', '.', 1, 5, 60);
INSERT INTO pqrs_tracking (id, pqrs_id, status_id, user_id) VALUES (121, 121, 60, 11);
INSERT INTO parking (id, space_number, status_id, user_id) VALUES (121, 'L-121', 60, 12);

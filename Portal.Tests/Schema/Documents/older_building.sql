-- More of the same building: at least one sound row in every documented table, so that every page has something to show.

INSERT INTO reservation_status (id, name) VALUES (1, 'Confirmed'), (2, 'Pending'), (3, 'Cancelled'), (4, 'Completed');
INSERT INTO parking_status (id, name) VALUES (1, 'Available'), (2, 'Occupied'), (3, 'Reserved'), (4, 'Maintenance');
INSERT INTO vehicle_types (id, name) VALUES (1, 'Car'), (2, 'Motorcycle');
INSERT INTO reservation_types (id, name) VALUES (1, 'Asado');
INSERT INTO tenants (id, name, document_number, owner_id, apartment_id) VALUES (1, 'Inquilina Sana', '52100200', 5, 100);
INSERT INTO facilities (id, name, description, capacity, status, hourly_rate) VALUES (1, 'Salón sano', 'Con cocina', 40, 'available', 25000), (2, 'Cancha sana', NULL, 10, 'maintenance', NULL);
INSERT INTO reservations (id, owner_id, facility_id, start_date, end_date, status_id, total_cost, notes) VALUES
    (1, 5, 1, '2024-03-01 18:00:00', '2024-03-01 22:00:00', 1, 100000, 'Cumpleaños sano'),
    (2, 6, 1, '2034-03-01 18:00:00', '2034-03-01 20:00:00', 1, 50000, 'Grado sano');
INSERT INTO pqrs_tracking (id, pqrs_id, status_id, user_id, comments) VALUES (1, 3, 2, 11, 'Va el plomero');
INSERT INTO notifications (id, recipient_id, recipient_type, title, message, type) VALUES (1, 11, 'admin', 'Aviso sano', 'Todo bien', 'info');
INSERT INTO visitors (id, name, identification, host_id, visit_date, enter_time, exit_time, purpose) VALUES
    (1, 'Visita Sana', '1020304', 5, '2024-05-01', '22:00:00', '01:15:00', 'Cena'),
    (2, 'Visita Breve', '1020305', 5, '2024-05-02', '10:00:00', '11:00:00', NULL);
INSERT INTO guards (id, name, identification, shift, phone) VALUES (1, 'Guarda Sano', '80100200', 'night', '3001112233');
INSERT INTO parking (id, space_number, status_id, vehicle_type_id, user_id, license_plate) VALUES (20, 'S1-20', 2, 1, 12, 'KLM204');
INSERT INTO pets (id, name, species, breed, owner_id, photos) VALUES (1, 'Mascota Sana', 'Perro', 'Criollo', 5, '["/fotos/1.jpg"]');
INSERT INTO permissions (id, name, module, action) VALUES (1, 'reports.print', 'reports', 'print');
INSERT INTO role_permissions (role_id, permission_id) VALUES (1, 1);
INSERT INTO modules (id, name) VALUES (1, 'reports');
INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (14, 'rosa.guarda', 'x', 1, 4);

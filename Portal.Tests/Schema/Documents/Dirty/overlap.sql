-- Bookings of one place at one time, and one over several days.

INSERT INTO reservations (id, owner_id, facility_id, start_date, end_date, status_id, notes) VALUES
    (111, 5, 1, '2034-03-01 19:00:00', '2034-03-01 21:00:00', 1, 'Encima'), (112, 6, 1, '2034-03-01 19:00:00', '2034-03-01 21:00:00', 2, 'Encima también'),
    (113, 6, 1, '2024-03-01 17:00:00', '2024-03-03 21:00:00', 1, 'Varios días');

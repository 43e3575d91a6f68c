-- A parking space with a person and no apartment, and its plate in another spelling.

INSERT INTO parking (id, space_number, status_id, vehicle_type_id, user_id, license_plate) VALUES (91, 'P-91', 2, 1, 12, 'abc-123');

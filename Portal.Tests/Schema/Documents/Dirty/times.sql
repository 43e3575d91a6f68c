-- Times of day past midnight, and negative.

INSERT INTO visitors (id, name, identification, host_id, visit_date, enter_time, exit_time) VALUES
    (41, 'Trasnochador', '41', 5, '2024-05-03', '22:30:00', '25:30:00'), (42, 'Antes de tiempo', '42', 5, '2024-05-03', '-02:00:00', '08:00:00'),
    (43, 'Interminable', '43', 5, '2024-05-03', '24:00:00', '838:59:59');

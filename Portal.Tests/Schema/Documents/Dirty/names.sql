-- User names with blanks around them, and what they meet when the blanks are taken away.

INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (71, ' nohora.munoz', 'x', 1, 3), (72, 'jairo.rey ', 'x', 1, 3), (73, 'jairo.paz', 'x', 1, 3), (74, ' jairo.paz', 'x', 1, 3), (75, '  Jairo.Paz', 'x', 1, 3);

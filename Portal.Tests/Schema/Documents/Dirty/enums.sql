-- What a server writes in a session that is not strict, for a word that is none of the list: ''.

SET sql_mode = '';
INSERT INTO facilities (id, name, status) VALUES (51, 'Salón de estado raro', 'cerrado');
INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, priority) VALUES (51, 'Prioridad rara', '.', 1, 5, 1, 'altísima');
INSERT INTO guards (id, name, identification, shift) VALUES (51, 'Guarda de turno raro', '51', 'madrugada');
INSERT INTO notifications (id, recipient_id, recipient_type, title, message) VALUES (51, 11, 'guarda', 'Destinatario raro', '.');
INSERT INTO questions (id, survey_id, question, type) VALUES (51, 1, 'Pregunta de tipo raro', 'slider');

-- Options of survey questions as other programs write them.

INSERT INTO surveys (id, title) VALUES (81, 'Encuesta de formas');
INSERT INTO questions (id, survey_id, question, type, options) VALUES
    (81, 81, 'Objeto', 'multiple_choice', '{"a":"Rojo","b":"Verde"}'), (82, 81, 'Rótulos', 'multiple_choice', '[{"label":"Rojo"},{"label":"Verde"}]'),
    (83, 81, 'Números', 'multiple_choice', '[1,2,3]'), (84, 81, 'Una palabra', 'multiple_choice', '"Rojo"'), (85, 81, 'Ninguna', 'multiple_choice', NULL),
    (86, 81, 'Nulo', 'multiple_choice', 'null'), (87, 81, 'Vacía', 'multiple_choice', '[]');

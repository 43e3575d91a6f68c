-- An answer is what was chosen, to the letter: 🍎 and 🍏, Sí and si are four answers. The collation of the other columns takes each
-- pair for one.

ALTER TABLE survey_answers
    MODIFY COLUMN answer TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL;

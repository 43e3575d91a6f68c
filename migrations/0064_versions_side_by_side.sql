-- What each portal that serves was built for, so that a migration with which older portals cannot go on waits until none is left.
-- Why: docs/decisions/094.

ALTER TABLE portals
    -- The last migration its program knows; null from one of before this column.
    ADD COLUMN schema_number INT NULL;

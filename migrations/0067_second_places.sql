-- Why the copy in the second place failed, as a word that pages say in the person's language. Why: docs/decisions/096.

ALTER TABLE backup_sets
    -- Key, Bucket, Denied, Full ...; null where it did not fail, or before this column.
    ADD COLUMN off_site_fault VARCHAR(20) NULL,
    -- The places it is copied to, by name, one in a line: one that is named later has it not. Null before this column.
    ADD COLUMN off_site_places VARCHAR(2000) NULL;

ALTER TABLE backup_streams
    -- The same of the closed binary logs; null where all are there.
    ADD COLUMN away_fault VARCHAR(20) NULL;

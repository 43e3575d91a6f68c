-- What is posted by hand has a number of its own, TX-2026-000001, as the paper that an accountant files has one. What the portal posts by
-- itself needs none: its receipt or its charge is the paper.
ALTER TABLE journal_entries
    ADD COLUMN reference VARCHAR(20) NULL AFTER memo,
    ADD UNIQUE KEY uq_journal_entries_reference (reference);

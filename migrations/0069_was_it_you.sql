-- A sign-in from where the account never signed in: its owner is asked whether it was them. Why: docs/decisions/099.

ALTER TABLE sessions
    -- Since when it is asked; null: nobody asks.
    ADD COLUMN asked_at TIMESTAMP NULL,
    -- When somebody with the mail said that it was them, or not; it is said once.
    ADD COLUMN answered_at TIMESTAMP NULL,
    -- It was not them: from that network it is asked again, whatever browser it is.
    ADD COLUMN denied BOOLEAN NOT NULL DEFAULT FALSE;

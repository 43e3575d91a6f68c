-- A sign-in from where the account never signed in: its owner is asked whether it was them. Why: docs/decisions/099.

ALTER TABLE sessions
    -- Since when it is asked; null: nobody asks.
    ADD COLUMN asked_at TIMESTAMP NULL,
    -- When somebody with the mail said that it was them, or not; it is said once.
    ADD COLUMN answered_at TIMESTAMP NULL,
    -- It was not them: from that network it is asked again, whatever browser it is.
    ADD COLUMN denied BOOLEAN NOT NULL DEFAULT FALSE,
    -- Where the sign-in came from, once it was decided whether to ask; null: it proves nothing about its network. ip_address goes with its use.
    ADD COLUMN began_ip VARCHAR(45) NULL,
    -- The mail address that was asked: nobody who changes it afterwards answers, and it is put back where it was not them.
    ADD COLUMN asked_mail VARCHAR(255) NULL;

UPDATE sessions SET began_ip = ip_address WHERE methods IS NULL OR methods <> 'pin';

-- Parts of the portal that a building may do without: switched on and off by its administrators. Off, what their permissions allow is
-- allowed to nobody, and what was written with them stays. Why: docs/decisions/100.

ALTER TABLE modules
    ADD COLUMN enabled BOOLEAN NOT NULL DEFAULT TRUE;

-- A slow receiver holds up no other, and what an account's owner did not do themselves suspends its keys. Why: docs/decisions/098.

-- Jobs that have the same run one after the other, in whichever portal; null: beside any.
ALTER TABLE jobs ADD COLUMN serial_key VARCHAR(64) NULL;

-- Since when it opens nothing until who made it says so: their password was set anew with a code, or their account was off.
ALTER TABLE api_keys ADD COLUMN suspended_at TIMESTAMP NULL;

-- What is told once has a key, and the database lets one row through. Until now the row's data was searched for it.

ALTER TABLE notifications
    ADD COLUMN unique_key VARCHAR(120) NULL,
    ADD UNIQUE KEY uq_notifications_key (unique_key);

-- The record of a visit is deleted when its time is over, unless the case it is kept for is open.

ALTER TABLE visitors
    ADD COLUMN pqrs_id BIGINT NULL,
    ADD KEY idx_visitors_pqrs (pqrs_id),
    ADD CONSTRAINT fk_visitors_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id);

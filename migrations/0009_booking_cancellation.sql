-- What a late cancellation costs. It is fixed when the booking is made: a later change of the facility's rule does not reach back.

ALTER TABLE facilities
    ADD COLUMN cancel_charge_percent INT NOT NULL DEFAULT 100,
    ADD CONSTRAINT chk_facilities_cancel_charge CHECK (cancel_charge_percent BETWEEN 0 AND 100);

-- Bookings of before were made under no such rule, so they cost nothing to cancel.
ALTER TABLE reservations
    ADD COLUMN cancel_free_until DATETIME NULL,
    ADD COLUMN cancel_charge DECIMAL(12,2) NOT NULL DEFAULT 0;

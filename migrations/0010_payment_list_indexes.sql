-- The newest payments first without sorting all of them; the sums of a list without reading the rows.

ALTER TABLE payments
    ADD KEY idx_payments_date_time (payment_date, payment_time),
    ADD KEY idx_payments_status_amount (status_id, amount);

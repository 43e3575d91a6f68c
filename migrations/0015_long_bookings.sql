-- A booking lasts a day at the most, and a look at some days reads no further back than that: it costs the same after ten years as after one. What an older system booked for
-- longer, and is not over yet, closes its facility for that time, so that nobody else gets the place.

INSERT INTO facility_blackouts (facility_id, start_date, end_date, reason)
SELECT facility_id, start_date, end_date, CONCAT('Reserva ', COALESCE(number, id))
FROM reservations
WHERE status_id IN (1, 2) AND end_date > start_date + INTERVAL 1 DAY AND end_date > CURRENT_TIMESTAMP;

-- Sums that screens show each time they open, kept where they change, by the same transaction: to add up half a million rows takes a server
-- a fifth of a second each time, and no index shortens a sum of everything. Triggers keep them, so that whoever writes keeps them, also past
-- the portal. Why these and no others: docs/decisions/027-figures-kept-by-triggers.md.

CREATE TABLE payment_totals (
    status_id INT NOT NULL,
    number BIGINT NOT NULL DEFAULT 0,
    amount DECIMAL(16,2) NOT NULL DEFAULT 0,
    PRIMARY KEY (status_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Fees by the month they are for, as far as they are owed or paid.
CREATE TABLE fee_months (
    period DATE NOT NULL,
    billed DECIMAL(16,2) NOT NULL DEFAULT 0,
    collected DECIMAL(16,2) NOT NULL DEFAULT 0,
    PRIMARY KEY (period)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE tower_totals (
    tower_id INT NOT NULL,
    apartments INT NOT NULL DEFAULT 0,
    coefficient DECIMAL(14,6) NOT NULL DEFAULT 0,
    without_coefficient INT NOT NULL DEFAULT 0,
    PRIMARY KEY (tower_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

DELIMITER //
CREATE TRIGGER payments_total_inserted AFTER INSERT ON payments FOR EACH ROW
BEGIN
    INSERT INTO payment_totals (status_id, number, amount) VALUES (NEW.status_id, 1, NEW.amount)
        ON DUPLICATE KEY UPDATE number = number + 1, amount = payment_totals.amount + NEW.amount;
END//
CREATE TRIGGER payments_total_updated AFTER UPDATE ON payments FOR EACH ROW
BEGIN
    IF NEW.status_id <> OLD.status_id OR NEW.amount <> OLD.amount THEN
        UPDATE payment_totals SET number = number - 1, amount = amount - OLD.amount WHERE status_id = OLD.status_id;
        INSERT INTO payment_totals (status_id, number, amount) VALUES (NEW.status_id, 1, NEW.amount)
            ON DUPLICATE KEY UPDATE number = number + 1, amount = payment_totals.amount + NEW.amount;
    END IF;
END//
CREATE TRIGGER payments_total_deleted AFTER DELETE ON payments FOR EACH ROW
BEGIN
    UPDATE payment_totals SET number = number - 1, amount = amount - OLD.amount WHERE status_id = OLD.status_id;
END//
CREATE TRIGGER charges_month_inserted AFTER INSERT ON charges FOR EACH ROW
BEGIN
    IF NEW.kind = 'fee' AND NEW.period IS NOT NULL AND NEW.status IN ('open', 'paid') THEN
        INSERT INTO fee_months (period, billed, collected) VALUES (NEW.period, NEW.amount, NEW.paid)
            ON DUPLICATE KEY UPDATE billed = billed + NEW.amount, collected = collected + NEW.paid;
    END IF;
END//
CREATE TRIGGER charges_month_updated AFTER UPDATE ON charges FOR EACH ROW
BEGIN
    IF NOT (NEW.kind <=> OLD.kind AND NEW.period <=> OLD.period AND NEW.status <=> OLD.status
        AND NEW.amount <=> OLD.amount AND NEW.paid <=> OLD.paid) THEN
        IF OLD.kind = 'fee' AND OLD.status IN ('open', 'paid') THEN
            UPDATE fee_months SET billed = billed - OLD.amount, collected = collected - OLD.paid WHERE period = OLD.period;
        END IF;
        IF NEW.kind = 'fee' AND NEW.period IS NOT NULL AND NEW.status IN ('open', 'paid') THEN
            INSERT INTO fee_months (period, billed, collected) VALUES (NEW.period, NEW.amount, NEW.paid)
                ON DUPLICATE KEY UPDATE billed = billed + NEW.amount, collected = collected + NEW.paid;
        END IF;
    END IF;
END//
CREATE TRIGGER charges_month_deleted AFTER DELETE ON charges FOR EACH ROW
BEGIN
    IF OLD.kind = 'fee' AND OLD.status IN ('open', 'paid') THEN
        UPDATE fee_months SET billed = billed - OLD.amount, collected = collected - OLD.paid WHERE period = OLD.period;
    END IF;
END//
CREATE TRIGGER apartments_total_inserted AFTER INSERT ON apartments FOR EACH ROW
BEGIN
    INSERT INTO tower_totals (tower_id, apartments, coefficient, without_coefficient)
        VALUES (NEW.tower_id, 1, COALESCE(NEW.coefficient, 0), NEW.coefficient IS NULL)
        ON DUPLICATE KEY UPDATE apartments = apartments + 1, coefficient = tower_totals.coefficient + COALESCE(NEW.coefficient, 0),
            without_coefficient = without_coefficient + (NEW.coefficient IS NULL);
END//
CREATE TRIGGER apartments_total_updated AFTER UPDATE ON apartments FOR EACH ROW
BEGIN
    IF NOT (NEW.tower_id <=> OLD.tower_id AND NEW.coefficient <=> OLD.coefficient) THEN
        UPDATE tower_totals SET apartments = apartments - 1, coefficient = coefficient - COALESCE(OLD.coefficient, 0),
            without_coefficient = without_coefficient - (OLD.coefficient IS NULL) WHERE tower_id = OLD.tower_id;
        INSERT INTO tower_totals (tower_id, apartments, coefficient, without_coefficient)
            VALUES (NEW.tower_id, 1, COALESCE(NEW.coefficient, 0), NEW.coefficient IS NULL)
            ON DUPLICATE KEY UPDATE apartments = apartments + 1, coefficient = tower_totals.coefficient + COALESCE(NEW.coefficient, 0),
                without_coefficient = without_coefficient + (NEW.coefficient IS NULL);
    END IF;
END//
CREATE TRIGGER apartments_total_deleted AFTER DELETE ON apartments FOR EACH ROW
BEGIN
    UPDATE tower_totals SET apartments = apartments - 1, coefficient = coefficient - COALESCE(OLD.coefficient, 0),
        without_coefficient = without_coefficient - (OLD.coefficient IS NULL) WHERE tower_id = OLD.tower_id;
END//
DELIMITER ;

INSERT INTO payment_totals (status_id, number, amount) SELECT status_id, COUNT(*), SUM(amount) FROM payments GROUP BY status_id;
INSERT INTO fee_months (period, billed, collected) SELECT period, SUM(amount), SUM(paid) FROM charges
    WHERE kind = 'fee' AND period IS NOT NULL AND status IN ('open', 'paid') GROUP BY period;
INSERT INTO tower_totals (tower_id, apartments, coefficient, without_coefficient)
    SELECT tower_id, COUNT(*), COALESCE(SUM(coefficient), 0), SUM(coefficient IS NULL) FROM apartments GROUP BY tower_id;

-- What of a month's fees had been collected by the end of each of its days; from now on a job keeps it.
INSERT INTO daily_figures (day, name, value)
SELECT d.day, 'fees_collected', SUM(d.amount) OVER (PARTITION BY d.period ORDER BY d.day)
FROM (
    SELECT c.period, GREATEST(p.payment_date, c.period) AS day, SUM(a.amount) AS amount
    FROM charges AS c
    INNER JOIN payment_applications AS a ON a.charge_id = c.id
    INNER JOIN payments AS p ON p.id = a.payment_id
    WHERE c.kind = 'fee' AND c.period >= DATE_SUB(CURRENT_DATE, INTERVAL 63 DAY) AND DAY(c.period) = 1
        AND a.reversed = 0 AND p.status_id = 1 AND p.payment_date <= LAST_DAY(c.period)
    GROUP BY c.period, GREATEST(p.payment_date, c.period)
) AS d;

-- Answered from the index alone: what is owed by apartment, and how much of the last weeks was booked.
ALTER TABLE charges ADD KEY idx_charges_open (status, apartment_id, due_on, amount, paid);
ALTER TABLE reservations ADD KEY idx_reservations_use (start_date, status_id, facility_id, end_date, people);

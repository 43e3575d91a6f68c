-- The document's performance indexes, checks and trigger.

-- User authentication
CREATE INDEX idx_users_username ON users(username);
CREATE INDEX idx_users_role ON users(role_id);

-- Property queries
CREATE INDEX idx_apartments_owner ON apartments(owner_id);
CREATE INDEX idx_apartments_status ON apartments(status_id);
CREATE INDEX idx_apartments_tower ON apartments(tower_id);

-- Financial queries
CREATE INDEX idx_payments_owner ON payments(owner_id);
CREATE INDEX idx_payments_date ON payments(payment_date);
CREATE INDEX idx_payments_status ON payments(status_id);

-- Reservation queries
CREATE INDEX idx_reservations_owner ON reservations(owner_id);
CREATE INDEX idx_reservations_facility ON reservations(facility_id);
CREATE INDEX idx_reservations_date ON reservations(start_date, end_date);

-- PQRS queries
CREATE INDEX idx_pqrs_owner ON pqrs(owner_id);
CREATE INDEX idx_pqrs_status ON pqrs(status_id);
CREATE INDEX idx_pqrs_category ON pqrs(category_id);

-- Security queries
CREATE INDEX idx_visitors_host ON visitors(host_id);
CREATE INDEX idx_visitors_date ON visitors(visit_date);
CREATE INDEX idx_parking_user ON parking(user_id);
CREATE INDEX idx_parking_status ON parking(status_id);

-- Payment amounts must be positive
ALTER TABLE payments ADD CONSTRAINT chk_payment_amount CHECK (amount > 0);

-- Reservation dates must be valid
ALTER TABLE reservations ADD CONSTRAINT chk_reservation_dates CHECK (start_date < end_date);

-- Apartment numbers must be unique per tower
ALTER TABLE apartments ADD CONSTRAINT chk_unique_apartment_tower UNIQUE (apartment_number, tower_id);

DELIMITER //
CREATE TRIGGER audit_user_changes
AFTER UPDATE ON users
FOR EACH ROW
BEGIN
    IF OLD.role_id != NEW.role_id THEN
        INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id)
        VALUES ('users', NEW.id, 'role_change', OLD.role_id, NEW.role_id, @current_user_id);
    END IF;
END//
DELIMITER ;

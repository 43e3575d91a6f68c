-- The documented schema: 32 tables, their default rows, indexes, constraints and the audit trigger.
-- What the document leaves open, and how it is closed here, is noted in docs/decisions/010 to 015.
--
-- One line per column, key and constraint: the adoption of an older database reads this file to know what must be there.
-- TIMESTAMP columns say NULL because some servers would otherwise make the first of them NOT NULL.

-- User management

CREATE TABLE user_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE roles (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE users (
    id BIGINT NOT NULL AUTO_INCREMENT,
    username VARCHAR(50) NOT NULL,
    password VARCHAR(255) NOT NULL,
    user_status_id INT NOT NULL,
    role_id INT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY username (username),
    KEY idx_users_username (username),
    KEY idx_users_user_status (user_status_id),
    KEY idx_users_role (role_id),
    CONSTRAINT fk_users_user_status FOREIGN KEY (user_status_id) REFERENCES user_status (id),
    CONSTRAINT fk_users_role FOREIGN KEY (role_id) REFERENCES roles (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE profile (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    first_name VARCHAR(100) NOT NULL,
    last_name VARCHAR(100) NOT NULL,
    email VARCHAR(255) NULL,
    phone VARCHAR(20) NULL,
    address TEXT NULL,
    document_type_id INT NULL,
    document_number VARCHAR(50) NULL,
    birth_date DATE NULL,
    photo_url VARCHAR(255) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY email (email),
    KEY idx_profile_user (user_id),
    CONSTRAINT fk_profile_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Property management

CREATE TABLE apartment_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE towers (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    description TEXT NULL,
    floors INT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE owners (
    id BIGINT NOT NULL AUTO_INCREMENT,
    user_id BIGINT NOT NULL,
    is_tenant BOOLEAN NULL DEFAULT FALSE,
    birth_date DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_owners_user (user_id),
    CONSTRAINT fk_owners_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE apartments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    apartment_number VARCHAR(20) NOT NULL,
    status_id INT NOT NULL,
    tower_id INT NOT NULL,
    owner_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY chk_unique_apartment_tower (apartment_number, tower_id),
    KEY idx_apartments_owner (owner_id),
    KEY idx_apartments_status (status_id),
    KEY idx_apartments_tower (tower_id),
    CONSTRAINT fk_apartments_status FOREIGN KEY (status_id) REFERENCES apartment_status (id),
    CONSTRAINT fk_apartments_tower FOREIGN KEY (tower_id) REFERENCES towers (id),
    CONSTRAINT fk_apartments_owner FOREIGN KEY (owner_id) REFERENCES owners (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE tenants (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(200) NOT NULL,
    document_number VARCHAR(50) NULL,
    phone VARCHAR(20) NULL,
    email VARCHAR(255) NULL,
    owner_id BIGINT NOT NULL,
    apartment_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_tenants_owner (owner_id),
    KEY idx_tenants_apartment (apartment_id),
    CONSTRAINT fk_tenants_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_tenants_apartment FOREIGN KEY (apartment_id) REFERENCES apartments (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Financial management

CREATE TABLE payment_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE payment_methods (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE payments (
    id BIGINT NOT NULL AUTO_INCREMENT,
    amount DECIMAL(10,2) NOT NULL,
    payment_date DATE NOT NULL,
    status_id INT NOT NULL,
    owner_id BIGINT NOT NULL,
    reference_number VARCHAR(50) NULL,
    payment_method_id INT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_payments_owner (owner_id),
    KEY idx_payments_date (payment_date),
    KEY idx_payments_status (status_id),
    KEY idx_payments_payment_method (payment_method_id),
    CONSTRAINT chk_payment_amount CHECK (amount > 0),
    CONSTRAINT fk_payments_status FOREIGN KEY (status_id) REFERENCES payment_status (id),
    CONSTRAINT fk_payments_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_payments_payment_method FOREIGN KEY (payment_method_id) REFERENCES payment_methods (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Facility management

CREATE TABLE facilities (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    description TEXT NULL,
    capacity INT NULL,
    status ENUM('available', 'maintenance', 'unavailable') NULL DEFAULT 'available',
    hourly_rate DECIMAL(8,2) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE reservation_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE reservations (
    id BIGINT NOT NULL AUTO_INCREMENT,
    owner_id BIGINT NOT NULL,
    facility_id BIGINT NOT NULL,
    start_date DATETIME NOT NULL,
    end_date DATETIME NOT NULL,
    status_id INT NOT NULL,
    total_cost DECIMAL(8,2) NULL,
    notes TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_reservations_owner (owner_id),
    KEY idx_reservations_facility (facility_id),
    KEY idx_reservations_status (status_id),
    KEY idx_reservations_date (start_date, end_date),
    CONSTRAINT chk_reservation_dates CHECK (start_date < end_date),
    CONSTRAINT fk_reservations_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_reservations_facility FOREIGN KEY (facility_id) REFERENCES facilities (id),
    CONSTRAINT fk_reservations_status FOREIGN KEY (status_id) REFERENCES reservation_status (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE reservation_types (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Communication and support

CREATE TABLE pqrs_categories (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs (
    id BIGINT NOT NULL AUTO_INCREMENT,
    title VARCHAR(200) NOT NULL,
    description TEXT NOT NULL,
    category_id INT NOT NULL,
    owner_id BIGINT NOT NULL,
    status_id INT NOT NULL,
    priority ENUM('low', 'medium', 'high', 'urgent') NULL DEFAULT 'medium',
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_pqrs_owner (owner_id),
    KEY idx_pqrs_status (status_id),
    KEY idx_pqrs_category (category_id),
    CONSTRAINT fk_pqrs_category FOREIGN KEY (category_id) REFERENCES pqrs_categories (id),
    CONSTRAINT fk_pqrs_owner FOREIGN KEY (owner_id) REFERENCES owners (id),
    CONSTRAINT fk_pqrs_status FOREIGN KEY (status_id) REFERENCES pqrs_status (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pqrs_tracking (
    id BIGINT NOT NULL AUTO_INCREMENT,
    pqrs_id BIGINT NOT NULL,
    status_id INT NOT NULL,
    user_id BIGINT NOT NULL,
    comments TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_pqrs_tracking_pqrs (pqrs_id),
    KEY idx_pqrs_tracking_status (status_id),
    KEY idx_pqrs_tracking_user (user_id),
    CONSTRAINT fk_pqrs_tracking_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id),
    CONSTRAINT fk_pqrs_tracking_status FOREIGN KEY (status_id) REFERENCES pqrs_status (id),
    CONSTRAINT fk_pqrs_tracking_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE notifications (
    id BIGINT NOT NULL AUTO_INCREMENT,
    recipient_id BIGINT NOT NULL,
    recipient_type ENUM('user', 'owner', 'admin') NOT NULL,
    title VARCHAR(200) NOT NULL,
    message TEXT NOT NULL,
    type VARCHAR(50) NULL,
    `read` BOOLEAN NULL DEFAULT FALSE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_notifications_recipient (recipient_id),
    CONSTRAINT fk_notifications_recipient FOREIGN KEY (recipient_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE surveys (
    id BIGINT NOT NULL AUTO_INCREMENT,
    title VARCHAR(200) NOT NULL,
    description TEXT NULL,
    active BOOLEAN NULL DEFAULT TRUE,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE questions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    survey_id BIGINT NOT NULL,
    question TEXT NOT NULL,
    type ENUM('text', 'rating', 'multiple_choice', 'yes_no') NOT NULL,
    options JSON NULL,
    required BOOLEAN NULL DEFAULT FALSE,
    order_index INT NULL DEFAULT 0,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_questions_survey (survey_id),
    CONSTRAINT fk_questions_survey FOREIGN KEY (survey_id) REFERENCES surveys (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Security and access control

CREATE TABLE visitors (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(200) NOT NULL,
    identification VARCHAR(50) NOT NULL,
    host_id BIGINT NOT NULL,
    visit_date DATE NOT NULL,
    enter_time TIME NULL,
    exit_time TIME NULL,
    purpose VARCHAR(255) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_visitors_host (host_id),
    KEY idx_visitors_date (visit_date),
    CONSTRAINT fk_visitors_host FOREIGN KEY (host_id) REFERENCES owners (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE guards (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(200) NOT NULL,
    identification VARCHAR(50) NOT NULL,
    shift ENUM('morning', 'afternoon', 'night') NOT NULL,
    arl_number VARCHAR(50) NULL,
    eps_number VARCHAR(50) NULL,
    phone VARCHAR(20) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE parking_status (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE vehicle_types (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE parking (
    id BIGINT NOT NULL AUTO_INCREMENT,
    space_number VARCHAR(20) NOT NULL,
    status_id INT NOT NULL,
    vehicle_type_id INT NULL,
    user_id BIGINT NULL,
    license_plate VARCHAR(20) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_parking_space_number (space_number),
    KEY idx_parking_user (user_id),
    KEY idx_parking_status (status_id),
    KEY idx_parking_vehicle_type (vehicle_type_id),
    CONSTRAINT fk_parking_status FOREIGN KEY (status_id) REFERENCES parking_status (id),
    CONSTRAINT fk_parking_vehicle_type FOREIGN KEY (vehicle_type_id) REFERENCES vehicle_types (id),
    CONSTRAINT fk_parking_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE pets (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    species VARCHAR(50) NOT NULL,
    breed VARCHAR(100) NULL,
    owner_id BIGINT NOT NULL,
    vaccination_card VARCHAR(255) NULL,
    photos JSON NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_pets_owner (owner_id),
    CONSTRAINT fk_pets_owner FOREIGN KEY (owner_id) REFERENCES owners (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Permission system

CREATE TABLE permissions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    name VARCHAR(100) NOT NULL,
    description TEXT NULL,
    module VARCHAR(50) NULL,
    action VARCHAR(50) NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE role_permissions (
    id BIGINT NOT NULL AUTO_INCREMENT,
    role_id INT NOT NULL,
    permission_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY unique_role_permission (role_id, permission_id),
    KEY idx_role_permissions_permission (permission_id),
    CONSTRAINT fk_role_permissions_role FOREIGN KEY (role_id) REFERENCES roles (id) ON DELETE CASCADE,
    CONSTRAINT fk_role_permissions_permission FOREIGN KEY (permission_id) REFERENCES permissions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE modules (
    id INT NOT NULL AUTO_INCREMENT,
    name VARCHAR(50) NOT NULL,
    description TEXT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Audit: the trigger below writes here. user_id has no foreign key: the log outlives the people in it.

CREATE TABLE audit_log (
    id BIGINT NOT NULL AUTO_INCREMENT,
    table_name VARCHAR(64) NOT NULL,
    record_id BIGINT NULL,
    action VARCHAR(50) NOT NULL,
    old_value LONGTEXT NULL,
    new_value LONGTEXT NULL,
    user_id BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Default rows, with the documented ids: the portal refers to them by id

INSERT INTO user_status (id, name, description) VALUES
    (1, 'Active', NULL),
    (2, 'Inactive', NULL),
    (3, 'Suspended', NULL),
    (4, 'Pending', NULL);

INSERT INTO roles (id, name, description) VALUES
    (1, 'Admin', 'Full system access'),
    (2, 'Staff', 'Limited administrative access'),
    (3, 'Owner', 'Property owner access'),
    (4, 'Security', 'Security personnel access');

INSERT INTO apartment_status (id, name, description) VALUES
    (1, 'Occupied', NULL),
    (2, 'Available', NULL),
    (3, 'Under Maintenance', NULL),
    (4, 'Reserved', NULL);

INSERT INTO payment_status (id, name, description) VALUES
    (1, 'Paid', NULL),
    (2, 'Pending', NULL),
    (3, 'Overdue', NULL),
    (4, 'Cancelled', NULL);

INSERT INTO payment_methods (id, name, description) VALUES
    (1, 'Cash', NULL),
    (2, 'Bank Transfer', NULL),
    (3, 'Credit Card', NULL),
    (4, 'Debit Card', NULL),
    (5, 'Check', NULL);

INSERT INTO reservation_status (id, name, description) VALUES
    (1, 'Confirmed', NULL),
    (2, 'Pending', NULL),
    (3, 'Cancelled', NULL),
    (4, 'Completed', NULL);

INSERT INTO pqrs_categories (id, name, description) VALUES
    (1, 'Maintenance', NULL),
    (2, 'Complaint', NULL),
    (3, 'Suggestion', NULL),
    (4, 'Information Request', NULL);

INSERT INTO pqrs_status (id, name, description) VALUES
    (1, 'Open', NULL),
    (2, 'In Progress', NULL),
    (3, 'Resolved', NULL),
    (4, 'Closed', NULL);

INSERT INTO parking_status (id, name, description) VALUES
    (1, 'Available', NULL),
    (2, 'Occupied', NULL),
    (3, 'Reserved', NULL),
    (4, 'Maintenance', NULL);

INSERT INTO vehicle_types (id, name, description) VALUES
    (1, 'Car', NULL),
    (2, 'Motorcycle', NULL),
    (3, 'Truck', NULL),
    (4, 'Van', NULL);

-- A change of role is recorded whoever makes it, also past the portal. @current_user_id is set by the portal, NULL otherwise.
-- <=> compares NULL as a value.

DELIMITER //
CREATE TRIGGER audit_user_changes
AFTER UPDATE ON users
FOR EACH ROW
BEGIN
    IF NOT (OLD.role_id <=> NEW.role_id) THEN
        INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id)
        VALUES ('users', NEW.id, 'role_change', OLD.role_id, NEW.role_id, @current_user_id);
    END IF;
END//
DELIMITER ;

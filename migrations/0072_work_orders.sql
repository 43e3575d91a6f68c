-- Work orders: what is to be done to the building, from who asked for it to the paid bill; and the plans that ask for the same again
-- and again. Why: docs/decisions/102.

INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'maintenance.approve' AS name, 'Approve: what work orders may cost' AS description
    UNION ALL SELECT 'maintenance.work_own', 'Do: the work orders that were given to them'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

UPDATE permissions SET module = 'maintenance' WHERE name IN ('maintenance.approve', 'maintenance.work_own');

-- Nobody has the second to begin with: the building makes a role of its technicians.
INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id
FROM permissions AS p
WHERE p.name = 'maintenance.approve'
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

CREATE TABLE work_orders (
    id BIGINT NOT NULL AUTO_INCREMENT,
    number VARCHAR(20) NOT NULL,
    title VARCHAR(150) NOT NULL,
    description VARCHAR(2000) NULL,
    asset_id BIGINT NULL,
    tower_id INT NULL,
    place VARCHAR(120) NULL,
    priority ENUM('low', 'normal', 'high', 'urgent') NOT NULL DEFAULT 'normal',
    status ENUM('open', 'approval', 'assigned', 'working', 'waiting', 'done', 'accepted', 'cancelled') NOT NULL DEFAULT 'open',
    -- It does not wait for its approval, which then follows within days.
    emergency BOOLEAN NOT NULL DEFAULT FALSE,
    ratify_by DATE NULL,
    supplier_id BIGINT NULL,
    -- Who of the house does it.
    worker_id BIGINT NULL,
    due_on DATE NULL,
    -- What it may cost: approved, and what is asked for.
    amount DECIMAL(12,2) NULL,
    approved_on DATE NULL,
    approved_by BIGINT NULL,
    approval_act VARCHAR(100) NULL,
    asked_amount DECIMAL(12,2) NULL,
    asked_level ENUM('staff', 'administrator', 'council') NULL,
    asked_by BIGINT NULL,
    -- The quotes of both.
    quote_id BIGINT NULL,
    asked_quote_id BIGINT NULL,
    done_on DATE NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_work_orders_number (number),
    KEY idx_work_orders_status_due (status, due_on),
    KEY idx_work_orders_asset (asset_id),
    KEY idx_work_orders_tower (tower_id),
    KEY idx_work_orders_supplier_approved (supplier_id, approved_on),
    KEY idx_work_orders_worker (worker_id),
    CONSTRAINT fk_work_orders_asset FOREIGN KEY (asset_id) REFERENCES assets (id),
    CONSTRAINT fk_work_orders_tower FOREIGN KEY (tower_id) REFERENCES towers (id),
    CONSTRAINT fk_work_orders_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id),
    CONSTRAINT fk_work_orders_worker FOREIGN KEY (worker_id) REFERENCES users (id),
    CONSTRAINT chk_work_orders_amount CHECK ((amount IS NULL OR amount > 0) AND (asked_amount IS NULL OR asked_amount > 0))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Who did what with it, in their order.
CREATE TABLE work_order_steps (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    kind ENUM('made', 'changed', 'asked', 'approved', 'rejected', 'assigned', 'started', 'waiting', 'done', 'sent_back', 'accepted', 'cancelled') NOT NULL,
    note VARCHAR(500) NULL,
    amount DECIMAL(12,2) NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_work_order_steps_order (order_id),
    CONSTRAINT fk_work_order_steps_order FOREIGN KEY (order_id) REFERENCES work_orders (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE work_order_checks (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    position INT NOT NULL,
    text VARCHAR(200) NOT NULL,
    done_at TIMESTAMP NULL,
    done_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_work_order_checks_order_position (order_id, position),
    CONSTRAINT fk_work_order_checks_order FOREIGN KEY (order_id) REFERENCES work_orders (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Photographs and papers.
CREATE TABLE work_order_files (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    file_name VARCHAR(200) NOT NULL,
    content_type VARCHAR(100) NOT NULL,
    size INT NOT NULL,
    content LONGBLOB NOT NULL,
    added_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_work_order_files_order (order_id),
    CONSTRAINT fk_work_order_files_order FOREIGN KEY (order_id) REFERENCES work_orders (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE work_order_quotes (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    supplier_id BIGINT NOT NULL,
    -- Whole pesos, taxes included.
    amount DECIMAL(12,2) NOT NULL,
    note VARCHAR(300) NULL,
    file_name VARCHAR(200) NULL,
    content_type VARCHAR(100) NULL,
    size INT NULL,
    content LONGBLOB NULL,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_work_order_quotes_order_supplier (order_id, supplier_id),
    KEY idx_work_order_quotes_supplier (supplier_id),
    CONSTRAINT fk_work_order_quotes_order FOREIGN KEY (order_id) REFERENCES work_orders (id),
    CONSTRAINT fk_work_order_quotes_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id),
    CONSTRAINT chk_work_order_quotes_amount CHECK (amount > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The cases that asked for it.
CREATE TABLE work_order_cases (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    pqrs_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_work_order_cases_order_pqrs (order_id, pqrs_id),
    KEY idx_work_order_cases_pqrs (pqrs_id),
    CONSTRAINT fk_work_order_cases_order FOREIGN KEY (order_id) REFERENCES work_orders (id),
    CONSTRAINT fk_work_order_cases_pqrs FOREIGN KEY (pqrs_id) REFERENCES pqrs (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Its bills. One is of one order.
CREATE TABLE work_order_expenses (
    id BIGINT NOT NULL AUTO_INCREMENT,
    order_id BIGINT NOT NULL,
    expense_id BIGINT NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_work_order_expenses_expense (expense_id),
    KEY idx_work_order_expenses_order (order_id),
    CONSTRAINT fk_work_order_expenses_order FOREIGN KEY (order_id) REFERENCES work_orders (id),
    CONSTRAINT fk_work_order_expenses_expense FOREIGN KEY (expense_id) REFERENCES expenses (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

CREATE TABLE maintenance_plans (
    id BIGINT NOT NULL AUTO_INCREMENT,
    title VARCHAR(150) NOT NULL,
    description VARCHAR(2000) NULL,
    -- Of each order a line of its checklist.
    checklist VARCHAR(6100) NULL,
    asset_id BIGINT NULL,
    supplier_id BIGINT NULL,
    -- The first day; the others are counted from it, or from the day on which the last one was done.
    starts_on DATE NOT NULL,
    every INT NOT NULL,
    unit ENUM('day', 'week', 'month', 'year') NOT NULL,
    counted_from ENUM('start', 'completion') NOT NULL DEFAULT 'start',
    -- Where the day is none of business.
    shift ENUM('none', 'before', 'after') NOT NULL DEFAULT 'none',
    -- So many days before, its order is made.
    lead_days INT NOT NULL DEFAULT 7,
    -- The next day; null while its order is open.
    next_on DATE NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    made_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    KEY idx_maintenance_plans_asset (asset_id),
    KEY idx_maintenance_plans_supplier (supplier_id),
    KEY idx_maintenance_plans_active_next (active, next_on),
    CONSTRAINT fk_maintenance_plans_asset FOREIGN KEY (asset_id) REFERENCES assets (id),
    CONSTRAINT fk_maintenance_plans_supplier FOREIGN KEY (supplier_id) REFERENCES suppliers (id),
    CONSTRAINT chk_maintenance_plans_every CHECK (every BETWEEN 1 AND 1000 AND lead_days BETWEEN 0 AND 180)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Each day on which a plan asked for something, and what became of it.
CREATE TABLE plan_occurrences (
    id BIGINT NOT NULL AUTO_INCREMENT,
    plan_id BIGINT NOT NULL,
    due_on DATE NOT NULL,
    -- Null where it was skipped: the one before it was done later than this.
    order_id BIGINT NULL,
    done_on DATE NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_plan_occurrences_plan_due (plan_id, due_on),
    UNIQUE KEY uq_plan_occurrences_order (order_id),
    CONSTRAINT fk_plan_occurrences_plan FOREIGN KEY (plan_id) REFERENCES maintenance_plans (id),
    CONSTRAINT fk_plan_occurrences_order FOREIGN KEY (order_id) REFERENCES work_orders (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- Meters of the equipment, and plans that go by what is read on them too. Why: docs/decisions/102.

CREATE TABLE asset_meters (
    id BIGINT NOT NULL AUTO_INCREMENT,
    asset_id BIGINT NOT NULL,
    -- What it counts: hours of use.
    name VARCHAR(60) NOT NULL,
    unit VARCHAR(20) NOT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_asset_meters_asset_name (asset_id, name),
    CONSTRAINT fk_asset_meters_asset FOREIGN KEY (asset_id) REFERENCES assets (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- One of a day at most: read again, it is the other value.
CREATE TABLE asset_readings (
    id BIGINT NOT NULL AUTO_INCREMENT,
    meter_id BIGINT NOT NULL,
    read_on DATE NOT NULL,
    value DECIMAL(14,2) NOT NULL,
    -- Another counter begins with this one.
    replaced BOOLEAN NOT NULL DEFAULT FALSE,
    read_by BIGINT NULL,
    created_at TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id),
    UNIQUE KEY uq_asset_readings_meter_read (meter_id, read_on),
    CONSTRAINT fk_asset_readings_meter FOREIGN KEY (meter_id) REFERENCES asset_meters (id),
    CONSTRAINT chk_asset_readings_value CHECK (value >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- meter_every: so much of what the meter counts after it was done last. meter_from: what stood on it then, told by the counter that is
-- there now, so that it may be below zero.
ALTER TABLE maintenance_plans
    ADD COLUMN meter_id BIGINT NULL AFTER counted_from,
    ADD COLUMN meter_every INT NULL AFTER meter_id,
    ADD COLUMN meter_from DECIMAL(14,2) NULL AFTER meter_every,
    ADD KEY idx_maintenance_plans_meter (meter_id),
    ADD CONSTRAINT fk_maintenance_plans_meter FOREIGN KEY (meter_id) REFERENCES asset_meters (id);

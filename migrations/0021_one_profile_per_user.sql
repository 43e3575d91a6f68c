-- A user has one profile: what is shown of a person is the same on every page. And no time of day is past midnight or negative, which the
-- type TIME allows and nobody means: one such row would hide a list.

-- Profiles that stood beside another of the same user. They go when their user goes.
CREATE TABLE former_profiles (
    id BIGINT NOT NULL,
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
    created_at TIMESTAMP NULL,
    updated_at TIMESTAMP NULL,
    PRIMARY KEY (id),
    KEY idx_former_profiles_user (user_id),
    CONSTRAINT fk_former_profiles_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;

-- The one with an address to sign in by stays, of those the one that says most, and of those the newest.
INSERT INTO former_profiles (id, user_id, first_name, last_name, email, phone, address, document_type_id, document_number, birth_date, photo_url, created_at, updated_at)
SELECT id, user_id, first_name, last_name, email, phone, address, document_type_id, document_number, birth_date, photo_url, created_at, updated_at
FROM (
    SELECT p.*, ROW_NUMBER() OVER (
        PARTITION BY user_id
        ORDER BY email IS NULL, (phone IS NOT NULL) + (document_number IS NOT NULL) DESC, id DESC) AS place
    FROM profile AS p
) AS ranked
WHERE place > 1;

DELETE FROM profile WHERE id IN (SELECT id FROM former_profiles);

-- What it did not say, and another did.
UPDATE profile AS p
SET phone = COALESCE(phone, (SELECT f.phone FROM former_profiles AS f WHERE f.user_id = p.user_id AND f.phone IS NOT NULL ORDER BY f.id DESC LIMIT 1)),
    document_type_id = IF(document_number IS NOT NULL, document_type_id,
        (SELECT f.document_type_id FROM former_profiles AS f WHERE f.user_id = p.user_id AND f.document_number IS NOT NULL ORDER BY f.id DESC LIMIT 1)),
    document_number = COALESCE(document_number,
        (SELECT f.document_number FROM former_profiles AS f WHERE f.user_id = p.user_id AND f.document_number IS NOT NULL ORDER BY f.id DESC LIMIT 1)),
    updated_at = updated_at
WHERE user_id IN (SELECT user_id FROM former_profiles);

ALTER TABLE profile
    DROP KEY idx_profile_user,
    ADD UNIQUE KEY uq_profile_user (user_id);

-- Up to 48:00 it is that time of the next day; anything else was never a time of day.
UPDATE visitors
SET exit_date = IF(exit_time < '48:00:00', COALESCE(exit_date, DATE_ADD(visit_date, INTERVAL 1 DAY)), exit_date),
    exit_time = IF(exit_time < '48:00:00', SUBTIME(exit_time, '24:00:00'), NULL),
    updated_at = updated_at
WHERE exit_time >= '24:00:00';

UPDATE visitors
SET enter_time = IF(enter_time >= '24:00:00' AND enter_time < '48:00:00', SUBTIME(enter_time, '24:00:00'), NULL),
    updated_at = updated_at
WHERE enter_time < '00:00:00' OR enter_time >= '24:00:00';

UPDATE visitors SET exit_time = NULL, updated_at = updated_at WHERE exit_time < '00:00:00';

UPDATE payments SET payment_time = NULL, updated_at = updated_at WHERE payment_time < '00:00:00' OR payment_time >= '24:00:00';

ALTER TABLE visitors
    ADD CONSTRAINT chk_visitors_enter_time CHECK (enter_time >= '00:00:00' AND enter_time < '24:00:00'),
    ADD CONSTRAINT chk_visitors_exit_time CHECK (exit_time >= '00:00:00' AND exit_time < '24:00:00');

ALTER TABLE payments
    ADD CONSTRAINT chk_payments_payment_time CHECK (payment_time >= '00:00:00' AND payment_time < '24:00:00');

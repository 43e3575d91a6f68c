-- Modules, what can be allowed in each, and what the four documented roles may do to begin with. From then on it is data.

INSERT INTO modules (name, description)
SELECT m.name, m.description FROM (
    SELECT 'building' AS name, 'Towers and apartments' AS description
    UNION ALL SELECT 'people', 'Owners, tenants and their accounts'
    UNION ALL SELECT 'access', 'Roles and permissions'
    UNION ALL SELECT 'payments', 'Charges and payments'
    UNION ALL SELECT 'facilities', 'Facilities'
    UNION ALL SELECT 'reservations', 'Bookings'
    UNION ALL SELECT 'pqrs', 'Petitions, complaints, claims and suggestions'
    UNION ALL SELECT 'gate', 'Visitors'
    UNION ALL SELECT 'guards', 'Guards and shifts'
    UNION ALL SELECT 'packages', 'Packages at the gate'
    UNION ALL SELECT 'parking', 'Parking spaces'
    UNION ALL SELECT 'pets', 'Pets'
    UNION ALL SELECT 'surveys', 'Surveys'
    UNION ALL SELECT 'notices', 'Notices'
    UNION ALL SELECT 'audit', 'Audit log'
    UNION ALL SELECT 'operations', 'Background work and backups'
    UNION ALL SELECT 'settings', 'Settings of the building'
) AS m
WHERE NOT EXISTS (SELECT 1 FROM modules AS x WHERE x.name = m.name);

-- A permission an older database already knows by this name keeps its row.
INSERT INTO permissions (name, module, action, description)
SELECT p.name, SUBSTRING_INDEX(p.name, '.', 1), SUBSTRING_INDEX(p.name, '.', -1), p.description FROM (
    SELECT 'building.view' AS name, 'See: towers and apartments' AS description
    UNION ALL SELECT 'building.edit', 'Change: towers and apartments'
    UNION ALL SELECT 'people.view', 'See: owners, tenants and their accounts'
    UNION ALL SELECT 'people.contact', 'See contact data: owners, tenants and their accounts'
    UNION ALL SELECT 'people.edit', 'Change: owners, tenants and their accounts'
    UNION ALL SELECT 'access.manage', 'Manage: roles and permissions'
    UNION ALL SELECT 'payments.view', 'See: charges and payments'
    UNION ALL SELECT 'payments.view_own', 'See his own: charges and payments'
    UNION ALL SELECT 'payments.record', 'Record: charges and payments'
    UNION ALL SELECT 'payments.confirm', 'Confirm: charges and payments'
    UNION ALL SELECT 'payments.void', 'Void: charges and payments'
    UNION ALL SELECT 'payments.report_own', 'Report his own: charges and payments'
    UNION ALL SELECT 'facilities.view', 'See: facilities'
    UNION ALL SELECT 'facilities.edit', 'Change: facilities'
    UNION ALL SELECT 'reservations.view', 'See: bookings'
    UNION ALL SELECT 'reservations.manage', 'Manage: bookings'
    UNION ALL SELECT 'reservations.book_own', 'Book for his apartment: bookings'
    UNION ALL SELECT 'pqrs.view', 'See: petitions, complaints, claims and suggestions'
    UNION ALL SELECT 'pqrs.handle', 'Answer and move: petitions, complaints, claims and suggestions'
    UNION ALL SELECT 'pqrs.file_own', 'File and follow his own: petitions, complaints, claims and suggestions'
    UNION ALL SELECT 'gate.view', 'See: visitors'
    UNION ALL SELECT 'gate.log', 'Log: visitors'
    UNION ALL SELECT 'gate.announce_own', 'Announce his own visitors: visitors'
    UNION ALL SELECT 'guards.view', 'See: guards and shifts'
    UNION ALL SELECT 'guards.edit', 'Change: guards and shifts'
    UNION ALL SELECT 'packages.view', 'See: packages at the gate'
    UNION ALL SELECT 'packages.log', 'Log: packages at the gate'
    UNION ALL SELECT 'packages.view_own', 'See his own: packages at the gate'
    UNION ALL SELECT 'parking.view', 'See: parking spaces'
    UNION ALL SELECT 'parking.edit', 'Change: parking spaces'
    UNION ALL SELECT 'pets.view', 'See: pets'
    UNION ALL SELECT 'pets.edit', 'Change: pets'
    UNION ALL SELECT 'pets.view_own', 'See his own: pets'
    UNION ALL SELECT 'surveys.view', 'See: surveys'
    UNION ALL SELECT 'surveys.edit', 'Change: surveys'
    UNION ALL SELECT 'surveys.answer', 'Answer: surveys'
    UNION ALL SELECT 'notices.view', 'See: notices'
    UNION ALL SELECT 'notices.edit', 'Change: notices'
    UNION ALL SELECT 'audit.view', 'See: audit log'
    UNION ALL SELECT 'operations.view', 'See: background work and backups'
    UNION ALL SELECT 'settings.edit', 'Change: settings of the building'
) AS p
WHERE NOT EXISTS (SELECT 1 FROM permissions AS x WHERE x.name = p.name);

ALTER TABLE permissions ADD UNIQUE KEY uq_permissions_name (name);

-- Admin: everything.
INSERT INTO role_permissions (role_id, permission_id)
SELECT 1, p.id FROM permissions AS p
WHERE NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 1 AND x.permission_id = p.id);

-- Staff: daily administration, without roles, settings, the audit log and voiding money.
INSERT INTO role_permissions (role_id, permission_id)
SELECT 2, p.id FROM permissions AS p
WHERE p.name IN (
    'building.view', 'building.edit', 'people.view', 'people.contact', 'people.edit',
    'payments.view', 'payments.record', 'payments.confirm', 'facilities.view', 'facilities.edit',
    'reservations.view', 'reservations.manage', 'pqrs.view', 'pqrs.handle', 'gate.view',
    'gate.log', 'guards.view', 'guards.edit', 'packages.view', 'packages.log',
    'parking.view', 'parking.edit', 'pets.view', 'pets.edit', 'surveys.view',
    'surveys.edit', 'notices.view', 'notices.edit')
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 2 AND x.permission_id = p.id);

-- Owner: what is his.
INSERT INTO role_permissions (role_id, permission_id)
SELECT 3, p.id FROM permissions AS p
WHERE p.name IN (
    'payments.view_own', 'payments.report_own', 'facilities.view', 'reservations.book_own', 'pqrs.file_own',
    'gate.announce_own', 'packages.view_own', 'pets.view_own', 'surveys.answer', 'notices.view')
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 3 AND x.permission_id = p.id);

-- Security: the gate, packages, parking; contact data to read.
INSERT INTO role_permissions (role_id, permission_id)
SELECT 4, p.id FROM permissions AS p
WHERE p.name IN (
    'building.view', 'people.contact', 'facilities.view', 'reservations.view', 'gate.view',
    'gate.log', 'guards.view', 'packages.view', 'packages.log', 'parking.view',
    'notices.view')
    AND NOT EXISTS (SELECT 1 FROM role_permissions AS x WHERE x.role_id = 4 AND x.permission_id = p.id);

-- The two sizes in which pages show a photo (WebP, at most 480 and 1,280 pixels wide). NULL: not made. Photos from before are drawn anew by a job each, which
-- also turns them upright and leaves out the place and whatever else was in their files.

ALTER TABLE facility_photos
    ADD COLUMN small LONGBLOB NULL,
    ADD COLUMN large LONGBLOB NULL;

INSERT INTO jobs (kind, payload, unique_key)
SELECT 'facility_photo', CAST(id AS CHAR), CONCAT('facility_photo:', id) FROM facility_photos;

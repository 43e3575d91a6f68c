-- What is typed is compared with what is stored by a key: upper-case letters A to Z and digits. The server keeps the keys of all rows, also
-- of those that an older system wrote or another program writes. The same in C#: Spelling, Plates, DocumentNumbers, UnitSpelling.
-- Names are found by words, in any order and without their accents.

ALTER TABLE apartments
    ADD COLUMN number_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin GENERATED ALWAYS AS (REGEXP_REPLACE(REGEXP_REPLACE(
        REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(UPPER(apartment_number) COLLATE utf8mb4_bin,
            'Á', 'A'), 'É', 'E'), 'Í', 'I'), 'Ó', 'O'), 'Ú', 'U'), 'Ü', 'U'), 'Ñ', 'N'),
        '[^0-9A-Z]+', ''), '^(APARTAMENTO|APTO|APT|AP|CASA)(?=[0-9])', '')) STORED,
    ADD KEY idx_apartments_number_key (number_key, tower_id);

ALTER TABLE parking
    ADD COLUMN license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(UPPER(license_plate) COLLATE utf8mb4_bin, '[^0-9A-Z]+', ''), '')) STORED,
    DROP KEY idx_parking_license_plate,
    ADD KEY idx_parking_license_plate_key (license_plate_key);

ALTER TABLE visitors
    ADD COLUMN license_plate_key VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(UPPER(license_plate) COLLATE utf8mb4_bin, '[^0-9A-Z]+', ''), '')) STORED,
    ADD COLUMN identification_key VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(REGEXP_REPLACE(
        CASE WHEN UPPER(identification) COLLATE utf8mb4_bin REGEXP
                '^ *((C[. ]*C|C[. ]*E|T[. ]*I|N[. ]*I[. ]*T)[.: ]+)?[0-9][0-9., ]{4,}- *[0-9] *$'
            THEN LEFT(UPPER(RTRIM(identification)), CHAR_LENGTH(RTRIM(identification)) - 1)
            ELSE UPPER(identification) END COLLATE utf8mb4_bin,
        '^ *(C[. ]*C|C[. ]*E|T[. ]*I|N[. ]*I[. ]*T)[.: ]+(?=[0-9])', ''), '[^0-9A-Z]+', ''), '')) STORED,
    DROP KEY idx_visitors_identification,
    ADD KEY idx_visitors_license_plate_key (license_plate_key),
    ADD KEY idx_visitors_identification_key (identification_key),
    ADD KEY idx_visitors_name (name);

ALTER TABLE profile
    ADD COLUMN document_number_key VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin
        GENERATED ALWAYS AS (NULLIF(REGEXP_REPLACE(REGEXP_REPLACE(
        CASE WHEN UPPER(document_number) COLLATE utf8mb4_bin REGEXP
                '^ *((C[. ]*C|C[. ]*E|T[. ]*I|N[. ]*I[. ]*T)[.: ]+)?[0-9][0-9., ]{4,}- *[0-9] *$'
            THEN LEFT(UPPER(RTRIM(document_number)), CHAR_LENGTH(RTRIM(document_number)) - 1)
            ELSE UPPER(document_number) END COLLATE utf8mb4_bin,
        '^ *(C[. ]*C|C[. ]*E|T[. ]*I|N[. ]*I[. ]*T)[.: ]+(?=[0-9])', ''), '[^0-9A-Z]+', ''), '')) STORED,
    ADD KEY idx_profile_document_number_key (document_number_key),
    ADD FULLTEXT KEY ft_profile_name (first_name, last_name);

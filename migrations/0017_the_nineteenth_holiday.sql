-- From 2026 on 9 July is a holiday, kept on its Monday (Ley 2578 of 2026, art. 6): 13 July 2026. What was counted over that day by the
-- calendar of before, with what is closed, has one day more. A case keeps its last day and not its first, which is found back from it:
-- the day was counted where, from it to the last day, no more days count than were given. Days in ended pauses do not count.

UPDATE pqrs AS c
INNER JOIN (
    WITH RECURSIVE days AS (
        SELECT CAST('2026-07-13' AS DATE) AS day
        UNION ALL
        SELECT day + INTERVAL 1 DAY FROM days WHERE day < '2027-07-09'
    ),
    business AS (
        SELECT day FROM days
        WHERE WEEKDAY(day) < 5 AND day NOT IN (
            '2026-07-20', '2026-08-07', '2026-08-17', '2026-10-12', '2026-11-02', '2026-11-16', '2026-12-08', '2026-12-25',
            '2027-01-01', '2027-01-11', '2027-03-22', '2027-03-25', '2027-03-26', '2027-05-10', '2027-05-31', '2027-06-07', '2027-07-05')
    )
    SELECT q.id, MIN(b.day) AS due_on
    FROM pqrs AS q
    INNER JOIN business AS b ON b.day > q.due_on
    WHERE q.due_on BETWEEN '2026-07-13' AND '2027-06-30'
        AND NOT EXISTS (SELECT 1 FROM pqrs_pauses AS p WHERE p.pqrs_id = q.id AND p.started_on <= b.day AND p.ended_on > b.day)
        AND NOT EXISTS (SELECT 1 FROM pqrs_pauses AS p
            WHERE p.pqrs_id = q.id AND p.started_on <= '2026-07-13' AND p.ended_on > '2026-07-13')
        AND q.days_given >= (
            SELECT COUNT(*) FROM business AS n
            WHERE n.day <= q.due_on
                AND NOT EXISTS (SELECT 1 FROM pqrs_pauses AS p WHERE p.pqrs_id = q.id AND p.started_on <= n.day AND p.ended_on > n.day))
    GROUP BY q.id
) AS longer ON longer.id = c.id
SET c.due_on = longer.due_on, c.updated_at = c.updated_at;

using Microsoft.EntityFrameworkCore;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Notifications;

namespace Portal.Data.Notices;

/// <summary>Who an audience is, as one statement that is counted, listed and delivered alike.</summary>
internal static class NoticePeople
{
    private const int MostMissing = 100;

    /// <summary>Accounts of the audience in any state, each once, with one of their apartments.</summary>
    private const string Accounts =
        $"""
        SELECT u.id AS user_id, u.user_status_id AS state, MIN(a.id) AS apartment_id
        FROM users AS u
        LEFT JOIN ({ResidentTies.Sql}) AS t ON t.user_id = u.id AND ({"{1}"} = 'All' OR t.owns = ({"{1}"} = 'Owners'))
        LEFT JOIN apartments AS a ON a.id = t.apartment_id AND {InPlaces}
        WHERE ({"{4}"} = '' OR FIND_IN_SET(u.role_id, {"{4}"}) > 0) AND ({"{5}"} = 0 OR a.id IS NOT NULL)
        GROUP BY u.id, u.user_status_id
        """;

    /// <summary>Who rents and was written down without an account.</summary>
    private const string Unknown =
        $"""
        SELECT n.name, a.id AS apartment_id
        FROM tenants AS n INNER JOIN apartments AS a ON a.id = n.apartment_id AND {InPlaces}
        WHERE {"{1}"} <> 'Owners' AND ({"{4}"} = '' OR FIND_IN_SET(3, {"{4}"}) > 0)
        """;

    private const string InPlaces = "({2} = '' OR FIND_IN_SET(a.tower_id, {2}) > 0) AND ({3} = '' OR FIND_IN_SET(a.id, {3}) > 0)";

    private sealed record Counted(string? Tower, long Reached, long Mailed, long Missed);

    private sealed record Missing(string? Unit, string Name, int State);

    private sealed record Account(long UserId);

    /// <summary>How many it will reach, by tower, and whom not.</summary>
    public static async Task<NoticeReach> CountAsync(PortalDb db, NoticeAudience to, bool urgent, DateOnly today, CancellationToken ct)
    {
        const string Sums =
            $$"""
            SELECT t.name AS Tower, CAST(SUM(p.reached) AS SIGNED) AS Reached, CAST(SUM(p.mailed) AS SIGNED) AS Mailed,
                CAST(SUM(p.missed) AS SIGNED) AS Missed
            FROM (
                SELECT p.apartment_id, p.state = {6} AS reached, p.state <> {6} AS missed,
                    p.state = {6} AND EXISTS (SELECT 1 FROM profile AS f WHERE f.user_id = p.user_id AND f.email <> '')
                        AND ({7} = '{{NotificationKinds.Urgent}}' OR EXISTS (
                            SELECT 1 FROM notification_choices AS c WHERE c.user_id = p.user_id AND c.kind = {7} AND c.by_mail)) AS mailed
                FROM ({{Accounts}}) AS p
                UNION ALL
                SELECT n.apartment_id, 0, 1, 0 FROM ({{Unknown}}) AS n
            ) AS p
            LEFT JOIN apartments AS a ON a.id = p.apartment_id
            LEFT JOIN towers AS t ON t.id = a.tower_id
            GROUP BY t.id, t.name
            ORDER BY t.name IS NULL, t.name, t.id
            """;
        const string Names =
            $$"""
            SELECT {{UnitName.Sql}} AS Unit, m.name AS Name, CAST(m.state AS SIGNED) AS State
            FROM (
                SELECT p.apartment_id, COALESCE((SELECT MIN(CONCAT(f.first_name, ' ', f.last_name)) FROM profile AS f WHERE f.user_id = p.user_id), '') AS name, p.state
                FROM ({{Accounts}}) AS p WHERE p.state <> {6}
                UNION ALL
                SELECT n.apartment_id, n.name, 0 FROM ({{Unknown}}) AS n
            ) AS m
            LEFT JOIN apartments AS a ON a.id = m.apartment_id
            LEFT JOIN towers AS t ON t.id = a.tower_id
            ORDER BY t.name IS NULL, t.name, a.apartment_number, m.name
            LIMIT {7}
            """;
        var kind = urgent ? NotificationKinds.Urgent : NotificationKinds.Notices;
        var (known, active) = (Values(to, today), (int)UserState.Active);
        var towers = await db.Database.SqlQueryRaw<Counted>(Sums, [.. known, active, kind]).ToListAsync(ct);
        var missing = await db.Database.SqlQueryRaw<Missing>(Names, [.. known, active, MostMissing]).ToListAsync(ct);
        return new NoticeReach(
            towers.ConvertAll(t => new TowerReach(t.Tower, (int)t.Reached, (int)t.Mailed, (int)t.Missed)),
            missing.ConvertAll(m => new MissedPerson(m.Unit, m.Name, m.State == 0 ? "none" : ((UserState)m.State).ToString())));
    }

    /// <summary>The next of the audience whom it has not reached, in the order of their ids.</summary>
    public static async Task<List<long>> NextAsync(
        PortalDb db, Notice notice, NoticeAudience to, DateOnly today, int most, CancellationToken ct)
    {
        const string Sql =
            $$"""
            SELECT p.user_id AS UserId FROM ({{Accounts}}) AS p
            LEFT JOIN notice_recipients AS r ON r.notice_id = {6} AND r.user_id = p.user_id
            WHERE p.state = {7} AND r.id IS NULL
            ORDER BY p.user_id
            LIMIT {8}
            """;
        object[] values = [.. Values(to, today), notice.Id, (int)UserState.Active, most];
        return (await db.Database.SqlQueryRaw<Account>(Sql, values).ToListAsync(ct)).ConvertAll(a => a.UserId);
    }

    private static object[] Values(NoticeAudience to, DateOnly today) =>
    [
        today.ToDateTime(TimeOnly.MinValue), to.Residents.ToString(), to.Towers, to.Apartments, to.Roles, to.OfApartments ? 1 : 0,
    ];
}

using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MySqlConnector;
using Portal.Data;

namespace Portal.Bench;

/// <summary>
/// The counterpart of each page: the smallest set of statements a skilled hand would write for what the screen shows, in one trip through
/// the driver, each cell written into a string. Not the portal's own statements: one that is slow there must show.
/// </summary>
internal static class RawPages
{
    public const string Verb = "raw";

    /// <summary>The badges beside the areas and the bell, which every page of the office has.</summary>
    private const string OfficeShell =
        """
        SELECT (SELECT COUNT(*) FROM notifications WHERE recipient_id = 1 AND `read` = 0),
            (SELECT COUNT(*) FROM pqrs WHERE status_id IN (1, 2) AND due_on < @today),
            (SELECT COUNT(*) FROM payments WHERE status_id = 2),
            (SELECT COUNT(*) FROM packages WHERE status = 'waiting');
        """;

    private const string OwnerShell = "SELECT COUNT(*) FROM notifications WHERE recipient_id = @user AND `read` = 0;\n";

    private const string Office = OfficeShell +
        """
        SELECT (SELECT COUNT(*) FROM towers), (SELECT COUNT(*) FROM apartments), (SELECT SUM(amount) FROM payments WHERE status_id = 2),
            (SELECT COUNT(*) FROM pqrs WHERE status_id IN (1, 2, 5));
        SELECT q.id, q.number, q.title, t.name, a.apartment_number, q.status_id, q.due_on FROM pqrs AS q
            LEFT JOIN apartments AS a ON a.id = q.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE q.status_id IN (1, 2, 5) ORDER BY q.id DESC LIMIT 5;
        SELECT p.id, t.name, a.apartment_number, p.payment_date FROM payments AS p
            LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE p.status_id = 2 ORDER BY p.payment_date, p.payment_time, p.id LIMIT 1;
        SELECT v.id, v.kind, v.name, v.visit_date, v.enter_time FROM visitors AS v WHERE v.state = 'inside' LIMIT 500;
        SELECT period, SUM(amount), SUM(paid) FROM charges
            WHERE kind = 'fee' AND period >= @year AND status IN ('open', 'paid') GROUP BY period;
        SELECT name, day, value FROM daily_figures WHERE day >= @figures AND name IN ('arrears', 'open_pqrs');
        SELECT YEARWEEK(start_date, 3), facility_id, SUM(TIMESTAMPDIFF(MINUTE, start_date, end_date) * people) FROM reservations
            WHERE start_date >= @weeks AND start_date < @sunday AND status_id IN (1, 4) GROUP BY YEARWEEK(start_date, 3), facility_id;
        SELECT apartment_id, MIN(due_on), SUM(owed) FROM charges WHERE status = 'open' AND due_on < @today GROUP BY apartment_id;
        SELECT r.facility_id, r.start_date, r.end_date, r.people, r.status_id, t.name, a.apartment_number FROM reservations AS r
            LEFT JOIN apartments AS a ON a.id = r.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
            WHERE r.start_date >= @today AND r.start_date < @tomorrow AND r.status_id IN (1, 2, 4);
        SELECT f.id, f.name, f.shared, f.capacity, h.weekday, h.opens_at, h.closes_at
            FROM facilities AS f INNER JOIN facility_hours AS h ON h.facility_id = f.id;
        """;

    private const string PaymentRows =
        """
        SELECT p.id, p.receipt_number, p.payment_date, p.payment_time, t.name, a.apartment_number, f.first_name, f.last_name,
            p.payment_method_id, p.reference_number, p.status_id, p.amount, r.first_name, r.last_name, p.confirmed_at,
            (SELECT GROUP_CONCAT(c.concept) FROM payment_applications AS pa INNER JOIN charges AS c ON c.id = pa.charge_id
                WHERE pa.payment_id = p.id)
        FROM ({0}) AS page INNER JOIN payments AS p ON p.id = page.id
        LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
        INNER JOIN owners AS o ON o.id = p.owner_id LEFT JOIN profile AS f ON f.user_id = o.user_id
        LEFT JOIN profile AS r ON r.user_id = p.recorded_by
        ORDER BY p.payment_date DESC, p.payment_time DESC, p.id DESC;
        """;

    private static readonly string OfficePayments = OfficeShell
        + "SELECT status_id, COUNT(*), SUM(amount) FROM payments GROUP BY status_id;\n"
        + string.Format(
            null, PaymentRows, "SELECT id FROM payments ORDER BY payment_date DESC, payment_time DESC, id DESC LIMIT 20");

    private const string Cases = OfficeShell +
        """
        SELECT status_id, COUNT(*), SUM(due_on < @today), SUM(assigned_to = 1) FROM pqrs GROUP BY status_id;
        SELECT q.id, q.number, q.title, q.kind, q.priority, q.status_id, q.created_at, q.due_on, t.name, a.apartment_number,
            c.name, f.first_name, f.last_name, s.first_name, s.last_name
        FROM pqrs AS q LEFT JOIN apartments AS a ON a.id = q.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
        INNER JOIN pqrs_categories AS c ON c.id = q.category_id
        INNER JOIN owners AS o ON o.id = q.owner_id LEFT JOIN profile AS f ON f.user_id = o.user_id
        LEFT JOIN profile AS s ON s.user_id = q.assigned_to
        ORDER BY q.status_id IN (3, 4), q.due_on, q.id DESC LIMIT 20;
        """;

    private const string Units = OfficeShell +
        """
        SELECT COUNT(*), SUM(coefficient) FROM apartments;
        SELECT t.id, t.name, t.floors, COUNT(*), SUM(a.coefficient) FROM towers AS t LEFT JOIN apartments AS a ON a.tower_id = t.id
            GROUP BY t.id, t.name, t.floors;
        SELECT a.id, t.name, a.apartment_number, a.floor, a.status_id, f.first_name, f.last_name, a.coefficient, a.area, a.monthly_fee
        FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id
        LEFT JOIN owners AS o ON o.id = a.owner_id LEFT JOIN profile AS f ON f.user_id = o.user_id
        ORDER BY t.name, LENGTH(a.apartment_number), a.apartment_number, a.id LIMIT 20;
        """;

    private const string Reservations = OfficeShell +
        """
        SELECT COUNT(*) FROM reservations WHERE status_id = 2 AND end_date > @now;
        SELECT COUNT(*) FROM reservation_waits WHERE state IN ('waiting', 'offered') AND start_date > @now;
        SELECT f.id, f.name, f.capacity, f.slot_minutes, h.weekday, h.opens_at, h.closes_at
            FROM facilities AS f INNER JOIN facility_hours AS h ON h.facility_id = f.id ORDER BY f.name;
        SELECT r.id, r.number, r.facility_id, r.start_date, r.end_date, r.status_id, t.name, a.apartment_number, f.first_name, f.last_name,
            r.people, r.total_cost, r.deposit FROM reservations AS r
        LEFT JOIN apartments AS a ON a.id = r.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
        INNER JOIN owners AS o ON o.id = r.owner_id LEFT JOIN profile AS f ON f.user_id = o.user_id
        WHERE r.start_date >= @today AND r.start_date < @tomorrow AND r.status_id IN (1, 2, 4, 5, 7) ORDER BY r.start_date;
        SELECT facility_id, start_date, end_date, reason FROM facility_blackouts WHERE start_date < @tomorrow AND end_date > @today;
        """;

    private const string Owner = OwnerShell +
        """
        SELECT t.name, a.apartment_number FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id WHERE a.id = @unit;
        SELECT kind, concept, period, due_on, owed FROM charges WHERE apartment_id = @unit AND status = 'open' ORDER BY due_on;
        SELECT r.id, f.name, r.start_date, r.end_date FROM reservations AS r INNER JOIN facilities AS f ON f.id = r.facility_id
            WHERE r.owner_id = @owner AND r.status_id IN (1, 2) AND r.start_date >= @today ORDER BY r.start_date LIMIT 1;
        SELECT id, name, expected_from, pass_code FROM visitors WHERE host_id = @owner AND state = 'announced' ORDER BY expected_from LIMIT 1;
        SELECT id, title, status_id, due_on FROM pqrs WHERE owner_id = @owner AND status_id IN (1, 2, 5) ORDER BY due_on LIMIT 1;
        SELECT id, carrier, received_at FROM packages WHERE apartment_id = @unit AND status = 'waiting';
        SELECT SUM(amount) FROM payments WHERE apartment_id = @unit AND status_id = 2;
        SELECT id, title, body FROM notices WHERE publish_at <= @now AND (expires_at IS NULL OR expires_at > @now)
            ORDER BY publish_at DESC LIMIT 2;
        """;

    private const string Book = OwnerShell +
        """
        SELECT f.*, p.digest FROM facilities AS f LEFT JOIN facility_photos AS p ON p.facility_id = f.id WHERE f.id = 5;
        SELECT weekday, opens_at, closes_at FROM facility_hours WHERE facility_id = 5;
        SELECT subject, period, most FROM facility_quotas WHERE facility_id = 5;
        SELECT start_date, end_date, people FROM reservations
            WHERE facility_id = 5 AND start_date >= @today AND start_date < @fortnight AND status_id IN (1, 2, 4, 5, 7);
        SELECT start_date, end_date, reason FROM facility_blackouts WHERE facility_id = 5 AND start_date < @fortnight AND end_date > @today;
        SELECT apartment_id, start_date, end_date, people FROM reservation_waits
            WHERE facility_id = 5 AND state = 'waiting' AND start_date >= @today AND start_date < @fortnight;
        SELECT t.name, a.apartment_number, p.first_name, p.last_name FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id
            LEFT JOIN profile AS p ON p.user_id = @user WHERE a.id = @unit;
        SELECT id, start_date, end_date, state FROM reservation_waits WHERE owner_id = @owner AND state IN ('waiting', 'offered');
        """;

    private static readonly string OwnerPayments = OwnerShell
        + """
        SELECT t.name, a.apartment_number FROM apartments AS a INNER JOIN towers AS t ON t.id = a.tower_id WHERE a.id = @unit;
        SELECT id, kind, concept, number, period, issued_on, due_on, amount, owed FROM charges
            WHERE apartment_id = @unit AND status = 'open' ORDER BY due_on;
        SELECT status_id, COUNT(*), SUM(amount) FROM payments WHERE apartment_id = @unit GROUP BY status_id;
        SELECT SUM(pa.amount) FROM payments AS p INNER JOIN payment_applications AS pa ON pa.payment_id = p.id
            WHERE p.apartment_id = @unit AND p.status_id = 1 AND pa.reversed = 0;
        SELECT id, number, issued_on FROM application_notes WHERE apartment_id = @unit ORDER BY id DESC LIMIT 3;

        """
        + string.Format(
            null, PaymentRows,
            "SELECT id FROM payments WHERE apartment_id = @unit ORDER BY payment_date DESC, payment_time DESC, id DESC LIMIT 20");

    public static async Task ServeAsync(string connectionString)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var clock = new BuildingClock(TimeProvider.System, TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone));
        var andrea = await OwnerAsync(connectionString);
        foreach (var (path, sql) in new (string, string)[]
        {
            ("/admin", Office), ("/admin/payments", OfficePayments), ("/admin/pqrs", Cases), ("/admin/units", Units),
            ("/admin/reservations", Reservations), ("/owner", Owner), ("/owner/book/5", Book), ("/owner/payments", OwnerPayments),
        })
        {
            app.MapGet(path, async (HttpContext http) =>
                Results.Content(await PageAsync(connectionString, sql, clock, andrea, http.RequestAborted), "text/html"));
        }

        app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(app.Urls.First()));
        await app.RunAsync();
    }

    /// <summary>Who the owner's pages are asked as: the demo's owner, or in a building too large for its stories the first who has an
    /// apartment.</summary>
    public static async Task<(string Name, long User, long Owner, long Unit)> OwnerAsync(string connectionString)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            """
            SELECT u.username, u.id, o.id, a.id
            FROM users AS u INNER JOIN owners AS o ON o.user_id = u.id INNER JOIN apartments AS a ON a.owner_id = o.id
            ORDER BY u.username = @name DESC, a.id LIMIT 1
            """,
            connection
        );
        command.Parameters.AddWithValue("@name", Portal.Data.Demo.DemoSeed.Accounts[2].UserName);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }

    private static async Task<string> PageAsync(
        string connectionString, string sql, BuildingClock clock, (string Name, long User, long Owner, long Unit) andrea,
        CancellationToken ct)
    {
        await using var connection = new MySqlConnection(connectionString);
        await connection.OpenAsync(ct);
        await using var command = new MySqlCommand(sql, connection);
        var today = clock.Today.ToDateTime(TimeOnly.MinValue);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        foreach (
            var (name, value) in new (string, object)[]
            {
                ("@today", today), ("@tomorrow", today.AddDays(1)), ("@fortnight", today.AddDays(15)), ("@now", clock.Now),
                ("@year", new DateTime(today.Year, today.Month, 1).AddMonths(-11)), ("@figures", today.AddDays(-49)),
                ("@weeks", monday.AddDays(-42)), ("@sunday", monday.AddDays(7)), ("@user", andrea.User), ("@owner", andrea.Owner),
                ("@unit", andrea.Unit),
            }
        )
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        var html = new StringBuilder("<!DOCTYPE html><html><body>");
        do
        {
            html.Append("<table>");
            while (await reader.ReadAsync(ct))
            {
                html.Append("<tr>");
                for (var i = 0; i < reader.FieldCount; i++)
                    html.Append("<td>").Append(WebUtility.HtmlEncode(reader.IsDBNull(i) ? "" : reader.GetValue(i).ToString())).Append("</td>");
                html.Append("</tr>");
            }

            html.Append("</table>");
        }
        while (await reader.NextResultAsync(ct));
        return html.Append("</body></html>").ToString();
    }
}

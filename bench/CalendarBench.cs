using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Demo;
using Portal.Data.Facilities;
using Portal.Hosting.DatabaseServer;

namespace Portal.Bench;

/// <summary>
/// The month of 20 facilities with 20,000 bookings a year through the service, against the same aggregate read by hand and written as HTML;
/// and the same with ten times the
/// history, which must not make it slower.
/// </summary>
internal static class CalendarBench
{
    private const int Facilities = 20;
    private const int PerYear = 20_000;

    public static async Task RunAsync(TestBed bed)
    {
        await FillAsync(bed, years: 1);
        await Measure.CompareAsync("calendar: a month of 20 facilities", 40, () => MonthAsync(bed), () => RawAsync(bed, bed.Clock.Today));

        // Beside each other, so that what else the machine does weighs on both.
        var folder = Directory.CreateTempSubdirectory("portal-bench-years-").FullName;
        try
        {
            await using var server = await PrivateServer.StartAsync(
                new PrivateServerOptions { Folder = folder }, NullLogger.Instance, CancellationToken.None);
            await using var old = await TestBed.PrepareAsync(server.ConnectionString, DemoSeed.StandardSize, server.ProcessId);
            await FillAsync(old, years: 10);
            await Measure.CompareAsync("calendar: after ten years, against after one", 83, () => MonthAsync(old), () => MonthAsync(bed));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MonthAsync(TestBed bed)
    {
        using var scope = bed.Services.CreateScope();
        var today = bed.Clock.Today;
        var month = await scope
            .ServiceProvider.GetRequiredService<ReservationLists>()
            .MonthAsync(today.Year, today.Month, null, CurrentUser.System, CancellationToken.None);
        if (month.Value.Lanes.Sum(l => l.Days.Sum(d => d.Bookings)) < PerYear / 20)
            throw new InvalidOperationException("The month is not full.");
    }

    /// <param name="years">How many, of which the last is half past and half to come.</param>
    private static async Task FillAsync(TestBed bed, int years)
    {
        List<long> ids;
        await using (var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None))
        {
            var made = Enumerable
                .Range(await db.Facilities.CountAsync(), Facilities)
                .Select(i => new Facility
                {
                    Name = $"Calendar {i}",
                    SlotMinutes = 60,
                    MinMinutes = 60,
                    MaxMinutes = 240,
                    Hours =
                    [
                        .. Enumerable
                            .Range(1, 7)
                            .Select(day => new FacilityHours
                            {
                                Weekday = day,
                                OpensAt = new TimeOnly(6, 0),
                                ClosesAt = new TimeOnly(22, 0),
                            }),
                    ],
                })
                .ToList();
            db.Facilities.AddRange(made);
            await db.SaveChangesAsync();
            ids = made.ConvertAll(f => f.Id);
        }

        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        var (apartment, owner) = (0L, 0L);
        await using (
            var command = new MySqlCommand("SELECT id, owner_id FROM apartments WHERE owner_id IS NOT NULL ORDER BY id LIMIT 1", connection)
        )
        await using (var reader = await command.ExecuteReaderAsync())
        {
            if (await reader.ReadAsync()) (apartment, owner) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var start = bed.Clock.Today.AddDays(-180 - 365 * (years - 1)).ToDateTime(TimeOnly.MinValue);
        var days = 365 * years;
        var perDay = PerYear / 365d / Facilities;
        var rows = new StringBuilder();
        async Task WriteAsync()
        {
            if (rows.Length == 0) return;
            await using var insert = new MySqlCommand(
                "INSERT INTO reservations (owner_id, facility_id, start_date, end_date, status_id, apartment_id, people) VALUES " + rows,
                connection
            );
            await insert.ExecuteNonQueryAsync();
            rows.Clear();
        }

        foreach (var facility in ids)
        {
            var due = 0d;
            for (var day = 0; day < days; day++)
            {
                due += perDay;
                for (var hour = 6; due >= 1; due--, hour += 2)
                {
                    var from = start.AddDays(day).AddHours(hour);
                    rows.Append(rows.Length == 0 ? "" : ",")
                        .Append(
                            CultureInfo.InvariantCulture,
                            $"({owner},{facility},'{from:yyyy-MM-dd HH:mm:ss}','{from.AddHours(2):yyyy-MM-dd HH:mm:ss}',{(from < bed.Clock.Now ? 4 : 1)},{apartment},4)"
                        );
                }

                if (rows.Length > 200_000) await WriteAsync();
            }
        }

        await WriteAsync();
        await using var analyze = new MySqlCommand("ANALYZE TABLE reservations", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task RawAsync(TestBed bed, DateOnly today)
    {
        var first = new DateTime(today.Year, today.Month, 1);
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        var html = new StringBuilder();
        async Task ReadAsync(string sql)
        {
            await using var command = new MySqlCommand(sql, connection);
            command.Parameters.AddWithValue("@first", first);
            command.Parameters.AddWithValue("@last", first.AddMonths(1));
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                html.Append("<tr>");
                for (var i = 0; i < reader.FieldCount; i++) html.Append("<td>").Append(reader.GetValue(i)).Append("</td>");
                html.Append("</tr>");
            }
        }

        await ReadAsync(
            "SELECT f.id, f.name, f.capacity, h.weekday, h.opens_at, h.closes_at FROM facilities AS f LEFT JOIN facility_hours AS h ON h.facility_id = f.id ORDER BY f.name, f.id"
        );
        await ReadAsync(
            """
            SELECT facility_id, DATE(start_date), COUNT(*), COUNT(CASE WHEN status_id = 2 THEN 1 END), SUM(TIMESTAMPDIFF(MINUTE, start_date, end_date)),
                SUM(TIMESTAMPDIFF(MINUTE, start_date, end_date) * people)
            FROM reservations WHERE start_date >= @first AND start_date < @last AND status_id IN (1, 2, 4, 7) GROUP BY facility_id, DATE(start_date)
            """
        );
        await ReadAsync(
            "SELECT facility_id, start_date, end_date, reason FROM facility_blackouts WHERE start_date < @last AND end_date > @first"
        );
        if (html.Length == 0) throw new InvalidOperationException("Nothing was read.");
    }
}

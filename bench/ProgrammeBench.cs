using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Programmes;

namespace Portal.Bench;

/// <summary>
/// Two thousand participants in eighty courses, five years of sessions: a million and a half rows of attendance. The attendance of a course in
/// a month and of all its years against the smallest statement for each; and the same month of a course that has no other, which says whether
/// it stays flat.
/// </summary>
internal static class ProgrammeBench
{
    private const int Courses = 80, Each = 25, Sessions = 750;

    /// <summary>Far above the demo's.</summary>
    private const long First = 10_000;

    private const long Old = First + 1, Young = First + 5_000;

    private static readonly DateOnly Begins = new(2021, 1, 4);

    public static async Task RunAsync(TestBed bed)
    {
        await FillAsync(bed);
        // Sessions are two days apart: the last month of the old course, and the only one of the young.
        var to = Begins.AddDays(2 * Sessions);
        var from = to.AddDays(-30);
        await Measure.CompareAsync(
            "programmes: a month's attendance of 25", 40, () => AttendanceAsync(bed, Old, from, to), () => RawAsync(bed, Old, from, to));
        await Measure.CompareAsync(
            "programmes: after five years, against one month", 80, () => AttendanceAsync(bed, Old, from, to), () => AttendanceAsync(bed, Young, from, to));
        await Measure.CompareAsync(
            "programmes: five years' attendance of 25", 60, () => AttendanceAsync(bed, Old, Begins, to), () => RawAsync(bed, Old, Begins, to));
        await Measure.CompareAsync(
            "programmes: the register, against the month", 100, () => RegisterAsync(bed), () => AttendanceAsync(bed, Old, from, to));
    }

    private static async Task AttendanceAsync(TestBed bed, long course, DateOnly from, DateOnly to)
    {
        using var scope = bed.Services.CreateScope();
        var sheet = await scope.ServiceProvider.GetRequiredService<ProgrammeReports>()
            .AttendanceAsync(course, from, to, CurrentUser.System, CancellationToken.None);
        if (sheet is not { Lines.Count: Each }) throw new InvalidOperationException("The course is not there.");
    }

    private static async Task RegisterAsync(TestBed bed)
    {
        using var scope = bed.Services.CreateScope();
        var register = await scope.ServiceProvider.GetRequiredService<SessionDesk>().RegisterAsync(First + Sessions, CurrentUser.System, CancellationToken.None);
        if (register is not { Lines.Count: Each }) throw new InvalidOperationException("The session is not there.");
    }

    private static async Task RawAsync(TestBed bed, long course, DateOnly from, DateOnly to)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(
            """
            SELECT a.enrolment_id, a.status, s.session, COUNT(*)
            FROM attendance AS a INNER JOIN course_sessions AS s ON s.id = a.session_id
            WHERE s.course_id = @course AND s.cancelled = 0 AND s.held_on BETWEEN @from AND @to
            GROUP BY a.enrolment_id, a.status, s.session
            """,
            connection);
        command.Parameters.AddWithValue("course", course);
        command.Parameters.AddWithValue("from", from);
        command.Parameters.AddWithValue("to", to);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) _ = reader.GetInt64(3);
    }

    private static async Task FillAsync(TestBed bed)
    {
        await using var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None);
        db.Database.SetCommandTimeout(900);
        if (await db.Participants.AnyAsync(p => p.Id > First)) return;
        await db.Database.OpenConnectionAsync();
        var server = db.Database.GetDbConnection().ServerVersion;
        var longest = server.Contains("Maria", StringComparison.OrdinalIgnoreCase)
            ? "SET SESSION max_recursive_iterations = 1000000" : "SET SESSION cte_max_recursion_depth = 1000000";
        var people = Courses * Each;
        var day = Begins.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string Numbers(int many) => $"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})";
        // The last course has one month of sessions, the others all.
        string[] statements =
        [
            longest,
            $"INSERT INTO school_years (id, code, starts_on, ends_on) VALUES ({First}, 'bench', '2020-01-01', '2029-12-31')",
            $"""
            INSERT INTO courses (id, year_id, name, kind, minors, capacity, starts_on, ends_on)
            {Numbers(Courses)} SELECT {First} + i, {First}, CONCAT('Curso ', i), 'Prueba', 1, 30, '2020-01-01', '2029-12-31' FROM n
            """,
            $"INSERT INTO courses (id, year_id, name, kind, minors, capacity, starts_on, ends_on) VALUES ({Young}, {First}, 'Nuevo', 'Prueba', 1, 30, '2020-01-01', '2029-12-31')",
            $"""
            INSERT INTO participants (id, first_name, last_name, gender, birth_date, registered_on)
            {Numbers(people)} SELECT {First} + i, CONCAT('Nombre ', i), CONCAT('Apellido ', i % 97), 'other', '2015-01-01', '2020-01-01' FROM n
            """,
            $"""
            INSERT INTO enrolments (id, course_id, participant_id, enrolled_on)
            SELECT id, {First} + 1 + (id - {First} - 1) DIV {Each}, id, '2020-01-01' FROM participants WHERE id > {First}
            """,
            $"INSERT INTO enrolments (id, course_id, participant_id, enrolled_on) SELECT id + 100000, {Young}, id, '2020-01-01' FROM participants WHERE id > {First} AND id <= {First + Each}",
            $"INSERT INTO enrolment_periods (enrolment_id, from_on) SELECT id, enrolled_on FROM enrolments WHERE id > {First}",
            $"""
            INSERT INTO course_sessions (id, course_id, held_on, session, version, taken_at)
            {Numbers(Sessions)}
            SELECT {First} + (c.id - {First} - 1) * {Sessions} + n.i, c.id, DATE_ADD('{day}', INTERVAL 2 * n.i DAY), 'full', 1, '2021-01-04'
            FROM n, courses AS c WHERE c.id > {First} AND c.id < {Young}
            """,
            $"""
            INSERT INTO course_sessions (id, course_id, held_on, session, version, taken_at)
            {Numbers(Sessions)} SELECT 1000000 + i, {Young}, DATE_ADD('{day}', INTERVAL 2 * i DAY), 'full', 1, '2021-01-04' FROM n WHERE i > {Sessions - 16}
            """,
            """
            INSERT INTO attendance (session_id, enrolment_id, status)
            SELECT s.id, e.id, ELT(1 + (s.id * 7 + e.id) % 23 DIV 20, 'present', 'absent')
            FROM course_sessions AS s INNER JOIN enrolments AS e ON e.course_id = s.course_id
            WHERE s.course_id > 10000
            """,
            "ANALYZE TABLE participants, enrolments, enrolment_periods, course_sessions, attendance",
        ];
        foreach (var sql in statements) await db.Database.ExecuteSqlRawAsync(sql);
    }
}

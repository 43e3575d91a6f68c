using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Pqrs;

namespace Portal.Bench;

/// <summary>
/// A hundred thousand cases with four entries each: the list's first page against the smallest statement for it, a search by words against
/// what it replaced (LIKE over titles, descriptions and entries), the month's report, and the board.
/// </summary>
internal static class PqrsBench
{
    private const int Cases = 100_000;

    public static async Task RunAsync(TestBed bed)
    {
        await FillAsync(bed);
        await Measure.CompareAsync("pqrs: first page of 100,000", 40, () => ListAsync(bed, new ListQuery()), () => RawListAsync(bed));
        await Measure.CompareAsync(
            "pqrs: two words in 500,000 texts, against LIKE", 300, () => ListAsync(bed, new ListQuery("filtracion zaguan")), () => LikeAsync(bed));
        await Measure.CompareAsync(
            "pqrs: a number, against the first page", 100, () => ListAsync(bed, new ListQuery("77777")), () => ListAsync(bed, new ListQuery()));
        foreach (var (what, act) in new (string, Func<IServiceProvider, Task>)[]
        {
            ("report of a month", async s => await s.GetRequiredService<PqrsReportService>()
                .PeriodAsync(new(2026, 1, 1), new(2026, 1, 31), CurrentUser.System, CancellationToken.None)),
            ("board", async s => await s.GetRequiredService<PqrsService>().BoardAsync(new(), CurrentUser.System, CancellationToken.None)),
            ("workload", async s => await s.GetRequiredService<PqrsReportService>().LoadAsync(CurrentUser.System, CancellationToken.None)),
        })
        {
            await WithAsync(bed, act);
            var clock = Stopwatch.StartNew();
            for (var i = 0; i < 5; i++) await WithAsync(bed, act);
            Console.WriteLine($"{"pqrs: " + what + ", milliseconds",-44} {clock.ElapsedMilliseconds / 5,10:N0}");
        }
    }

    private static async Task WithAsync(TestBed bed, Func<IServiceProvider, Task> act)
    {
        using var scope = bed.Services.CreateScope();
        await act(scope.ServiceProvider);
    }

    private static async Task ListAsync(TestBed bed, ListQuery query)
    {
        using var scope = bed.Services.CreateScope();
        var page = await scope.ServiceProvider.GetRequiredService<PqrsService>().ListAsync(query, CurrentUser.System, CancellationToken.None);
        if (page.Total == 0) throw new InvalidOperationException("Nothing is found.");
    }

    private static Task RawListAsync(TestBed bed) => ReadAsync(
        bed,
        """
        SELECT p.id, p.number, p.title, p.status_id, p.priority, p.due_on, p.updated_at, t.name, a.apartment_number
        FROM pqrs AS p LEFT JOIN apartments AS a ON a.id = p.apartment_id LEFT JOIN towers AS t ON t.id = a.tower_id
        ORDER BY IF(p.status_id IN (3, 4), 1, 0), IF(p.status_id IN (3, 4), NULL, COALESCE(p.due_on, '9999-12-31')), p.id DESC LIMIT 20
        """,
        "SELECT COUNT(*) FROM pqrs");

    private static Task LikeAsync(TestBed bed) => ReadAsync(
        bed,
        """
        SELECT p.id FROM pqrs AS p
        WHERE (p.title LIKE '%filtracion%' OR p.description LIKE '%filtracion%'
                OR EXISTS (SELECT 1 FROM pqrs_tracking AS t WHERE t.pqrs_id = p.id AND t.comments LIKE '%filtracion%'))
            AND (p.title LIKE '%zaguan%' OR p.description LIKE '%zaguan%'
                OR EXISTS (SELECT 1 FROM pqrs_tracking AS t WHERE t.pqrs_id = p.id AND t.comments LIKE '%zaguan%'))
        ORDER BY p.id DESC LIMIT 20
        """);

    private static async Task ReadAsync(TestBed bed, params string[] statements)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        foreach (var sql in statements)
        {
            await using var command = new MySqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) _ = reader.GetValue(0);
        }
    }

    private static async Task FillAsync(TestBed bed)
    {
        await using var db = await bed.Store.OpenAsync(CurrentUser.System, CancellationToken.None);
        db.Database.SetCommandTimeout(600);
        if (await db.Pqrs.CountAsync() > Cases) return;
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync(
            await IsMariaAsync(bed) ? "SET SESSION max_recursive_iterations = 1000000" : "SET SESSION cte_max_recursion_depth = 1000000");
        var cases =
            $"""
            INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, priority, number, kind, channel, apartment_id,
                days_given, due_on, resolved_at, closed_at, created_at, updated_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Cases})
            SELECT 1000 + i, CONCAT(ELT(1 + i % 5, 'Ruido', 'Gotera', 'Puerta', 'Luz', 'Ascensor'), ' en el piso ', i % 14),
                CONCAT('Caso ', i, IF(i % 997 = 0, ' con una filtración junto al zaguán', ' del día')), 1 + i % 4,
                (SELECT MIN(id) FROM owners), IF(i % 50 = 0, 2, 4), 'medium', CONCAT('PQRS-2020-', LPAD(i, 6, '0')), 'petition', 'web',
                (SELECT MIN(id) FROM apartments), 15, DATE_ADD('2010-01-25', INTERVAL i DIV 20 DAY),
                IF(i % 50 = 0, NULL, TIMESTAMPADD(HOUR, 100 + i DIV 20 * 24, '2010-01-01')),
                IF(i % 50 = 0, NULL, TIMESTAMPADD(HOUR, 172 + i DIV 20 * 24, '2010-01-01')),
                TIMESTAMPADD(HOUR, i DIV 20 * 24, '2010-01-01'), TIMESTAMPADD(HOUR, i DIV 20 * 24, '2010-01-01')
            FROM n
            """;
        await db.Database.ExecuteSqlRawAsync(cases);
        foreach (var (state, hours, words) in new[] { (1, 0, "NULL"), (2, 20, "'Lo estamos revisando'"), (3, 100, "'Quedó atendido'"), (4, 172, "NULL") })
        {
            var entries =
                $"""
                INSERT INTO pqrs_tracking (pqrs_id, status_id, user_id, comments, kind, created_at)
                SELECT p.id, {state}, (SELECT MIN(id) FROM users), {words}, 'reply', TIMESTAMPADD(HOUR, {hours}, p.created_at)
                FROM pqrs AS p WHERE p.id > 1000 AND (p.status_id = 4 OR {state} < 3) ORDER BY p.id
                """;
            await db.Database.ExecuteSqlRawAsync(entries);
        }

        await db.Database.ExecuteSqlRawAsync("ANALYZE TABLE pqrs, pqrs_tracking");
    }

    private static async Task<bool> IsMariaAsync(TestBed bed)
    {
        await using var connection = new MySqlConnection(bed.ConnectionString);
        await connection.OpenAsync();
        return connection.ServerVersion.Contains("Maria", StringComparison.OrdinalIgnoreCase);
    }
}

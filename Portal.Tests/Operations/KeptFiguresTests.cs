using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Operations;
using Portal.Data.Payments;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Operations;

/// <summary>What is kept (migration 0024) is what adding up gives, whoever wrote.</summary>
public sealed class KeptFiguresTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task What_is_kept_equals_the_sum_after_every_kind_of_write()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(new StoppedClock(new DateTime(2026, 11, 20, 15, 4, 5, DateTimeKind.Utc)))
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        var store = services.GetRequiredService<PortalStore>();
        var seed = new DemoSeed(store, services.GetRequiredService<BuildingClock>());
        Assert.True(await seed.RunAsync(DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default));
        await AgreeAsync(store);

        // Behind the portal's back, many at once, over every border that a row can cross.
        foreach (
            var sql in new[]
            {
                "UPDATE payments SET amount = amount + 100 WHERE id % 3 = 0",
                "UPDATE payments SET status_id = 4, amount = amount + 1 WHERE id % 50 = 0",
                "UPDATE payments SET description = 'x' WHERE id % 2 = 0",
                "INSERT INTO payments (amount, payment_date, status_id, owner_id) SELECT 10, payment_date, 3, owner_id FROM payments LIMIT 5",
                "DELETE FROM payments WHERE status_id = 3 AND id NOT IN (SELECT payment_id FROM payment_applications)",
                "UPDATE charges SET paid = amount / 2, status = 'open' WHERE id % 7 = 0",
                "UPDATE charges SET status = 'cancelled' WHERE id % 11 = 0",
                "UPDATE charges SET kind = 'other' WHERE id % 13 = 0",
                "UPDATE charges SET kind = 'fee', period = '2026-11-01' WHERE id % 26 = 0",
                "UPDATE charges SET period = NULL WHERE id % 17 = 0",
                "UPDATE charges SET period = '2026-10-01', status = 'paid' WHERE id % 34 = 0",
                "INSERT INTO charges (apartment_id, kind, concept, period, amount, paid, status, issued_on, due_on) "
                    + "SELECT apartment_id, 'fee', 'x', '2026-12-01', 7, 1, 'open', '2026-12-01', '2026-12-10' FROM charges LIMIT 9",
                "DELETE FROM charges WHERE concept = 'x' AND id % 2 = 0",
                "UPDATE apartments SET coefficient = NULL WHERE id % 5 = 0",
                "UPDATE apartments SET tower_id = 1, apartment_number = CONCAT('x', id), coefficient = 0.25 WHERE id % 10 = 0",
            }
        )
        {
            await Database.ExecuteAsync(sql);
            await AgreeAsync(store);
        }
    }

    [Fact]
    public async Task A_page_of_units_in_their_order_is_the_same_rows_as_all_of_them_sorted()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        var store = services.GetRequiredService<PortalStore>();
        await Database.ExecuteAsync(
            "INSERT INTO towers (id, name) VALUES (1, 'B'), (2, 'a'), (3, 'Á'), (4, 'C'), (5, 'D'), (6, 'A')");
        foreach (var (tower, units) in new[] { (1, 7), (2, 3), (3, 4), (4, 0), (5, 12), (6, 1) })
        {
            for (var i = 0; i < units; i++)
                await Database.ExecuteAsync(
                    $"INSERT INTO apartments (apartment_number, tower_id, status_id) VALUES ('{(i % 2 == 0 ? 9 : 100) + i}', {tower}, 1)");
        }

        var building = services.GetRequiredService<BuildingService>();
        foreach (var descending in new[] { false, true })
        foreach (var towers in new[] { null, "1,5", "6,3,2", "4", "99" })
        {
            var filters = towers is null ? [] : new Dictionary<string, string> { ["tower"] = towers };
            List<int> chosen = towers is null ? [1, 2, 3, 4, 5, 6] : [.. towers.Split(',').Select(int.Parse)];
            List<long> all;
            await using (var db = await store.OpenAsync(CurrentUser.System, default))
            {
                var found = db.Apartments.Where(a => chosen.Contains(a.TowerId));
                var sorted = descending
                    ? found.OrderByDescending(a => a.Tower!.Name).ThenByDescending(a => a.ApartmentNumber.Length)
                        .ThenByDescending(a => a.ApartmentNumber).ThenByDescending(a => a.Id)
                    : found.OrderBy(a => a.Tower!.Name).ThenBy(a => a.ApartmentNumber.Length).ThenBy(a => a.ApartmentNumber)
                        .ThenBy(a => a.Id);
                all = await sorted.Select(a => a.Id).ToListAsync();
            }

            for (var page = 1; page <= 8; page++)
            {
                var query = new ListQuery(Sort: "unit", Descending: descending, Page: page, Size: 4, Filters: filters);
                var answer = await building.ApartmentsAsync(query, CurrentUser.System, default);
                var last = Math.Max(1, (all.Count + 3) / 4);
                Assert.Equal(all.Skip((Math.Min(page, last) - 1) * 4).Take(4), answer.Rows.Select(r => r.Id));
                Assert.Equal(all.Count, answer.Total);
            }
        }
    }

    private static async Task AgreeAsync(PortalStore store)
    {
        await using var db = await store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(
            await db.Payments.GroupBy(p => p.StatusId).OrderBy(g => g.Key).Select(g => new { g.Key, Count = (long)g.Count(), Sum = g.Sum(p => p.Amount) })
                .ToListAsync(),
            await db.PaymentTotals.Where(t => t.Number != 0).OrderBy(t => t.StatusId)
                .Select(t => new { Key = t.StatusId, Count = t.Number, Sum = t.Amount }).ToListAsync());
        Assert.Equal(
            await db.Charges
                .Where(c => c.Kind == ChargeKind.Fee && c.Period != null && (c.Status == ChargeState.Open || c.Status == ChargeState.Paid))
                .GroupBy(c => c.Period).OrderBy(g => g.Key).Select(g => new { g.Key, Sum = g.Sum(c => c.Amount), Paid = g.Sum(c => c.Paid) })
                .ToListAsync(),
            await db.FeeMonths.Where(m => m.Billed != 0 || m.Collected != 0).OrderBy(m => m.Period)
                .Select(m => new { Key = (DateOnly?)m.Period, Sum = m.Billed, Paid = m.Collected }).ToListAsync());
        Assert.Equal(
            await db.Apartments.GroupBy(a => a.TowerId).OrderBy(g => g.Key)
                .Select(g => new { g.Key, Count = g.Count(), Sum = g.Sum(a => a.Coefficient) ?? 0, Without = g.Count(a => a.Coefficient == null) })
                .ToListAsync(),
            await db.TowerTotals.Where(t => t.Apartments != 0).OrderBy(t => t.TowerId)
                .Select(t => new { Key = t.TowerId, Count = t.Apartments, Sum = t.Coefficient, Without = t.WithoutCoefficient }).ToListAsync());
    }
}

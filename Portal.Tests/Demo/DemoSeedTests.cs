using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Database;
using Portal.Data.Demo;
using Portal.Data.Home;
using Portal.Data.Schema;
using Portal.Tests.Facilities;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Demo;

public sealed class DemoSeedTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public void Apartment_1102_of_tower_1_and_102_of_tower_11_are_charged_under_two_numbers()
    {
        Assert.NotEqual(
            new DemoApartment(1, 1, "1", "1102", 11, 1, null).Code, new DemoApartment(2, 11, "11", "102", 1, 1, null).Code);
        Assert.Equal("B1204", new DemoApartment(3, 2, "B", "1204", 12, 1, null).Code);
    }

    /// <summary>A thousand need more than one statement for a table, and the told stories find no apartment of their name.</summary>
    [Fact]
    public async Task A_large_demo_balances_and_is_the_same_rows_whenever_it_is_made_at_one_moment()
    {
        const int apartments = 1_000;
        var first = await ChecksumsAsync(apartments);
        await Database.CleanAsync();
        var again = await ChecksumsAsync(apartments);
        // The hash of a PIN has its own salt each time.
        Assert.Equal(
            [], first.Where(table => table.Key != "gate_pins" && again[table.Key] != table.Value).Select(table => table.Key));
    }

    /// <summary>A checksum of each table, after a look at whether the rows agree with each other.</summary>
    private async Task<Dictionary<string, string>> ChecksumsAsync(int apartments)
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
        await using var db = await store.OpenAsync(CurrentUser.System, default);
        var tables = await db.Database
            .SqlQueryRaw<string>(
                "SELECT table_name AS `Value` FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'")
            .ToListAsync();
        // A database that served before counts on from there.
        foreach (var table in tables) await Database.ExecuteAsync($"ALTER TABLE `{table}` AUTO_INCREMENT = 1");

        var seed = new DemoSeed(store, services.GetRequiredService<BuildingClock>());
        Assert.True(await seed.RunAsync(apartments, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default));

        Assert.Equal(apartments, await db.Apartments.CountAsync());
        Assert.Equal(100m, await db.Apartments.SumAsync(a => a.Coefficient));
        Assert.True(await db.Apartments.MinAsync(a => a.Coefficient) > 0);
        Assert.Equal(
            [0, 0],
            await db.Database.SqlQueryRaw<long>(
                """
                SELECT COUNT(*) AS `Value`
                FROM charges AS c LEFT JOIN (SELECT charge_id, SUM(amount) AS applied FROM payment_applications GROUP BY charge_id) AS a
                    ON a.charge_id = c.id
                WHERE c.paid <> COALESCE(a.applied, 0)
                UNION ALL
                SELECT COUNT(*)
                FROM payments AS p LEFT JOIN (SELECT payment_id, SUM(amount) AS applied FROM payment_applications GROUP BY payment_id) AS a
                    ON a.payment_id = p.id
                WHERE p.status_id = 1 AND p.amount <> COALESCE(a.applied, 0)
                """).ToListAsync());

        // Not CHECKSUM TABLE: it adds whatever stands in the memory of a generated column that is NULL.
        var sums = new Dictionary<string, string>();
        foreach (var table in tables)
        {
            var columns = await db.Database.SqlQuery<string>(
                $"""
                SELECT column_name AS `Value` FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = {table} AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position
                """).ToListAsync();
            var row = string.Join(", ", columns.Select(column => $"COALESCE(HEX(`{column}`), '-')"));
#pragma warning disable EF1002 // Names out of the database's own catalogue.
            sums[table] = await db.Database
                .SqlQueryRaw<string>(
                    $"SELECT CONCAT(COUNT(*), ' ', COALESCE(SUM(CRC32(CONCAT_WS('|', {row}))), 0)) AS `Value` FROM `{table}`").SingleAsync();
#pragma warning restore EF1002
        }

        return sums;
    }

    [Fact]
    public async Task The_demo_is_believable_to_the_last_peso_and_is_seeded_once()
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddPortalData(
                options => options.UseDatabase(Database.ConnectionString),
                TimeZoneInfo.FindSystemTimeZoneById(BuildingClock.DefaultZone)
            )
            .BuildServiceProvider();
        var store = services.GetRequiredService<PortalStore>();
        var clock = services.GetRequiredService<BuildingClock>();
        var seed = new DemoSeed(store, clock);

        Assert.True(
            await seed.RunAsync(DemoSeed.StandardSize, new Lazy<string>("$2a$04$" + new string('x', 53)), new Progress<string>(), default)
        );
        Assert.False(await seed.RunAsync(DemoSeed.StandardSize, new Lazy<string>("-"), new Progress<string>(), default));

        await using var db = await store.OpenAsync(CurrentUser.System, default);
        if (await ModelCheck.DifferencesAsync(db, Database.ConnectionString, extras: true) is { Count: > 0 } differences)
            Assert.Fail(string.Join(Environment.NewLine, differences));
        await DemoPromises.BooksAsync(db);
        await DemoPromises.NothingIsFromTheFutureAsync(db, clock);
        await DemoPromises.NumbersAreWithoutGapsAsync(db);
        await using var scope = services.CreateAsyncScope();
        await DemoPromises.FiguresAsync(db, scope.ServiceProvider.GetRequiredService<HomeService>(), clock);
    }
}

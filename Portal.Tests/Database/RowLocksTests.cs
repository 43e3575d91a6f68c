using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Database;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

public sealed class RowLocksTests(TestDatabase database) : DatabaseTest(database)
{
    private ServiceProvider Services() => new ServiceCollection().AddLogging()
        .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc).BuildServiceProvider();

    [Fact]
    public async Task A_locked_row_is_nobody_elses_until_the_write_ends_and_its_neighbour_is_free()
    {
        await Database.ExecuteAsync("INSERT INTO towers (id, name) VALUES (1, 'A'), (2, 'B'), (3, 'C')");
        await using var services = Services();
        await services.GetRequiredService<PortalStore>().WriteAsync(CurrentUser.System, async (db, token) =>
        {
            var towers = await db.Towers.Where(t => t.Name != "B").OrderBy(t => t.Id).Take(1).ForUpdate().ToListAsync(token);
            Assert.Equal("A", Assert.Single(towers).Name);
            await db.Towers.Where(t => t.Id == 3).Select(t => t.Id).ForUpdate().SingleAsync(token);
            foreach (var taken in new[] { 1, 3 }) await Assert.ThrowsAsync<MySqlException>(() => TakeAsync(taken));
            await TakeAsync(2);
            return Result.Done;
        }, default);
        foreach (var free in new[] { 1, 2, 3 }) await TakeAsync(free);

        Task TakeAsync(int id) => Database.ExecuteAsync($"SELECT id FROM towers WHERE id = {id} FOR UPDATE NOWAIT");
    }

    [Fact]
    public async Task Locking_says_whether_the_row_is_there()
    {
        await Database.ExecuteAsync("INSERT INTO facilities (id, name) VALUES (7, 'BBQ')");
        await using var services = Services();
        await services.GetRequiredService<PortalStore>().WriteAsync(CurrentUser.System, async (db, token) =>
        {
            Assert.True(await db.Facilities.LockAsync(7, token));
            Assert.False(await db.Facilities.LockAsync(8, token));
            await Assert.ThrowsAsync<MySqlException>(() =>
                Database.ExecuteAsync("SELECT id FROM facilities WHERE id = 7 FOR UPDATE NOWAIT"));
            return Result.Done;
        }, default);
    }

    [Fact]
    public async Task A_lock_outside_a_transaction_would_hold_nothing_and_is_an_error()
    {
        await using var services = Services();
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Towers.Where(t => t.Id == 1).ForUpdate().ToListAsync());
    }
}

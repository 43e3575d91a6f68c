using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Database;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

/// <summary>
/// EF Core opens a connection it finds closed, also in the middle of a transaction: the rest would go on outside it, be kept as it comes,
/// and its audit row would say that the whole was committed.
/// </summary>
public sealed class BrokenWriteTests(TestDatabase database) : DatabaseTest(database)
{
    private ServiceProvider Services() => new ServiceCollection().AddLogging()
        .AddPortalData(options => options.UseDatabase(Database.ConnectionString), TimeZoneInfo.Utc).BuildServiceProvider();

    [Fact]
    public async Task A_write_whose_connection_breaks_between_two_statements_is_done_whole()
    {
        await using var services = Services();
        var attempts = 0;
        var written = await services.GetRequiredService<PortalStore>().WriteAsync(CurrentUser.System, async (db, token) =>
        {
            db.Add(new Tower { Name = "First" });
            await db.SaveChangesAsync(token);
            if (++attempts == 1) await BreakAsync(db);
            db.Add(new Tower { Name = "Second" });
            return Result.Done;
        }, default);
        Assert.True(written.Ok);
        Assert.Equal(2, attempts);
        Assert.Equal(["First", "Second"], await TowersAsync(services));
    }

    [Fact]
    public async Task A_context_that_lost_a_transaction_is_as_new_when_it_is_opened_again()
    {
        await using var services = Services();
        var store = services.GetRequiredService<PortalStore>();
        for (var round = 0; round < 3; round++)
        {
            var broken = await store.WriteAsync(CurrentUser.System, async (db, _) =>
            {
                await BreakAsync(db);
                return Result<bool>.Refused(new Error("no"));
            }, default);
            Assert.False(broken.Ok);
            Assert.Empty(await TowersAsync(services));
        }

        await using var saving = await store.OpenAsync(CurrentUser.System, default);
        saving.Add(new Tower { Name = "Alone" });
        await saving.SaveChangesAsync();
        await BreakAsync(saving);
        Assert.Equal(1, await saving.Towers.CountAsync());
    }

    /// <summary>As the reader of the live feed takes them: one that came from a write stood still for twenty seconds.</summary>
    [Fact]
    public async Task A_context_that_wrote_is_as_new_for_who_takes_it_straight_from_the_pool()
    {
        await using var services = Services();
        var store = services.GetRequiredService<PortalStore>();
        Assert.True((await store.WriteAsync(CurrentUser.System, (db, _) =>
        {
            db.Add(new Tower { Name = "Only" });
            return Task.FromResult(Result.Done);
        }, default)).Ok);
        var contexts = services.GetRequiredService<IDbContextFactory<PortalDb>>();
        List<PortalDb> pooled = [];
        for (var one = 0; one < 4; one++) pooled.Add(await contexts.CreateDbContextAsync());
        foreach (var db in pooled)
        {
            Assert.Same(CurrentUser.Nobody, db.Actor);
            Assert.False(db.InTransaction);
            Assert.Null(db.Operation);
            Assert.Equal(1, await db.Towers.CountAsync());
        }

        foreach (var db in pooled) await db.DisposeAsync();
    }

    /// <summary>Ends the session of the context and lets its driver notice.</summary>
    private async Task BreakAsync(PortalDb db)
    {
        await db.Database.OpenConnectionAsync();
        var id = await db.Database.SqlQuery<long>($"SELECT CONNECTION_ID() AS Value").SingleAsync();
        await Database.ExecuteAsync($"KILL {id}");
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "SELECT SLEEP(5)";
            command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
            await command.ExecuteScalarAsync();
        });
        if (db.Database.CurrentTransaction is null) await db.Database.CloseConnectionAsync();
    }

    private static async Task<List<string>> TowersAsync(ServiceProvider services)
    {
        await using var db = await services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default);
        return await db.Towers.OrderBy(t => t.Name).Select(t => t.Name).ToListAsync();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Tests.MySql;

public sealed class ContextTests(ProviderDatabase database) : LibraryTest(database)
{
    private static readonly Func<LibraryDb, string, Task<int>> CountByName =
        EF.CompileAsyncQuery((LibraryDb db, string start) => db.Authors.Count(x => x.Name.StartsWith(start)));

    private static readonly Func<LibraryDb, int, IAsyncEnumerable<string>> FirstNames =
        EF.CompileAsyncQuery((LibraryDb db, int count) => db.Authors.OrderBy(x => x.Name).Take(count).Select(x => x.Name));

    [Fact]
    public async Task Compiled_queries_take_new_values_each_time()
    {
        await SaveAsync(Author("a%1"), Author("a2"), Author("b1"));
        await using var db = Open();
        Assert.Equal((2, 1, 1), (await CountByName(db, "a"), await CountByName(db, "a%"), await CountByName(db, "b")));
        List<string> names = [];
        await foreach (var name in FirstNames(db, 2))
        {
            names.Add(name);
        }

        Assert.Equal(["a%1", "a2"], names);
    }

    [Fact]
    public async Task Contexts_from_a_pool_start_clean()
    {
        await using var services = new ServiceCollection()
            .AddPooledDbContextFactory<LibraryDb>(options => options.UseMySql(Database.ConnectionString + ";Maximum Pool Size=4", mysql => mysql.EnableRetryOnFailure()))
            .BuildServiceProvider();
        var factory = services.GetRequiredService<IDbContextFactory<LibraryDb>>();
        await using (var db = await factory.CreateDbContextAsync())
        {
            db.Add(Author("a"));
            await db.SaveChangesAsync();
            db.Database.SetCommandTimeout(7);
            await db.Database.OpenConnectionAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            await using var db = await factory.CreateDbContextAsync();
            Assert.Empty(db.ChangeTracker.Entries());
            Assert.Null(db.Database.GetCommandTimeout());
            Assert.Null(db.Database.CurrentTransaction);
            Assert.Equal("a", (await db.Authors.SingleAsync()).Name);
        }));
    }

    [Fact]
    public async Task Each_job_takes_the_trips_it_must_and_no_more()
    {
        var log = new SqlLog();
        await using var db = Open(log);
        async Task<int> TripsAsync(Func<Task> work)
        {
            log.Commands.Clear();
            await work();
            return log.Commands.Count;
        }

        var author = Author("a", Book("1"), Book("2"));
        Assert.Equal(2, await TripsAsync(() => { db.Add(author); return db.SaveChangesAsync(); }));
        Assert.Equal(1, await TripsAsync(() => { author.Name = "b"; return db.SaveChangesAsync(); }));
        Assert.Equal(0, await TripsAsync(() => db.SaveChangesAsync()));
        Assert.Equal(1, await TripsAsync(() => db.Authors.Include(x => x.Books).ToListAsync()));
        Assert.Equal(2, await TripsAsync(() => db.Authors.Include(x => x.Books).AsSplitQuery().ToListAsync()));
        Assert.Equal(1, await TripsAsync(() => db.Books.ExecuteUpdateAsync(s => s.SetProperty(x => x.Pages, 1))));
        Assert.Equal(1, await TripsAsync(() => { db.RemoveRange(author.Books); return db.SaveChangesAsync(); }));
    }

    [Fact]
    public async Task The_database_is_looked_at_but_never_created_or_dropped()
    {
        await using var db = Open();
        Assert.True(await db.Database.CanConnectAsync());
        Assert.False(await db.Database.EnsureCreatedAsync());
        await Assert.ThrowsAsync<NotSupportedException>(() => db.Database.EnsureDeletedAsync());
        Assert.Throws<NotSupportedException>(() => db.Database.GenerateCreateScript());
        await Assert.ThrowsAsync<NotSupportedException>(() => db.Database.GetAppliedMigrationsAsync());
        Assert.True(db.Database.IsRelational());
    }

    [Fact]
    public async Task Two_queries_at_once_on_one_context_are_refused()
    {
        await using var db = Open();
        var first = db.Database.SqlQueryRaw<int>("SELECT SLEEP(0.3) AS Value").SingleAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Authors.CountAsync());
        await first;
    }
}

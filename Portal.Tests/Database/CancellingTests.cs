using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data.Database;

namespace Portal.Tests.Database;

public sealed class CancellingTests(LibraryDatabase database) : LibraryTest(database)
{
    // Minutes of work for either server. (A killed SLEEP answers 1 on MySQL, as if it had slept.)
    private const string Endless =
        "SELECT COUNT(*) AS Value FROM books a JOIN books b JOIN books c JOIN books d JOIN books e WHERE a.title <> CONCAT(b.title, c.title, d.title, e.title)";

    private const string ManyRows =
        "SELECT a.id * 1000 + b.id AS Value FROM books a JOIN books b JOIN books c JOIN books d WHERE a.title <> CONCAT(b.title, c.title, d.title)";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await SaveAsync(Author("a", [.. Enumerable.Range(0, 120).Select(i => Book($"book {i}"))]));
    }

    [Fact]
    public async Task A_cancelled_token_stops_a_running_query_at_once()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        var id = await ConnectionIdAsync(db);
        var watch = Stopwatch.StartNew();
        using var cancel = new CancellationTokenSource(300);
        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.Database.SqlQueryRaw<long>(Endless).SingleAsync(cancel.Token));
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.InRange(watch.ElapsedMilliseconds, 250, 5000);
        await IsUsableAsync(db, id);
    }

    [Fact]
    public async Task A_token_cancelled_beforehand_sends_nothing()
    {
        var log = new SqlLog();
        await using var db = Open(log);
        await db.Database.OpenConnectionAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.Books.CountAsync(new CancellationToken(canceled: true)));
        await IsUsableAsync(db, await ConnectionIdAsync(db));
    }

    [Fact]
    public async Task A_cancelled_token_stops_the_reading_of_rows()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        var id = await ConnectionIdAsync(db);
        using var cancel = new CancellationTokenSource();
        var watch = Stopwatch.StartNew();
        var rows = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var row in db.Database.SqlQueryRaw<long>(ManyRows).AsAsyncEnumerable().WithCancellation(cancel.Token))
            {
                if (++rows == 10)
                {
                    await cancel.CancelAsync();
                }
            }
        });
        Assert.InRange(watch.ElapsedMilliseconds, 0, 10_000);
        await IsUsableAsync(db, id);
    }

    [Fact]
    public async Task A_cancelled_save_leaves_nothing_behind()
    {
        await using var holder = Open();
        await using var holding = await holder.Database.BeginTransactionAsync();
        await holder.Database.ExecuteSqlAsync($"UPDATE authors SET country = 'XX'");

        await using var db = Open();
        db.Add(Author("new"));
        (await db.Authors.SingleAsync()).Country = "YY";
        using var cancel = new CancellationTokenSource(300);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.SaveChangesAsync(cancel.Token));
        await holding.RollbackAsync();
        Assert.Equal([null], await holder.Authors.AsNoTracking().Select(x => x.Country).ToListAsync());
        await db.SaveChangesAsync();
        Assert.Equal(2, await holder.Authors.AsNoTracking().CountAsync());
    }

    [Fact]
    public async Task A_command_over_its_time_is_stopped_and_says_how_to_help()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        var id = await ConnectionIdAsync(db);
        db.Database.SetCommandTimeout(1);
        var watch = Stopwatch.StartNew();
        await TimesOutAsync(() => db.Database.SqlQueryRaw<long>(Endless).SingleAsync());
        Assert.InRange(watch.ElapsedMilliseconds, 900, 6000);
        await IsUsableAsync(db, id);
    }

    [Fact]
    public async Task The_time_is_kept_in_synchronous_calls_too()
    {
        await using var db = Open();
        db.Database.OpenConnection();
        db.Database.SetCommandTimeout(1);
        Assert.True(TransientErrors.IsTimeOut(Assert.Throws<MySqlException>(() => db.Database.SqlQueryRaw<long>(Endless).Single())));
        Assert.Throws<MySqlException>(() => db.Database.ExecuteSqlRaw("UPDATE authors SET country = IF((" + Endless + ") = 1, 'XX', 'YY')"));
        Assert.Equal(120, db.Books.Count());
    }

    [Fact]
    public async Task A_time_out_of_the_whole_context_comes_from_the_options()
    {
        await using var db = Database.Library(configure: mysql => mysql.CommandTimeout(1));
        await TimesOutAsync(() => db.Database.SqlQueryRaw<long>(Endless).SingleAsync());
        await using var slow = Database.Library(configure: mysql => mysql.CommandTimeout(0));
        Assert.Equal(0, await slow.Database.SqlQueryRaw<int>("SELECT SLEEP(1.5) AS Value").SingleAsync());
    }

    [Fact]
    public async Task A_time_out_is_not_taken_for_a_lost_connection_and_repeated()
    {
        await using var db = Database.Library(configure: mysql => mysql.CommandTimeout(1), retries: true);
        var watch = Stopwatch.StartNew();
        await TimesOutAsync(() => db.Database.SqlQueryRaw<long>(Endless).SingleAsync());
        Assert.InRange(watch.ElapsedMilliseconds, 900, 6000);
    }

    [Fact]
    public async Task A_reader_that_takes_its_time_between_rows_is_left_in_peace()
    {
        await using var db = Open();
        db.Database.SetCommandTimeout(1);
        var rows = 0;
        await foreach (var book in db.Books.AsAsyncEnumerable())
        {
            rows++;
            await Task.Delay(rows <= 2 ? 800 : 0);
        }

        Assert.Equal(120, rows);
    }

    [Fact]
    public async Task Many_tasks_share_a_small_pool_without_blocking_threads()
    {
        var ran = await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            await using var db = Database.Library(more: ";Maximum Pool Size=3;Connection Timeout=30");
            return await db.Database.SqlQuery<int>($"SELECT SLEEP(0.02) + {i} AS Value").SingleAsync();
        }));
        Assert.Equal(Enumerable.Range(0, 60), ran);
    }

    [Fact]
    public async Task An_exhausted_pool_says_so_and_recovers()
    {
        const string Small = ";Maximum Pool Size=2;Connection Timeout=1";
        await using var first = Database.Library(more: Small);
        await using var second = Database.Library(more: Small);
        await using var third = Database.Library(more: Small);
        await first.Database.OpenConnectionAsync();
        await second.Database.OpenConnectionAsync();
        await TimesOutAsync(() => third.Books.CountAsync());
        using var cancel = new CancellationTokenSource(100);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third.Books.CountAsync(cancel.Token));
        await first.Database.CloseConnectionAsync();
        Assert.Equal(120, await third.Books.CountAsync());
    }

    [Fact]
    public async Task Every_way_a_connection_can_end_gives_its_place_back()
    {
        const string Single = ";Maximum Pool Size=1;Connection Timeout=5";
        for (var round = 0; round < 3; round++)
        {
            await using (var db = Database.Library(more: Single))
            {
                using var cancel = new CancellationTokenSource(50);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.Database.SqlQueryRaw<long>(Endless).SingleAsync(cancel.Token));
            }

            await using (var db = Database.Library(more: Single))
            {
                await Assert.ThrowsAsync<MySqlException>(() => db.Database.ExecuteSqlRawAsync("not SQL"));
            }

            await using (var db = Database.Library(more: Single))
            {
                await db.Database.BeginTransactionAsync();
                await Database.ExecuteAsync($"KILL {await ConnectionIdAsync(db)}");
                await Task.Delay(50);
                await Assert.ThrowsAsync<MySqlException>(() => db.Books.CountAsync());
            }

            await using (var db = Database.Library(more: Single))
            {
                await foreach (var book in db.Books.AsAsyncEnumerable())
                {
                    break;
                }
            }

            using (var db = Database.Library(more: Single))
            {
                Assert.Equal(120, db.Books.Count());
                db.Database.OpenConnection();
            }
        }

        await using var last = Database.Library(more: Single);
        Assert.Equal(120, await last.Books.CountAsync());
    }

    [Fact]
    public async Task A_server_that_refuses_gives_its_place_back_too()
    {
        var wrong = Database.ConnectionString.Replace("Database=", "Database=missing_", StringComparison.Ordinal) + ";Maximum Pool Size=1;Connection Timeout=2";
        var options = new DbContextOptionsBuilder<LibraryDb>().UseDatabase(wrong).Options;
        for (var i = 0; i < 3; i++)
        {
            await using var db = new LibraryDb(options);
            await Assert.ThrowsAsync<MySqlException>(() => db.Books.CountAsync());
            Assert.False(await db.Database.CanConnectAsync());
        }
    }

    private static async Task TimesOutAsync<T>(Func<Task<T>> work)
    {
        var error = await Assert.ThrowsAsync<MySqlException>(work);
        Assert.True(TransientErrors.IsTimeOut(error), error.ToString());
        Assert.False(TransientErrors.IsLostConnection(error));
    }

    private static async Task IsUsableAsync(LibraryDb db, long id)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(120, await db.Books.CountAsync());
        }

        Assert.Equal(id, await ConnectionIdAsync(db));
    }

    private static Task<long> ConnectionIdAsync(LibraryDb db) => db.Database.SqlQuery<long>($"SELECT CONNECTION_ID() AS Value").SingleAsync();
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

public sealed class SessionTests(LibraryDatabase database) : LibraryTest(database)
{
    private const string State = "SELECT CONCAT_WS('|', @@sql_mode, @@time_zone, @@collation_connection, @@character_set_client) AS Value";

    private static string Wanted =>
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
        + (TestServer.IsMySql ? ",TIME_TRUNCATE_FRACTIONAL" : "") + "|+00:00|utf8mb4_unicode_ci|utf8mb4";

    [Fact]
    public async Task Every_session_is_strict_in_UTC_and_in_one_collation()
    {
        await using var db = Open();
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
        await using var schema = await SchemaConnection.OpenAsync(Database.ConnectionString, CancellationToken.None);
        Assert.Equal(Wanted, await schema.ScalarAsync(State, CancellationToken.None));
    }

    [Fact]
    public async Task A_date_of_zeros_that_another_program_wrote_hides_no_row()
    {
        await Database.ExecuteAsync(
            """
            SET SESSION sql_mode = '';
            INSERT INTO authors (id, name, born) VALUES (71, 'Zero', '0000-00-00'), (72, 'Ana', '1960-02-29');
            INSERT INTO books (id, author_id, title, pages, price, genre, in_print) VALUES (71, 71, 'Nothing', 1, 1, 'Novel', 1);
            INSERT INTO loans (book_id, reader, taken_at) VALUES (71, 'Zero', '0000-00-00 00:00:00'), (71, 'Ana', '2026-11-20 10:00:00')
            """);
        await using var db = Open();
        Assert.Equal([DateOnly.MinValue, new DateOnly(1960, 2, 29)], await db.Authors.OrderBy(a => a.Id).Select(a => a.Born).ToListAsync());
        Assert.Equal(
            [DateTime.MinValue, new DateTime(2026, 11, 20, 10, 0, 0)], (await db.Loans.OrderBy(l => l.Id).ToListAsync()).Select(l => l.TakenAt));
    }

    [Fact]
    public async Task A_new_physical_connection_is_set_up_again()
    {
        const string Single = ";Maximum Pool Size=7";
        await using var db = Database.Library(more: Single);
        var id = await db.Database.SqlQueryRaw<long>("SELECT CONNECTION_ID() AS Value").SingleAsync();
        await Database.ExecuteAsync($"KILL {id}");
        await Task.Delay(100);
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
    }

    [Fact]
    public async Task What_the_last_user_of_a_connection_changed_is_back()
    {
        const string Single = ";Maximum Pool Size=1";
        await using var db = Database.Library(more: Single);
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("SET SESSION time_zone = '+01:00'; SET @`current_user_id` = 7; SET SESSION sql_mode = ''");
        await db.Database.CloseConnectionAsync();
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
        Assert.Null(await db.Database.SqlQueryRaw<int?>("SELECT @`current_user_id` AS Value").SingleAsync());
    }

    [Fact]
    public async Task What_a_transaction_said_of_its_session_does_not_reach_who_only_reads_after_it()
    {
        const string Single = ";Maximum Pool Size=5";
        var isolation = TestServer.IsMySql ? "SELECT @@transaction_isolation AS Value" : "SELECT @@tx_isolation AS Value";
        await using var db = Database.Library(more: Single);
        await using (var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted))
        {
            await db.Database.ExecuteSqlRawAsync("CREATE TEMPORARY TABLE mine (id INT); SET @`current_user_id` = 7");
            await transaction.CommitAsync();
        }

        Assert.Equal("REPEATABLE-READ", await db.Database.SqlQueryRaw<string>(isolation).SingleAsync());
        Assert.Null(await db.Database.SqlQueryRaw<int?>("SELECT @`current_user_id` AS Value").SingleAsync());
        await Assert.ThrowsAsync<MySqlConnector.MySqlException>(
            () => db.Database.SqlQueryRaw<int>("SELECT COUNT(*) AS Value FROM mine").SingleAsync());
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
    }

    [Fact]
    public async Task After_a_transaction_alone_the_isolation_of_its_session_is_back()
    {
        const string Single = ";Maximum Pool Size=8";
        var isolation = TestServer.IsMySql ? "SELECT @@transaction_isolation AS Value" : "SELECT @@tx_isolation AS Value";
        await using var db = Database.Library(more: Single);
        await using (var transaction = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.ReadUncommitted))
        {
            Assert.Empty(await db.Authors.ToListAsync());
            await transaction.CommitAsync();
        }

        Assert.Equal("REPEATABLE-READ", await db.Database.SqlQueryRaw<string>(isolation).SingleAsync());
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
    }

    [Fact]
    public async Task Sessions_that_all_died_in_the_pool_trouble_nobody()
    {
        const string Few = ";Maximum Pool Size=4";
        var contexts = Enumerable.Range(0, 4).Select(_ => Database.Library(more: Few)).ToList();
        foreach (var db in contexts) await db.Database.OpenConnectionAsync();
        List<long> ids = [];
        foreach (var db in contexts) ids.Add(await db.Database.SqlQueryRaw<long>("SELECT CONNECTION_ID() AS Value").SingleAsync());
        await contexts[0].Database.ExecuteSqlAsync($"SET @`current_user_id` = {7}");
        foreach (var db in contexts) await db.DisposeAsync();
        foreach (var id in ids) await Database.ExecuteAsync($"KILL {id}");
        await Task.Delay(100);

        // A context of tests repeats nothing.
        for (var i = 0; i < 4; i++)
        {
            await using var db = Database.Library(more: Few);
            Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
            Assert.DoesNotContain(await db.Database.SqlQueryRaw<long>("SELECT CONNECTION_ID() AS Value").SingleAsync(), ids);
        }
    }

    [Fact]
    public async Task Who_only_reads_is_given_a_session_as_it_is()
    {
        const string Single = ";Maximum Pool Size=3";
        await using var db = Database.Library(more: Single);
        Assert.Equal([5], await db.Database.SqlQueryRaw<long>("SELECT @mark := 5 AS Value").ToListAsync());
        for (var i = 0; i < 3; i++) Assert.Empty(await db.Authors.ToListAsync());
        Assert.Equal([5], await db.Database.SqlQueryRaw<long?>("SELECT @mark AS Value").ToListAsync());

        // Not so after a write.
        await db.Authors.Where(a => a.Name == "nobody").ExecuteDeleteAsync();
        Assert.Equal([null], await db.Database.SqlQueryRaw<long?>("SELECT @mark AS Value").ToListAsync());
    }

    [Fact]
    public async Task What_a_column_cannot_hold_is_cut_and_not_rounded_into_the_next_day()
    {
        await SaveAsync(Author("a", Book("b")));
        await using var db = Open();
        var late = new DateTime(2026, 12, 31, 23, 59, 59, 900);
        db.Add(new Loan { BookId = (await db.Books.SingleAsync()).Id, Reader = "r", TakenAt = late, CreatedAt = late });
        await db.SaveChangesAsync();
        var loan = await db.Loans.AsNoTracking().SingleAsync();
        Assert.Equal((new DateTime(2026, 12, 31, 23, 59, 59), new DateTime(2026, 12, 31, 23, 59, 59)), (loan.TakenAt, loan.CreatedAt!.Value));
    }

    [Fact]
    public async Task An_abandoned_transaction_does_not_reach_the_next_user_of_the_connection()
    {
        const string Single = ";Maximum Pool Size=6";
        await using (var db = Database.Library(more: Single))
        {
            await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.Serializable);
            db.Add(Author("abandoned"));
            await db.SaveChangesAsync();
        }

        await using (var db = Database.Library(more: Single))
        {
            db.Add(Author("next"));
            await db.SaveChangesAsync();
            var isolation = TestServer.IsMySql ? "SELECT @@transaction_isolation AS Value" : "SELECT @@tx_isolation AS Value";
            Assert.Equal("REPEATABLE-READ", await db.Database.SqlQueryRaw<string>(isolation).SingleAsync());
        }

        await using var fresh = Open();
        Assert.Equal(["next"], await fresh.Authors.Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task A_variable_for_triggers_is_written_with_backticks()
    {
        await using var db = Open();
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlAsync($"SET @`current_user_id` = {5}");
        Assert.Equal(5, await db.Database.SqlQueryRaw<int>("SELECT @`current_user_id` AS Value").SingleAsync());
        await db.Database.ExecuteSqlAsync($"SET @`current_user_id` = {null}");
        Assert.Null(await db.Database.SqlQueryRaw<int?>("SELECT @`current_user_id` AS Value").SingleAsync());
    }
}

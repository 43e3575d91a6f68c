using Microsoft.EntityFrameworkCore;
using Portal.Data.MySql;
using Portal.Tests.Server;

namespace Portal.Tests.MySql;

public sealed class SessionTests(ProviderDatabase database) : LibraryTest(database)
{
    private const string State = "SELECT CONCAT_WS('|', @@sql_mode, @@time_zone, @@collation_connection, @@character_set_client) AS Value";

    private const string Wanted =
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION|+00:00|utf8mb4_unicode_ci|utf8mb4";

    [Fact]
    public async Task Every_session_is_strict_in_UTC_and_in_one_collation()
    {
        await using var db = Open();
        Assert.Equal(Wanted, await db.Database.SqlQueryRaw<string>(State).SingleAsync());
        await using var session = await MySqlSession.OpenAsync(Database.ConnectionString);
        Assert.Equal(Wanted, await session.ScalarAsync(State));
        await using var scripts = await MySqlSession.OpenForScriptsAsync(Database.ConnectionString);
        Assert.Equal(Wanted, await scripts.ScalarAsync(State));
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
    public async Task The_set_up_is_sent_once_per_physical_connection()
    {
        const string Single = ";Maximum Pool Size=5";
        await using var db = Database.Library(more: Single);
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync("SET SESSION time_zone = '+01:00'");
        await db.Database.CloseConnectionAsync();

        // Had it been sent again, what was changed by hand would be back.
        Assert.Contains("+01:00", await db.Database.SqlQueryRaw<string>(State).SingleAsync(), StringComparison.Ordinal);
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

    [Fact]
    public async Task Raw_SQL_outside_a_context_runs_behind_the_same_guards()
    {
        await using var session = await MySqlSession.OpenAsync(Database.ConnectionString);
        await using (var transaction = await session.BeginAsync())
        {
            Assert.Equal(1, await session.ExecuteAsync(
                "INSERT INTO authors (name, born) VALUES (@name, @born)",
                new Dictionary<string, object?> { ["name"] = "it's", ["born"] = new DateOnly(2000, 2, 29) }));
            await transaction.CommitAsync();
        }

        Assert.Equal(
            [("it's", new DateTime(2000, 2, 29), true)],
            await session.QueryAsync("SELECT name, born, country IS NULL FROM authors", row => (row.GetString(0), row.GetDateTime(1), row.GetBoolean(2))));
        Assert.Null(await session.ScalarAsync("SELECT country FROM authors WHERE name = @name", new Dictionary<string, object?> { ["name"] = "it's" }));

        session.CommandTimeout = 1;
        const string Endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT COUNT(*) FROM n a JOIN n b JOIN n c JOIN n d WHERE a.i <> b.i + c.i * d.i";
        await Assert.ThrowsAsync<TimeoutException>(() => session.ScalarAsync(Endless));
        session.CommandTimeout = 30;
        using var cancel = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => session.QueryAsync(Endless, row => row.GetInt64(0), ct: cancel.Token));
        Assert.Equal(1L, await session.ScalarAsync("SELECT COUNT(*) FROM authors"));
    }

    [Fact]
    public async Task A_session_waits_for_its_place_in_the_pool()
    {
        var small = Database.ConnectionString + ";Maximum Pool Size=1;Connection Timeout=1";
        await using (await MySqlSession.OpenAsync(small))
        {
            await Assert.ThrowsAsync<TimeoutException>(() => MySqlSession.OpenAsync(small));
            await using var scripts = await MySqlSession.OpenForScriptsAsync(small);
            Assert.Equal(2, Convert.ToInt32(await scripts.ScalarAsync("SET @x = 1; SELECT @x + 1"), System.Globalization.CultureInfo.InvariantCulture));
        }

        await using var next = await MySqlSession.OpenAsync(small);
        Assert.Equal("free", await next.ScalarAsync("SELECT 'free'"));
    }
}

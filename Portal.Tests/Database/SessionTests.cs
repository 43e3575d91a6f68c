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

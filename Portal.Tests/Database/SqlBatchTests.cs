using Microsoft.EntityFrameworkCore;
using MySqlConnector;
using Portal.Data;
using Portal.Data.Database;
using Portal.Tests.Server;

namespace Portal.Tests.Database;

public sealed class SqlBatchTests(TestDatabase database) : DatabaseTest(database)
{
    private PortalDb Open() => new(new DbContextOptionsBuilder<PortalDb>().UseDatabase(Database.ConnectionString).Options);

    [Fact]
    public async Task A_failure_of_the_last_statement_is_heard()
    {
        await using var db = Open();
        var towers = 0;
        var batch = new SqlBatch()
            .Select($"SELECT COUNT(*) FROM towers", row => towers = row.GetInt32(0))
            .Then($"INSERT INTO towers (id, name) VALUES ({1}, {"A"})")
            .Then($"INSERT INTO towers (id, name) VALUES ({1}, {"B"})");
        var error = await Assert.ThrowsAsync<MySqlException>(() => batch.RunAsync(db, CancellationToken.None));
        Assert.Equal(1062, error.Number);
    }

    [Fact]
    public async Task Everything_is_asked_in_one_trip_and_answered_in_its_order()
    {
        await Database.ExecuteAsync("INSERT INTO towers (id, name) VALUES (1, 'A'), (2, 'B'), (3, 'C')");
        await using var db = Open();
        List<string> some = [], none = [];
        await new SqlBatch()
            .Select($"SELECT name FROM towers WHERE id IN ({new List<long> { 1, 3 }}) ORDER BY id", row => some.Add(row.GetString(0)))
            .Select($"SELECT name FROM towers WHERE id IN ({new List<long>()})", row => none.Add(row.GetString(0)))
            .RunAsync(db, CancellationToken.None);
        Assert.Equal(["A", "C"], some);
        Assert.Empty(none);
    }
}

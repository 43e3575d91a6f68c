using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

public sealed class MigratorTests : IAsyncLifetime
{
    private EmptyDatabase _database = null!;

    public async Task InitializeAsync() => _database = await EmptyDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task An_empty_database_gets_every_migration_once()
    {
        var first = await ApplyAsync(Migration.BuiltIn);
        var second = await ApplyAsync(Migration.BuiltIn);

        Assert.Equal(Migration.BuiltIn.Select(migration => migration.FileName), first.Applied);
        Assert.False(first.Adopted);
        Assert.Empty(second.Applied);
        Assert.Equal(
            Migration.BuiltIn.Count,
            await CountAsync("SELECT COUNT(*) FROM schema_version WHERE finished_at >= started_at AND statements_done > 0")
        );
    }

    [Fact]
    public async Task The_documented_default_rows_have_the_documented_ids()
    {
        await ApplyAsync([Migration.BuiltIn[0]]);

        Assert.Equal(
            4,
            await CountAsync("SELECT COUNT(*) FROM roles WHERE (id, name) IN ((1,'Admin'),(2,'Staff'),(3,'Owner'),(4,'Security'))")
        );
        Assert.Equal(
            5,
            await CountAsync(
                "SELECT COUNT(*) FROM payment_methods WHERE (id, name) IN ((1,'Cash'),(2,'Bank Transfer'),(3,'Credit Card'),(4,'Debit Card'),(5,'Check'))"
            )
        );
        Assert.Equal(
            33,
            await CountAsync(
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> 'schema_version'"
            )
        );
    }

    [Fact]
    public async Task Changing_a_role_behind_the_portals_back_is_recorded_by_the_trigger()
    {
        await ApplyAsync([Migration.BuiltIn[0]]);
        await _database.ExecuteAsync("""
            INSERT INTO users (id, username, password, user_status_id, role_id) VALUES (7, 'ana', 'x', 1, 3);
            SET @current_user_id = 42; UPDATE users SET role_id = 2 WHERE id = 7; UPDATE users SET username = 'ana maria' WHERE id = 7
            """);

        Assert.Equal(1, await CountAsync("SELECT COUNT(*) FROM audit_log"));
        Assert.Equal(
            1,
            await CountAsync(
                "SELECT COUNT(*) FROM audit_log WHERE table_name = 'users' AND record_id = 7 AND action = 'role_change' AND old_value = '3' AND new_value = '2' AND user_id = 42"
            )
        );
    }

    [Fact]
    public async Task Two_portals_starting_at_once_apply_each_migration_once()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ApplyAsync(Migration.BuiltIn))));

        Assert.Single(outcomes, outcome => outcome.Applied.Count == Migration.BuiltIn.Count);
        Assert.Equal(3, outcomes.Count(outcome => outcome.Applied.Count == 0));
    }

    [Fact]
    public async Task An_edited_old_file_stops_with_its_name()
    {
        await ApplyAsync([First]);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() =>
            ApplyAsync([Migration.Parse(First.FileName, First.Text + "\n-- edited")])
        );

        Assert.Contains("0001_first.sql was edited", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_changed_by_a_checkout_are_no_edit()
    {
        await ApplyAsync([First]);

        var outcome = await ApplyAsync([Migration.Parse(First.FileName, First.Text.ReplaceLineEndings("\r\n"))]);

        Assert.Empty(outcome.Applied);
    }

    [Fact]
    public async Task A_database_that_a_newer_version_widened_is_served_and_one_that_it_narrowed_is_not()
    {
        var second = Second("CREATE TABLE second (id INT PRIMARY KEY)");
        await ApplyAsync([First, second]);
        var outcome = await ApplyAsync([First]);
        Assert.Equal(("0002_second.sql", 0), (outcome.Newer, outcome.Applied.Count));

        await ApplyAsync([First, second, Migration.Parse("0003_third.sql", "-- narrows: nobody reads it since 0002\nDROP TABLE first;")]);
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, second]));

        Assert.Contains("newer version, and what it takes away is needed here", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_that_stopped_half_way_stops_an_older_one()
    {
        await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, Second("CREATE TABLE second (id INT PRIMARY KEY); nonsense;")]));

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First]));

        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_of_an_older_version_is_widened()
    {
        await ApplyAsync([First]);
        await _database.ExecuteAsync("ALTER TABLE schema_version DROP COLUMN narrows");

        await ApplyAsync([First, Second("CREATE TABLE second (id INT PRIMARY KEY)")]);

        Assert.Equal(1, await CountAsync("SELECT SUM(narrows) FROM schema_version"));
    }

    [Fact]
    public async Task A_removed_row_is_a_gap()
    {
        await ApplyAsync([First, Second("CREATE TABLE second (id INT PRIMARY KEY)")]);
        await _database.ExecuteAsync("DELETE FROM schema_version WHERE number = 1");

        var refusal = await Assert.ThrowsAsync<SchemaException>(() =>
            ApplyAsync([First, Second("CREATE TABLE second (id INT PRIMARY KEY)")])
        );

        Assert.Contains("no row for migration 0001", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_a_gap()
    {
        var folder = Directory.CreateTempSubdirectory("portal-migrations-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "0001_first.sql"), First.Text);
        await File.WriteAllTextAsync(Path.Combine(folder, "0003_third.sql"), First.Text);

        var refusal = Assert.Throws<SchemaException>(() => Migration.FromFolder(folder));

        Assert.Contains("Migration 0002 is missing", refusal.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_failing_statement_stops_the_file_and_resume_goes_on_from_it()
    {
        var broken = Second(
            "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1); INSERT INTO a VALUES (2);"
        );
        var corrected = Second(
            "CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1); INSERT INTO a VALUES (9); INSERT INTO a VALUES (2);"
        );

        var failure = await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, broken]));
        var refusal = await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, corrected]));
        var outcome = await ApplyAsync([First, corrected], resume: true);

        Assert.Contains("0002_second.sql, statement 3 of 4, failed", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-- migrate --resume", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["0002_second.sql"], outcome.Applied);
        Assert.Equal(12, await CountAsync("SELECT SUM(id) FROM a"));
        Assert.Empty((await ApplyAsync([First, corrected])).Applied);
    }

    [Fact]
    public async Task Resuming_with_a_changed_earlier_statement_is_refused()
    {
        await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, Second("CREATE TABLE a (id INT PRIMARY KEY); nonsense;")]));

        var refusal = await Assert.ThrowsAsync<SchemaException>(() =>
            ApplyAsync([First, Second("CREATE TABLE b (id INT PRIMARY KEY); SELECT 1;")], resume: true)
        );

        Assert.Contains("already run", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_killed_between_a_statement_and_its_record_does_not_run_it_twice()
    {
        var second = Second("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY); INSERT INTO b VALUES (1);");
        await ApplyAsync([First, second]);
        // What the kill leaves: b exists, the ledger only knows that it was being made.
        await _database.ExecuteAsync("""
            DELETE FROM b; UPDATE schema_version SET finished_at = NULL, statements_done = 1, statement_running = 1, progress_checksum = 
            """ + $"'{second.ChecksumOf(1)}' WHERE number = 2");

        await ApplyAsync([First, second], resume: true);

        Assert.Equal(1, await CountAsync("SELECT COUNT(*) FROM b"));
    }

    [Fact]
    public async Task A_table_that_was_there_before_is_not_taken_for_the_migrations_own()
    {
        await _database.ExecuteAsync("CREATE TABLE a (other INT)");
        var second = Second("CREATE TABLE a (id INT PRIMARY KEY)");
        await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, second]));

        await Assert.ThrowsAsync<SchemaException>(() => ApplyAsync([First, second], resume: true));

        await _database.ExecuteAsync("DROP TABLE a");
        await ApplyAsync([First, second], resume: true);
        Assert.Equal(0, await CountAsync("SELECT COUNT(id) FROM a"));
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_created()
    {
        await _database.ExecuteAsync($"DROP DATABASE {_database.Name}");

        await ApplyAsync([First]);

        Assert.Equal(0, await CountAsync("SELECT COUNT(*) FROM first"));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_one_clear_sentence()
    {
        var nowhere = new Migrator("Server=127.0.0.1;Port=1;Database=portal;User ID=x", NullLogger<Migrator>.Instance, [First]);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => nowhere.ApplyAsync());

        Assert.StartsWith("The database portal on 127.0.0.1:1 cannot be opened: ", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith("Check ConnectionStrings__Portal, and that the server runs.", refusal.Message, StringComparison.Ordinal);
    }

    private static Migration First { get; } = Migration.Parse("0001_first.sql", "CREATE TABLE first (id INT PRIMARY KEY);");

    private static Migration Second(string sql) => Migration.Parse("0002_second.sql", sql);

    private Task<MigrationOutcome> ApplyAsync(IReadOnlyList<Migration> migrations, bool resume = false) =>
        new Migrator(_database.ConnectionString, NullLogger<Migrator>.Instance, migrations).ApplyAsync(resume);

    private async Task<long> CountAsync(string sql)
    {
        await using var connection = new MySqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync());
    }
}

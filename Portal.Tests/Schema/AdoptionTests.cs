using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>Databases as older installations have them: built from the document's own SQL, with rows.</summary>
public sealed class AdoptionTests(TestDatabase migrated) : IClassFixture<TestDatabase>
{
    private const string Tables = "documented_tables.sql", Indexes = "documented_indexes.sql", Rows = "older_rows.sql";

    [Theory]
    [InlineData("CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", Tables, Rows)]
    [InlineData("CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", Tables, Indexes, Rows)]
    [InlineData("CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", Tables, Rows, Indexes)]
    public async Task An_older_database_gets_exactly_the_shape_of_a_new_one(string charset, params string[] scripts)
    {
        await using var older = await BuildAsync(charset, scripts);

        var outcome = await AdoptAsync(older);

        Assert.True(outcome.Adopted);
        Assert.Equal(Migration.BuiltIn.Skip(1).Select(migration => migration.FileName), outcome.Applied);
        Assert.Equal(await DescribeAsync(migrated.ConnectionString), await DescribeAsync(older.ConnectionString));
        Assert.Empty((await AdoptAsync(older)).Applied);
    }

    [Fact]
    public async Task Adopting_loses_no_row_and_changes_no_value()
    {
        await using var older = await BuildAsync("CHARACTER SET utf8mb4", Tables, Rows);
        var before = await RowsAsync(older);

        await AdoptAsync(older);

        foreach (var (row, times) in before)
        {
            Assert.Equal(times, (await RowsAsync(older)).GetValueOrDefault(row));
        }
        Assert.Contains(before.Keys, row => row.Contains("$2y$10$", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_default_rows_are_added_and_renamed_ones_kept()
    {
        await using var older = await BuildAsync("CHARACTER SET utf8mb4", Tables, Rows);

        await AdoptAsync(older);

        Assert.Equal(
            ["1 Pagado", "2 Pendiente", "3 Overdue", "4 Cancelled"],
            await ListAsync(older, "SELECT CONCAT(id, ' ', name) FROM payment_status WHERE id <= 4 ORDER BY id")
        );
        Assert.Equal(
            ["Occupied", "Available", "Under Maintenance", "Reserved"],
            await ListAsync(older, "SELECT name FROM apartment_status ORDER BY id")
        );
    }

    [Fact]
    public async Task Narrower_types_are_widened_and_undocumented_things_kept()
    {
        await using var older = await BuildAsync("CHARACTER SET utf8mb4", Tables, Rows);
        await older.ExecuteAsync("""
            SET foreign_key_checks = 0;
            ALTER TABLE payments DROP FOREIGN KEY payments_ibfk_3, MODIFY payment_method_id SMALLINT UNSIGNED, MODIFY amount DECIMAL(8,2) NOT NULL;
            ALTER TABLE users MODIFY username VARCHAR(40) NOT NULL, ADD COLUMN theme VARCHAR(10) NULL, MODIFY created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP;
            ALTER TABLE towers MODIFY floors BIGINT; ALTER TABLE guards ENGINE=MyISAM;
            UPDATE users SET theme = 'dark'; CREATE TABLE elevators (id INT PRIMARY KEY, tower_id INT NOT NULL, FOREIGN KEY (tower_id) REFERENCES towers (id));
            INSERT INTO elevators VALUES (1, 2);
            CREATE TABLE audit_log (id INT PRIMARY KEY AUTO_INCREMENT, table_name VARCHAR(30) NOT NULL, record_id INT, action VARCHAR(20) NOT NULL, old_value TEXT, new_value TEXT);
            INSERT INTO audit_log (table_name, record_id, action) VALUES ('users', 11, 'role_change')
            """);

        await AdoptAsync(older);

        var expected = (await DescribeAsync(migrated.ConnectionString)).ToHashSet();
        expected.ExceptWith(await DescribeAsync(older.ConnectionString));
        Assert.Empty(expected);
        Assert.Equal(["dark"], await ListAsync(older, "SELECT DISTINCT theme FROM users"));
        Assert.Equal(["2"], await ListAsync(older, "SELECT tower_id FROM elevators"));
        Assert.Equal(["11"], await ListAsync(older, "SELECT record_id FROM audit_log WHERE action = 'role_change'"));
    }

    [Theory]
    [InlineData("ALTER TABLE visitors DROP COLUMN purpose", "Column visitors.purpose is missing (documented as VARCHAR(255) NULL).")]
    [InlineData("DROP TABLE pets", "Table pets is missing.")]
    [InlineData("ALTER TABLE users MODIFY created_at DATETIME", "Column users.created_at is datetime, documented as timestamp")]
    [InlineData(
        "ALTER TABLE towers MODIFY name VARCHAR(300) NOT NULL; UPDATE towers SET name = REPEAT('x', 200) WHERE id = 2",
        "some values do not fit: rows with id 2."
    )]
    [InlineData(
        "ALTER TABLE users DROP INDEX username; UPDATE users SET username = 'LUCIA.RAMIREZ' WHERE id = 13",
        "stands in the rows with id 11, 13"
    )]
    [InlineData("UPDATE apartments SET apartment_number = '101' WHERE id = 102", "apartments (apartment_number, tower_id) must be unique")]
    [InlineData(
        "UPDATE payments SET amount = 0 WHERE id = 2",
        "breaks the documented rule chk_payment_amount (amount > 0): rows with id 2."
    )]
    [InlineData(
        "SET foreign_key_checks = 0; ALTER TABLE owners DROP FOREIGN KEY owners_ibfk_1; UPDATE owners SET user_id = 99 WHERE id = 6",
        "Column owners.user_id points to rows of users that do not exist: rows with id 6."
    )]
    [InlineData(
        "UPDATE payment_status SET name = IF(id = 1, 'Pending', 'Paid') WHERE id < 3",
        "payment_status 1 is 'Pending', which the document gives the id 2"
    )]
    [InlineData(
        "ALTER TABLE pets ADD COLUMN chip VARCHAR(20) NOT NULL",
        "Column pets.chip is not documented, NOT NULL and without a default"
    )]
    [InlineData(
        "CREATE TABLE settings (id INT PRIMARY KEY)",
        "Table settings is not documented, and 0002_accounts_audit_and_operations.sql makes one of that name."
    )]
    [InlineData(
        "ALTER TABLE users ADD COLUMN language VARCHAR(20) NULL",
        "Column users.language is not documented, and 0002_accounts_audit_and_operations.sql adds one of that name."
    )]
    [InlineData(
        "INSERT INTO payment_status (id, name) VALUES (5, 'Anulado')",
        "payment_status 5 is 'Anulado', and 0003_occupancies_charges_and_receipts.sql needs that id for 'Rejected'."
    )]
    public async Task What_needs_a_persons_decision_stops_the_adoption_and_changes_nothing(string damage, string said)
    {
        await using var older = await BuildAsync("CHARACTER SET utf8mb4", Tables, Rows);
        await older.ExecuteAsync(damage);
        var before = await DescribeAsync(older.ConnectionString);

        var refusal = await Assert.ThrowsAsync<SchemaException>(() => AdoptAsync(older));

        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await DescribeAsync(older.ConnectionString));
    }

    [Fact]
    public async Task An_interrupted_adoption_starts_again()
    {
        await using var older = await BuildAsync("CHARACTER SET utf8mb4", Tables, Rows);
        // As after a kill between two of its steps: some constraints have their names, the rest and the ledger are missing.
        await older.ExecuteAsync(
            "ALTER TABLE owners DROP FOREIGN KEY owners_ibfk_1; ALTER TABLE users RENAME INDEX role_id TO idx_users_role"
        );

        await AdoptAsync(older);

        Assert.Equal(await DescribeAsync(migrated.ConnectionString), await DescribeAsync(older.ConnectionString));
    }

    private static async Task<EmptyDatabase> BuildAsync(string charset, params string[] scripts)
    {
        var database = await EmptyDatabase.CreateAsync(charset);
        foreach (var script in scripts)
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "Portal.Tests", "Schema", "Documents", script));
            await database.ExecuteAsync(string.Join(";\n", SqlScript.Split(text)));
        }
        return database;
    }

    private static Task<MigrationOutcome> AdoptAsync(EmptyDatabase database) =>
        new Migrator(database.ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();

    /// <summary>Everything the shape of a database consists of, a line each.</summary>
    private static async Task<List<string>> DescribeAsync(string connectionString)
    {
        await using var connection = await SchemaConnection.OpenAsync(connectionString, CancellationToken.None);
        var shape = await DatabaseShape.ReadAsync(connection, CancellationToken.None);
        var lines = shape.Tables.Values.SelectMany(table =>
            new[] { $"{table.Name} {table.Engine} {table.Collation}" }
                .Concat(table.Columns.Values.Select(column => $"{table.Name} {column}"))
                .Concat(
                    table.Indexes.Select(index => $"{table.Name} index {index.Name} ({string.Join(',', index.Columns)}) {index.Unique}")
                )
                .Concat(
                    table.ForeignKeys.Select(key =>
                        $"{table.Name} key {key.Name} ({string.Join(',', key.Columns)}) {key.ReferencedTable} ({string.Join(',', key.ReferencedColumns)}) {key.DeleteRule.Replace("NO ACTION", "RESTRICT", StringComparison.Ordinal)}"
                    )
                )
                .Concat(table.Checks.Select(check => $"{table.Name} check {check}"))
        );
        return [.. lines.Concat(shape.Triggers.Select(trigger => $"trigger {trigger.Key} {trigger.Value}")).Order(StringComparer.Ordinal)];
    }

    /// <summary>Every documented row of the older tables, as text, with how often it occurs.</summary>
    private static async Task<Dictionary<string, int>> RowsAsync(EmptyDatabase database)
    {
        List<string> rows = [];
        foreach (var table in DocumentedSchema.Parse(Migration.BuiltIn[0]).Tables.Where(table => table.Name != "audit_log"))
        {
            var columns = string.Join(", ", table.Columns.Select(column => $"COALESCE(CAST(`{column.Shape.Name}` AS CHAR), 'NULL')"));
            rows.AddRange(await ListAsync(database, $"SELECT CONCAT_WS('|', '{table.Name}', {columns}) FROM `{table.Name}`"));
        }
        return rows.CountBy(row => row).ToDictionary();
    }

    private static async Task<List<string>> ListAsync(EmptyDatabase database, string sql)
    {
        await using var connection = await SchemaConnection.OpenAsync(database.ConnectionString, CancellationToken.None);
        return await connection.QueryAsync(sql, row => row.GetValue(0).ToString()!, CancellationToken.None);
    }
}

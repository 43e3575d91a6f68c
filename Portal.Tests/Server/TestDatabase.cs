using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using Portal.Data.Schema;

namespace Portal.Tests.Server;

/// <summary>A class's own database with every migration applied and only the default rows in it. A class fixture:
/// <c>sealed class XTests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;</c>; or derive from
/// <see cref="DatabaseTest"/>.</summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private static readonly Lazy<Task<Template>> Migrated = new(MigrateTemplateAsync);

    // Classes run a few at a time: a database given back clean serves the next class, so few are ever made.
    private static readonly ConcurrentBag<string> Free = [];
    private static int _created;

    private Template _template = null!;
    private string _name = "";

    public string ConnectionString { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _template = await Migrated.Value;
        if (!Free.TryTake(out var name))
        {
            name = $"test_{Interlocked.Increment(ref _created)}";
            await _template.CloneAsync(name);
        }
        _name = name;
        ConnectionString = _template.Server.ConnectionString(name);
    }

    /// <summary>Back to the default rows.</summary>
    public Task CleanAsync() => _template.CleanAsync(_name);

    public async Task DisposeAsync()
    {
        await CleanAsync();
        Free.Add(_name);
    }

    /// <summary>For a test that looks at or breaks the rows behind the portal's back.</summary>
    public Task ExecuteAsync(string sql) => _template.Server.ExecuteAsync($"USE {_name}; {sql}");

    private static async Task<Template> MigrateTemplateAsync()
    {
        var server = await TestServer.GetAsync();
        const string Name = "template";
        await server.ExecuteAsync($"CREATE DATABASE {Name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        await new Migrator(server.ConnectionString(Name), NullLogger<Migrator>.Instance).ApplyAsync();
        return await Template.ReadAsync(server, Name);
    }

    /// <summary>The migrated database that others are copied from.</summary>
    /// <param name="create">All tables and triggers.</param>
    /// <param name="looks">Which tables without default rows have any.</param>
    /// <param name="defaults">The default rows of the others, after their own were deleted.</param>
    /// <param name="kept">Tables that refuse to be deleted from row by row.</param>
    private sealed class Template(TestServer server, string create, string looks, string defaults, IReadOnlyList<string> kept)
    {
        public TestServer Server => server;

        public static async Task<Template> ReadAsync(TestServer server, string name)
        {
            await using var connection = new MySqlConnection(server.ConnectionString(name));
            await connection.OpenAsync();
            List<string> create = [], looks = [], defaults = [];
            var kept = await NamesAsync(
                connection,
                "SELECT event_object_table FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name LIKE '%\\_kept'",
                0);
            foreach (
                var table in await NamesAsync(
                    connection,
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'", 0)
            )
            {
                create.Add((await NamesAsync(connection, $"SHOW CREATE TABLE `{table}`", 1))[0]);
                var columns = await NamesAsync(
                    connection,
                    $"SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}' AND extra NOT LIKE '%VIRTUAL%' AND extra NOT LIKE '%STORED%'",
                    0
                );
                if ((await NamesAsync(connection, $"SELECT 1 FROM `{table}` LIMIT 1", 0)).Count > 0)
                {
                    var list = string.Join(", ", columns.Select(column => $"`{column}`"));
                    defaults.Add($"{Empty(table, kept)}; INSERT INTO `{table}` ({list}) SELECT {list} FROM `{name}`.`{table}`");
                }
                else
                {
                    looks.Add($"SELECT '{table}' FROM DUAL WHERE EXISTS (SELECT 1 FROM `{table}`)");
                }
            }
            foreach (
                var trigger in await NamesAsync(
                    connection, "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()", 0)
            )
            {
                create.Add((await NamesAsync(connection, $"SHOW CREATE TRIGGER `{trigger}`", 2))[0]);
            }

            return new Template(server, string.Join(";\n", create), string.Join("\nUNION ALL ", looks), string.Join(";\n", defaults), kept);
        }

        public async Task CloneAsync(string database)
        {
            await server.ExecuteAsync(
                $"CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci; USE {database}; SET foreign_key_checks = 0;\n{create}"
            );
            await CleanAsync(database);
        }

        /// <summary>Looking into all tables takes a fraction of emptying them, and a test writes into few.</summary>
        public async Task CleanAsync(string database)
        {
            await using var connection = new MySqlConnection(server.ConnectionString(database));
            await connection.OpenAsync();
            var filled = await NamesAsync(connection, looks, 0);
            var empty = string.Concat(filled.Select(table => Empty(table, kept) + ";\n"));
            await server.ExecuteAsync($"USE {database}; SET foreign_key_checks = 0;\n{empty}{defaults}");
        }

        private static string Empty(string table, IReadOnlyList<string> kept) =>
            kept.Contains(table) ? $"TRUNCATE TABLE `{table}`" : $"DELETE FROM `{table}`";

        private static async Task<List<string>> NamesAsync(MySqlConnection connection, string sql, int column)
        {
            await using var command = new MySqlCommand(sql, connection);
            await using var reader = await command.ExecuteReaderAsync();
            List<string> names = [];
            while (await reader.ReadAsync())
            {
                names.Add(reader.GetValue(column).ToString()!);
            }
            return names;
        }
    }
}

/// <summary>A test class on its own database, cleaned before each test.</summary>
public abstract class DatabaseTest(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    protected TestDatabase Database { get; } = database;

    public virtual Task InitializeAsync() => Database.CleanAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;
}

using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Data.Schema;
using Portal.Tests.Server;

namespace Portal.Tests.Schema;

/// <summary>A database as an older installation has it: the document's own SQL, a building in it, and what is wrong with it.</summary>
internal sealed class OlderDatabase : IAsyncDisposable
{
    private readonly EmptyDatabase _database;

    private OlderDatabase(EmptyDatabase database) => _database = database;

    public string ConnectionString => _database.ConnectionString;

    /// <param name="dirt">Names of files in <c>Documents/Dirty</c>, run in this order.</param>
    public static async Task<OlderDatabase> CreateAsync(params string[] dirt)
    {
        var older = new OlderDatabase(await EmptyDatabase.CreateAsync("CHARACTER SET utf8mb4"));
        foreach (var script in new[] { "documented_tables", "older_rows", "older_building" }.Concat(dirt.Select(name => $"Dirty/{name}")))
        {
            await older.RunAsync(script);
        }

        return older;
    }

    public Task ExecuteAsync(string sql) => _database.ExecuteAsync(sql);

    /// <param name="script">A file of <c>Documents</c>, without its ending.</param>
    public async Task RunAsync(string script)
    {
        var path = Path.Combine(Repository.Root, "Portal.Tests", "Schema", "Documents", script + ".sql");
        await ExecuteAsync(string.Join(";\n", SqlScript.Split(await File.ReadAllTextAsync(path))));
    }

    public Task<MigrationOutcome> AdoptAsync() =>
        new Migrator(ConnectionString, NullLogger<Migrator>.Instance).ApplyAsync();

    /// <summary>Runs the statements that a refusal printed, one after another, in a session as strict as they come.</summary>
    public Task MendAsync(string refusal) => ExecuteAsync(
        "SET SESSION sql_mode = 'TRADITIONAL,ONLY_FULL_GROUP_BY';\n"
            + string.Join("\n", refusal.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal))));

    /// <summary>Every table with a figure of all that is in it.</summary>
    public async Task<IReadOnlyList<string>> FingerprintAsync()
    {
        await using var connection = await SchemaConnection.OpenAsync(ConnectionString, CancellationToken.None);
        var shape = await DatabaseShape.ReadAsync(connection, CancellationToken.None);
        var tables = string.Join(", ", shape.Tables.Values.Select(table => SchemaConnection.Quote(table.Name)));
        return await connection.QueryAsync(
            $"CHECKSUM TABLE {tables}", row => $"{row.GetValue(0)} {row.GetValue(1)}", CancellationToken.None);
    }

    public async Task<IReadOnlyList<string>> ListAsync(string sql)
    {
        await using var connection = await SchemaConnection.OpenAsync(ConnectionString, CancellationToken.None);
        return await connection.QueryAsync(
            sql, row => Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!, CancellationToken.None);
    }

    /// <summary>
    /// A second row in every table, equal to the first in what the document asks for and with NULL in all that it does not: under one id,
    /// so that the people and things of these rows are each other's.
    /// </summary>
    public async Task AddRowsOfNullsAsync(long id)
    {
        var documented = DocumentedSchema.Parse(Migration.BuiltIn[0]).Tables
            .Where(table => table.Name is not ("audit_log" or "role_permissions"));
        string[] joined = ["users", "owners", "apartments", "facilities", "pqrs", "surveys"];
        foreach (var table in documented)
        {
            List<IndexShape> uniques =
                [.. table.Indexes.Where(index => index.Unique), .. DocumentedSchema.UniquesLaidOn(table, Migration.BuiltIn.Skip(1))];
            string Value(ColumnShape column)
            {
                var name = SchemaConnection.Quote(column.Name);
                if (column.Name == "id") return $"{id}";
                if (column.Nullable) return "NULL";
                if (table.ForeignKeys.Exists(key => key.Columns[0] == column.Name && joined.Contains(key.ReferencedTable))) return $"{id}";
                return uniques.Exists(index => index.Columns[0] == column.Name) ? $"CONCAT({name}, '-{id}')" : name;
            }

            var columns = table.Columns.Select(column => column.Shape).ToList();
            await ExecuteAsync(
                $"""
                INSERT INTO `{table.Name}` ({string.Join(", ", columns.Select(column => SchemaConnection.Quote(column.Name)))})
                SELECT {string.Join(", ", columns.Select(Value))} FROM `{table.Name}` ORDER BY id LIMIT 1
                """);
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

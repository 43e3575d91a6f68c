using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using MySqlConnector;

namespace Portal.Data.Schema;

/// <summary>Compares the EF model with the database it is to work on: every table, column, type, nullability, key and index
/// name. A portal that starts on a database it misunderstands damages data slowly; this makes it refuse at once.</summary>
public static class ModelCheck
{
    /// <param name="newer">The database has been widened for a newer version: what this one needs must be there, and a column may hold more
    /// than this one puts into it.</param>
    /// <exception cref="SchemaException">They differ; the message lists every difference.</exception>
    public static async Task EnsureAsync(DbContext db, string connectionString, bool newer = false, CancellationToken ct = default)
    {
        var differences = await DifferencesAsync(db, connectionString, ct: ct);
        if (newer) differences = [.. differences.Where(difference => difference.EndsWith(" is missing", StringComparison.Ordinal))];
        if (differences.Count > 0)
        {
            throw new SchemaException(
                $"The database does not have the shape this portal works with. Nothing was changed. Run -- migrate; what remains was changed by hand and must be put back:\n- {string.Join("\n- ", differences)}"
            );
        }
    }

    /// <param name="extras">Also report what the database has in the model's tables and the model does not know: for our own
    /// schema. An adopted database may have columns and indexes of its own.</param>
    /// <returns>One readable line per difference; empty when they agree.</returns>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(
        DbContext db, string connectionString, bool extras = false, CancellationToken ct = default)
    {
        await using var connection = await SchemaConnection.OpenAsync(connectionString, ct);
        return await DifferencesAsync(db, connection, extras, ct);
    }

    internal static async Task<IReadOnlyList<string>> DifferencesAsync(
        DbContext db, MySqlConnection connection, bool extras, CancellationToken ct)
    {
        var model = db.GetService<IDesignTimeModel>().Model.GetRelationalModel();
        var actual = await DatabaseShape.ReadAsync(connection, ct);
        List<string> differences = [];
        foreach (
            var table in model.Tables.Where(table => !table.IsExcludedFromMigrations).OrderBy(table => table.Name, StringComparer.Ordinal)
        )
        {
            if (actual.Tables.TryGetValue(table.Name, out var found))
            {
                differences.AddRange(new TableCheck(table, found, extras).Differences());
            }
            else
            {
                differences.Add($"table {table.Name} is missing");
            }
        }
        return differences;
    }

    private sealed class TableCheck(ITable table, TableShape found, bool extras)
    {
        public IEnumerable<string> Differences() =>
            Columns().Concat(PrimaryKey()).Concat(Indexes()).Concat(ForeignKeys()).Concat(extras ? Extras() : []);

        private IEnumerable<string> Columns()
        {
            foreach (var column in table.Columns)
            {
                var name = $"{table.Name}.{column.Name}";
                if (!found.Columns.TryGetValue(column.Name, out var actual))
                {
                    yield return $"column {name} is missing";
                    continue;
                }
                var type = StoreType.Normalise(column.StoreType);
                if (type != actual.Type)
                {
                    yield return $"column {name} is {actual.Type} in the database, {type} in the model";
                }
                // Not every server knows NOT NULL for a column that it works out.
                if (column.IsNullable != actual.Nullable && !IsWorkedOut(column))
                {
                    yield return $"column {name} is {Nullability(actual.Nullable)} in the database, {Nullability(column.IsNullable)} in the model";
                }
                if (IsIdentity(column) && !actual.AutoIncrement)
                {
                    yield return $"column {name} is the generated key in the model and not AUTO_INCREMENT in the database";
                }
            }
        }

        private IEnumerable<string> PrimaryKey()
        {
            var wanted = table.PrimaryKey is { } key ? Names(key.Columns) : [];
            var actual = found.PrimaryKey?.Columns ?? [];
            if (!Same(wanted, actual))
            {
                yield return $"primary key of {table.Name} is ({string.Join(", ", actual)}) in the database, ({string.Join(", ", wanted)}) in the model";
            }
        }

        private IEnumerable<string> Indexes()
        {
            var wanted = table
                .Indexes.Select(index => new IndexShape(index.Name, Names(index.Columns), index.IsUnique))
                .Concat(
                    table
                        .UniqueConstraints.Where(unique => unique != table.PrimaryKey)
                        .Select(unique => new IndexShape(unique.Name, Names(unique.Columns), true))
                );
            foreach (var index in wanted)
            {
                var actual = found.Indexes.Find(candidate => candidate.Name.Equals(index.Name, StringComparison.OrdinalIgnoreCase));
                if (actual is null)
                {
                    yield return $"index {index.Name} on {Describe(index)} is missing";
                }
                else if (actual.Unique != index.Unique || !Same(actual.Columns, index.Columns))
                {
                    yield return $"index {index.Name} is on {Describe(actual)} in the database, on {Describe(index)} in the model";
                }
            }
        }

        // What happens on delete is the table's own affair: the model never deletes in cascade (PortalModel).
        private IEnumerable<string> ForeignKeys()
        {
            foreach (var key in table.ForeignKeyConstraints)
            {
                var wanted = new ForeignKeyShape(
                    key.Name, Names(key.Columns), key.PrincipalTable.Name, Names(key.PrincipalColumns), DeleteRule: "");
                var actual = found.ForeignKeys.Find(candidate => candidate.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase));
                if (actual is null)
                {
                    yield return $"foreign key {key.Name} ({Describe(wanted)}) is missing";
                }
                else if (Describe(actual) != Describe(wanted))
                {
                    yield return $"foreign key {key.Name} is {Describe(actual)} in the database, {Describe(wanted)} in the model";
                }
            }
        }

        private IEnumerable<string> Extras()
        {
            var columns = table.Columns.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var column in found.Columns.Keys.Where(column => !columns.Contains(column)))
            {
                yield return $"column {table.Name}.{column} is in the database and not in the model";
            }
            var indexes = table.Indexes.Select(index => index.Name).Concat(table.UniqueConstraints.Select(unique => unique.Name))
                .Append("PRIMARY").ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var index in found.Indexes.Where(index => !indexes.Contains(index.Name)))
            {
                yield return $"index {index.Name} on {Describe(index)} is in the database and not in the model";
            }
            var keys = table.ForeignKeyConstraints.Select(key => key.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var key in found.ForeignKeys.Where(key => !keys.Contains(key.Name)))
            {
                yield return $"foreign key {key.Name} ({Describe(key)}) is in the database and not in the model";
            }
        }

        private bool IsIdentity(IColumn column) => table.PrimaryKey is { Columns: [var only] } && only == column
            && column.PropertyMappings.Any(mapping => mapping.Property.ValueGenerated == ValueGenerated.OnAdd
                && mapping.TypeMapping.Converter?.ProviderClrType is var stored && IsInteger(stored ?? mapping.Property.ClrType));

        private static bool IsInteger(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(short);

        private string Describe(IndexShape index) => $"{(index.Unique ? "unique " : "")}{table.Name} ({string.Join(", ", index.Columns)})";

        private string Describe(ForeignKeyShape key) =>
            $"{table.Name} ({string.Join(", ", key.Columns)}) to {key.ReferencedTable} ({string.Join(", ", key.ReferencedColumns)})";

        private static bool IsWorkedOut(IColumn column) =>
            column.PropertyMappings.Any(m => m.Property.PropertyInfo?.GetCustomAttribute<WorkedOutAttribute>() is not null);

        private static string Nullability(bool nullable) => nullable ? "NULL" : "NOT NULL";

        private static List<string> Names(IEnumerable<IColumnBase> columns) => [.. columns.Select(column => column.Name)];

        private static bool Same(IReadOnlyList<string> a, IReadOnlyList<string> b) => a.SequenceEqual(b, StringComparer.OrdinalIgnoreCase);
    }
}

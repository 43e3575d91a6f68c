using System.Reflection;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Portal.Data.Schema;

/// <summary>
/// How the classes lie on the tables. The entities say most of it themselves, and the rest (keys and indexes over several columns) in an
/// <see cref="IEntityTypeConfiguration{TEntity}"/> in the file <c>...Tables.cs</c> of their area; here stand the house's naming
/// conventions: columns in snake case, <c>idx_table_column</c>, <c>fk_table_column</c>.
/// </summary>
internal static class PortalModel
{
    public static void Build(ModelBuilder model)
    {
        AddEntities(model);
        model.ApplyConfigurationsFromAssembly(typeof(PortalDb).Assembly);
        foreach (var entity in model.Model.GetEntityTypes()) ApplyConventions(entity);
    }

    /// <summary><c>MultipleChoice</c> is <c>multiple_choice</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1])) text.Append('_');
            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString();
    }

    private static void AddEntities(ModelBuilder model)
    {
        foreach (
            var set in typeof(PortalDb)
                .GetProperties()
                .Where(p => p.PropertyType.IsGenericType && p.PropertyType.GetGenericTypeDefinition() == typeof(DbSet<>))
        )
        {
            model.Entity(set.PropertyType.GetGenericArguments()[0]);
        }
    }

    private static void ApplyConventions(IMutableEntityType entity)
    {
        var table = entity.GetTableName()!;
        foreach (var property in entity.GetProperties())
        {
            if (property.FindAnnotation(RelationalAnnotationNames.ColumnName) is null) property.SetColumnName(Snake(property.Name));
            StoreByName(property);
            ReadAsInstant(property);
            if (property.PropertyInfo?.GetCustomAttribute<WorkedOutAttribute>() is null) continue;
            // Not "generated" in EF's sense, which would read it back after every write.
            property.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
            property.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
        }

        foreach (var key in entity.GetForeignKeys())
        {
            // What goes with a deleted row is decided by the table's own foreign keys, never by what happens to be loaded.
            key.DeleteBehavior = DeleteBehavior.ClientNoAction;
            key.SetConstraintName($"fk_{table}_{Stem(key.Properties)}");
        }

        foreach (var index in entity.GetIndexes())
        {
            if (index.Name is null && index.FindAnnotation(RelationalAnnotationNames.Name) is null)
                index.SetDatabaseName($"idx_{table}_{Stem(index.Properties)}");
        }
    }

    private static string Stem(IReadOnlyList<IMutableProperty> properties) =>
        string.Join(
            '_',
            properties.Select(p => Snake(p.Name) is var column && column.EndsWith("_id", StringComparison.Ordinal) ? column[..^3] : column)
        );

    /// <summary>A TIMESTAMP is an instant: read as UTC. DATETIME is the building's wall clock and keeps no kind.</summary>
    private static void ReadAsInstant(IMutableProperty property)
    {
        if (property.GetColumnType()?.StartsWith("timestamp", StringComparison.Ordinal) == true && property.GetValueConverter() is null)
            property.SetValueConverter(Instant);
    }

    private static readonly ValueConverter<DateTime, DateTime> Instant = new(
        value => value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value, stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private static void StoreByName(IMutableProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (!type.IsEnum || type.GetCustomAttribute<StoredByNameAttribute>() is null) return;
        property.SetValueConverter((ValueConverter)Activator.CreateInstance(typeof(ByName<>).MakeGenericType(type))!);
        property.SetColumnType($"enum({string.Join(',', Enum.GetNames(type).Select(name => $"'{Snake(name)}'"))})");
    }

    private sealed class ByName<TEnum>() : ValueConverter<TEnum, string>(value => Names[value], name => Read(name))
        where TEnum : struct, Enum
    {
        private static readonly Dictionary<TEnum, string> Names = Enum.GetValues<TEnum>().ToDictionary(v => v, v => Snake(v.ToString()));

        private static readonly Dictionary<string, TEnum> Values = Names.ToDictionary(
            p => p.Value, p => p.Key, StringComparer.OrdinalIgnoreCase);

        /// <summary>
        /// A word that is none, such as the '' that a server writes in a session which is not strict, is read as a value without a name:
        /// one such row must not hide a list.
        /// </summary>
        private static TEnum Read(string name) => Values.TryGetValue(name, out var value) ? value : (TEnum)Enum.ToObject(typeof(TEnum), -1);
    }
}

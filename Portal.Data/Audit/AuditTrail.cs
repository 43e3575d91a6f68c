using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Portal.Data.Identity;

namespace Portal.Data.Audit;

/// <summary>What one save changes, taken before it happens and written beside it.</summary>
internal sealed class AuditTrail
{
    internal static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly List<Line> _lines = [];

    /// <summary>Whether a row of <c>users</c> is updated, for which the documented trigger wants to know who acts.</summary>
    public bool TouchesAccounts { get; private set; }

    /// <summary>Sets the time stamps and notes what is about to be saved.</summary>
    public static AuditTrail Capture(PortalDb db)
    {
        db.ChangeTracker.DetectChanges();
        var trail = new AuditTrail();
        var now = db.Clock.GetUtcNow().UtcDateTime;
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted)) continue;
            Stamp(entry, now);
            if (entry.Entity is User && entry.State == EntityState.Modified) trail.TouchesAccounts = true;
            if (entry.Metadata.ClrType.GetCustomAttribute<NotAuditedAttribute>() is null) trail._lines.Add(Line.Of(entry));
        }

        return trail;
    }

    /// <summary>Writes the rows, now that the database has given its ids.</summary>
    public async Task WriteAsync(PortalDb db, CancellationToken ct)
    {
        foreach (var chunk in _lines.Chunk(100))
        {
            var values = new List<object?>(chunk.Length * 9);
            var rows = new List<string>(chunk.Length);
            foreach (var line in chunk)
            {
                rows.Add("(" + string.Join(", ", Enumerable.Range(values.Count, 9).Select(i => $"{{{i}}}")) + ")");
                values.AddRange([line.Table, line.RecordId(), line.Action, line.Old, line.New(), db.Actor.AccountId, Name(db.Actor), db.Actor.IpAddress, db.Operation]);
            }

            // Only placeholders are put together here; every value is a parameter.
            var sql = $"INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id, actor_name, ip_address, operation) VALUES {string.Join(", ", rows)}";
            await db.Database.ExecuteSqlRawAsync(sql, values!, ct);
        }
    }

    private static string? Name(CurrentUser actor) => actor.Name.Length == 0 ? null : actor.Name;

    private static void Stamp(EntityEntry entry, DateTime now)
    {
        if (entry.State == EntityState.Added && entry.Metadata.FindProperty(nameof(Stamped.CreatedAt)) is { } created
            && (entry.CurrentValues[created] is null || entry.CurrentValues[created] is DateTime at && at == default)) entry.CurrentValues[created] = now;
        if (entry.State != EntityState.Deleted && entry.Metadata.FindProperty(nameof(Updated.UpdatedAt)) is { } updated
            && (entry.State == EntityState.Modified || entry.CurrentValues[updated] is null)) entry.CurrentValues[updated] = now;
    }

    private sealed record Line(EntityEntry Entry, string Table, string Action, string? Old)
    {
        public static Line Of(EntityEntry entry) => new(
            entry,
            entry.Metadata.GetTableName()!,
            entry.State switch { EntityState.Added => "insert", EntityState.Deleted => "delete", _ => "update" },
            entry.State switch
            {
                EntityState.Added => null,
                EntityState.Deleted => Write(entry, _ => true, p => p.OriginalValue),
                _ => Write(entry, p => p.IsModified, p => p.OriginalValue),
            });

        private bool Inserted => Action == "insert";

        public string? New() => Action == "delete" ? null : Write(Entry, p => Inserted ? p.CurrentValue is not null : p.IsModified, p => p.CurrentValue);

        public long? RecordId() => Entry.Metadata.FindPrimaryKey()!.Properties is [var key] && Entry.Property(key.Name).CurrentValue is { } id
            ? Convert.ToInt64(id, System.Globalization.CultureInfo.InvariantCulture)
            : null;

        private static string Write(EntityEntry entry, Func<PropertyEntry, bool> which, Func<PropertyEntry, object?> value) =>
            JsonSerializer.Serialize(
                entry.Properties.Where(which).Where(p => p.Metadata.Name is not (nameof(Updated.UpdatedAt) or "ConcurrencyStamp"))
                    .ToDictionary(p => p.Metadata.GetColumnName(), p => IsSecret(p) ? "***" : value(p)),
                Json);

        private static bool IsSecret(PropertyEntry property) =>
            property.Metadata.Name is nameof(User.PasswordHash) or nameof(User.SecurityStamp)
            || property.Metadata.PropertyInfo?.GetCustomAttribute<SecretAttribute>() is not null;
    }
}

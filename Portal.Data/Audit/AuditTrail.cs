using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
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
        var trail = new AuditTrail();
        var now = db.Clock.GetUtcNow().UtcDateTime;
        // This looks for changes.
        foreach (var entry in db.ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted)) continue;
            Stamp(entry, now);
            if (entry.Entity is User && entry.State == EntityState.Modified) trail.TouchesAccounts = true;
            if (AuditedTable.Of(entry.Metadata) is { Audited: true } table) trail._lines.Add(Line.From(entry, table));
        }

        return trail;
    }

    /// <summary>Adds the rows to what goes to the server, now that the database has given its ids.</summary>
    public void Write(SqlBatch batch, PortalDb db)
    {
        var (name, operation) = (Name(db.Actor), db.Operation);
        foreach (var chunk in _lines.Chunk(100))
        {
            batch.ThenInsert(
                "INSERT INTO audit_log (table_name, record_id, action, old_value, new_value, user_id, actor_name, ip_address, operation, "
                + "severity) VALUES ",
                chunk.Select(line =>
                    new object?[]
                    {
                        line.Table,
                        line.RecordId(),
                        line.Action,
                        line.Old,
                        line.New(),
                        db.Actor.AccountId,
                        name,
                        db.Actor.IpAddress,
                        operation,
                        line.Severity,
                    }
                )
            );
        }
    }

    private static string? Name(CurrentUser actor) => actor.Name.Length == 0 ? null : actor.Name;

    private static void Stamp(EntityEntry entry, DateTime now)
    {
        if (
            entry.State == EntityState.Added
            && entry.Metadata.FindProperty(nameof(Stamped.CreatedAt)) is { } created
            && (entry.CurrentValues[created] is null || entry.CurrentValues[created] is DateTime at && at == default)
        )
            entry.CurrentValues[created] = now;
        if (
            entry.State != EntityState.Deleted
            && entry.Metadata.FindProperty(nameof(Updated.UpdatedAt)) is { } updated
            && (entry.State == EntityState.Modified || entry.CurrentValues[updated] is null)
        )
            entry.CurrentValues[updated] = now;
    }

    private sealed record Line(EntityEntry Entry, AuditedTable Of, string Action, string? Old, string Severity)
    {
        public string Table => Of.Name;

        public static Line From(EntityEntry entry, AuditedTable of) =>
            new(
                entry,
                of,
                entry.State switch
                {
                    EntityState.Added => "insert",
                    EntityState.Deleted => "delete",
                    _ => "update",
                },
                entry.State switch
                {
                    EntityState.Added => null,
                    EntityState.Deleted => of.Write(entry.OriginalValues, _ => true),
                    _ => of.Write(entry.OriginalValues, p => entry.Property(p).IsModified),
                },
                Schema.PortalModel.Snake(Severities.Of(entry).ToString())
            );

        public string? New() =>
            Action switch
            {
                "delete" => null,
                "insert" => Of.Write(Entry.CurrentValues, p => Entry.CurrentValues[p] is not null),
                // Nothing is accepted before the audit rows stand, so what was changed is still known as changed.
                _ => Of.Write(Entry.CurrentValues, p => Entry.Property(p).IsModified),
            };

        public long? RecordId() =>
            Of.Key is { } key && Entry.CurrentValues[key] is { } id
                ? Convert.ToInt64(id, System.Globalization.CultureInfo.InvariantCulture)
                : null;
    }
}

/// <summary>What the audit log needs to know of a table, found out once.</summary>
internal sealed class AuditedTable
{
    private static readonly ConcurrentDictionary<IEntityType, AuditedTable> Known = new();

    private readonly (IProperty Property, string Column, bool Secret)[] _columns;

    private AuditedTable(IEntityType entity)
    {
        Name = entity.GetTableName()!;
        Audited = entity.ClrType.GetCustomAttribute<NotAuditedAttribute>() is null;
        Key = entity.FindPrimaryKey()!.Properties is [var key] ? key : null;
        _columns =
        [
            .. entity
                .GetProperties()
                .Where(p => p.Name is not (nameof(Updated.UpdatedAt) or "ConcurrencyStamp"))
                .Where(p => p.PropertyInfo?.GetCustomAttribute<WorkedOutAttribute>() is null)
                .Select(p =>
                    (
                        p,
                        p.GetColumnName(),
                        p.Name is nameof(User.PasswordHash) or nameof(User.SecurityStamp)
                            || p.PropertyInfo?.GetCustomAttribute<SecretAttribute>() is not null
                    )
                ),
        ];
    }

    public string Name { get; }

    public bool Audited { get; }

    /// <summary>Its key where that is one column.</summary>
    public IProperty? Key { get; }

    public static AuditedTable Of(IEntityType entity) => Known.GetOrAdd(entity, e => new AuditedTable(e));

    public string Write(PropertyValues values, Func<IProperty, bool> which) => JsonSerializer.Serialize(
        _columns.Where(c => which(c.Property)).ToDictionary(c => c.Column, c => c.Secret ? "***" : values[c.Property]), AuditTrail.Json);
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data;

/// <summary>A row that knows when it was made. The documented column is nullable: an adopted database may hold rows without it.</summary>
public abstract class Stamped
{
    /// <summary>The instant (UTC) at which the row was made; set by <see cref="PortalDb"/> when left empty.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? CreatedAt { get; set; }
}

/// <summary>A row that also knows when it last changed.</summary>
public abstract class Updated : Stamped
{
    /// <summary>The instant (UTC) of the last change; set by <see cref="PortalDb"/>.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? UpdatedAt { get; set; }
}

/// <summary>A documented list of names behind a foreign key, such as <c>payment_status</c>. Its ids have a fixed meaning in code.</summary>
public abstract class Lookup<TId> : Stamped where TId : struct
{
    public TId Id { get; set; }

    [MaxLength(50)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }
}

/// <summary>Marks an enum that a documented <c>ENUM</c> column holds by name: <c>MultipleChoice</c> is <c>multiple_choice</c>.</summary>
[AttributeUsage(AttributeTargets.Enum)]
public sealed class StoredByNameAttribute : Attribute;

/// <summary>Marks a table whose changes are technical and are neither audited nor sent to the live feed.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotAuditedAttribute : Attribute;

/// <summary>Marks a column that the database works out of others: it is read and never written.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WorkedOutAttribute : Attribute;

/// <summary>Marks a value that the audit log must never show, such as a password hash.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;

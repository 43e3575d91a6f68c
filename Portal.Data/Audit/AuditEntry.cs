using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Audit;

/// <summary>
/// One change to one row: who, when, from where, what, before and after. Written by <see cref="PortalDb"/> and by the documented
/// trigger, edited by nobody. It is also the feed from which other circuits and other portals learn that something changed.
/// </summary>
[Table("audit_log"), NotAudited]
public sealed class AuditEntry : Stamped
{
    public long Id { get; set; }

    [MaxLength(64)]
    public string TableName { get; set; } = "";

    public long? RecordId { get; set; }

    /// <summary>
    /// <c>insert</c>, <c>update</c>, <c>delete</c>, the trigger's <c>role_change</c>, or an event such as <c>sign_in</c>.
    /// </summary>
    [MaxLength(50)]
    public string Action { get; set; } = "";

    /// <summary>JSON of the changed values as they were.</summary>
    [Column(TypeName = "longtext")]
    public string? OldValue { get; set; }

    /// <summary>JSON of the values as they are now.</summary>
    [Column(TypeName = "longtext")]
    public string? NewValue { get; set; }

    /// <summary>The account that did it; null for the system. No foreign key: the log outlives people.</summary>
    public long? UserId { get; set; }

    [MaxLength(200)]
    public string? ActorName { get; set; }

    [MaxLength(45)]
    public string? IpAddress { get; set; }

    /// <summary>The write that it was part of: all rows of one act have the same. Null for the trigger's and an adopted log's.</summary>
    [MaxLength(36)]
    public string? Operation { get; set; }

    public AuditSeverity Severity { get; set; }
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Identity;

namespace Portal.Data.Notices;

/// <summary>A notice to the building, to a tower or to a role.</summary>
[Table("notices")]
public sealed class Notice : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string Body { get; set; } = "";

    public int? TowerId { get; set; }
    public Tower? Tower { get; set; }

    public int? RoleId { get; set; }
    public Role? Role { get; set; }

    /// <summary>Wall-clock time from which it is shown.</summary>
    [Column(TypeName = "datetime")]
    public DateTime PublishAt { get; set; }

    /// <summary>Wall-clock time from which it is no longer shown.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ExpiresAt { get; set; }

    public long? WrittenBy { get; set; }
}

[Table("notice_reads"), NotAudited]
public sealed class NoticeRead
{
    public long Id { get; set; }

    public long NoticeId { get; set; }
    public Notice? Notice { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime ReadAt { get; set; }
}

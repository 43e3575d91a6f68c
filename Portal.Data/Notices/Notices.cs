using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Audit;
using Portal.Data.Identity;

namespace Portal.Data.Notices;

/// <summary>Whom of an apartment a notice is for: everybody, who owns it, or who lives in it without owning.</summary>
[StoredByName]
public enum NoticeResidents { All, Owners, Tenants }

/// <summary>
/// A notice to the building, or to part of its people. Once it has been delivered it stays as it is: a correction is a notice of its own
/// that takes its place.
/// </summary>
[Table("notices")]
public sealed class Notice : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string Body { get; set; } = "";

    /// <summary>Ids with commas between; empty: all.</summary>
    [MaxLength(255)]
    public string Towers { get; set; } = "";

    /// <inheritdoc cref="Towers"/>
    [MaxLength(100)]
    public string Roles { get; set; } = "";

    /// <inheritdoc cref="Towers"/>
    [MaxLength(2000)]
    public string Apartments { get; set; } = "";

    public NoticeResidents Residents { get; set; }

    /// <summary>It also goes by mail to all who have an address, whatever they chose.</summary>
    public bool Urgent { get; set; }

    /// <summary>Wall-clock time from which it is shown.</summary>
    [Column(TypeName = "datetime")]
    public DateTime PublishAt { get; set; }

    /// <summary>Wall-clock time from which it is no longer shown.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ExpiresAt { get; set; }

    public long? WrittenBy { get; set; }

    /// <summary>From 1; a correction is one more than what it corrects.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The notice whose place it takes; each is corrected once.</summary>
    public long? CorrectsId { get; set; }
    public Notice? Corrects { get; set; }

    /// <summary>When all of its audience had it (UTC); null while some have not.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? DeliveredAt { get; set; }

    /// <summary>The building's day on which those who had not read it were reminded last.</summary>
    public DateOnly? RemindedOn { get; set; }
}

/// <summary>A file that goes with a notice, as it came.</summary>
[Table("notice_files")]
public sealed class NoticeFile : Stamped
{
    public long Id { get; set; }

    public long NoticeId { get; set; }
    public Notice? Notice { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    [MaxLength(100)]
    public string ContentType { get; set; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    /// <summary>Of the content, in hexadecimal.</summary>
    [Column(TypeName = "char(64)")]
    public string Sha256 { get; set; } = "";

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];

    /// <summary>The same file with another notice: a correction takes along what it keeps.</summary>
    internal NoticeFile With(Notice notice) => new()
    {
        Notice = notice, FileName = FileName, ContentType = ContentType, Size = Size, Sha256 = Sha256, Content = Content,
    };
}

/// <summary>Somebody whom a notice has reached.</summary>
[Table("notice_recipients"), NotAudited]
public sealed class NoticeRecipient
{
    public long Id { get; set; }

    public long NoticeId { get; set; }
    public Notice? Notice { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }
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

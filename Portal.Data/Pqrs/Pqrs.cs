using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Identity;

namespace Portal.Data.Pqrs;

[Table("pqrs_categories")]
public sealed class PqrsCategory : Stamped
{
    public int Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }
}

[StoredByName]
public enum PqrsEntryKind { Filed, Message, Reply, Note, Status, Assigned, Deadline, Priority, Rated, Merged, Unmerged }

/// <summary>One entry of a case's history.</summary>
[Table("pqrs_tracking")]
public sealed class PqrsTracking : Stamped
{
    public long Id { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }

    /// <summary>The state after this entry.</summary>
    public PqrsState StatusId { get; set; }
    public PqrsStatus? Status { get; set; }

    public long UserId { get; set; }
    public User? User { get; set; }

    [Column(TypeName = "text")]
    public string? Comments { get; set; }

    public PqrsEntryKind Kind { get; set; } = PqrsEntryKind.Status;

    /// <summary>The case's last day after this entry, so that what it was then is known later; null where there was none, or unknown.</summary>
    public DateOnly? DueOn { get; set; }

    /// <summary>1 to 5, of <see cref="PqrsEntryKind.Rated"/>; of older cases it stands at their end.</summary>
    public int? Rating { get; set; }

    /// <summary>Only those who handle cases see it.</summary>
    public bool Internal { get; set; }

    /// <summary>When the petitioner first saw a reply.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? SeenAt { get; set; }
}

/// <summary>Days in which the deadline was held because the petitioner had to answer.</summary>
[Table("pqrs_pauses")]
public sealed class PqrsPause
{
    public long Id { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }

    public DateOnly StartedOn { get; set; }

    /// <summary>The day on which it ran again (not held any more); null while it is held.</summary>
    public DateOnly? EndedOn { get; set; }
}

/// <summary>A file sent with a message of a case.</summary>
[Table("pqrs_attachments")]
public sealed class PqrsAttachment : Stamped
{
    public long Id { get; set; }

    public long PqrsId { get; set; }
    public PqrsCase? Pqrs { get; set; }

    public long? TrackingId { get; set; }
    public PqrsTracking? Tracking { get; set; }

    [MaxLength(200)]
    public string FileName { get; set; } = "";

    [MaxLength(100)]
    public string ContentType { get; set; } = "";

    /// <summary>In bytes.</summary>
    public int Size { get; set; }

    [Secret, Column(TypeName = "longblob")]
    public byte[] Content { get; set; } = [];
}

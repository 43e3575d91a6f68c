using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.People;

namespace Portal.Data.Pqrs;

/// <summary>Documented: Open, In Progress, Resolved, Closed. Added: Waiting for petitioner, in which the deadline is held.</summary>
public enum PqrsState { Open = 1, InProgress = 2, Resolved = 3, Closed = 4, WaitingForPetitioner = 5 }

[StoredByName]
public enum PqrsPriority { Low, Medium, High, Urgent }

/// <summary>What the law calls it; decides the deadline (Ley 1755 of 2015, art. 14).</summary>
[StoredByName]
public enum PqrsKind { Petition, Complaint, Claim, Suggestion, Information, Consultation }

[StoredByName]
public enum PqrsChannel { Web, Desk, Telephone, Verbal }

[Table("pqrs_status")]
public sealed class PqrsStatus : Lookup<PqrsState>;

[Table("pqrs_categories")]
public sealed class PqrsCategory : Stamped
{
    public int Id { get; set; }

    [MaxLength(100)]
    public string Name { get; set; } = "";

    [Column(TypeName = "text")]
    public string? Description { get; set; }
}

[Table("pqrs")]
public sealed class PqrsCase : Updated
{
    public long Id { get; set; }

    [MaxLength(200)]
    public string Title { get; set; } = "";

    [Column(TypeName = "text")]
    public string Description { get; set; } = "";

    public int CategoryId { get; set; }
    public PqrsCategory? Category { get; set; }

    public long OwnerId { get; set; }
    public Owner? Owner { get; set; }

    public PqrsState StatusId { get; set; }
    public PqrsStatus? Status { get; set; }

    public PqrsPriority? Priority { get; set; } = PqrsPriority.Medium;

    /// <summary><c>PQRS-2026-000123</c>.</summary>
    [MaxLength(20)]
    public string? Number { get; set; }

    public PqrsKind? Kind { get; set; }

    public PqrsChannel Channel { get; set; }

    public long? ApartmentId { get; set; }
    public Apartment? Apartment { get; set; }

    public long? AssignedTo { get; set; }
    public User? Assignee { get; set; }

    /// <summary>Business days given to answer.</summary>
    public int? DaysGiven { get; set; }

    /// <summary>The last day to answer, pauses so far included.</summary>
    public DateOnly? DueOn { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ResolvedAt { get; set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; set; }

    public int ReopenedCount { get; set; }

    /// <summary>1 to 5, given by the petitioner after the resolution.</summary>
    public int? Rating { get; set; }

    [MaxLength(12)]
    public string? VerificationCode { get; set; }

    public List<PqrsTracking> Tracking { get; set; } = [];
    public List<PqrsPause> Pauses { get; set; } = [];
}

[StoredByName]
public enum PqrsEntryKind { Filed, Message, Reply, Note, Status, Assigned, Deadline, Priority }

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

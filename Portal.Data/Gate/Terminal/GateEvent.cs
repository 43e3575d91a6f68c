using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Gate;

[StoredByName]
public enum EventOutcome
{
    Applied,

    /// <summary>It was known already, by another event.</summary>
    Merged,

    /// <summary>It was recorded, and the office has something to settle.</summary>
    Conflict,

    /// <summary>It changed nothing; the guard is told why.</summary>
    Refused,
}

/// <summary>
/// What a terminal told, once for each key, and what came of it. It is a log itself; what it changed stands in the audit log.
/// </summary>
[Table("gate_events"), NotAudited]
public sealed class GateEvent
{
    [Key, MaxLength(36), Column(TypeName = "char(36)")]
    public string EventKey { get; init; } = "";

    public long TerminalId { get; init; }
    public GateTerminal? Terminal { get; init; }

    public long Seq { get; init; }

    [MaxLength(20)]
    public string Kind { get; init; } = "";

    /// <summary>Who did it.</summary>
    public long GuardId { get; init; }

    /// <summary>Who was signed in when it was delivered.</summary>
    public long SentBy { get; init; }

    [MaxLength(64), Column(TypeName = "char(64)")]
    public string BodyHash { get; init; } = "";

    /// <summary>As it was sent; null when the visit's time of keeping is over.</summary>
    [Column(TypeName = "text")]
    public string? Body { get; init; }

    [Column(TypeName = "datetime(3)")]
    public DateTime DeviceAt { get; init; }

    /// <summary>When it happened, on the building's wall.</summary>
    [Column(TypeName = "datetime")]
    public DateTime At { get; init; }

    [Column(TypeName = "datetime(3)")]
    public DateTime ReceivedAt { get; init; }

    public bool Offline { get; init; }

    public EventOutcome Outcome { get; init; }

    [MaxLength(40)]
    public string? Reason { get; init; }

    public long? VisitorId { get; internal set; }
}

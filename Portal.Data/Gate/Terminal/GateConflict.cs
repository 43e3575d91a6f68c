using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Gate;

[StoredByName]
public enum ConflictKind
{
    /// <summary>A pass for one entry came twice.</summary>
    PassReused,

    /// <summary>The pass had been taken back before.</summary>
    Revoked,

    /// <summary>Somebody who is not to be let in.</summary>
    Blocked,

    /// <summary>Before or after the time of the pass, without the host's word.</summary>
    OutsideWindow,

    ExitWithoutEntry,

    /// <summary>More people than the event has places for.</summary>
    OverCapacity,

    SecondEntry,

    /// <summary>The host says that it was not their visit.</summary>
    WrongEntry,

    /// <summary>One key with two different contents.</summary>
    OtherBody,
}

[StoredByName]
public enum Settlement { SamePerson, TwoPeople, Error }

/// <summary>What the office settles: two records that cannot both be so, or an entry that should not have been.</summary>
[Table("gate_conflicts")]
public sealed class GateConflict
{
    private GateConflict()
    {
    }

    public long Id { get; private set; }

    public ConflictKind Kind { get; private set; }

    public long? VisitorId { get; private set; }
    public Visitor? Visitor { get; private set; }

    public long? OtherVisitorId { get; private set; }

    [MaxLength(36), Column(TypeName = "char(36)")]
    public string? EventKey { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime OpenedAt { get; private set; }

    public long? OpenedBy { get; private set; }

    /// <summary>What a host wrote of a wrong entry.</summary>
    [MaxLength(500)]
    public string? Words { get; private set; }

    /// <summary>Null with a time: it cleared itself, by what came later.</summary>
    public Settlement? Settlement { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? SettledAt { get; private set; }

    public long? SettledBy { get; private set; }

    [MaxLength(500)]
    public string? Note { get; private set; }

    internal static GateConflict Of(ConflictKind kind, Visitor? visit, long? other, string? key, DateTime now) =>
        new() { Kind = kind, Visitor = visit, OtherVisitorId = other, EventKey = key, OpenedAt = now };

    /// <summary>The host says that it was not their visit.</summary>
    internal static GateConflict Wrong(Visitor visit, string? words, long? by, DateTime now) =>
        new() { Kind = ConflictKind.WrongEntry, Visitor = visit, Words = words, OpenedBy = by, OpenedAt = now };

    internal Result Settle(Settlement how, string? note, long? by, DateTime now)
    {
        if (SettledAt is not null) return Error.Stale;
        (Settlement, Note, SettledBy, SettledAt) = (how, note, by, now);
        return Result.Done;
    }

    /// <summary>What came later made it plain.</summary>
    internal void Clear(DateTime now) => SettledAt ??= now;
}

using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;

namespace Portal.Data.Gate;

/// <summary>
/// A device at the gate. The office names it and gets a code; with that code, once, the device gets a secret of its own. Of both only the
/// SHA-256 is kept.
/// </summary>
[Table("gate_terminals")]
public sealed class GateTerminal : Stamped
{
    private GateTerminal()
    {
    }

    public long Id { get; private set; }

    [MaxLength(100)]
    public string Name { get; private set; } = "";

    [MaxLength(64), Column(TypeName = "char(64)"), Secret]
    public string? CodeHash { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? CodeExpiresAt { get; private set; }

    [MaxLength(64), Column(TypeName = "char(64)"), Secret]
    public string? SecretHash { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? EnrolledAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? RevokedAt { get; private set; }

    /// <summary>Its last heartbeat; written past the audit log.</summary>
    [Column(TypeName = "timestamp")]
    public DateTime? SeenAt { get; private set; }

    /// <summary>How many events it said that it still had to deliver.</summary>
    public int? Waiting { get; private set; }

    internal static GateTerminal Named(string name) => new() { Name = name };

    /// <summary>Gives it a code to enrol with. Until somebody uses it, what it was enrolled as before holds.</summary>
    internal void Invite(string codeHash, DateTime until) => (CodeHash, CodeExpiresAt) = (codeHash, until);

    /// <summary>A device has said the code: it is this terminal from now on, and no other device is.</summary>
    internal Result Enrol(string secretHash, DateTime now)
    {
        if (CodeHash is null || CodeExpiresAt <= now) return new Error("terminal.code");
        (CodeHash, CodeExpiresAt, SecretHash, EnrolledAt, RevokedAt) = (null, null, secretHash, now, null);
        return Result.Done;
    }

    /// <summary>The device is lost or replaced: it is answered no more, and erases what it holds of the building.</summary>
    internal void Revoke(DateTime now) => (CodeHash, CodeExpiresAt, SecretHash, RevokedAt) = (null, null, null, now);
}

/// <summary>The six digits with which a guard signs in at an enrolled terminal.</summary>
[Table("gate_pins")]
public sealed class GatePin
{
    /// <summary>So many wrong ones in a row, and so long nobody is let try.</summary>
    public const int MostFailures = 5;

    public static readonly TimeSpan Locked = TimeSpan.FromMinutes(15);

    private GatePin()
    {
    }

    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public long UserId { get; private set; }
    public Identity.User? User { get; private set; }

    [MaxLength(100), Secret]
    public string PinHash { get; private set; } = "";

    public int Failures { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? LockedUntil { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? UpdatedAt { get; private set; }

    internal static GatePin Of(long user) => new() { UserId = user };

    internal void Set(string hash) => (PinHash, Failures, LockedUntil) = (hash, 0, null);

    internal void Right() => (Failures, LockedUntil) = (0, null);

    /// <returns>How many tries are left.</returns>
    internal int Wrong(DateTime now)
    {
        Failures = LockedUntil is not null && LockedUntil <= now ? 1 : Failures + 1;
        LockedUntil = Failures >= MostFailures ? now + Locked : null;
        return Math.Max(0, MostFailures - Failures);
    }
}

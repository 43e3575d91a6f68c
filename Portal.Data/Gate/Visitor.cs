using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Parking;
using Portal.Data.Passes;
using Portal.Data.People;
using Portal.Data.Pqrs;

namespace Portal.Data.Gate;

[StoredByName]
public enum VisitorKind { Guest, Delivery, Domestic, Contractor, Taxi }

[StoredByName]
public enum VisitorState { Announced, Inside, Left, Revoked, Denied, Void }

/// <summary>
/// Somebody who comes to the gate. Announced by the host it waits for its window, and then is inside and has left; or it ends before:
/// revoked by the host, denied by the guard. Who was not announced is inside from the beginning. Each verb refuses what the state does not
/// allow, and changes nothing then; times are those of the building's wall.
/// </summary>
[Table("visitors")]
public sealed class Visitor : Updated
{
    /// <summary>So long an exit that was logged by mistake may be taken back.</summary>
    private static readonly TimeSpan UndoTime = TimeSpan.FromMinutes(10);

    private Visitor()
    {
    }

    public long Id { get; private set; }

    [MaxLength(200)]
    public string Name { get; private set; } = "";

    /// <summary>Document number; empty where none was asked for (a taxi).</summary>
    [MaxLength(50)]
    public string Identification { get; private set; } = "";

    /// <summary>For comparing, see <see cref="DocumentNumbers"/>.</summary>
    [WorkedOut, MaxLength(50)]
    public string? IdentificationKey { get; private set; }

    public long HostId { get; private set; }
    public Owner? Host { get; private set; }

    /// <summary>The day of entry, or the day it is expected.</summary>
    public DateOnly VisitDate { get; private set; }

    [Column(TypeName = "time")]
    public TimeOnly? EnterTime { get; private set; }

    [Column(TypeName = "time")]
    public TimeOnly? ExitTime { get; private set; }

    /// <summary>The day of exit; null with an exit time means the day of entry.</summary>
    public DateOnly? ExitDate { get; private set; }

    [MaxLength(255)]
    public string? Purpose { get; private set; }

    public VisitorKind Kind { get; private set; }
    public VisitorState State { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public int People { get; private set; } = 1;

    [MaxLength(20)]
    public string? LicensePlate { get; private set; }

    /// <summary>For comparing, see <see cref="Plates"/>.</summary>
    [WorkedOut, MaxLength(20)]
    public string? LicensePlateKey { get; private set; }

    [MaxLength(100)]
    public string? Company { get; private set; }

    /// <summary>Wall-clock window in which an announced visit may enter.</summary>
    [Column(TypeName = "datetime")]
    public DateTime? ExpectedFrom { get; private set; }

    [Column(TypeName = "datetime")]
    public DateTime? ExpectedUntil { get; private set; }

    /// <summary>Six digits that the visitor shows; unique among visits that are still announced.</summary>
    [MaxLength(6)]
    public string? PassCode { get; private set; }

    /// <summary>An exit nobody logged, closed at night.</summary>
    public bool AutoClosed { get; private set; }

    public long? EnteredBy { get; private set; }
    public long? ExitedBy { get; private set; }

    /// <summary>A key made at the terminal, so that what is sent twice is logged once.</summary>
    [MaxLength(36)]
    public string? ClientKey { get; private set; }

    /// <summary>The case it is kept for: while that is open, the record is not deleted.</summary>
    public long? PqrsId { get; private set; }
    public PqrsCase? Pqrs { get; private set; }

    /// <summary>The pass it came with; a single one's announced visit has it from the beginning.</summary>
    public long? PassId { get; private set; }
    public Pass? Pass { get; private set; }

    public long? PassGuestId { get; private set; }
    public PassGuest? PassGuest { get; private set; }

    /// <summary>A visit that the host announces.</summary>
    public static Visitor Announce(long host, Announcement visit, string passCode) => new()
    {
        Name = visit.Name.Trim(),
        Identification = visit.Identification?.Trim() ?? "",
        HostId = host,
        ApartmentId = visit.ApartmentId,
        Kind = visit.Kind,
        People = visit.People,
        LicensePlate = Plates.Tidy(visit.Plate),
        Company = visit.Company.TrimToNull(),
        VisitDate = DateOnly.FromDateTime(visit.From),
        ExpectedFrom = visit.From,
        ExpectedUntil = visit.Until,
        State = VisitorState.Announced,
        PassCode = passCode,
    };

    /// <summary>Somebody who was not announced and is let in.</summary>
    public static Visitor WalkIn(long host, WalkIn walkIn, DateTime now, long? guard)
    {
        var visit = new Visitor
        {
            Name = walkIn.Name.Trim(),
            Identification = walkIn.Identification.Trim(),
            HostId = host,
            ApartmentId = walkIn.ApartmentId,
            Kind = walkIn.Kind,
            People = walkIn.People,
            LicensePlate = Plates.Tidy(walkIn.Plate),
            Company = walkIn.Company.TrimToNull(),
            Purpose = walkIn.Purpose.TrimToNull(),
            ClientKey = walkIn.ClientKey,
        };
        visit.Enter(now, guard);
        return visit;
    }

    /// <summary>Lets in who was announced.</summary>
    /// <param name="approved">The host said yes by telephone although the window is over or not yet come.</param>
    public Result Admit(DateTime now, bool approved, long? guard)
    {
        if (State == VisitorState.Inside) return new Error("gate.inside");
        if (State != VisitorState.Announced) return new Error("gate.used");
        if (!approved && ExpectedUntil < now) return new Error("gate.expired", null, ExpectedUntil);
        if (!approved && ExpectedFrom > now) return new Error("gate.early", null, ExpectedFrom);
        Enter(now, guard);
        return Result.Done;
    }

    /// <summary>The guard does not let in who was announced.</summary>
    public Result Deny(long? guard)
    {
        if (State != VisitorState.Announced) return new Error("gate.used");
        (State, ExitedBy) = (VisitorState.Denied, guard);
        return Result.Done;
    }

    /// <summary>The host takes back what was announced.</summary>
    public Result Revoke()
    {
        if (State != VisitorState.Announced) return new Error("gate.used");
        State = VisitorState.Revoked;
        return Result.Done;
    }

    public Result Leave(DateTime now, long? guard)
    {
        if (State != VisitorState.Inside) return new Error("gate.not_inside");
        Exit(now, guard);
        return Result.Done;
    }

    /// <summary>Takes an exit back that was logged by mistake, within ten minutes; never one that the night closed.</summary>
    public Result UndoLeave(DateTime now)
    {
        if (State != VisitorState.Left || AutoClosed || ExitDate is not { } day || ExitTime is not { } time)
            return new Error("gate.not_inside");
        if (now - day.ToDateTime(time) > UndoTime) return new Error("gate.undo_late");
        (State, ExitDate, ExitTime, ExitedBy) = (VisitorState.Inside, null, null, null);
        return Result.Done;
    }

    /// <summary>Closes at night an exit that nobody logged, and marks it so.</summary>
    public Result CloseForgotten(DateTime now)
    {
        if (State != VisitorState.Inside) return new Error("gate.not_inside");
        Exit(now, null);
        AutoClosed = true;
        return Result.Done;
    }

    /// <summary>The pass by which an announced visit comes.</summary>
    internal void With(Pass pass) => Pass = pass;

    /// <summary>Keeps the record for as long as a case is open; null: for no case.</summary>
    public void KeepFor(long? caseId) => PqrsId = caseId;

    private void Enter(DateTime now, long? guard) =>
        (State, VisitDate, EnterTime, EnteredBy) = (VisitorState.Inside, DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now), guard);

    private void Exit(DateTime now, long? guard) =>
        (State, ExitDate, ExitTime, ExitedBy) = (VisitorState.Left, DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now), guard);
}

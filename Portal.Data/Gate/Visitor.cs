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

/// <summary>On whose word somebody was let in.</summary>
[StoredByName]
public enum VisitAuthority { Pass, Host, Phone, Known, Guard }

/// <summary>
/// Somebody who comes to the gate. Announced by the host it waits for its window, and then is inside and has left; or it ends before:
/// revoked by the host, denied by the guard. Who was not announced is inside from the beginning. An entry that was taken back is void. Each
/// verb refuses what the state does not allow, and changes nothing then; times are those of the building's wall.
/// </summary>
[Table("visitors")]
public sealed class Visitor : Updated
{
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

    /// <summary>Null for an exit without an entry, of whom nobody knows whom they were with.</summary>
    public long? HostId { get; private set; }
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

    /// <summary>Entered while the terminal had no answer from the portal.</summary>
    public bool Offline { get; private set; }

    /// <summary>The terminal's clock could not be right: the times are the nearest that can be.</summary>
    public bool TimeDoubt { get; private set; }

    public VisitAuthority? Authority { get; private set; }

    /// <summary>The visitors' space of their car, while they are inside and afterwards.</summary>
    public long? ParkingId { get; private set; }
    public ParkingSpace? Parking { get; private set; }

    /// <summary>When they came in, on the building's wall.</summary>
    internal DateTime? Entered => EnterTime is { } time ? VisitDate.ToDateTime(time) : null;

    /// <summary>When they went, on the building's wall.</summary>
    internal DateTime? WentOut => ExitTime is { } time ? (ExitDate ?? VisitDate).ToDateTime(time) : null;

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

    /// <summary>
    /// Somebody came in, as a terminal tells it. It happened: nothing is refused here, what was wrong with it is for
    /// <see cref="GateConflict"/>s.
    /// </summary>
    internal void Come(DateTime at, long? guard, EntryNote note)
    {
        Enter(at, guard);
        (Offline, Authority, ClientKey) = (note.Offline, note.Authority, note.Key);
        TimeDoubt |= note.Doubt;
    }

    /// <summary>Of who was announced, what the gate learned and the announcement did not say.</summary>
    internal void Complete(VisitPerson person)
    {
        if (Identification.Length == 0) Identification = person.Identification;
        LicensePlate ??= Plates.Tidy(person.Plate);
        Company ??= person.Company;
        Purpose ??= person.Purpose;
        if (person.People is { } people) People = people;
    }

    /// <summary>A stay at the gate that nobody announced, or another one of the same pass. What becomes of it the next verb says.</summary>
    internal static Visitor Stay(VisitPerson person, DateTime at)
    {
        var visit = new Visitor { VisitDate = DateOnly.FromDateTime(at) };
        visit.Be(person);
        return visit;
    }

    /// <summary>Who it is, of an exit whose entry comes late.</summary>
    internal void Be(VisitPerson person)
    {
        (Name, Identification, Kind) = (person.Name, person.Identification, person.Kind);
        (HostId, ApartmentId, People) = (person.Host, person.Apartment, person.People ?? 1);
        (LicensePlate, Company, Purpose) = (Plates.Tidy(person.Plate), person.Company, person.Purpose);
        (PassId, PassGuestId) = (person.Pass, person.Guest);
    }

    /// <summary>Was not let in, and had not been announced.</summary>
    internal void Refuse(long? guard) => (State, ExitedBy) = (VisitorState.Denied, guard);

    /// <summary>
    /// Somebody went out. The earliest exit that was logged holds, and each that was logged before one that the portal wrote by itself.
    /// </summary>
    /// <returns>Whether this one is it.</returns>
    internal bool Go(DateTime at, long? guard, bool doubt)
    {
        // Nobody goes before they came; a clock was wrong.
        if (Entered is { } entered && at < entered) (at, doubt) = (entered, true);
        if (State == VisitorState.Left && !AutoClosed && WentOut <= at) return false;
        Exit(at, guard);
        AutoClosed = false;
        TimeDoubt |= doubt;
        return true;
    }

    /// <summary>The same person, or car, came in again, so they must have gone: nobody logged when.</summary>
    internal void Supersede(DateTime at)
    {
        Exit(at, null);
        AutoClosed = true;
    }

    /// <summary>Is inside after all.</summary>
    internal void Reopen() => (State, ExitDate, ExitTime, ExitedBy, AutoClosed) = (VisitorState.Inside, null, null, null, false);

    /// <summary>The entry was logged by mistake and was taken back at once.</summary>
    internal void TakeBack() => State = VisitorState.Void;

    /// <summary>Was not let in by mistake; waits again.</summary>
    internal void ExpectAgain() => (State, ExitedBy) = (VisitorState.Announced, null);

    /// <summary>Where their car stands; null: nowhere that is known.</summary>
    internal void ParkAt(long? space) => ParkingId = space;

    /// <summary>Keeps the record for as long as a case is open; null: for no case.</summary>
    public void KeepFor(long? caseId) => PqrsId = caseId;

    private void Enter(DateTime now, long? guard) =>
        (State, VisitDate, EnterTime, EnteredBy) = (VisitorState.Inside, DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now), guard);

    private void Exit(DateTime now, long? guard) =>
        (State, ExitDate, ExitTime, ExitedBy) = (VisitorState.Left, DateOnly.FromDateTime(now), TimeOnly.FromDateTime(now), guard);
}

/// <summary>Who stands at the gate.</summary>
/// <param name="People">Null: as was announced.</param>
internal sealed record VisitPerson(
    string Name, string Identification, VisitorKind Kind, long? Host, long? Apartment, int? People, string? Plate, string? Company,
    string? Purpose, long? Pass, long? Guest);

/// <summary>How an entry came about.</summary>
/// <param name="Key">Of the terminal's event.</param>
/// <param name="Doubt">Its time is the nearest that can be.</param>
internal sealed record EntryNote(string Key, bool Offline, bool Doubt, VisitAuthority? Authority);

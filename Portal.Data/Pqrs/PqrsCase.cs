using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using Portal.Data.Building;
using Portal.Data.Identity;
using Portal.Data.Operations;
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
public enum PqrsChannel { Web, Desk, Telephone, Verbal, Mail, Whatsapp }

[Table("pqrs_status")]
public sealed class PqrsStatus : Lookup<PqrsState>;

/// <summary>
/// A case. What may become of it are the verbs below: each refuses what its state does not allow, and changes nothing then. Which state an
/// act leads to stands in <see cref="PqrsFlow"/>. Days are those of the building's calendar.
/// </summary>
[Table("pqrs")]
public sealed class PqrsCase : Updated
{
    private PqrsCase()
    {
    }

    public long Id { get; private set; }

    [MaxLength(200)]
    public string Title { get; private set; } = "";

    [Column(TypeName = "text")]
    public string Description { get; private set; } = "";

    public int CategoryId { get; private set; }
    public PqrsCategory? Category { get; private set; }

    public long OwnerId { get; private set; }
    public Owner? Owner { get; private set; }

    public PqrsState StatusId { get; private set; }
    public PqrsStatus? Status { get; private set; }

    public PqrsPriority? Priority { get; private set; } = PqrsPriority.Medium;

    /// <summary><c>PQRS-2026-000123</c>.</summary>
    [MaxLength(20)]
    public string? Number { get; private set; }

    public PqrsKind? Kind { get; private set; }

    public PqrsChannel Channel { get; private set; }

    public long? ApartmentId { get; private set; }
    public Apartment? Apartment { get; private set; }

    public long? AssignedTo { get; private set; }
    public User? Assignee { get; private set; }

    /// <summary>Business days given to answer.</summary>
    public int? DaysGiven { get; private set; }

    /// <summary>The last day to answer, pauses so far included.</summary>
    public DateOnly? DueOn { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ResolvedAt { get; private set; }

    [Column(TypeName = "timestamp")]
    public DateTime? ClosedAt { get; private set; }

    public int ReopenedCount { get; private set; }

    /// <summary>1 to 5, given by the petitioner after the resolution.</summary>
    public int? Rating { get; private set; }

    [MaxLength(12)]
    public string? VerificationCode { get; private set; }

    /// <summary>The case with which it is answered; null where it goes by itself.</summary>
    public long? MergedIntoId { get; private set; }
    public PqrsCase? MergedInto { get; private set; }

    /// <summary>Of a petition without a name: the hash of the code that reads its answer.</summary>
    [Secret, MaxLength(64)]
    public string? AccessHash { get; private set; }

    public List<PqrsTracking> Tracking { get; private set; } = [];

    /// <summary>The verbs that let the deadline run again need them loaded; a case that is locked for a write has them.</summary>
    public List<PqrsPause> Pauses { get; private set; } = [];

    /// <summary>A new case.</summary>
    /// <param name="filing">Checked already.</param>
    /// <param name="days">Business days to answer.</param>
    public static PqrsCase File(
        PqrsFiling filing, long owner, PqrsChannel channel, PqrsPriority priority, int days, DateOnly today, string number) => new()
    {
        Title = filing.Title!.Trim(),
        Description = filing.Description!.Trim(),
        CategoryId = filing.CategoryId!.Value,
        OwnerId = owner,
        ApartmentId = filing.ApartmentId,
        StatusId = PqrsState.Open,
        Kind = filing.Kind,
        Priority = priority,
        Channel = channel,
        DaysGiven = days,
        DueOn = BusinessDays.Deadline(today, days, []),
        VerificationCode = Operations.VerificationCode.New(),
        Number = number,
    };

    /// <summary>
    /// The petitioner is answered. The first answer shows that somebody works on it: it is in progress, and whoever answered has it.
    /// </summary>
    public Result Reply(long? by)
    {
        if (!PqrsFlow.IsActive(StatusId)) return new Error("pqrs.not_active", null, StatusId);
        if (StatusId == PqrsState.Open) StatusId = PqrsState.InProgress;
        AssignedTo ??= by;
        return Result.Done;
    }

    /// <summary>The petitioner writes. Where it waited for that, the deadline runs again.</summary>
    public Result Hear(DateOnly today)
    {
        if (!PqrsFlow.IsActive(StatusId)) return new Error("pqrs.not_active", null, StatusId);
        if (StatusId != PqrsState.WaitingForPetitioner) return Result.Done;
        Resume(today);
        StatusId = PqrsState.InProgress;
        return Result.Done;
    }

    /// <summary>What those who handle cases do to its state.</summary>
    /// <param name="days">Business days to answer, for one that is opened again.</param>
    /// <param name="at">Now, UTC.</param>
    public Result Act(PqrsAct act, int days, DateOnly today, DateTime at, long? by)
    {
        if (PqrsFlow.Next(StatusId, act) is not { } next) return new Error("pqrs.act_not_allowed", null, act, StatusId);
        if (StatusId == PqrsState.WaitingForPetitioner) Resume(today);
        if (act == PqrsAct.Reopen) Restart(days, today);
        if (act == PqrsAct.Wait) Pauses.Add(new PqrsPause { PqrsId = Id, StartedOn = today.AddDays(1) });
        StatusId = next;
        if (next == PqrsState.Resolved) ResolvedAt = at;
        if (next == PqrsState.Closed) ClosedAt = at;
        AssignedTo ??= by;
        return Result.Done;
    }

    /// <summary>The petitioner opens it again: the resolution did not resolve it.</summary>
    /// <param name="days">Business days to answer, anew.</param>
    public Result Reopen(int days, DateOnly today)
    {
        if (!PqrsFlow.PetitionerMayReopen(StatusId)) return new Error("pqrs.not_reopened_by_you", null, StatusId);
        Restart(days, today);
        return Result.Done;
    }

    /// <summary>Once it is resolved; may be changed until it is opened again.</summary>
    /// <param name="rating">1 to 5.</param>
    public Result Rate(int rating)
    {
        if (rating is < 1 or > 5) return new Error("pqrs.rating", "Rating");
        if (PqrsFlow.IsActive(StatusId) || ResolvedAt is null) return new Error("pqrs.rating_early");
        Rating = rating;
        return Result.Done;
    }

    /// <summary>Gives it to an account that handles cases; null to nobody.</summary>
    public void Assign(long? account) => AssignedTo = account;

    public void Prioritise(PqrsPriority priority) => Priority = priority;

    /// <summary>More time, before the deadline has passed; in all at most twice what the law gives (Ley 1755 of 2015, art. 14).</summary>
    /// <param name="days">Business days more.</param>
    /// <param name="lawful">Business days that the law gives.</param>
    public Result Extend(int days, int lawful, DateOnly today)
    {
        if (!PqrsFlow.IsActive(StatusId)) return new Error("pqrs.not_active", null, StatusId);
        if (DueOn is not { } due || DaysGiven is not { } given) return new Error("pqrs.extend.none");
        if (StatusId != PqrsState.WaitingForPetitioner && due < today) return new Error("pqrs.extend.late", null, due);
        var most = 2 * lawful;
        if (given + days > most) return new Error("pqrs.extend.most", "Days", most, given, Math.Max(0, most - given));
        var start = Start()!.Value;
        DaysGiven = given + days;
        DueOn = BusinessDays.Deadline(start, given + days, [.. PqrsReading.HeldOf(Held).Where(h => h.Until is not null)]);
        return Result.Done;
    }

    /// <summary>It says the same as another and is answered with it; it keeps its number, its petitioner and its own last day.</summary>
    /// <param name="other">Not merged itself.</param>
    public Result Merge(PqrsCase other)
    {
        if (other.Id == Id) return new Error("pqrs.merge.itself", "Into");
        if (!PqrsFlow.IsActive(StatusId)) return new Error("pqrs.not_active", null, StatusId);
        if (!PqrsFlow.IsActive(other.StatusId) || other.MergedIntoId is not null) return new Error("pqrs.merge.into", "Into");
        if (MergedIntoId is not null) return new Error("pqrs.merge.twice", "Into");
        MergedIntoId = other.Id;
        return Result.Done;
    }

    /// <summary>Its petitioner gave no name: only who holds the code reads the answer.</summary>
    public void Anonymise(string accessHash) => AccessHash = accessHash;

    /// <summary>It goes by itself again.</summary>
    public void Unmerge() => MergedIntoId = null;

    private List<PqrsPause> Held => [.. Pauses.OrderBy(p => p.StartedOn).ThenBy(p => p.Id)];

    /// <summary>
    /// The deadline runs again from tomorrow: today was still held, or counted when it was asked and answered on one day (Ley 1755 of 2015,
    /// art. 17).
    /// </summary>
    private void Resume(DateOnly today)
    {
        var pauses = Held;
        if (pauses.LastOrDefault(p => p.EndedOn is null) is not { } open) return;
        var start = Start();
        open.EndedOn = open.StartedOn > today ? open.StartedOn : today.AddDays(1);
        if (start is { } from && DaysGiven is { } given) DueOn = BusinessDays.Deadline(from, given, PqrsReading.HeldOf(pauses));
    }

    /// <summary>The day from which the present count began; null where there is no deadline.</summary>
    private DateOnly? Start() =>
        DueOn is { } due && DaysGiven is { } given and > 0 ? BusinessDays.Start(due, given, PqrsReading.HeldOf(Held)) : null;

    /// <summary>Opens it again: counted, its time begins anew today, the rating goes.</summary>
    private void Restart(int days, DateOnly today)
    {
        StatusId = PqrsState.InProgress;
        MergedIntoId = null;
        ReopenedCount++;
        ResolvedAt = ClosedAt = null;
        Rating = null;
        DaysGiven = days;
        DueOn = BusinessDays.Deadline(today, days, []);
    }
}

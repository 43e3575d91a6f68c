using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Notifications;
using Portal.Data.Operations;

namespace Portal.Data.Programmes;

/// <summary>
/// Every day: the office is told in good time whose check ends (<see cref="TeacherCheck"/>); keys of registers that nobody sends any more go;
/// and who has been in no course for two years is nobody any more: what they attended and were given stays without them.
/// </summary>
public sealed class ProgrammeUpkeep(PortalStore store, BuildingClock clock, ModuleStates modules) : JobHandler<DateOnly>(JobKind)
{
    public static readonly JobKind<DateOnly> JobKind = new("programmes_upkeep");

    /// <summary>What the bell says.</summary>
    public const string CheckEnds = "teacher.check_ends";

    /// <summary>Years without a course after which a participant is anonymised.</summary>
    public const int YearsKept = 2;

    /// <summary>Days before its end on which the office is told of a check, and again on the day after it.</summary>
    private static readonly int[] Ahead = [30, 7, 0, -1];

    private const int DaysOfKeys = 30;

    public override async Task RunAsync(DateOnly day, CancellationToken ct)
    {
        // What the law and one's own promise ask for goes on where the module is off.
        await DoneAsync(await store.WriteAsync(CurrentUser.System, AnonymiseAsync, ct));
        if (!await modules.IsOnAsync(Modules.Programmes, ct)) return;
        await DoneAsync(await store.WriteAsync(CurrentUser.System, TellAsync, ct));
    }

    private static Task DoneAsync(Result result) =>
        result.Ok ? Task.CompletedTask : throw new InvalidOperationException($"The upkeep of courses was refused: {result.Error!.Code}.");

    private async Task<Result> TellAsync(PortalDb db, CancellationToken ct)
    {
        var today = clock.Today;
        var ends = await db.TeacherChecks.AsNoTracking()
            .Where(k => !db.TeacherChecks.Any(l => l.UserId == k.UserId && l.ValidUntil > k.ValidUntil) && k.ValidUntil <= today.AddDays(Ahead[0])
                && k.ValidUntil >= today.AddDays(-60)
                && db.CourseTeachers.Any(t => t.UserId == k.UserId && (t.ToOn == null || t.ToOn >= today) && t.Course!.Minors && t.Course.EndsOn >= today))
            .OrderBy(k => k.Id)
            .Select(k => new { k.UserId, k.ValidUntil, Name = db.Profiles.Where(p => p.UserId == k.UserId).Select(p => p.FullName).FirstOrDefault() ?? "" })
            .ToListAsync(ct);
        if (ends.Count == 0) return Result.Done;
        var office = await db.UsersWith(Permissions.ProgrammesManage).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(ct);
        List<(NotificationDraft Draft, long Account, string Key)> all = [];
        foreach (var one in ends.DistinctBy(e => e.UserId))
        {
            var left = one.ValidUntil.DayNumber - today.DayNumber;
            var stage = Ahead.Where(a => left <= a).Min();
            var draft = new NotificationDraft(
                CheckEnds, RecipientType.Admin, "Se vence la consulta de un profesor", one.Name, "/programmes/teachers",
                [new(Text: one.Name), new(Day: one.ValidUntil)]);
            all.AddRange(office.Select(account => (
                draft, account,
                string.Create(CultureInfo.InvariantCulture, $"{CheckEnds}:{one.UserId}:{one.ValidUntil:yyyyMMdd}:{stage}:{account}"))));
        }

        foreach (var chunk in all.Chunk(200)) await NotificationDraft.AddManyAsync(db, chunk, ct);
        return Result.Done;
    }

    private async Task<Result> AnonymiseAsync(PortalDb db, CancellationToken ct)
    {
        var (today, before) = (clock.Today, clock.Today.AddYears(-YearsKept));
        var keys = clock.UtcNow.AddDays(-DaysOfKeys);
        await db.RegisterSaves.Where(s => s.CreatedAt < keys).ExecuteDeleteAsync(ct);
        var people = await db.Participants
            .Where(p => p.AnonymisedOn == null && p.RegisteredOn < before
                && !db.Enrolments.Any(e => e.ParticipantId == p.Id && (e.DroppedOn ?? e.Course!.EndsOn) >= before))
            .OrderBy(p => p.Id).Take(500).ToListAsync(ct);
        foreach (var person in people) await ParticipantEraser.AnonymiseAsync(db, person, today, ct);
        if (people.Count == 0) return Result.Done;
        await db.SaveChangesAsync(ct);
        await ParticipantEraser.RedactAsync(db, people.ConvertAll(p => p.Id), ct);
        return Result.Done;
    }
}

/// <summary>Makes somebody nobody: the books, attendance and marks stay without them.</summary>
internal static class ParticipantEraser
{
    public const string Name = "Persona", LastName = "suprimida";

    public static async Task AnonymiseAsync(PortalDb db, Participant person, DateOnly today, CancellationToken ct)
    {
        var id = person.Id;
        await db.FamilyProfiles.Where(f => f.ParticipantId == id).ExecuteDeleteAsync(ct);
        await db.ParticipantHealth.Where(h => h.ParticipantId == id).ExecuteDeleteAsync(ct);
        var guardians = await db.Guardians.Where(g => g.ParticipantId == id).Select(g => g.Id).ToListAsync(ct);
        await db.GuardianCircumstances.Where(c => guardians.Contains(c.GuardianId)).ExecuteDeleteAsync(ct);
        await db.Guardians.Where(g => guardians.Contains(g.Id)).ExecuteDeleteAsync(ct);
        if (guardians.Count > 0) await AuditRedaction.RunAsync(db, "guardians", guardians, ct);
        await db.Enrolments.Where(e => e.ParticipantId == id && e.DropReason != null)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.DropReason, (string?)null), ct);
        await db.ParticipantConsents.Where(c => c.ParticipantId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.GivenBy, LastName).SetProperty(c => c.Text, ""), ct);
        await db.Attendance.Where(a => a.Enrolment!.ParticipantId == id && a.Reason != null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.Reason, (string?)null), ct);
        await db.Marks.Where(m => m.Enrolment!.ParticipantId == id && m.Comment != null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Comment, (string?)null), ct);
        await db.MarkChanges.Where(m => m.Enrolment!.ParticipantId == id && m.CommentBefore != null)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.CommentBefore, (string?)null), ct);
        (person.UserId, person.ApartmentId, person.FirstName, person.LastName) = (null, null, Name, LastName);
        (person.Phone, person.EmergencyContact, person.PreviousSchool, person.TransferReason) = (null, null, null, null);
        (person.HouseNumber, person.Village, person.Commune) = (null, null, null);
        (person.District, person.Province, person.BirthDistrict) = (null, null, null);
        // The year of birth stays for figures of ages.
        (person.BirthDate, person.Active, person.AnonymisedOn) = (new DateOnly(person.BirthDate.Year, 1, 1), false, today);
    }

    /// <summary>What the audit log knows of them goes too; that it was so, and when, stays.</summary>
    public static async Task RedactAsync(PortalDb db, IReadOnlyList<long> participants, CancellationToken ct)
    {
        await AuditRedaction.RunAsync(db, "participants", participants, ct);
        await RedactAsync("participant_consents", db.ParticipantConsents.Where(c => participants.Contains(c.ParticipantId)).Select(c => c.Id));
        await RedactAsync("enrolments", db.Enrolments.Where(e => participants.Contains(e.ParticipantId)).Select(e => e.Id));
        await RedactAsync("marks", db.Marks.Where(m => participants.Contains(m.Enrolment!.ParticipantId)).Select(m => m.Id));
        await RedactAsync("attendance", db.Attendance.Where(a => participants.Contains(a.Enrolment!.ParticipantId)).Select(a => a.Id));

        async Task RedactAsync(string table, IQueryable<long> rows)
        {
            foreach (var some in (await rows.OrderBy(id => id).ToListAsync(ct)).Chunk(500)) await AuditRedaction.RunAsync(db, table, some, ct);
        }
    }
}

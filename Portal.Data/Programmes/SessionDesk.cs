using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Facilities;
using Portal.Data.Notifications;

namespace Portal.Data.Programmes;

/// <summary>
/// The sessions of a course and their registers. The office plans with <see cref="Permissions.ProgrammesManage"/>; who teaches it takes the
/// register, and corrects it for a week.
/// </summary>
public sealed class SessionDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>Days for which a teacher corrects a register; then the office.</summary>
    public const int DaysToCorrect = 7;

    /// <summary>So many sessions at once at most.</summary>
    public const int Most = 400;

    /// <summary>More names than any course has.</summary>
    public const int MostEntries = 500;

    /// <summary>What a family is told.</summary>
    public const string Missed = "course.absent";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Of a course, in their order, with what its register says.</summary>
    public async Task<IReadOnlyList<SessionRow>> ListAsync(long course, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var courses = db.CoursesOf(user, clock.Today);
        var sessions = await db.CourseSessions.AsNoTracking().Where(s => s.CourseId == course && courses.Any(c => c.Id == course))
            .OrderBy(s => s.HeldOn).ThenBy(s => s.Session == SessionPart.Pm).ThenBy(s => s.Id)
            .Select(s => new
            {
                s.Id, s.HeldOn, s.Session, s.StartsAt, s.EndsAt, s.Cancelled, s.CancelReason, s.TakenAt,
                Expected = db.EnrolmentPeriods.Count(
                    p => p.Enrolment!.CourseId == course && p.FromOn <= s.HeldOn && (p.UntilOn == null || p.UntilOn > s.HeldOn)),
            })
            .ToListAsync(ct);
        var sums = await db.Attendance.AsNoTracking().Where(a => a.Session!.CourseId == course).GroupBy(a => new { a.SessionId, a.Status })
            .Select(g => new { g.Key.SessionId, g.Key.Status, Count = g.Count() }).ToListAsync(ct);
        var by = sums.ToDictionary(s => (s.SessionId, s.Status), s => s.Count);
        int Count(long id, AttendanceStatus status) => by.GetValueOrDefault((id, status));
        return sessions.ConvertAll(s => new SessionRow(
            s.Id, s.HeldOn, s.Session, s.StartsAt, s.EndsAt, s.Cancelled, s.CancelReason, s.TakenAt, s.Expected,
            Count(s.Id, AttendanceStatus.Present), Count(s.Id, AttendanceStatus.Absent), Count(s.Id, AttendanceStatus.Late),
            Count(s.Id, AttendanceStatus.Excused)));
    }

    /// <summary>
    /// Plans sessions on some days of the week. Where the course has a facility and the sessions have hours, the facility is closed for them:
    /// under its lock, so that no booking slips in. Days on which one is planned already are left out.
    /// </summary>
    /// <returns>How many were planned. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>session.days</c>,
    /// <c>session.times</c>, <c>session.outside</c> the course, <c>session.many</c>, <c>session.none</c>, <c>session.booked</c> with the first
    /// day on which somebody has booked the place.</returns>
    public async Task<Result<int>> PlanAsync(long course, SessionPlan plan, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var errors = new List<Error>();
        if (plan.Weekdays.Count == 0) errors.Add(Error.Required(nameof(plan.Weekdays)));
        if (plan.From is null) errors.Add(Error.Required(nameof(plan.From)));
        if (plan.To is null) errors.Add(Error.Required(nameof(plan.To)));
        if (!Enum.IsDefined(plan.Part)) errors.Add(Error.Required(nameof(plan.Part)));
        if ((plan.StartsAt is null) != (plan.EndsAt is null) || plan.EndsAt <= plan.StartsAt) errors.Add(new Error("session.times", nameof(plan.EndsAt)));
        if (plan is { From: { } first, To: { } last } && last < first) errors.Add(new Error("session.days", nameof(plan.To)));
        if (errors.Count > 0) return errors;
        var planned = await store.WriteAsync<int>(
            user,
            async (db, token) =>
            {
                var facility = await db.Courses.Where(c => c.Id == course).Select(c => c.FacilityId).SingleOrDefaultAsync(token);
                if (facility is { } place) await BookingLocks.FacilityAsync(db, place, token);
                if (await db.Courses.Where(c => c.Id == course).ForUpdate().SingleOrDefaultAsync(token) is not { } row) return Error.NotFound;
                if (row.FacilityId != facility) return Error.Stale;
                var (from, to) = (plan.From!.Value, plan.To!.Value);
                if (from < row.StartsOn || to > row.EndsOn) return new Error("session.outside", nameof(plan.From), row.StartsOn, row.EndsOn);
                var there = (await db.CourseSessions.Where(s => s.CourseId == course && !s.Cancelled && s.HeldOn >= from && s.HeldOn <= to)
                    .Select(s => new { s.HeldOn, s.Session }).ToListAsync(token)).ToLookup(s => s.HeldOn, s => s.Session);
                List<CourseSession> added = [];
                for (var day = from; day <= to; day = day.AddDays(1))
                {
                    if (plan.Weekdays.Contains(day.DayOfWeek) && !there[day].Any(one => Meets(one, plan.Part)))
                        added.Add(CourseSession.Of(course, day, plan.Part, plan.StartsAt, plan.EndsAt));
                }

                if (added.Count == 0) return new Error("session.none", nameof(plan.Weekdays));
                if (added.Count > Most) return new Error("session.many", nameof(plan.To), Most);
                if (await KeepPlaceAsync(db, row, added, token) is { } refused) return refused;
                db.CourseSessions.AddRange(added);
                await db.SaveChangesAsync(token);
                return added.Count;
            },
            ct);
        return planned.Error?.Code is "duplicate.uq_course_sessions_am" or "duplicate.uq_course_sessions_pm" ? Error.Stale : planned;
    }

    /// <summary>One is not held. Its place is free again; a register that was taken keeps it from being cancelled.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>session.taken</c>,
    /// <c>session.cancelled</c>.</returns>
    public async Task<Result> CancelAsync(long session, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > 200) return Error.TooLong("Reason", 200);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, session, token) is not (var row, _)) return Error.NotFound;
                if (row.Cancelled) return new Error("session.cancelled");
                if (row.TakenAt is not null) return new Error("session.taken");
                row.Cancel(why);
                if (row.BlackoutId is { } kept && await db.FacilityBlackouts.SingleOrDefaultAsync(b => b.Id == kept, token) is { } closed)
                {
                    db.FacilityBlackouts.Remove(closed);
                    await WaitingList.FreedAsync(db, closed.FacilityId, clock, token);
                }

                row.BlackoutId = null;
                return Result.Done;
            },
            ct);
    }

    /// <summary>It is held after all, where its place is free still.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>session.there</c> where another takes its half of the day,
    /// <c>session.booked</c>.</returns>
    public async Task<Result> RestoreAsync(long session, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var restored = await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, session, token) is not (var row, var course)) return Error.NotFound;
                if (!row.Cancelled) return Result.Done;
                if (row.HeldOn < course.StartsOn || row.HeldOn > course.EndsOn) return new Error("session.outside", null, course.StartsOn, course.EndsOn);
                row.Restore();
                return await KeepPlaceAsync(db, course, [row], token) is { } refused ? refused : Result.Done;
            },
            ct);
        return restored.Error?.Code is "duplicate.uq_course_sessions_am" or "duplicate.uq_course_sessions_pm" ? new Error("session.there") : restored;
    }

    /// <summary>The register of a session: who is expected that day, with what is written down. Nothing is said of who is not expected.</summary>
    /// <returns>Null where there is none for this person.</returns>
    public async Task<RegisterView?> RegisterAsync(long session, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var courses = db.CoursesOf(user, clock.Today);
        var found = await db.CourseSessions.AsNoTracking().Where(s => s.Id == session && courses.Any(c => c.Id == s.CourseId))
            .Select(s => new
            {
                Row = s, s.Course!.Name, s.Course.GradeLevel, s.Course.Section,
                By = db.Profiles.Where(p => p.UserId == s.TakenBy).Select(p => p.FullName).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var row = found.Row;
        var today = clock.Today;
        var told = await db.ToldOfSafetyAsync(row.CourseId, user, today, ct);
        var lines = await db.ExpectedOn(row.HeldOn).AsNoTracking().Where(e => e.CourseId == row.CourseId)
            .OrderBy(e => e.Participant!.LastName).ThenBy(e => e.Participant!.FirstName).ThenBy(e => e.Id)
            .Select(e => new
            {
                e.Id, e.Participant!.FirstName, e.Participant.LastName,
                Note = told && (e.DroppedOn == null || e.DroppedOn > today)
                    ? db.ParticipantHealth.Where(h => h.ParticipantId == e.ParticipantId).Select(h => h.SafetyNote).FirstOrDefault()
                    : null,
                Said = db.Attendance.Where(a => a.SessionId == session && a.EnrolmentId == e.Id).Select(a => new { a.Status, a.Reason })
                    .FirstOrDefault(),
            })
            .ToListAsync(ct);
        if (user.Can(Permissions.ProgrammesHealth) && lines.Exists(l => l.Note is not null))
            await db.WriteEventAsync(ProgrammeEvents.HealthRead, "courses", row.CourseId, null, ct);
        return new RegisterView(
            session, row.CourseId, CourseNames.Of(found.Name, found.GradeLevel, found.Section), row.HeldOn, row.Session, row.StartsAt,
            row.Cancelled, row.Version, row.TakenAt, found.By, !row.Cancelled && WhyClosed(row.HeldOn, user) is null,
            lines.ConvertAll(l => new RegisterLine(l.Id, $"{l.FirstName} {l.LastName}", l.Note, l.Said?.Status, l.Said?.Reason)));
    }

    /// <summary>
    /// Saves a register. The same key sent again is answered as the first time. Where another teacher saved something else since it was read,
    /// theirs stays, and it is told of whom. Families are told once of who is absent.
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>session.cancelled</c>, <c>register.early</c>, <c>register.late</c>,
    /// <c>register.expected</c> where somebody is not expected that day, <c>too_long</c>.</returns>
    public async Task<Result<RegisterOutcome>> SaveAsync(long session, RegisterInput input, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return Error.Forbidden;
        if (input.Key == Guid.Empty || input.Entries.Count > MostEntries) return new Error("gone");
        if (input.Entries.Any(e => e.Reason?.Trim().Length > 200)) return Error.TooLong("Reason", 200);
        if (input.Entries.Any(e => !Enum.IsDefined(e.Status))) return Error.Required("Status");
        var saved = await store.WriteAsync<RegisterOutcome>(
            user,
            async (db, token) =>
            {
                var courses = db.CoursesOf(user, clock.Today);
                if (await db.CourseSessions.Where(s => s.Id == session && courses.Any(c => c.Id == s.CourseId)).Select(s => (long?)s.CourseId)
                    .SingleOrDefaultAsync(token) is not { } course) return Error.NotFound;
                await db.Courses.LockAsync(course, token);
                var row = await db.CourseSessions.Where(s => s.Id == session).ForUpdate().SingleAsync(token);
                var key = input.Key.ToString();
                if (await db.RegisterSaves.AsNoTracking().SingleOrDefaultAsync(s => s.SaveKey == key && s.SessionId == session, token) is { } known)
                    return JsonSerializer.Deserialize<RegisterOutcome>(known.Outcome, Json)!;
                if (row.Cancelled) return new Error("session.cancelled");
                if (WhyClosed(row.HeldOn, user) is { } closed) return closed;
                var expected = (await db.ExpectedOn(row.HeldOn).Where(e => e.CourseId == course).Select(e => e.Id).ToListAsync(token)).ToHashSet();
                if (input.Entries.Any(e => !expected.Contains(e.EnrolmentId))) return new Error("register.expected");
                var there = await db.Attendance.Where(a => a.SessionId == session).ToDictionaryAsync(a => a.EnrolmentId, token);
                List<long> kept = [], absent = [];
                foreach (var entry in input.Entries.DistinctBy(e => e.EnrolmentId))
                {
                    var reason = entry.Reason.TrimToNull();
                    if (!there.TryGetValue(entry.EnrolmentId, out var said))
                    {
                        said = new Attendance { SessionId = session, EnrolmentId = entry.EnrolmentId };
                        db.Attendance.Add(said);
                    }
                    else if (said.Status == entry.Status && said.Reason == reason) continue;
                    else if (row.Version != input.Version && said.RecordedBy != user.AccountId)
                    {
                        kept.Add(entry.EnrolmentId);
                        continue;
                    }

                    (said.Status, said.Reason, said.RecordedBy) = (entry.Status, reason, user.AccountId);
                    if (entry.Status == AttendanceStatus.Absent) absent.Add(entry.EnrolmentId);
                }

                row.Take(clock.UtcNow, user.AccountId);
                await db.SaveChangesAsync(token);
                await TellAsync(db, row, absent, token);
                var outcome = new RegisterOutcome(row.Version, input.Entries.Count - kept.Count, kept);
                db.RegisterSaves.Add(new RegisterSave
                {
                    SaveKey = key, SessionId = session, UserId = user.Id, Outcome = JsonSerializer.Serialize(outcome, Json),
                });
                return outcome;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_register_saves_save_key" ? Error.NotFound : saved;
    }

    /// <summary>Nothing is written down of a day to come; a teacher corrects a week, then the office does.</summary>
    private Error? WhyClosed(DateOnly day, CurrentUser user) =>
        day > clock.Today ? new Error("register.early", null, day)
        : day < clock.Today.AddDays(-DaysToCorrect) && !user.Can(Permissions.ProgrammesManage) ? new Error("register.late", null, DaysToCorrect)
        : null;

    private async Task TellAsync(PortalDb db, CourseSession session, List<long> absent, CancellationToken ct)
    {
        // A day ago and more, it is a correction and no news.
        if (absent.Count == 0 || session.HeldOn < clock.Today) return;
        var adult = clock.Today.AddYears(-Participant.OfAge);
        var course = await db.Courses.Where(c => c.Id == session.CourseId).Select(c => new { c.Name, c.GradeLevel, c.Section }).SingleAsync(ct);
        var title = CourseNames.Of(course.Name, course.GradeLevel, course.Section);
        var people = await db.Guardians.AsNoTracking().Where(g => g.LegalAuthority && g.UserId != null)
            .Join(
                db.Enrolments.Where(e => absent.Contains(e.Id) && e.Participant!.BirthDate > adult), g => g.ParticipantId, e => e.ParticipantId,
                (g, e) => new { Enrolment = e.Id, e.Participant!.FirstName, Account = g.UserId!.Value })
            .OrderBy(p => p.Enrolment).ThenBy(p => p.Account).ToListAsync(ct);
        await NotificationDraft.AddManyAsync(
            db,
            [
                .. people.Select(p => (
                    new NotificationDraft(
                        Missed, RecipientType.Owner, "No asistió a clase", $"{p.FirstName}: {title}", $"/programmes/mine/{p.Enrolment}",
                        [new(Text: p.FirstName), new(Text: title), new(Day: session.HeldOn)]),
                    p.Account, $"{Missed}:{session.Id}:{p.Enrolment}:{p.Account}")),
            ],
            ct);
    }

    private static bool Meets(SessionPart one, SessionPart other) => one == SessionPart.Full || other == SessionPart.Full || one == other;

    private static async Task<(CourseSession Row, Course Course)?> HoldAsync(PortalDb db, long session, CancellationToken ct)
    {
        if (await db.CourseSessions.Where(s => s.Id == session).Select(s => new { s.CourseId, s.Course!.FacilityId }).SingleOrDefaultAsync(ct)
            is not { } known) return null;
        if (known.FacilityId is { } facility) await BookingLocks.FacilityAsync(db, facility, ct);
        var course = await db.Courses.Where(c => c.Id == known.CourseId).ForUpdate().SingleAsync(ct);
        return (await db.CourseSessions.Where(s => s.Id == session).ForUpdate().SingleAsync(ct), course);
    }

    /// <summary>Closes the facility for sessions that are to come; the lock of the facility is held.</summary>
    private async Task<Error?> KeepPlaceAsync(PortalDb db, Course course, IReadOnlyList<CourseSession> sessions, CancellationToken ct)
    {
        var now = clock.Now;
        var kept = sessions.Where(s => s is { StartsAt: not null, EndsAt: not null })
            .Select(s => (Session: s, Start: s.HeldOn.ToDateTime(s.StartsAt!.Value), End: s.HeldOn.ToDateTime(s.EndsAt!.Value)))
            .Where(s => s.End > now).ToList();
        if (course.FacilityId is not { } facility || kept.Count == 0) return null;
        var (first, last) = (kept.Min(k => k.Start), kept.Max(k => k.End));
        var taken = await db.Reservations.AsNoTracking()
            .Where(r => r.FacilityId == facility && r.StartDate < last && r.EndDate > first
                && (r.StatusId == ReservationState.Confirmed || r.StatusId == ReservationState.Pending || r.StatusId == ReservationState.Held))
            .Select(r => new { Start = r.StartDate, End = r.EndDate }).ToListAsync(ct);
        taken.AddRange(await db.FacilityBlackouts.AsNoTracking().Where(b => b.FacilityId == facility && b.StartDate < last && b.EndDate > first)
            .Select(b => new { Start = b.StartDate, End = b.EndDate }).ToListAsync(ct));
        if (kept.Find(k => taken.Exists(t => t.Start < k.End && t.End > k.Start)) is { Session: { } met }) return new Error("session.booked", null, met.HeldOn);
        var title = CourseNames.Of(course.Name, course.GradeLevel, course.Section);
        var closures = kept.ConvertAll(k => new FacilityBlackout { FacilityId = facility, StartDate = k.Start, EndDate = k.End, Reason = title });
        db.FacilityBlackouts.AddRange(closures);
        await db.SaveChangesAsync(ct);
        foreach (var (one, closure) in kept.Zip(closures)) one.Session.BlackoutId = closure.Id;
        return null;
    }
}

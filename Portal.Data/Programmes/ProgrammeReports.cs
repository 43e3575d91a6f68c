using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Programmes;

/// <summary>
/// What is read of courses as a whole: attendance of a course, everything of one enrolment (for the office, who teaches it, and whose it
/// is), and one's own courses with <see cref="Permissions.ProgrammesViewOwn"/>.
/// </summary>
public sealed class ProgrammeReports(PortalStore store, BuildingClock clock)
{
    /// <summary>Attendance of a course between two days: of each, and of all together, leavers for their days.</summary>
    /// <returns>Null where there is none for this person.</returns>
    public async Task<AttendanceSheet?> AttendanceAsync(long course, DateOnly? from, DateOnly? to, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var found = await db.CoursesOf(user, clock.Today).AsNoTracking().Where(c => c.Id == course).Select(c => new { c.StartsOn, c.EndsOn })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var (first, last) = (from ?? found.StartsOn, to ?? (found.EndsOn < clock.Today ? found.EndsOn : clock.Today));
        if (last < first) last = first;
        var people = await db.Enrolments.AsNoTracking()
            .Where(e => e.CourseId == course && e.EnrolledOn <= last && (e.DroppedOn == null || e.DroppedOn > first))
            .OrderBy(e => e.Participant!.LastName).ThenBy(e => e.Participant!.FirstName).ThenBy(e => e.Id)
            .Select(e => new { e.Id, e.Participant!.FirstName, e.Participant.LastName }).ToListAsync(ct);
        // By the sessions and not by the people: a month costs the same after five years.
        var shares = await ResultQueries.SharesAsync(
            db.Attendance.Where(a => a.Session!.CourseId == course && a.Session.HeldOn >= first && a.Session.HeldOn <= last), ct);
        var held = await db.CourseSessions.CountAsync(
            s => s.CourseId == course && !s.Cancelled && s.TakenAt != null && s.HeldOn >= first && s.HeldOn <= last, ct);
        var lines = people.ConvertAll(p => new AttendanceLine(
            p.Id, $"{p.FirstName} {p.LastName}", shares.GetValueOrDefault(p.Id, AttendanceShare.None)));
        return new AttendanceSheet(course, first, last, held, lines, Sum(shares.Values));
    }

    /// <summary>Everything of one enrolment. Who came by a transfer has what they did where they were.</summary>
    /// <param name="semester">Null: the one of today, or the last before it.</param>
    /// <returns>Null where there is none for this person.</returns>
    public async Task<EnrolmentReport?> EnrolmentAsync(long enrolment, long? semester, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var found = await db.EnrolmentsOf(user, today).AsNoTracking().Where(e => e.Id == enrolment)
            .Select(e => new
            {
                e.Id, e.CourseId, e.Participant!.FirstName, e.Participant.LastName, e.Course!.Name, e.Course.GradeLevel,
                e.Course.Section, e.Course.YearId, Year = e.Course.Year!.Code, Level = e.Participant.GradeLevel,
                Planned = db.CourseSessions.Count(s => s.CourseId == e.CourseId && !s.Cancelled),
                Held = db.CourseSessions.Count(s => s.CourseId == e.CourseId && !s.Cancelled && s.TakenAt != null),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var semesters = await db.Semesters.AsNoTracking().Where(s => s.YearId == found.YearId).OrderBy(s => s.StartsOn).ThenBy(s => s.Id).ToListAsync(ct);
        var chosen = MarkDesk.Chosen(semesters, semester, today);
        var subjects = await CourseService.SubjectsOfAsync(db, found.CourseId, ct);
        var chain = (await ResultQueries.ChainsAsync(db, [found.Id], ct))[found.Id];
        var weights = subjects.ToDictionary(s => s.SubjectId, s => s.Weight);
        List<MarkView> marks = [];
        CourseResult? result = null;
        decimal? yearly = null;
        if (chosen is not null)
        {
            marks = (await MarkDesk.MarksAsync(db, db.Marks.Where(m => chain.Contains(m.EnrolmentId) && m.SemesterId == chosen.Id), ct))
                .ConvertAll(m => m.Mark);
            result = await ResultQueries.OfCourseAsync(db, found.CourseId, chosen, ct);
            var all = (await db.Marks.AsNoTracking().Where(m => chain.Contains(m.EnrolmentId) && m.Semester!.YearId == found.YearId)
                .Select(m => new { m.SemesterId, m.SubjectId, m.Value }).ToListAsync(ct)).ToLookup(m => m.SemesterId, m => (m.SubjectId, m.Value));
            yearly = Averages.OfYear(weights, [.. semesters.Select(s => all[s.Id].Where(m => weights.ContainsKey(m.SubjectId)).ToList())]);
        }

        var line = result?.Lines.FirstOrDefault(l => l.Enrolment == enrolment);
        var (ranked, mean) = (result?.Ranked ?? 0, result?.Mean);
        // Once it was closed, it stands as it was.
        if (chosen?.ClosedAt is not null && line is not null)
        {
            var frozen = await db.SemesterResults.AsNoTracking()
                .SingleOrDefaultAsync(r => r.SemesterId == chosen.Id && r.EnrolmentId == enrolment, ct);
            (line, ranked, mean) = frozen is null
                ? (line with { Place = null }, ranked, mean)
                : (line with { Overall = frozen.Average, Place = frozen.Place }, frozen.Ranked, frozen.CourseMean);
        }

        var days = await db.Attendance.AsNoTracking().Where(a => chain.Contains(a.EnrolmentId) && !a.Session!.Cancelled)
            .OrderByDescending(a => a.Session!.HeldOn).ThenBy(a => a.Session!.Session == SessionPart.Pm).ThenByDescending(a => a.Id)
            .Select(a => new AttendanceDay(a.Session!.HeldOn, a.Session.Session, a.Status, a.Reason)).ToListAsync(ct);
        var teachers = await CourseService.TeachersOfAsync(db, [found.CourseId], today, ct);
        return new EnrolmentReport(
            found.Id, found.CourseId, CourseNames.Of(found.Name, found.GradeLevel, found.Section), $"{found.FirstName} {found.LastName}", found.Level,
            found.Year, teachers.GetValueOrDefault(found.CourseId), subjects, semesters.ConvertAll(YearService.Of),
            chosen is null ? null : YearService.Of(chosen), marks, line, ranked, mean, yearly,
            AttendanceShare.Of(days.GroupBy(d => (d.Status, d.Part)).Select(g => (g.Key.Status, g.Key.Part, g.Count()))), days, found.Planned, found.Held);
    }

    /// <summary>Oneself and the minors one represents, each with their courses; what runs first.</summary>
    public async Task<IReadOnlyList<OwnParticipant>> MineAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesViewOwn)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var people = await db.TheirsOf(user, today).AsNoTracking().OrderBy(p => p.UserId != user.Id).ThenBy(p => p.FirstName).ThenBy(p => p.Id)
            .Select(p => new { p.Id, p.FirstName, p.LastName, p.BirthDate, p.UserId }).ToListAsync(ct);
        var ids = people.ConvertAll(p => p.Id);
        var courses = await db.Enrolments.AsNoTracking().Where(e => ids.Contains(e.ParticipantId))
            .OrderBy(e => e.DroppedOn != null && e.DroppedOn <= today).ThenByDescending(e => e.Course!.EndsOn).ThenBy(e => e.Id)
            .Select(e => new
            {
                e.Id, e.ParticipantId, e.CourseId, e.Course!.Name, e.Course.GradeLevel, e.Course.Section, Year = e.Course.Year!.Code, e.DroppedOn,
                Owed = (decimal?)e.Charge!.Owed,
                Next = db.CourseSessions.Where(s => s.CourseId == e.CourseId && !s.Cancelled && s.HeldOn >= today && s.TakenAt == null)
                    .OrderBy(s => s.HeldOn).ThenBy(s => s.StartsAt).Select(s => new { s.HeldOn, s.StartsAt }).FirstOrDefault(),
            })
            .ToListAsync(ct);
        var chains = await ResultQueries.ChainsAsync(db, courses.ConvertAll(c => c.Id), ct);
        var theirs = chains.Values.SelectMany(c => c).Distinct().ToList();
        var shares = await ResultQueries.SharesAsync(db.Attendance.Where(a => theirs.Contains(a.EnrolmentId)), ct);
        var teachers = await CourseService.TeachersOfAsync(db, courses.Select(c => c.CourseId), today, ct);
        return people.ConvertAll(p => new OwnParticipant(
            p.Id, $"{p.FirstName} {p.LastName}", Participant.Age(p.BirthDate, today), p.UserId == user.Id,
            [
                .. courses.Where(c => c.ParticipantId == p.Id).Select(c => new OwnCourse(
                    c.Id, CourseNames.Of(c.Name, c.GradeLevel, c.Section), c.Year, c.DroppedOn, teachers.GetValueOrDefault(c.CourseId),
                    c.DroppedOn is null || c.DroppedOn > today ? c.Next?.HeldOn : null, c.DroppedOn is null || c.DroppedOn > today ? c.Next?.StartsAt : null,
                    Sum(chains[c.Id].Select(one => shares.GetValueOrDefault(one, AttendanceShare.None))).Percent, c.Owed)),
            ]));
    }

    private static AttendanceShare Sum(IEnumerable<AttendanceShare> all) => all.Aggregate(
        AttendanceShare.None,
        (sum, one) => new AttendanceShare(
            sum.Present + one.Present, sum.Absent + one.Absent, sum.Late + one.Late, sum.Excused + one.Excused, sum.Rows + one.Rows,
            sum.PresentRows + one.PresentRows));
}

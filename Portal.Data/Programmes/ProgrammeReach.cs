using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Programmes;

/// <summary>Whose courses and whose participants somebody reaches. Everything of this module asks here.</summary>
internal static class ProgrammeReach
{
    /// <summary>Days for which a teacher sees a course that is over.</summary>
    public const int DaysAfter = 30;

    /// <summary>
    /// All for who manages; for a teacher those that they teach today, and of courses of minors only while they were looked up (Ley 1918 of
    /// 2018). A course that is over they see for <see cref="DaysAfter"/> days more, to finish its marks.
    /// </summary>
    public static IQueryable<Course> CoursesOf(this PortalDb db, CurrentUser user, DateOnly today)
    {
        if (user.Can(Permissions.ProgrammesManage)) return db.Courses;
        if (!user.Can(Permissions.ProgrammesTeachOwn) || user.AccountId is not { } me) return db.Courses.Where(_ => false);
        var since = today.AddDays(-DaysAfter);
        return db.Courses.Where(c =>
            db.CourseTeachers.Any(t => t.CourseId == c.Id && t.UserId == me && t.FromOn <= today && (t.ToOn == null || t.ToOn >= today))
            && c.EndsOn >= since && (!c.Minors || db.TeacherChecks.Any(k => k.UserId == me && k.ValidUntil >= today)));
    }

    /// <summary>
    /// Those whose courses a person sees as their own: themselves, and the minors that they represent by law. Not the siblings, not what the
    /// other guardian is; and nobody's once they are of age.
    /// </summary>
    public static IQueryable<Participant> TheirsOf(this PortalDb db, CurrentUser user, DateOnly today)
    {
        if (!user.Can(Permissions.ProgrammesViewOwn) || user.AccountId is not { } me) return db.Participants.Where(_ => false);
        var adult = today.AddYears(-Participant.OfAge);
        return db.Participants.Where(p => p.AnonymisedOn == null
            && (p.UserId == me
                || (p.BirthDate > adult && db.Guardians.Any(g => g.ParticipantId == p.Id && g.UserId == me && g.LegalAuthority))));
    }

    /// <summary>Enrolments of which somebody may see marks and attendance: as office, as teacher, or because they are theirs.</summary>
    public static IQueryable<Enrolment> EnrolmentsOf(this PortalDb db, CurrentUser user, DateOnly today)
    {
        var (courses, theirs) = (db.CoursesOf(user, today), db.TheirsOf(user, today));
        return db.Enrolments.Where(e => courses.Any(c => c.Id == e.CourseId) || theirs.Any(p => p.Id == e.ParticipantId));
    }

    /// <summary>
    /// Whether somebody is told what has to be known of participants of a course: who teaches it while it runs, and who may see health anyway.
    /// </summary>
    public static async Task<bool> ToldOfSafetyAsync(this PortalDb db, long course, CurrentUser user, DateOnly today, CancellationToken ct) =>
        user.Can(Permissions.ProgrammesHealth)
        || (user.AccountId is { } me && user.Can(Permissions.ProgrammesTeachOwn) && await db.Courses.AnyAsync(
            c => c.Id == course && c.EndsOn >= today
                && db.CourseTeachers.Any(t => t.CourseId == course && t.UserId == me && t.FromOn <= today && (t.ToOn == null || t.ToOn >= today)), ct));

    /// <summary>Enrolments of participants who are expected on a day.</summary>
    public static IQueryable<Enrolment> ExpectedOn(this PortalDb db, DateOnly day) => db.Enrolments.Where(e =>
        db.EnrolmentPeriods.Any(p => p.EnrolmentId == e.Id && p.FromOn <= day && (p.UntilOn == null || p.UntilOn > day)));
}

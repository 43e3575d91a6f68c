using Portal.Data.Access;

namespace Portal.Data.Programmes;

/// <summary>Whose courses and whose participants somebody reaches. Everything of this module asks here.</summary>
internal static class ProgrammeReach
{
    /// <summary>
    /// All for who manages; for a teacher those that they teach today, and of courses of minors only while they were looked up (Ley 1918 of
    /// 2018).
    /// </summary>
    public static IQueryable<Course> CoursesOf(this PortalDb db, CurrentUser user, DateOnly today)
    {
        if (user.Can(Permissions.ProgrammesManage)) return db.Courses;
        if (!user.Can(Permissions.ProgrammesTeachOwn) || user.AccountId is not { } me) return db.Courses.Where(_ => false);
        return db.Courses.Where(c =>
            db.CourseTeachers.Any(t => t.CourseId == c.Id && t.UserId == me && t.FromOn <= today && (t.ToOn == null || t.ToOn >= today))
            && (!c.Minors || db.TeacherChecks.Any(k => k.UserId == me && k.ValidUntil >= today)));
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

    /// <summary>Enrolments of participants who are expected on a day.</summary>
    public static IQueryable<Enrolment> ExpectedOn(this PortalDb db, DateOnly day) => db.Enrolments.Where(e =>
        db.EnrolmentPeriods.Any(p => p.EnrolmentId == e.Id && p.FromOn <= day && (p.UntilOn == null || p.UntilOn > day)));
}

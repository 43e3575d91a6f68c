using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Payments;

namespace Portal.Data.Programmes;

/// <summary>
/// Who is in which course, with <see cref="Permissions.ProgrammesManage"/>. Each step is one transaction under the lock of the apartment that
/// pays, then of the course: of two who take the last place, the second hears that it is full.
/// </summary>
public sealed class EnrolmentDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>Enrols somebody from a day on and charges the fee to their apartment.</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>enrolment.day</c> outside the course,
    /// <c>enrolment.twice</c>, <c>enrolment.full</c>, <c>enrolment.consent</c> where nobody allowed it, <c>enrolment.inactive</c>,
    /// <c>course.over</c>, <c>scholarship.fund</c>.
    /// </returns>
    public async Task<Result<long>> EnrolAsync(long course, long participant, DateOnly? from, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, course, participant, token) is not (var row, var person)) return Error.NotFound with { Field = "ParticipantId" };
                if (await WhyNotAsync(db, row, person, from, token) is { Count: > 0 } errors) return errors;
                if (await db.Enrolments.AnyAsync(e => e.CourseId == course && e.ParticipantId == participant, token))
                    return new Error("enrolment.twice", "ParticipantId");
                var enrolment = Enrolment.Of(course, participant, from!.Value);
                db.Enrolments.Add(enrolment);
                await db.SaveChangesAsync(token);
                db.EnrolmentPeriods.Add(new EnrolmentPeriod { EnrolmentId = enrolment.Id, FromOn = from.Value });
                if (row.Fee > 0 && person.ApartmentId is { } apartment
                    && await CourseFees.ChargeAsync(db, enrolment, row, NameOf(person), apartment, clock, token) is { Ok: false } refused)
                    return Result<long>.Refused(refused);
                await db.SaveChangesAsync(token);
                return enrolment.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_enrolments_participant_course" ? new Error("enrolment.twice", "ParticipantId") : saved;
    }

    /// <summary>
    /// Somebody leaves: from that day on they are not expected. Of the fee, what is not held from then on is given back
    /// (<see cref="CourseFees.ReturnAsync"/>).
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>enrolment.day</c>,
    /// <c>enrolment.left</c> already, <c>enrolment.recorded</c> with the last day on which something is written down.</returns>
    public async Task<Result> DropAsync(long enrolment, DateOnly? on, string? reason, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        if (reason.TrimToNull() is not { } why) return Error.Required("Reason");
        if (why.Length > 200) return Error.TooLong("Reason", 200);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, enrolment, token) is not (var row, var course, _)) return Error.NotFound;
                if (await LeaveAsync(db, row, on, why, token) is { } refused) return refused;
                var (left, planned) = await SessionsAsync(db, row, on!.Value, token);
                await CourseFees.ReturnAsync(db, row, left, planned, clock, token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>
    /// Who left comes back to the same course; what they did there is theirs still. The fee is not charged a second time: what was given back
    /// is taken back for the sessions that are still to come.
    /// </summary>
    /// <returns>Refusals: as <see cref="EnrolAsync"/>; <c>enrolment.there</c>; <c>enrolment.transferred</c> where they are in the course that they
    /// changed into.</returns>
    public async Task<Result> ReturnAsync(long enrolment, DateOnly? from, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, enrolment, token) is not (var row, var course, var person)) return Error.NotFound;
                if (row.DroppedOn is not { } left) return new Error("enrolment.there");
                if (await db.EnrolmentPeriods.AnyAsync(p => p.TransferredFromId == enrolment && p.UntilOn == null, token))
                    return new Error("enrolment.transferred");
                if (await WhyNotAsync(db, course, person, from, token) is { Count: > 0 } errors) return errors;
                if (from < left) return new Error("enrolment.day", "Day", left, course.EndsOn);
                row.Return();
                // Back on the day they left, they were never gone.
                if (await db.EnrolmentPeriods.SingleOrDefaultAsync(p => p.EnrolmentId == enrolment && p.UntilOn == from, token) is { } last)
                    last.UntilOn = null;
                else db.EnrolmentPeriods.Add(new EnrolmentPeriod { EnrolmentId = enrolment, FromOn = from!.Value });
                var (ahead, planned) = await SessionsAsync(db, row, from!.Value, token);
                return await CourseFees.ResumeAsync(db, row, ahead, planned, clock, token);
            },
            ct);
    }

    /// <summary>
    /// From one course into another on one day: there they end, here they begin. Nothing is copied; marks and attendance of both are theirs,
    /// and they are ranked here. The fee goes on: none is given back and none is charged.
    /// </summary>
    /// <returns>The id of the new enrolment. Refusals: as <see cref="DropAsync"/> and <see cref="EnrolAsync"/>, and
    /// <c>enrolment.same</c>.</returns>
    public async Task<Result<long>> TransferAsync(long enrolment, long toCourse, DateOnly? on, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await HoldAsync(db, enrolment, token, toCourse) is not (var row, var course, var person)) return Error.NotFound;
                if (course.Id == toCourse) return new Error("enrolment.same", "CourseId");
                if (await db.Courses.SingleOrDefaultAsync(c => c.Id == toCourse, token) is not { } target)
                    return Error.NotFound with { Field = "CourseId" };
                if (target.YearId != course.YearId) return new Error("enrolment.year", "CourseId");
                if (await WhyNotAsync(db, target, person, on, token) is { Count: > 0 } errors) return errors;
                if (await LeaveAsync(db, row, on, $"→ {CourseNames.Of(target.Name, target.GradeLevel, target.Section)}", token) is { } refused)
                    return refused;
                var there = await db.Enrolments.Where(e => e.CourseId == toCourse && e.ParticipantId == person.Id).SingleOrDefaultAsync(token);
                if (there is { DroppedOn: null }) return new Error("enrolment.twice", "CourseId");
                if (there is not null && on < there.DroppedOn) return new Error("enrolment.day", "Day", there.DroppedOn.Value, target.EndsOn);
                if (there is null) db.Enrolments.Add(there = Enrolment.Of(toCourse, person.Id, on!.Value));
                else there.Return();
                // The fee goes with them, unless the other course has one of its own that was charged.
                if (row.ChargeId is not null && there.ChargeId is null)
                {
                    (there.ChargeId, there.ScholarshipId, there.ScholarshipAmount) = (row.ChargeId, row.ScholarshipId, row.ScholarshipAmount);
                    (there.Returned, there.ReturnedScholarship) = (row.Returned, row.ReturnedScholarship);
                    (row.ChargeId, row.ScholarshipId, row.ScholarshipAmount) = (null, null, null);
                    (row.Returned, row.ReturnedScholarship) = (0, 0);
                }

                await db.SaveChangesAsync(token);
                if (await db.EnrolmentPeriods.SingleOrDefaultAsync(p => p.EnrolmentId == there.Id && p.FromOn == on, token) is { } same)
                    (same.UntilOn, same.TransferredFromId) = (null, same.TransferredFromId ?? row.Id);
                else db.EnrolmentPeriods.Add(new EnrolmentPeriod { EnrolmentId = there.Id, FromOn = on!.Value, TransferredFromId = row.Id });
                await db.SaveChangesAsync(token);
                return there.Id;
            },
            ct);
    }

    /// <summary>Participants in use whose name holds a text and who are not in the course.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> CandidatesAsync(long course, string text, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage) || text.Trim() is not { Length: > 0 } wanted) return [];
        await using var db = await store.OpenAsync(user, ct);
        var people = db.Participants.AsNoTracking()
            .Where(p => p.Active && p.AnonymisedOn == null && !db.Enrolments.Any(e => e.CourseId == course && e.ParticipantId == p.Id));
        foreach (var word in wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4))
            people = people.Where(p => p.FirstName.Contains(word) || p.LastName.Contains(word));
        return await people.OrderBy(p => p.LastName).ThenBy(p => p.FirstName).ThenBy(p => p.Id).Take(10)
            .Select(p => new ProgrammeOption(
                p.Id, p.FirstName + " " + p.LastName, p.Apartment == null ? null : p.Apartment.Tower!.Name + " " + p.Apartment.ApartmentNumber))
            .ToListAsync(ct);
    }

    /// <summary>Courses of the same year that somebody could change into.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> TargetsAsync(long course, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var rows = await db.Courses.AsNoTracking()
            .Where(c => c.Id != course && c.EndsOn >= clock.Today && db.Courses.Any(o => o.Id == course && o.YearId == c.YearId))
            .OrderBy(c => c.Name).ThenBy(c => c.GradeLevel).ThenBy(c => c.Section).ThenBy(c => c.Id)
            .Select(c => new { c.Id, c.Name, c.GradeLevel, c.Section }).ToListAsync(ct);
        return rows.ConvertAll(c => new ProgrammeOption(c.Id, CourseNames.Of(c.Name, c.GradeLevel, c.Section), null));
    }

    /// <summary>
    /// Sessions from a day on, and those with the ones before it: here, and where they came from until they left there. Without any, all is
    /// still to come.
    /// </summary>
    private static async Task<(int Left, int Planned)> SessionsAsync(PortalDb db, Enrolment row, DateOnly day, CancellationToken ct)
    {
        var chain = (await ResultQueries.ChainsAsync(db, [row.Id], ct))[row.Id];
        var sessions = await db.CourseSessions.AsNoTracking()
            .Where(s => !s.Cancelled && db.Enrolments.Any(e => chain.Contains(e.Id) && e.CourseId == s.CourseId))
            .Select(s => new { s.CourseId, s.HeldOn }).ToListAsync(ct);
        var times = await db.EnrolmentPeriods.AsNoTracking().Where(p => chain.Contains(p.EnrolmentId)).OrderBy(p => p.FromOn).ThenBy(p => p.Id)
            .Select(p => new { p.Enrolment!.CourseId, p.FromOn }).ToListAsync(ct);
        var left = sessions.Count(s => s.CourseId == row.CourseId && s.HeldOn >= day);
        // The fee is of the whole course: from its first day, and on days away too, each counts where they were last.
        var before = sessions.Count(s => s.HeldOn < day && (times.FindLast(t => t.FromOn <= s.HeldOn) ?? times[0]).CourseId == s.CourseId);
        return left + before == 0 ? (1, 1) : (left, left + before);
    }

    private static string NameOf(Participant person) => $"{person.FirstName} {person.LastName}";

    /// <summary>Locks who pays, then the course. Where somebody lives is read before: it is looked at again under the lock.</summary>
    private static async Task<(Course Course, Participant Person)?> HoldAsync(PortalDb db, long course, long participant, CancellationToken ct)
    {
        var apartment = await db.Participants.Where(p => p.Id == participant).Select(p => p.ApartmentId).SingleOrDefaultAsync(ct);
        if (apartment is { } paying) await ApartmentLedger.LockAsync(db, paying, ct);
        var row = await db.Courses.Where(c => c.Id == course).ForUpdate().SingleOrDefaultAsync(ct);
        var person = await db.Participants.Where(p => p.Id == participant && p.AnonymisedOn == null).ForUpdate().SingleOrDefaultAsync(ct);
        return row is null || person is null || person.ApartmentId != apartment ? null : (row, person);
    }

    private static async Task<(Enrolment Row, Course Course, Participant Person)?> HoldAsync(
        PortalDb db, long enrolment, CancellationToken ct, long? also = null)
    {
        var known = await db.Enrolments.AsNoTracking().Where(e => e.Id == enrolment)
            .Select(e => new { e.CourseId, e.ParticipantId, Apartment = (long?)e.Charge!.ApartmentId }).SingleOrDefaultAsync(ct);
        if (known is null) return null;
        if (known.Apartment is { } paying) await ApartmentLedger.LockAsync(db, paying, ct);
        foreach (var course in new[] { known.CourseId, also ?? known.CourseId }.Distinct().Order()) await db.Courses.LockAsync(course, ct);
        var row = await db.Enrolments.Where(e => e.Id == enrolment).ForUpdate().SingleOrDefaultAsync(ct);
        var of = await db.Courses.SingleAsync(c => c.Id == known.CourseId, ct);
        var person = await db.Participants.SingleAsync(p => p.Id == known.ParticipantId, ct);
        return row is null ? null : (row, of, person);
    }

    private async Task<List<Error>> WhyNotAsync(PortalDb db, Course course, Participant person, DateOnly? from, CancellationToken ct)
    {
        var errors = new List<Error>();
        var today = clock.Today;
        if (from is not { } day) errors.Add(Error.Required("Day"));
        else if (day < course.StartsOn || day > course.EndsOn) errors.Add(new Error("enrolment.day", "Day", course.StartsOn, course.EndsOn));
        if (course.EndsOn < today) errors.Add(new Error("course.over"));
        if (!course.Minors && Participant.Age(person.BirthDate, today) < Participant.OfAge)
            errors.Add(new Error("enrolment.minor", "ParticipantId"));
        if (!person.Active) errors.Add(new Error("enrolment.inactive", "ParticipantId"));
        if (!await db.ParticipantConsents.AnyAsync(
            c => c.ParticipantId == person.Id && c.Purpose == ConsentPurpose.Programme && c.WithdrawnOn == null, ct))
            errors.Add(new Error("enrolment.consent", "ParticipantId"));
        if (await db.Enrolments.CountAsync(e => e.CourseId == course.Id && e.ParticipantId != person.Id && (e.DroppedOn == null || e.DroppedOn > today), ct)
            >= course.Capacity)
            errors.Add(new Error("enrolment.full", null, course.Capacity));
        return errors;
    }

    private static async Task<Error?> LeaveAsync(PortalDb db, Enrolment row, DateOnly? on, string reason, CancellationToken ct)
    {
        if (row.DroppedOn is not null) return new Error("enrolment.left");
        if (on is not { } day) return Error.Required("Day");
        var period = await db.EnrolmentPeriods.SingleAsync(p => p.EnrolmentId == row.Id && p.UntilOn == null, ct);
        var course = await db.Courses.Where(c => c.Id == row.CourseId).Select(c => new { c.EndsOn, c.YearId }).SingleAsync(ct);
        if (day < period.FromOn || day > course.EndsOn.AddDays(1)) return new Error("enrolment.day", "Day", period.FromOn, course.EndsOn.AddDays(1));
        var attended = await db.Attendance.Where(a => a.EnrolmentId == row.Id && a.Session!.HeldOn >= day).MaxAsync(a => (DateOnly?)a.Session!.HeldOn, ct);
        var marked = await db.Marks.Where(m => m.EnrolmentId == row.Id && m.GradedOn >= day).MaxAsync(m => (DateOnly?)m.GradedOn, ct);
        if ((attended > marked || marked is null ? attended : marked) is { } last) return new Error("enrolment.recorded", "Day", last);
        var semester = await db.Semesters.Where(s => s.YearId == course.YearId && s.StartsOn <= day && s.EndsOn >= day).Select(s => (long?)s.Id)
            .FirstOrDefaultAsync(ct);
        period.UntilOn = day;
        row.Drop(day, semester, reason);
        return null;
    }
}

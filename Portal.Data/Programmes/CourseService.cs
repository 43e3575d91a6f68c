using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Programmes;

/// <summary>
/// Courses: the office's with <see cref="Permissions.ProgrammesManage"/>; with <see cref="Permissions.ProgrammesTeachOwn"/> a teacher reads
/// those that they teach.
/// </summary>
public sealed class CourseService(PortalStore store, BuildingClock clock)
{
    /// <summary>
    /// By name. Filters: <c>year</c> (its id), <c>state</c>: over; without it what is not over. The search is for name, kind and section.
    /// Sorts: name, starts, enrolled.
    /// </summary>
    public async Task<Page<CourseRow>> ListAsync(ListQuery query, CurrentUser user, CancellationToken ct)
    {
        if (!Reaches(user)) return Page<CourseRow>.Empty;
        await using var db = await store.OpenAsync(user, ct);
        var page = await Rows(db, Sorted(db, query, user)).PageAsync(query, ct);
        return page with { Rows = await TaughtAsync(db, page.Rows, ct) };
    }

    /// <summary>All that the list would show, for a file.</summary>
    public async IAsyncEnumerable<CourseRow> ExportAsync(ListQuery query, CurrentUser user, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!Reaches(user)) yield break;
        await using var db = await store.OpenAsync(user, ct);
        var rows = Exports.ReadAsync(
            await Sorted(db, query, user).Select(c => c.Id).ToListAsync(ct),
            async some => await TaughtAsync(db, await Rows(db, db.Courses.AsNoTracking().Where(c => some.Contains(c.Id))).ToListAsync(ct), ct),
            row => row.Id);
        await foreach (var row in rows) yield return row;
    }

    /// <returns>Null where there is none for this person.</returns>
    public async Task<CourseView?> FindAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!Reaches(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var found = await db.CoursesOf(user, today).AsNoTracking().Where(c => c.Id == id)
            .Select(c => new
            {
                Row = c, Year = c.Year!.Code, Facility = c.Facility!.Name,
                Enrolled = db.Enrolments.Count(e => e.CourseId == id && (e.DroppedOn == null || e.DroppedOn > today)),
                Held = db.CourseSessions.Count(s => s.CourseId == id && !s.Cancelled && s.TakenAt != null),
                Planned = db.CourseSessions.Count(s => s.CourseId == id && !s.Cancelled),
            })
            .SingleOrDefaultAsync(ct);
        if (found is null) return null;
        var teachers = await db.CourseTeachers.AsNoTracking().Where(t => t.CourseId == id)
            .OrderBy(t => t.ToOn != null).ThenBy(t => t.Slot).ThenByDescending(t => t.FromOn).ThenBy(t => t.Id)
            .Select(t => new CourseTeacherView(
                t.Id, t.UserId, db.Profiles.Where(p => p.UserId == t.UserId).Select(p => p.FullName).FirstOrDefault() ?? t.User!.UserName!, t.Slot,
                t.FromOn, t.ToOn))
            .ToListAsync(ct);
        var subjects = await SubjectsOfAsync(db, id, ct);
        var semesters = await db.Semesters.AsNoTracking().Where(s => s.YearId == found.Row.YearId).OrderBy(s => s.StartsOn).ThenBy(s => s.Id)
            .ToListAsync(ct);
        return new CourseView(
            id, Of(found.Row), found.Year, found.Facility, teachers, subjects, semesters.ConvertAll(YearService.Of), found.Enrolled, found.Held,
            found.Planned, user.Can(Permissions.ProgrammesManage));
    }

    /// <summary>Who is and was in a course, by name. What a teacher sees of them is a name, an age and what they have to know.</summary>
    public async Task<IReadOnlyList<RosterRow>> RosterAsync(long course, CurrentUser user, CancellationToken ct)
    {
        if (!Reaches(user)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var courses = db.CoursesOf(user, today);
        var office = user.Can(Permissions.ProgrammesManage);
        var told = await db.ToldOfSafetyAsync(course, user, today, ct);
        var rows = await db.Enrolments.AsNoTracking().Where(e => e.CourseId == course && courses.Any(c => c.Id == course))
            .OrderBy(e => e.DroppedOn != null && e.DroppedOn <= today).ThenBy(e => e.Participant!.LastName).ThenBy(e => e.Participant!.FirstName)
            .ThenBy(e => e.Id)
            .Select(e => new
            {
                e.Id, e.ParticipantId, e.Participant!.FirstName, e.Participant.LastName, e.Participant.BirthDate, e.EnrolledOn, e.DroppedOn,
                e.DropReason,
                // Of who left there is nothing to know any more.
                Note = told && (e.DroppedOn == null || e.DroppedOn > today)
                    ? db.ParticipantHealth.Where(h => h.ParticipantId == e.ParticipantId).Select(h => h.SafetyNote).FirstOrDefault()
                    : null,
                From = db.EnrolmentPeriods.Where(p => p.EnrolmentId == e.Id && p.TransferredFromId != null).OrderByDescending(p => p.FromOn)
                    .Select(p => new { p.TransferredFrom!.Course!.Name, p.TransferredFrom.Course.GradeLevel, p.TransferredFrom.Course.Section })
                    .FirstOrDefault(),
                Apartment = !office || e.Participant.Apartment == null
                    ? null : e.Participant.Apartment.Tower!.Name + " " + e.Participant.Apartment.ApartmentNumber,
                Owed = office ? (decimal?)e.Charge!.Owed : null,
            })
            .ToListAsync(ct);
        if (user.Can(Permissions.ProgrammesHealth) && rows.Exists(r => r.Note is not null))
            await db.WriteEventAsync(ProgrammeEvents.HealthRead, "courses", course, null, ct);
        return rows.ConvertAll(r => new RosterRow(
            r.Id, r.ParticipantId, r.FirstName, r.LastName, Participant.Age(r.BirthDate, today), r.Note, r.EnrolledOn, r.DroppedOn,
            office ? r.DropReason : null, r.From is null ? null : CourseNames.Of(r.From.Name, r.From.GradeLevel, r.From.Section), r.Apartment, r.Owed));
    }

    /// <summary>Whom to call of somebody in a course, on a press; that it was asked is written down.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> ContactsAsync(long enrolment, CurrentUser user, CancellationToken ct)
    {
        if (!Reaches(user)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var courses = db.CoursesOf(user, today);
        // Of who left, a teacher has nobody to call.
        var office = user.Can(Permissions.ProgrammesManage);
        if (await db.Enrolments.Where(e => e.Id == enrolment && courses.Any(c => c.Id == e.CourseId)
                && (office || (e.Course!.EndsOn >= today && (e.DroppedOn == null || e.DroppedOn > today))))
            .Select(e => new { e.ParticipantId, e.Participant!.Phone, e.Participant.EmergencyContact, e.Participant.FirstName })
            .SingleOrDefaultAsync(ct) is not { } found) return [];
        var guardians = await db.Guardians.AsNoTracking().Where(g => g.ParticipantId == found.ParticipantId && g.Phone != null)
            .OrderByDescending(g => g.LegalAuthority).ThenBy(g => g.Id)
            .Select(g => new ProgrammeOption(g.Id, g.FirstName + " " + g.LastName + " (" + g.Relation + ")", g.Phone)).ToListAsync(ct);
        await db.WriteEventAsync(ProgrammeEvents.PhoneRead, "participants", found.ParticipantId, new { enrolment }, ct);
        if (found.Phone is { } own) guardians.Add(new ProgrammeOption(0, found.FirstName, own));
        if (found.EmergencyContact is { } other) guardians.Add(new ProgrammeOption(-1, "", other));
        return guardians;
    }

    /// <summary>A new course, or a change. Whatever two people changed in different fields holds both times (<see cref="Edits"/>).</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>course.days</c>, <c>course.outside</c> the
    /// year, <c>course.capacity</c>, <c>course.full</c> where more are in it, <c>course.fee</c>, <c>course.fee_charged</c> where it was
    /// charged already, <c>course.taken</c>, <c>course.sessions</c> where sessions would lie outside, <c>course.facility</c> where its
    /// sessions hold another place, <c>participant.grade</c>, <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, CourseInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var row = id is null ? new Course() : await db.Courses.Where(c => c.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, Of(row));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (await CheckAsync(db, given, row, token) is { Count: > 0 } errors) return errors;
                (row.Name, row.Kind, row.YearId) = (given.Name!.Trim(), given.Kind!.Trim(), given.YearId!.Value);
                (row.GradeLevel, row.Section, row.Minors) = (given.GradeLevel, given.Section.TrimToNull()?.ToUpperInvariant() ?? "", given.Minors);
                (row.Capacity, row.FacilityId, row.Fee) = (given.Capacity!.Value, given.FacilityId, given.Fee ?? 0);
                (row.StartsOn, row.EndsOn, row.Description) = (given.StartsOn!.Value, given.EndsOn!.Value, given.Description.TrimToNull());
                if (id is null) db.Courses.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_courses_year_grade_section_name" ? new Error("course.taken", nameof(CourseInput.Name)) : saved;
    }

    /// <summary>What is taught in it and how much each counts. A subject with marks stays.</summary>
    /// <param name="weights">By subject, 1 to 100.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>course.weight</c>, <c>course.subject_marked</c>, <c>semester.closed</c> where
    /// marks of a closed semester would count otherwise.</returns>
    public async Task<Result> SubjectsAsync(long course, IReadOnlyDictionary<long, int> weights, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        if (weights.Values.Any(w => w is < 1 or > 100)) return new Error("course.weight");
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Courses.Where(c => c.Id == course).ForUpdate().SingleOrDefaultAsync(token) is not { } row) return Error.NotFound;
                var now = await db.CourseSubjects.Where(s => s.CourseId == course).ToListAsync(token);
                var added = weights.Keys.Except(now.Select(s => s.SubjectId)).ToList();
                var removed = now.Where(s => !weights.ContainsKey(s.SubjectId)).ToList();
                var changed = now.Where(s => weights.TryGetValue(s.SubjectId, out var weight) && weight != s.Weight).ToList();
                if (added.Count + removed.Count + changed.Count == 0) return Result.Done;
                if (await db.Semesters.AnyAsync(
                    s => s.YearId == row.YearId && s.ClosedAt != null && db.Marks.Any(m => m.SemesterId == s.Id && m.Enrolment!.CourseId == course),
                    token))
                    return new Error("semester.closed");
                if (await db.Subjects.CountAsync(s => added.Contains(s.Id) && s.Active, token) != added.Count) return Error.NotFound;
                var gone = removed.ConvertAll(s => s.SubjectId);
                if (await db.Marks.AnyAsync(m => m.Enrolment!.CourseId == course && gone.Contains(m.SubjectId), token))
                    return new Error("course.subject_marked");
                db.CourseSubjects.RemoveRange(removed);
                foreach (var one in changed) one.Weight = weights[one.SubjectId];
                db.CourseSubjects.AddRange(added.Select(s => new CourseSubject { CourseId = course, SubjectId = s, Weight = weights[s] }));
                return Result.Done;
            },
            ct);
    }

    /// <summary>Gives a course to a teacher, from today on. Three at a time; of minors, only to who was looked up and is in time.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>course.teaches</c> already, <c>course.teachers_full</c>,
    /// <c>course.unchecked</c>, <c>course.over</c>.</returns>
    public async Task<Result> AddTeacherAsync(long course, long account, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Courses.Where(c => c.Id == course).ForUpdate().SingleOrDefaultAsync(token) is not { } row) return Error.NotFound;
                if (!await db.UsersWith(Permissions.ProgrammesTeachOwn).AnyAsync(u => u.Id == account, token)) return Error.NotFound;
                var today = clock.Today;
                if (row.EndsOn < today) return new Error("course.over");
                if (row.Minors && !await db.TeacherChecks.AnyAsync(k => k.UserId == account && k.ValidUntil >= today, token))
                    return new Error("course.unchecked");
                var all = await db.CourseTeachers.Where(t => t.CourseId == course).ToListAsync(token);
                var now = all.Where(t => t.ToOn is null || t.ToOn >= today).ToList();
                if (now.Exists(t => t.UserId == account)) return new Error("course.teaches");
                if (Enumerable.Range(1, CourseTeacher.Most).FirstOrDefault(s => !now.Exists(t => t.Slot == s)) is not (> 0 and var slot))
                    return new Error("course.teachers_full", null, CourseTeacher.Most);
                db.CourseTeachers.Add(new CourseTeacher { CourseId = course, UserId = account, Slot = slot, FromOn = today });
                return Result.Done;
            },
            ct);
    }

    /// <summary>At once they do not teach it: yesterday was their last day, and who was given it today never had it.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> EndTeacherAsync(long course, long teacher, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.Courses.LockAsync(course, token)) return Error.NotFound;
                if (await db.CourseTeachers.SingleOrDefaultAsync(t => t.Id == teacher && t.CourseId == course, token) is not { } row)
                    return Error.NotFound;
                if (row.FromOn >= clock.Today) db.CourseTeachers.Remove(row);
                else row.ToOn ??= clock.Today.AddDays(-1);
                return Result.Done;
            },
            ct);
    }

    /// <summary>The kinds that there are, for the form.</summary>
    public async Task<IReadOnlyList<string>> KindsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Courses.AsNoTracking().Select(c => c.Kind).Distinct().OrderBy(k => k).ToListAsync(ct);
    }

    /// <summary>Facilities that a course may be held in, for the form.</summary>
    public async Task<IReadOnlyList<ProgrammeOption>> FacilitiesAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Facilities.AsNoTracking().OrderBy(f => f.Name).ThenBy(f => f.Id).Select(f => new ProgrammeOption(f.Id, f.Name, null))
            .ToListAsync(ct);
    }

    internal static bool Reaches(CurrentUser user) => user.Can(Permissions.ProgrammesManage) || user.Can(Permissions.ProgrammesTeachOwn);

    internal static Task<List<CourseSubjectView>> SubjectsOfAsync(PortalDb db, long course, CancellationToken ct) =>
        db.CourseSubjects.AsNoTracking().Where(s => s.CourseId == course).OrderBy(s => s.Subject!.Name).ThenBy(s => s.Id)
            .Select(s => new CourseSubjectView(s.SubjectId, s.Subject!.Name, s.Weight)).ToListAsync(ct);

    private IOrderedQueryable<Course> Sorted(PortalDb db, ListQuery query, CurrentUser user)
    {
        var today = clock.Today;
        var courses = db.CoursesOf(user, today).AsNoTracking();
        foreach (var word in (query.Search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(6))
            courses = courses.Where(c => c.Name.Contains(word) || c.Kind.Contains(word) || c.Section == word);
        if (query.FilterNumber("year") is { } year) courses = courses.Where(c => c.YearId == year);
        courses = query.Filter("state") == "over" ? courses.Where(c => c.EndsOn < today) : courses.Where(c => c.EndsOn >= today);
        var sorted = query.Sort switch
        {
            "starts" => courses.By(c => c.StartsOn, query.Descending),
            "enrolled" => courses.By(
                c => db.Enrolments.Count(e => e.CourseId == c.Id && (e.DroppedOn == null || e.DroppedOn > today)), query.Descending),
            _ => courses.By(c => c.Name, query.Descending).Then(c => c.GradeLevel, query.Descending).Then(c => c.Section, query.Descending),
        };
        return sorted.ThenBy(c => c.Id);
    }

    private IQueryable<CourseRow> Rows(PortalDb db, IQueryable<Course> courses)
    {
        var today = clock.Today;
        return courses.Select(c => new CourseRow(
            c.Id, c.Name, c.Kind, c.GradeLevel, c.Section, c.Year!.Code, c.Facility!.Name, c.StartsOn, c.EndsOn, c.Capacity,
            db.Enrolments.Count(e => e.CourseId == c.Id && (e.DroppedOn == null || e.DroppedOn > today)), c.Fee, null));
    }

    /// <summary>With the names of who teaches each today.</summary>
    private async Task<List<CourseRow>> TaughtAsync(PortalDb db, IReadOnlyList<CourseRow> rows, CancellationToken ct)
    {
        var names = await TeachersOfAsync(db, rows.Select(r => r.Id), clock.Today, ct);
        return [.. rows.Select(r => r with { Teachers = names.GetValueOrDefault(r.Id) })];
    }

    internal static async Task<Dictionary<long, string>> TeachersOfAsync(
        PortalDb db, IEnumerable<long> courses, DateOnly today, CancellationToken ct)
    {
        var ids = courses.Distinct().ToList();
        var rows = await db.CourseTeachers.AsNoTracking()
            .Where(t => ids.Contains(t.CourseId) && t.FromOn <= today && (t.ToOn == null || t.ToOn >= today))
            .OrderBy(t => t.Slot).ThenBy(t => t.Id)
            .Select(t => new { t.CourseId, Name = db.Profiles.Where(p => p.UserId == t.UserId).Select(p => p.FullName).FirstOrDefault() })
            .ToListAsync(ct);
        return rows.Where(r => r.Name is not null).GroupBy(r => r.CourseId).ToDictionary(g => g.Key, g => string.Join(", ", g.Select(r => r.Name)));
    }

    private static CourseInput Of(Course c) => new(
        c.Name, c.Kind, c.YearId, c.GradeLevel, c.Section, c.Minors, c.Capacity, c.FacilityId, c.StartsOn, c.EndsOn, c.Fee, c.Description);

    private async Task<List<Error>> CheckAsync(PortalDb db, CourseInput input, Course row, CancellationToken ct)
    {
        var errors = new List<Error>();
        ParticipantService.Check(errors, nameof(input.Name), input.Name, 100, needed: true);
        ParticipantService.Check(errors, nameof(input.Kind), input.Kind, 60, needed: true);
        ParticipantService.Check(errors, nameof(input.Section), input.Section, 10);
        ParticipantService.Check(errors, nameof(input.Description), input.Description, 1000);
        if (input.GradeLevel is < 1 or > 12) errors.Add(new Error("participant.grade", nameof(input.GradeLevel)));
        if (input.Capacity is not (>= 1 and <= 500)) errors.Add(new Error("course.capacity", nameof(input.Capacity)));
        if (input.Fee is < 0 or > 99_999_999 || (input.Fee is { } sum && sum != decimal.Truncate(sum)))
            errors.Add(new Error("course.fee", nameof(input.Fee)));
        if (input.StartsOn is null) errors.Add(Error.Required(nameof(input.StartsOn)));
        if (input.EndsOn is null) errors.Add(Error.Required(nameof(input.EndsOn)));
        var year = input.YearId is { } wanted ? await db.SchoolYears.SingleOrDefaultAsync(y => y.Id == wanted, ct) : null;
        if (year is null) errors.Add(Error.Required(nameof(input.YearId)));
        if (input is { StartsOn: { } from, EndsOn: { } to })
        {
            if (to <= from) errors.Add(new Error("course.days", nameof(input.EndsOn)));
            else if (year is not null && (from < year.StartsOn || to > year.EndsOn))
                errors.Add(new Error("course.outside", nameof(input.StartsOn), year.StartsOn, year.EndsOn));
            if (row.Id != 0 && await db.CourseSessions.AnyAsync(s => s.CourseId == row.Id && !s.Cancelled && (s.HeldOn < from || s.HeldOn > to), ct))
                errors.Add(new Error("course.sessions", nameof(input.StartsOn)));
        }

        if (input.FacilityId is { } facility && !await db.Facilities.AnyAsync(f => f.Id == facility, ct))
            errors.Add(Error.NotFound with { Field = nameof(input.FacilityId) });
        if (errors.Count > 0) return errors;
        var (name, section, grade) = (input.Name!.Trim(), input.Section.TrimToNull()?.ToUpperInvariant() ?? "", input.GradeLevel);
        if (await db.Courses.AnyAsync(
            c => c.YearId == input.YearId && c.Name == name && c.Section == section && c.GradeLevel == grade && c.Id != row.Id, ct))
            errors.Add(new Error("course.taken", nameof(input.Name)));
        if (row.Id == 0) return errors;
        var today = clock.Today;
        var inIt = await db.Enrolments.CountAsync(e => e.CourseId == row.Id && (e.DroppedOn == null || e.DroppedOn > today), ct);
        if (inIt > input.Capacity) errors.Add(new Error("course.full", nameof(input.Capacity), inIt));
        if ((input.Fee ?? 0) != row.Fee && await db.Enrolments.AnyAsync(e => e.CourseId == row.Id && e.ChargeId != null, ct))
            errors.Add(new Error("course.fee_charged", nameof(input.Fee)));
        if (input.FacilityId != row.FacilityId
            && await db.CourseSessions.AnyAsync(s => s.CourseId == row.Id && !s.Cancelled && s.StartsAt != null && s.HeldOn >= today, ct))
            errors.Add(new Error("course.facility", nameof(input.FacilityId)));
        var adult = today.AddYears(-Participant.OfAge);
        if (!input.Minors && row.Minors && await db.Enrolments.AnyAsync(
            e => e.CourseId == row.Id && (e.DroppedOn == null || e.DroppedOn > today) && e.Participant!.BirthDate > adult, ct))
            errors.Add(new Error("course.minors", nameof(input.Minors)));
        if (input.YearId != row.YearId && await db.Marks.AnyAsync(m => m.Enrolment!.CourseId == row.Id, ct))
            errors.Add(new Error("course.marked", nameof(input.YearId)));
        return errors;
    }
}

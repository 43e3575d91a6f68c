using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Programmes;

/// <summary>Years, their semesters, subjects, and who may teach: the office's, with <see cref="Permissions.ProgrammesManage"/>.</summary>
public sealed class YearService(PortalStore store, BuildingClock clock)
{
    /// <summary>The last first.</summary>
    public async Task<IReadOnlyList<YearView>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var years = await db.SchoolYears.AsNoTracking().OrderByDescending(y => y.StartsOn).ThenByDescending(y => y.Id)
            .Select(y => new { Row = y, Courses = db.Courses.Count(c => c.YearId == y.Id) }).ToListAsync(ct);
        var semesters = (await db.Semesters.AsNoTracking().OrderBy(s => s.StartsOn).ThenBy(s => s.Id).ToListAsync(ct)).ToLookup(s => s.YearId);
        return years.ConvertAll(y => new YearView(
            y.Row.Id, new(y.Row.Code, y.Row.StartsOn, y.Row.EndsOn), [.. semesters[y.Row.Id].Select(Of)], y.Courses));
    }

    /// <returns>The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>year.days</c>,
    /// <c>year.taken</c>, <c>year.outside</c> where a semester or a course would lie outside, <c>edit.changed</c>.</returns>
    public async Task<Result<long>> SaveAsync(long? id, YearInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var row = id is null ? new SchoolYear() : await db.SchoolYears.Where(y => y.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                var merged = id is null ? input : Edits.Merge(input, new YearInput(row.Code, row.StartsOn, row.EndsOn));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                var errors = Days(given.StartsOn, given.EndsOn, "year.days");
                ParticipantService.Check(errors, nameof(given.Code), given.Code, 20, needed: true);
                if (errors.Count > 0) return errors;
                var (code, from, to) = (given.Code!.Trim(), given.StartsOn!.Value, given.EndsOn!.Value);
                if (await db.SchoolYears.AnyAsync(y => y.Code == code && y.Id != row.Id, token)) return new Error("year.taken", nameof(given.Code));
                if (id is not null && (await db.Semesters.AnyAsync(s => s.YearId == id && (s.StartsOn < from || s.EndsOn > to), token)
                    || await db.Courses.AnyAsync(c => c.YearId == id && (c.StartsOn < from || c.EndsOn > to), token)))
                    return new Error("year.outside", nameof(given.StartsOn));
                (row.Code, row.StartsOn, row.EndsOn) = (code, from, to);
                if (id is null) db.SchoolYears.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_school_years_code" ? new Error("year.taken", nameof(YearInput.Code)) : saved;
    }

    /// <returns>The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>semester.days</c>,
    /// <c>semester.outside</c>, <c>semester.overlaps</c>, <c>semester.taken</c>, <c>semester.closed</c>, <c>semester.marks</c> where marks
    /// would lie outside, <c>edit.changed</c>.</returns>
    public async Task<Result<long>> SaveSemesterAsync(long year, long? id, SemesterInput input, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                if (await db.SchoolYears.Where(y => y.Id == year).ForUpdate().SingleOrDefaultAsync(token) is not { } of) return Error.NotFound;
                var row = id is null
                    ? new Semester { YearId = year }
                    : await db.Semesters.Where(s => s.Id == id && s.YearId == year).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                if (row.ClosedAt is not null) return new Error("semester.closed");
                var merged = id is null ? input : Edits.Merge(input, Of(row).Input);
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                var errors = Days(given.StartsOn, given.EndsOn, "semester.days");
                ParticipantService.Check(errors, nameof(given.Code), given.Code, 20, needed: true);
                ParticipantService.Check(errors, nameof(given.Name), given.Name, 60, needed: true);
                if (errors.Count > 0) return errors;
                var (code, from, to) = (given.Code!.Trim(), given.StartsOn!.Value, given.EndsOn!.Value);
                if (from < of.StartsOn || to > of.EndsOn) errors.Add(new Error("semester.outside", nameof(given.StartsOn), of.StartsOn, of.EndsOn));
                if (await db.Semesters.AnyAsync(s => s.YearId == year && s.Id != row.Id && s.StartsOn <= to && s.EndsOn >= from, token))
                    errors.Add(new Error("semester.overlaps", nameof(given.StartsOn)));
                if (await db.Semesters.AnyAsync(s => s.Code == code && s.Id != row.Id, token))
                    errors.Add(new Error("semester.taken", nameof(given.Code)));
                if (id is not null && await db.Marks.AnyAsync(m => m.SemesterId == id && (m.GradedOn < from || m.GradedOn > to), token))
                    errors.Add(new Error("semester.marks", nameof(given.StartsOn)));
                if (errors.Count > 0) return errors;
                (row.Code, row.Name, row.StartsOn, row.EndsOn) = (code, given.Name!.Trim(), from, to);
                if (id is null) db.Semesters.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_semesters_code" ? new Error("semester.taken", nameof(SemesterInput.Code)) : saved;
    }

    /// <summary>
    /// Closes a semester: no mark of it changes any more, and its results stand as they are (<see cref="SemesterResult"/>), whoever leaves
    /// later.
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>semester.closed</c>, <c>semester.runs</c> where it is not over.</returns>
    public async Task<Result> CloseAsync(long semester, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Semesters.Where(s => s.Id == semester).ForUpdate().SingleOrDefaultAsync(token) is not { } row) return Error.NotFound;
                if (row.ClosedAt is not null) return new Error("semester.closed");
                if (row.EndsOn > clock.Today) return new Error("semester.runs", null, row.EndsOn);
                var courses = await db.Courses.Where(c => c.YearId == row.YearId).OrderBy(c => c.Id).Select(c => c.Id).ToListAsync(token);
                foreach (var course in courses)
                {
                    var result = await ResultQueries.OfCourseAsync(db, course, row, token);
                    db.SemesterResults.AddRange(result.Lines.Select(line => new SemesterResult
                    {
                        SemesterId = semester, EnrolmentId = line.Enrolment, Average = line.Overall, Place = line.Place, Ranked = result.Ranked,
                        CourseMean = result.Mean,
                    }));
                }

                row.Close(clock.UtcNow, user.AccountId);
                return Result.Done;
            },
            ct);
    }

    /// <summary>It was closed too early: its marks change again, and it is closed anew.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>.</returns>
    public async Task<Result> ReopenAsync(long semester, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (await db.Semesters.Where(s => s.Id == semester).ForUpdate().SingleOrDefaultAsync(token) is not { } row) return Error.NotFound;
                if (row.ClosedAt is null) return Result.Done;
                row.Reopen();
                await db.SemesterResults.Where(r => r.SemesterId == semester).ExecuteDeleteAsync(token);
                return Result.Done;
            },
            ct);
    }

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SubjectRow>> SubjectsAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Subjects.AsNoTracking().OrderBy(s => s.Name).ThenBy(s => s.Id)
            .Select(s => new SubjectRow(s.Id, s.Name, s.Active, db.CourseSubjects.Count(c => c.SubjectId == s.Id))).ToListAsync(ct);
    }

    /// <returns>The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>subject.taken</c>.</returns>
    public async Task<Result<long>> SaveSubjectAsync(long? id, string? name, bool active, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        if (name.TrimToNull() is not { } given) return Error.Required("Name");
        if (given.Length > 80) return Error.TooLong("Name", 80);
        var saved = await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var row = id is null ? new Subject() : await db.Subjects.Where(s => s.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (row is null) return Error.NotFound;
                if (await db.Subjects.AnyAsync(s => s.Name == given && s.Id != row.Id, token)) return new Error("subject.taken", "Name");
                (row.Name, row.Active) = (given, active);
                if (id is null) db.Subjects.Add(row);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
        return saved.Error?.Code == "duplicate.uq_subjects_name" ? new Error("subject.taken", "Name") : saved;
    }

    /// <summary>Who may teach, with when each was looked up; who has to be looked up first.</summary>
    public async Task<IReadOnlyList<TeacherRow>> TeachersAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        var may = db.UsersWith(Permissions.ProgrammesTeachOwn).Select(u => u.Id);
        var rows = await db.Profiles.AsNoTracking().Where(p => may.Contains(p.UserId))
            .Select(p => new
            {
                p.UserId, p.FullName,
                Courses = db.CourseTeachers.Count(t => t.UserId == p.UserId && (t.ToOn == null || t.ToOn >= today) && t.Course!.EndsOn >= today),
                Minors = db.CourseTeachers.Any(t => t.UserId == p.UserId && (t.ToOn == null || t.ToOn >= today) && t.Course!.EndsOn >= today
                    && t.Course.Minors),
                Last = db.TeacherChecks.Where(k => k.UserId == p.UserId).OrderByDescending(k => k.ValidUntil).ThenByDescending(k => k.Id)
                    .Select(k => new { k.CheckedOn, k.ValidUntil }).FirstOrDefault(),
            })
            .ToListAsync(ct);
        return
        [
            .. rows.DistinctBy(r => r.UserId)
                .Select(r => new TeacherRow(r.UserId, r.FullName, r.Courses, r.Minors, r.Last?.CheckedOn, r.Last?.ValidUntil))
                .OrderBy(r => r.ValidUntil ?? DateOnly.MinValue).ThenBy(r => r.Name, StringComparer.CurrentCulture).ThenBy(r => r.UserId),
        ];
    }

    /// <summary>
    /// Somebody was looked up in the register of sexual offences (Ley 1918 of 2018): before they teach minors, and again within four months.
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>teacher.day</c>.</returns>
    public async Task<Result> CheckTeacherAsync(long account, DateOnly? day, string? note, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.ProgrammesManage)) return Error.Forbidden;
        if (day is not { } on) return Error.Required("CheckedOn");
        if (on > clock.Today || on < clock.Today.AddMonths(-TeacherCheck.Months)) return new Error("teacher.day", "CheckedOn");
        if (note?.Trim().Length > 200) return Error.TooLong("Note", 200);
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (!await db.UsersWith(Permissions.ProgrammesTeachOwn).AnyAsync(u => u.Id == account, token)) return Error.NotFound;
                db.TeacherChecks.Add(new TeacherCheck
                {
                    UserId = account, CheckedOn = on, ValidUntil = on.AddMonths(TeacherCheck.Months), Note = note.TrimToNull(),
                    RecordedBy = user.AccountId,
                });
                return Result.Done;
            },
            ct);
    }

    internal static SemesterView Of(Semester s) => new(s.Id, new(s.Code, s.Name, s.StartsOn, s.EndsOn), s.ClosedAt);

    private static List<Error> Days(DateOnly? from, DateOnly? to, string code)
    {
        var errors = new List<Error>();
        if (from is null) errors.Add(Error.Required("StartsOn"));
        if (to is null) errors.Add(Error.Required("EndsOn"));
        if (from is { } first && to is { } last && (last <= first || last > first.AddYears(2))) errors.Add(new Error(code, "EndsOn"));
        return errors;
    }
}

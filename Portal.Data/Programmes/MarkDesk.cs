using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Programmes;

/// <summary>Marks of a course: the office's, and of who teaches it. Each change keeps what was there, and who changed it.</summary>
public sealed class MarkDesk(PortalStore store, BuildingClock clock)
{
    /// <summary>All marks of a course in a semester, with averages and places.</summary>
    /// <param name="semester">Null: the one of today, or the last before it.</param>
    /// <returns>Null where there is none for this person, and where the year has no semester.</returns>
    public async Task<MarkGrid?> GridAsync(long course, long? semester, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var today = clock.Today;
        if (await db.CoursesOf(user, today).Where(c => c.Id == course).Select(c => (long?)c.YearId).SingleOrDefaultAsync(ct) is not { } year) return null;
        var semesters = await db.Semesters.AsNoTracking().Where(s => s.YearId == year).OrderBy(s => s.StartsOn).ThenBy(s => s.Id).ToListAsync(ct);
        if (Chosen(semesters, semester, today) is not { } row) return null;
        var subjects = await CourseService.SubjectsOfAsync(db, course, ct);
        var result = await ResultQueries.OfCourseAsync(db, course, row, ct);
        var people = await db.Enrolments.AsNoTracking().Where(e => e.CourseId == course && e.EnrolledOn <= row.EndsOn)
            .OrderBy(e => e.Participant!.LastName).ThenBy(e => e.Participant!.FirstName).ThenBy(e => e.Id)
            .Select(e => new { e.Id, e.Participant!.FirstName, e.Participant.LastName, e.DroppedOn }).ToListAsync(ct);
        var marks = (await MarksAsync(db, db.Marks.Where(m => m.Enrolment!.CourseId == course && m.SemesterId == row.Id), ct)).ToLookup(m => m.Of, m => m.Mark);
        var lines = result.Lines.ToDictionary(l => l.Enrolment);
        var (mean, ranked) = (result.Mean, result.Ranked);
        if (row.ClosedAt is not null)
        {
            // It stands as it was closed; who came to it later has no place in it.
            var frozen = await db.SemesterResults.AsNoTracking().Where(r => r.SemesterId == row.Id && r.Enrolment!.CourseId == course).ToListAsync(ct);
            var by = frozen.ToDictionary(r => r.EnrolmentId);
            lines = lines.ToDictionary(l => l.Key, l => by.TryGetValue(l.Key, out var was)
                ? l.Value with { Overall = was.Average, Place = was.Place }
                : l.Value with { Place = null });
            if (frozen.Count > 0) (mean, ranked) = (frozen[0].CourseMean, frozen[0].Ranked);
        }

        return new MarkGrid(
            course, YearService.Of(row), subjects,
            [
                // Who was enrolled between two of these reads comes with the next.
                .. people.Where(p => lines.ContainsKey(p.Id)).Select(p => new MarkRow(
                    p.Id, $"{p.FirstName} {p.LastName}", p.DroppedOn <= row.EndsOn, [.. marks[p.Id]], lines[p.Id])),
            ],
            mean, ranked, row.ClosedAt is not null);
    }

    /// <summary>A mark, or a change of one. What was there before stays in its history (<see cref="MarkChange"/>).</summary>
    /// <returns>
    /// The id. Refusals: <c>forbidden</c>, <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>mark.value</c>, <c>mark.subject</c> that the
    /// course has not, <c>mark.day</c> outside the semester, to come, or on which they were not expected, <c>semester.closed</c>,
    /// <c>edit.changed</c>.
    /// </returns>
    public async Task<Result<long>> SaveAsync(long? id, MarkInput input, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return Error.Forbidden;
        return await store.WriteAsync<long>(
            user,
            async (db, token) =>
            {
                var known = id is null ? null : await db.Marks.Where(m => m.Id == id).ForUpdate().SingleOrDefaultAsync(token);
                if (id is not null && (known is null || known.EnrolmentId != input.EnrolmentId || known.SubjectId != input.SubjectId
                    || known.SemesterId != input.SemesterId)) return Error.NotFound;
                var merged = known is null ? input : Edits.Merge(input, Of(known));
                if (!merged.Ok) return Result<long>.Refused(merged);
                var given = merged.Value;
                if (await CheckAsync(db, given, user, token) is { Count: > 0 } errors) return errors;
                var (value, comment) = (given.Value!.Value, given.Comment.TrimToNull());
                var row = known ?? new Mark { EnrolmentId = given.EnrolmentId, SubjectId = given.SubjectId, SemesterId = given.SemesterId };
                if (known is not null)
                {
                    if (known.Value == value && known.Comment == comment && known.GradedOn == given.GradedOn) return known.Id;
                    db.MarkChanges.Add(Change(known, value, user));
                    known.LastEdit = clock.UtcNow;
                }
                else
                {
                    row.UserId = user.AccountId;
                    db.Marks.Add(row);
                }

                (row.GradedOn, row.Value, row.Comment) = (given.GradedOn!.Value, value, comment);
                await db.SaveChangesAsync(token);
                return row.Id;
            },
            ct);
    }

    /// <summary>Takes a mark away; its history keeps it.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c>, <c>semester.closed</c>.</returns>
    public async Task<Result> RemoveAsync(long id, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return Error.Forbidden;
        return await store.WriteAsync(
            user,
            async (db, token) =>
            {
                var courses = db.CoursesOf(user, clock.Today);
                if (await db.Marks.Where(m => m.Id == id && courses.Any(c => c.Id == m.Enrolment!.CourseId)).ForUpdate().SingleOrDefaultAsync(token)
                    is not { } row) return Error.NotFound;
                if (await OpenAsync(db, row.SemesterId, token) is not { ClosedAt: null }) return new Error("semester.closed");
                db.MarkChanges.Add(Change(row, null, user));
                db.Marks.Remove(row);
                return Result.Done;
            },
            ct);
    }

    /// <summary>What was changed of the marks of somebody in a subject and a semester, the last first.</summary>
    public async Task<IReadOnlyList<MarkHistoryLine>> HistoryAsync(
        long enrolment, long subject, long semester, CurrentUser user, CancellationToken ct)
    {
        if (!CourseService.Reaches(user)) return [];
        await using var db = await store.OpenAsync(user, ct);
        var courses = db.CoursesOf(user, clock.Today);
        return await db.MarkChanges.AsNoTracking()
            .Where(c => c.EnrolmentId == enrolment && c.SubjectId == subject && c.SemesterId == semester
                && courses.Any(k => k.Id == c.Enrolment!.CourseId))
            .OrderByDescending(c => c.CreatedAt).ThenByDescending(c => c.Id)
            .Select(c => new MarkHistoryLine(
                c.CreatedAt!.Value, c.ValueBefore, c.ValueAfter, c.CommentBefore,
                db.Profiles.Where(p => p.UserId == c.UserId).Select(p => p.FullName).FirstOrDefault()))
            .ToListAsync(ct);
    }

    /// <summary>The one asked for; without, the one of a day, else the last before it, else the first.</summary>
    internal static Semester? Chosen(IReadOnlyList<Semester> semesters, long? wanted, DateOnly today) =>
        wanted is { } id ? semesters.FirstOrDefault(s => s.Id == id)
        : semesters.LastOrDefault(s => s.StartsOn <= today) ?? semesters.FirstOrDefault();

    internal static async Task<List<(long Of, MarkView Mark)>> MarksAsync(PortalDb db, IQueryable<Mark> marks, CancellationToken ct) =>
        (await marks.AsNoTracking().OrderBy(m => m.GradedOn).ThenBy(m => m.Id)
            .Select(m => new
            {
                m.EnrolmentId, m.Id, m.SubjectId, m.GradedOn, m.Value, m.Comment, m.LastEdit,
                Author = db.Profiles.Where(p => p.UserId == m.UserId).Select(p => p.FullName).FirstOrDefault(),
            })
            .ToListAsync(ct))
        .ConvertAll(m => (m.EnrolmentId, new MarkView(m.Id, m.SubjectId, m.GradedOn, m.Value, m.Comment, m.Author, m.LastEdit)));

    private static MarkInput Of(Mark m) => new(m.EnrolmentId, m.SubjectId, m.SemesterId, m.GradedOn, m.Value, m.Comment);

    private static MarkChange Change(Mark mark, decimal? after, CurrentUser user) => new()
    {
        EnrolmentId = mark.EnrolmentId, SubjectId = mark.SubjectId, SemesterId = mark.SemesterId, MarkId = mark.Id, ValueBefore = mark.Value,
        ValueAfter = after, CommentBefore = mark.Comment, UserId = user.AccountId,
    };

    /// <summary>Held, so that nobody closes the semester between this look and the write.</summary>
    private static Task<Semester?> OpenAsync(PortalDb db, long semester, CancellationToken ct) =>
        db.Semesters.Where(s => s.Id == semester).ForUpdate().SingleOrDefaultAsync(ct);

    private async Task<List<Error>> CheckAsync(PortalDb db, MarkInput input, CurrentUser user, CancellationToken ct)
    {
        var today = clock.Today;
        var courses = db.CoursesOf(user, today);
        var found = await db.Enrolments.Where(e => e.Id == input.EnrolmentId && courses.Any(c => c.Id == e.CourseId))
            .Select(e => new { e.CourseId, e.Course!.YearId }).SingleOrDefaultAsync(ct);
        if (found is null) return [Error.NotFound];
        var semester = await OpenAsync(db, input.SemesterId, ct);
        if (semester is null || semester.YearId != found.YearId) return [Error.NotFound with { Field = nameof(input.SemesterId) }];
        if (semester.ClosedAt is not null) return [new Error("semester.closed")];
        var errors = new List<Error>();
        if (!await db.CourseSubjects.AnyAsync(s => s.CourseId == found.CourseId && s.SubjectId == input.SubjectId, ct))
            errors.Add(new Error("mark.subject", nameof(input.SubjectId)));
        if (input.Value is not { } value) errors.Add(Error.Required(nameof(input.Value)));
        else if (value is < 0 or > 10 || decimal.Round(value, 2) != value) errors.Add(new Error("mark.value", nameof(input.Value)));
        ParticipantService.Check(errors, nameof(input.Comment), input.Comment, 300);
        if (input.GradedOn is not { } day) errors.Add(Error.Required(nameof(input.GradedOn)));
        else if (day < semester.StartsOn || day > semester.EndsOn || day > today)
            errors.Add(new Error("mark.day", nameof(input.GradedOn), semester.StartsOn, semester.EndsOn < today ? semester.EndsOn : today));
        else if (!await db.ExpectedOn(day).AnyAsync(e => e.Id == input.EnrolmentId, ct))
            errors.Add(new Error("mark.expected", nameof(input.GradedOn)));
        return errors;
    }
}

using Microsoft.EntityFrameworkCore;

namespace Portal.Data.Programmes;

/// <summary>Marks, as averages and places are worked out of them.</summary>
internal static class ResultQueries
{
    /// <summary>
    /// All who are or were in a course. Who came by a transfer brings the marks of where they were; who left is not ranked, from the day on
    /// which they are not expected to the end of the semester.
    /// </summary>
    public static async Task<CourseResult> OfCourseAsync(PortalDb db, long course, Semester semester, CancellationToken ct)
    {
        var weights = await WeightsAsync(db, course, ct);
        var enrolments = await db.Enrolments.AsNoTracking().Where(e => e.CourseId == course && e.EnrolledOn <= semester.EndsOn)
            .OrderBy(e => e.Id).Select(e => new { e.Id, e.TransferredFromId, e.DroppedOn }).ToListAsync(ct);
        var chains = await ChainsAsync(db, enrolments.Select(e => (e.Id, e.TransferredFromId)), ct);
        var all = chains.Values.SelectMany(chain => chain).Distinct().ToList();
        var marks = (await db.Marks.AsNoTracking().Where(m => all.Contains(m.EnrolmentId) && m.SemesterId == semester.Id)
            .Select(m => new { m.EnrolmentId, m.SubjectId, m.Value }).ToListAsync(ct)).ToLookup(m => m.EnrolmentId, m => (m.SubjectId, m.Value));
        return Averages.Of(
            weights,
            enrolments.ToDictionary(
                e => e.Id,
                e => (IReadOnlyList<(long Subject, decimal Value)>)
                    [.. chains[e.Id].SelectMany(one => marks[one]).Where(m => weights.ContainsKey(m.SubjectId))]),
            enrolments.Where(e => e.DroppedOn <= semester.EndsOn).Select(e => e.Id).ToHashSet());
    }

    public static async Task<Dictionary<long, int>> WeightsAsync(PortalDb db, long course, CancellationToken ct) =>
        await db.CourseSubjects.AsNoTracking().Where(s => s.CourseId == course).OrderBy(s => s.Id).ToDictionaryAsync(s => s.SubjectId, s => s.Weight, ct);

    /// <summary>Each enrolment with those that it came from by transfers.</summary>
    public static async Task<Dictionary<long, List<long>>> ChainsAsync(
        PortalDb db, IEnumerable<(long Id, long? From)> enrolments, CancellationToken ct)
    {
        var chains = enrolments.ToDictionary(e => e.Id, e => (List<long>)[e.Id, .. e.From is { } from ? new[] { from } : []]);
        // Nobody is moved around more often than there are courses: each round reads one step back.
        for (var round = 0; round < 20; round++)
        {
            var ends = chains.Values.Where(chain => chain.Count > 1 + round).Select(chain => chain[^1]).Distinct().ToList();
            if (ends.Count == 0) break;
            var before = await db.Enrolments.AsNoTracking().Where(e => ends.Contains(e.Id) && e.TransferredFromId != null)
                .ToDictionaryAsync(e => e.Id, e => e.TransferredFromId!.Value, ct);
            foreach (var chain in chains.Values)
            {
                // Back where they had been once, they bring nothing twice.
                if (before.TryGetValue(chain[^1], out var one) && !chain.Contains(one)) chain.Add(one);
            }
        }

        return chains;
    }

    /// <summary>Attendance of some enrolments, each for itself.</summary>
    public static async Task<Dictionary<long, AttendanceShare>> SharesAsync(
        PortalDb db, IReadOnlyCollection<long> enrolments, DateOnly? from, DateOnly? to, CancellationToken ct)
    {
        var rows = db.Attendance.AsNoTracking().Where(a => enrolments.Contains(a.EnrolmentId) && !a.Session!.Cancelled);
        if (from is { } first) rows = rows.Where(a => a.Session!.HeldOn >= first);
        if (to is { } last) rows = rows.Where(a => a.Session!.HeldOn <= last);
        var sums = await rows.GroupBy(a => new { a.EnrolmentId, a.Status, a.Session!.Session })
            .Select(g => new { g.Key.EnrolmentId, g.Key.Status, g.Key.Session, Count = g.Count() }).ToListAsync(ct);
        return sums.GroupBy(s => s.EnrolmentId)
            .ToDictionary(g => g.Key, g => AttendanceShare.Of(g.Select(s => (s.Status, s.Session, s.Count))));
    }
}

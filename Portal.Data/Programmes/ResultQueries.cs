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
            .OrderBy(e => e.Id)
            .Select(e => new
            {
                e.Id,
                There = db.EnrolmentPeriods.Any(
                    p => p.EnrolmentId == e.Id && p.FromOn <= semester.EndsOn && (p.UntilOn == null || p.UntilOn > semester.EndsOn)),
            })
            .ToListAsync(ct);
        var chains = await ChainsAsync(db, enrolments.ConvertAll(e => e.Id), ct);
        var all = chains.Values.SelectMany(chain => chain).Distinct().ToList();
        var marks = (await db.Marks.AsNoTracking().Where(m => all.Contains(m.EnrolmentId) && m.SemesterId == semester.Id)
            .Select(m => new { m.EnrolmentId, m.SubjectId, m.Value }).ToListAsync(ct)).ToLookup(m => m.EnrolmentId, m => (m.SubjectId, m.Value));
        return Averages.Of(
            weights,
            enrolments.ToDictionary(
                e => e.Id,
                e => (IReadOnlyList<(long Subject, decimal Value)>)
                    [.. chains[e.Id].SelectMany(one => marks[one]).Where(m => weights.ContainsKey(m.SubjectId))]),
            enrolments.Where(e => !e.There).Select(e => e.Id).ToHashSet());
    }

    public static async Task<Dictionary<long, int>> WeightsAsync(PortalDb db, long course, CancellationToken ct) =>
        await db.CourseSubjects.AsNoTracking().Where(s => s.CourseId == course).OrderBy(s => s.Id).ToDictionaryAsync(s => s.SubjectId, s => s.Weight, ct);

    /// <summary>Each enrolment with those that it came from by transfers, and those that they came from, each once.</summary>
    public static async Task<Dictionary<long, List<long>>> ChainsAsync(PortalDb db, IReadOnlyCollection<long> enrolments, CancellationToken ct)
    {
        var chains = enrolments.ToDictionary(id => id, id => (List<long>)[id]);
        HashSet<long> looked = [];
        for (List<long> next = [.. enrolments]; next.Count > 0;)
        {
            var ids = next;
            looked.UnionWith(ids);
            var steps = (await db.EnrolmentPeriods.AsNoTracking().Where(p => ids.Contains(p.EnrolmentId) && p.TransferredFromId != null)
                .Select(p => new { p.EnrolmentId, From = p.TransferredFromId!.Value }).ToListAsync(ct)).ToLookup(p => p.EnrolmentId, p => p.From);
            foreach (var chain in chains.Values)
            {
                foreach (var one in chain.ToList()) chain.AddRange(steps[one].Except(chain).Distinct());
            }

            next = [.. chains.Values.SelectMany(chain => chain).Distinct().Where(id => !looked.Contains(id))];
        }

        return chains;
    }

    /// <summary>Attendance of each enrolment, out of some rows; of sessions that are not held nothing counts.</summary>
    public static async Task<Dictionary<long, AttendanceShare>> SharesAsync(IQueryable<Attendance> rows, CancellationToken ct)
    {
        var sums = await rows.AsNoTracking().Where(a => !a.Session!.Cancelled).GroupBy(a => new { a.EnrolmentId, a.Status, a.Session!.Session })
            .Select(g => new { g.Key.EnrolmentId, g.Key.Status, g.Key.Session, Count = g.Count() }).ToListAsync(ct);
        return sums.GroupBy(s => s.EnrolmentId)
            .ToDictionary(g => g.Key, g => AttendanceShare.Of(g.Select(s => (s.Status, s.Session, s.Count))));
    }
}

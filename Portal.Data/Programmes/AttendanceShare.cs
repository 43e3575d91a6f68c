namespace Portal.Data.Programmes;

/// <summary>
/// Attendance in half days: a whole day counts two. Who is late was there; who is excused counts neither for nor against.
/// </summary>
/// <param name="Rows">How many sessions were written down, of whatever length.</param>
/// <param name="PresentRows">Of them, those of who was there on time.</param>
public sealed record AttendanceShare(int Present, int Absent, int Late, int Excused, int Rows = 0, int PresentRows = 0)
{
    public static AttendanceShare None { get; } = new(0, 0, 0, 0);

    private int Counted => Present + Late + Absent;

    /// <summary>With two places, half up; null where there is nothing to count.</summary>
    public decimal? Percent => Counted == 0 ? null : new Fraction(100 * (Present + Late), Counted).Rounded;

    /// <summary>As the document's query has it: rows of who was present over all rows. It makes a half day of a whole one, who is late
    /// absent, and who is excused too.</summary>
    public decimal? PresentShareOfRows => Rows == 0 ? null : new Fraction(100 * PresentRows, Rows).Rounded;

    /// <summary>Days, excused ones among them.</summary>
    public decimal TotalDays => Days(Counted + Excused);

    public decimal PresentDays => Days(Present);
    public decimal AbsentDays => Days(Absent);
    public decimal LateDays => Days(Late);
    public decimal ExcusedDays => Days(Excused);

    private static decimal Days(int halves) => halves / 2m;

    /// <param name="all">How often each status was written down of sessions of each length.</param>
    public static AttendanceShare Of(IEnumerable<(AttendanceStatus Status, SessionPart Part, int Count)> all)
    {
        var share = None;
        foreach (var (status, part, count) in all)
        {
            var halves = CourseSession.WeightOf(part) * count;
            var counted = status switch
            {
                AttendanceStatus.Present => share with { Present = share.Present + halves, PresentRows = share.PresentRows + count },
                AttendanceStatus.Absent => share with { Absent = share.Absent + halves },
                AttendanceStatus.Late => share with { Late = share.Late + halves },
                _ => share with { Excused = share.Excused + halves },
            };
            share = counted with { Rows = share.Rows + count };
        }

        return share;
    }
}

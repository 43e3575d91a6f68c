using Portal.Data.Programmes;

namespace Portal.Tests.Programmes;

/// <summary>Averages, places and attendance, to the second place.</summary>
public sealed class AveragesTests
{
    private static readonly Dictionary<long, int> Alike = new() { [1] = 1, [2] = 1, [3] = 1 };

    private static readonly Dictionary<long, int> Weighed = new() { [1] = 3, [2] = 2, [3] = 1 };

    private static IReadOnlyList<(long, decimal)> Marks(params decimal[][] subjects) =>
        [.. subjects.SelectMany((marks, at) => marks.Select(mark => ((long)at + 1, mark)))];

    private static readonly Dictionary<long, IReadOnlyList<(long, decimal)>> Course = new()
    {
        [1] = Marks([8.5m, 9], [7, 8, 9.5m, 9.5m], [8]),
        [2] = Marks([9, 8.5m], [8.5m], [8]),
        [3] = Marks([8.34m, 8.35m], [8, 8.4m], [9]),
        [4] = Marks([10], [10], []),
        [5] = Marks([0, 6], [5.5m, 6.5m, 7], [6.5m]),
        [6] = Marks([9.9m], [9.8m], [9.9m]),
    };

    [Fact]
    public void A_mean_is_rounded_half_up_and_once()
    {
        Assert.Equal(8.35m, Of(Marks([8.34m, 8.35m]), new() { [1] = 1 }));
        var marks = Marks([8, 8.5m, 8.5m], [8.1m, 8.4m, 8.5m], [7.5m, 8, 9.5m], [9, 9.4m, 9.5m]);
        Assert.Equal(8.58m, Of(marks, new() { [1] = 1, [2] = 1, [3] = 1, [4] = 1 }));

        static decimal? Of(IReadOnlyList<(long, decimal)> marks, Dictionary<long, int> weights) => Assert.Single(
            Averages.Of(weights, new Dictionary<long, IReadOnlyList<(long, decimal)>> { [1] = marks }, new HashSet<long>()).Lines).Overall;
    }

    [Fact]
    public void Places_go_by_what_is_printed_and_who_lacks_a_subject_or_left_has_none()
    {
        var result = Averages.Of(Alike, Course, new HashSet<long> { 6 });
        Assert.Equal([8.42m, 8.42m, 8.52m, null, 5.28m, 9.87m], result.Lines.Select(l => l.Overall));
        Assert.Equal([2, 2, 1, null, 4, null], result.Lines.Select(l => l.Place));
        Assert.Equal((7.66m, 4), (result.Mean, result.Ranked));
        // The mean of all marks alike, as the document asks it: who has one subject only is first.
        Assert.Equal([8.50m, 8.50m, 8.42m, 10.00m, 5.25m, 9.87m], result.Lines.Select(l => l.Plain));
        Assert.Equal([8.75m, 8.5m, 8m], result.Lines[0].Subjects.Values);
        Assert.Equal(10m, result.Lines[3].Subjects[1]);
        Assert.Null(result.Lines[3].Subjects[3]);
    }

    [Fact]
    public void Subjects_count_by_their_weight()
    {
        var result = Averages.Of(Weighed, Course, new HashSet<long> { 6 });
        Assert.Equal([8.54m, 8.54m, 8.41m, null, 4.69m], result.Lines.Take(5).Select(l => l.Overall));
        Assert.Equal([1, 1, 3, null, 4, null], result.Lines.Select(l => l.Place));
        Assert.Equal((7.55m, 4), (result.Mean, result.Ranked));
    }

    [Fact]
    public void Of_a_year_its_semesters_count_alike_and_one_without_an_average_leaves_none()
    {
        Assert.Equal(8.47m, Averages.OfYear(Alike, [Course[1], Course[3]]));
        Assert.Null(Averages.OfYear(Alike, [Course[1], Course[4]]));
        Assert.Null(Averages.OfYear(Alike, []));
        Assert.Equal(new CourseResult([], null, 0).Ranked, Averages.Of(Alike, new Dictionary<long, IReadOnlyList<(long, decimal)>>(), new HashSet<long>()).Ranked);
    }

    [Theory]
    [InlineData("2026-03-01", "2008-02-29", 18)]
    [InlineData("2026-02-28", "2008-02-29", 17)]
    [InlineData("2026-12-01", "2016-12-01", 10)]
    [InlineData("2026-11-30", "2016-12-01", 9)]
    public void An_age_is_in_whole_years(string day, string born, int age) =>
        Assert.Equal(age, Participant.Age(DateOnly.Parse(born, null), DateOnly.Parse(day, null)));

    [Theory]
    [InlineData("185000", 64750, 7, 12, 107917, 37771)]
    [InlineData("185000", 0, 7, 12, 107917, 0)]
    [InlineData("185000", 64750, 12, 12, 185000, 64750)]
    [InlineData("0", 0, 3, 4, 0, 0)]
    public void What_is_given_back_goes_to_fund_and_family_by_their_shares(
        string fee, int scholarship, int left, int planned, int whole, int fund) =>
        Assert.Equal((whole, fund), CourseFees.Shares(decimal.Parse(fee, System.Globalization.CultureInfo.InvariantCulture), scholarship, left, planned));

    [Fact]
    public void Attendance_counts_half_days_and_who_is_excused_stays_outside()
    {
        var share = AttendanceShare.Of(
            [(AttendanceStatus.Present, SessionPart.Am, 1), (AttendanceStatus.Late, SessionPart.Full, 1), (AttendanceStatus.Absent, SessionPart.Pm, 1),
                (AttendanceStatus.Excused, SessionPart.Full, 2)]);
        Assert.Equal((75m, 4m, 2m), (share.Percent, share.TotalDays, share.ExcusedDays));
        Assert.Equal(20m, share.PresentShareOfRows);
        Assert.Null(AttendanceShare.Of([(AttendanceStatus.Excused, SessionPart.Full, 2)]).Percent);
    }
}

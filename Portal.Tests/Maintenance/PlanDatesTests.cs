using Portal.Data.Maintenance;

namespace Portal.Tests.Maintenance;

/// <summary>The days of plans and the limits of approvals: the worked examples.</summary>
public sealed class PlanDatesTests
{
    [Fact]
    public void A_plan_of_the_31st_is_counted_from_its_first_day_and_shown_on_a_business_day()
    {
        var start = Day("2026-08-31");
        var days = Enumerable.Range(1, 7).Select(n => PlanDates.Nth(start, 1, PlanUnit.Month, n)).ToList();
        Assert.Equal(
            ["2026-09-30", "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"],
            days.Select(d => $"{d:yyyy-MM-dd}"));
        Assert.Equal(
            ["2026-09-30", "2026-10-30", "2026-11-30", "2026-12-31", "2027-01-29", "2027-02-26", "2027-03-31"],
            days.Select(d => $"{PlanDates.Shown(d, PlanShift.Before):yyyy-MM-dd}"));
        Assert.Equal(Day("2026-11-03"), PlanDates.Shown(Day("2026-10-31"), PlanShift.After));
        Assert.Equal(Day("2026-10-31"), PlanDates.Shown(Day("2026-10-31"), PlanShift.None));
    }

    [Fact]
    public void Done_late_it_goes_on_after_that_and_those_between_are_skipped_done_early_it_was_that_one()
    {
        var start = Day("2026-08-31");
        var (next, skipped) = PlanDates.Follow(start, 1, PlanUnit.Month, PlanCount.Start, Day("2026-11-30"), Day("2027-01-04"), Day("2026-11-30"));
        Assert.Equal(Day("2027-01-31"), next);
        Assert.Equal([Day("2026-12-31")], skipped);

        (next, skipped) = PlanDates.Follow(start, 1, PlanUnit.Month, PlanCount.Start, Day("2026-11-30"), Day("2026-11-20"), Day("2026-11-30"));
        Assert.Equal(Day("2026-12-31"), next);
        Assert.Empty(skipped);

        // Done on the very day of the next one: that day has had it.
        (next, skipped) = PlanDates.Follow(start, 1, PlanUnit.Month, PlanCount.Start, Day("2026-11-30"), Day("2026-12-31"), Day("2026-11-30"));
        Assert.Equal(Day("2027-01-31"), next);
        Assert.Equal([Day("2026-12-31")], skipped);
    }

    [Fact]
    public void A_tank_is_washed_six_months_after_it_was_washed()
    {
        var due = PlanDates.Nth(Day("2026-08-31"), 6, PlanUnit.Month, 1);
        Assert.Equal(Day("2027-02-28"), due);
        Assert.Equal(5, Day("2027-03-05").DayNumber - due.DayNumber);
        var (next, skipped) = PlanDates.Follow(Day("2026-08-31"), 6, PlanUnit.Month, PlanCount.Completion, due, Day("2027-03-05"), due);
        Assert.Equal(Day("2027-09-05"), next);
        Assert.Empty(skipped);
    }

    [Theory]
    [InlineData(PlanUnit.Month, "2026-08-31", "2026-07-31", "2026-09-30")]
    [InlineData(PlanUnit.Week, "2026-11-08", "2026-11-01", "2026-11-15")]
    [InlineData(PlanUnit.Month, "2026-08-31", "2026-05-15", "2026-09-15")]
    public void Counted_from_a_day_before_its_own_the_next_one_is_never_a_day_that_was(PlanUnit unit, string due, string done, string next) =>
        Assert.Equal(
            Day(next), PlanDates.Follow(Day("2026-01-31"), 1, unit, PlanCount.Completion, Day(due), Day(done), Day(due)).Next);

    [Theory]
    [InlineData("2000-01-31", 1, PlanUnit.Month, "2026-02-27", "2026-02-28")]
    [InlineData("2000-01-31", 1, PlanUnit.Month, "2026-02-28", "2026-03-31")]
    [InlineData("2024-02-29", 1, PlanUnit.Year, "2026-03-01", "2027-02-28")]
    [InlineData("2024-02-29", 1, PlanUnit.Year, "2027-02-28", "2028-02-29")]
    [InlineData("2026-01-05", 2, PlanUnit.Week, "2026-01-18", "2026-01-19")]
    [InlineData("2026-01-05", 45, PlanUnit.Day, "2026-01-05", "2026-02-19")]
    [InlineData("2026-06-01", 1, PlanUnit.Month, "2026-01-01", "2026-06-01")]
    public void The_first_day_after_another(string start, int every, PlanUnit unit, string after, string next) =>
        Assert.Equal(Day(next), PlanDates.After(Day(start), every, unit, Day(after)));

    [Theory]
    [InlineData(500_000, ApprovalLevel.Staff)]
    [InlineData(500_001, ApprovalLevel.Administrator)]
    [InlineData(5_000_000, ApprovalLevel.Administrator)]
    [InlineData(5_000_001, ApprovalLevel.Council)]
    public void By_how_much_it_is_somebody_else_decides(int sum, ApprovalLevel level) =>
        Assert.Equal(level, ApprovalRules.Level(sum, 500_000, 5_000_000));

    [Theory]
    [InlineData(1_050_000, true)]
    [InlineData(1_050_001, false)]
    public void Bills_may_come_to_a_twentieth_more(int billed, bool covered) => Assert.Equal(covered, ApprovalRules.Covers(1_000_000, billed));

    [Fact]
    public void A_meter_reaches_its_mark_by_the_mean_of_ninety_days()
    {
        Assert.Equal(Day("2027-01-03"), MeterForecast.Reaches([new(Day("2026-10-01"), 1_040), new(Day("2026-11-30"), 1_175)], 1_250));

        // What was read more than ninety days before the last counts for nothing.
        Assert.Equal(
            Day("2027-01-03"),
            MeterForecast.Reaches(
                [new(Day("2026-01-01"), 0), new(Day("2026-10-01"), 1_040), new(Day("2026-11-30"), 1_175)], 1_250));

        // Reached already: on the day that said so. Nothing counted, or one reading: nobody can say.
        Assert.Equal(
            Day("2026-11-30"), MeterForecast.Reaches([new(Day("2026-10-01"), 1_040), new(Day("2026-11-30"), 1_175)], 1_175));
        Assert.Null(MeterForecast.Reaches([new(Day("2026-10-01"), 1_040), new(Day("2026-11-30"), 1_040)], 1_250));
        Assert.Null(MeterForecast.Reaches([new(Day("2026-11-30"), 1_040)], 1_250));
        Assert.Null(MeterForecast.Reaches([], 1_250));

        // Another counter: what was counted before it still says how fast it goes.
        Assert.Equal(
            Day("2026-12-30"),
            MeterForecast.Reaches([new(Day("2026-10-11"), 900), new(Day("2026-11-10"), 960), new(Day("2026-11-30"), 0, true)], 36));
    }

    [Fact]
    public void What_stood_on_the_old_counter_is_told_by_the_new_one()
    {
        Reading[] readings = [new(Day("2026-10-01"), 1_040), new(Day("2026-11-10"), 1_175), new(Day("2026-11-20"), 5, true), new(Day("2026-11-30"), 30)];
        Assert.Null(MeterForecast.At(readings, Day("2026-09-30")));
        // On 1 October 135 less than when the counter was replaced by one that began at 5.
        Assert.Equal(-130, MeterForecast.At(readings, Day("2026-10-01")));
        Assert.Equal(5, MeterForecast.At(readings, Day("2026-11-19")));
        Assert.Equal(5, MeterForecast.At(readings, Day("2026-11-29")));
        Assert.Equal(30, MeterForecast.At(readings, Day("2026-12-31")));
    }

    private static DateOnly Day(string day) => DateOnly.Parse(day, null);
}

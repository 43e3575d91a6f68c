using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

public sealed class BusinessDaysTests
{
    private static readonly DateOnly Filed = new(2026, 10, 28);

    private static DateOnly Nov(int day) => new(2026, 11, day);

    [Fact]
    public void The_day_of_filing_weekends_and_holidays_do_not_count() => Assert.Equal(Nov(20), BusinessDays.Deadline(Filed, 15, []));

    [Fact]
    public void Held_days_move_the_deadline_by_the_business_days_they_hold() =>
        Assert.Equal(Nov(24), BusinessDays.Deadline(Filed, 15, [(Nov(11), Nov(13))]));

    [Fact]
    public void A_pause_over_a_long_weekend_holds_no_business_day() =>
        Assert.Equal(Nov(20), BusinessDays.Deadline(Filed, 15, [(Nov(14), Nov(17))]));

    [Fact]
    public void A_case_filed_on_a_Saturday_counts_from_Monday() => Assert.Equal(1, BusinessDays.Between(Nov(7), Nov(9)));

    [Fact]
    public void Holy_week_and_new_year_are_crossed()
    {
        Assert.Equal(new DateOnly(2026, 4, 6), BusinessDays.Deadline(new(2026, 4, 1), 1, []));
        Assert.Equal(new DateOnly(2027, 1, 12), BusinessDays.Deadline(new(2026, 12, 30), 7, []));
    }

    /// <summary>The worked examples of the calendar with nineteen holidays.</summary>
    [Theory]
    [InlineData("2026-07-01", 15, "2026-07-24")]
    [InlineData("2027-03-12", 15, "2027-04-07")]
    [InlineData("2027-06-29", 10, "2027-07-15")]
    [InlineData("2026-11-27", 30, "2027-01-14")]
    public void The_last_day_of_a_term_is_that_of_the_calendar(string filed, int days, string due) =>
        Assert.Equal(DateOnly.Parse(due), BusinessDays.Deadline(DateOnly.Parse(filed), days, []));

    [Fact]
    public void A_question_over_Holy_Week_and_an_extension_move_the_last_day_by_their_business_days()
    {
        HeldDays[] held = [(new DateOnly(2027, 3, 19), new DateOnly(2027, 3, 31))];
        Assert.Equal(5, BusinessDays.Held(new(2027, 3, 12), new(2027, 4, 30), held));
        Assert.Equal(new DateOnly(2027, 4, 14), BusinessDays.Deadline(new(2027, 3, 12), 15, held));
        Assert.Equal(new DateOnly(2027, 4, 28), BusinessDays.Deadline(new(2027, 3, 12), 25, held));
    }

    /// <summary>The first day on which the clock is amber: three business days are left.</summary>
    [Theory]
    [InlineData("2027-04-14", 15, "2027-04-09")]
    [InlineData("2027-04-28", 25, "2027-04-23")]
    [InlineData("2027-01-14", 30, "2027-01-08")]
    public void The_clock_warns_from_three_business_days_before_the_last(string due, int days, string warned)
    {
        var (last, first) = (DateOnly.Parse(due), DateOnly.Parse(warned));
        Assert.True(PqrsClock.Of(last, days, [], first, stoppedOn: null).Warns);
        Assert.False(PqrsClock.Of(last, days, [], first.AddDays(-1), stoppedOn: null).Warns);
        Assert.True(PqrsClock.Of(last, days, [], last, stoppedOn: null).Warns);
    }

    [Fact]
    public void The_start_is_found_back_from_the_deadline_whatever_held_it()
    {
        foreach (var offset in Enumerable.Range(0, 120))
        {
            var start = Filed.AddDays(offset);
            HeldDays[] held = [(start.AddDays(3), start.AddDays(9)), (start.AddDays(15), start.AddDays(16))];
            var due = BusinessDays.Deadline(start, 15, held);
            var found = BusinessDays.Start(due, 15, held);
            Assert.Equal(15, BusinessDays.Between(found, due, held));
            Assert.True(found >= start && BusinessDays.Between(start, found, held) == 0);
        }
    }

    [Fact]
    public void The_clock_of_the_story_shows_thirteen_of_fifteen()
    {
        var clock = PqrsClock.Of(Nov(24), 15, [new(Nov(11), Nov(13))], today: Nov(20), stoppedOn: null);

        Assert.Equal((13, 2, 2), (clock.Used, clock.Left, clock.HeldDays));
        Assert.True(clock.Warns);
        Assert.Equal(new DateOnly(2026, 10, 26), clock.Days[0].Date);
        Assert.Equal(Nov(27), clock.Days[^1].Date);
        Assert.Equal(13, clock.Days.Count(d => d.Kind == ClockDayKind.Counted));
        Assert.Equal([Nov(11), Nov(12)], clock.Days.Where(d => d.Kind == ClockDayKind.Held).Select(d => d.Date));
        Assert.Equal([Nov(2), Nov(16)], clock.Days.Where(d => d.Kind == ClockDayKind.Holiday).Select(d => d.Date));
        Assert.Equal([Nov(23), Nov(24)], clock.Days.Where(d => d.Kind == ClockDayKind.Left).Select(d => d.Date));
        Assert.Equal(Nov(20), Assert.Single(clock.Days, d => d.IsToday).Date);
    }

    [Fact]
    public void While_it_is_held_no_day_is_used_and_the_end_moves_with_it()
    {
        var tuesday = PqrsClock.Of(Nov(20), 15, [new(Nov(11), null)], today: Nov(12), stoppedOn: null);
        var week = PqrsClock.Of(Nov(20), 15, [new(Nov(11), null)], today: Nov(19), stoppedOn: null);

        Assert.Equal((ClockState.Held, 8), (tuesday.State, tuesday.Used));
        Assert.Equal((ClockState.Held, 8), (week.State, week.Used));
        Assert.Equal(Nov(24), tuesday.DueOn);
        Assert.Equal(7, week.Days.Count(d => d.Kind == ClockDayKind.Left));
    }

    [Fact]
    public void Past_its_end_it_goes_on_counting_and_says_so()
    {
        var clock = PqrsClock.Of(Nov(20), 15, [], today: Nov(24), stoppedOn: null);

        Assert.True(clock.Late);
        Assert.Equal((17, -2), (clock.Used, clock.Left));
        Assert.Equal([Nov(23), Nov(24)], clock.Days.Where(d => d.Kind == ClockDayKind.Late).Select(d => d.Date));
    }

    [Fact]
    public void The_answer_stops_it()
    {
        var clock = PqrsClock.Of(Nov(20), 15, [], today: new DateOnly(2027, 3, 1), stoppedOn: Nov(10));

        Assert.Equal((ClockState.Stopped, 8), (clock.State, clock.Used));
        Assert.False(clock.Late);
        Assert.DoesNotContain(clock.Days, d => d.Kind == ClockDayKind.Left);
    }
}

using Portal.Data.Pqrs;

namespace Portal.Tests.Pqrs;

/// <summary>Against the calendars as they were published for each year.</summary>
public sealed class ColombianHolidaysTests
{
    [Theory]
    [InlineData(2024, "01-01 01-08 03-25 03-28 03-29 05-01 05-13 06-03 06-10 07-01 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25")]
    [InlineData(2025, "01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25")]
    [InlineData(2026, "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-13 07-20 08-07 08-17 10-12 11-02 11-16 12-08 12-25")]
    [InlineData(2027, "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-12 07-20 08-07 08-16 10-18 11-01 11-15 12-08 12-25")]
    [InlineData(2028, "01-01 01-10 03-20 04-13 04-14 05-01 05-29 06-19 06-26 07-03 07-10 07-20 08-07 08-21 10-16 11-06 11-13 12-08 12-25")]
    [InlineData(2029, "01-01 01-08 03-19 03-29 03-30 05-01 05-14 06-04 06-11 07-02 07-09 07-20 08-07 08-20 10-15 11-05 11-12 12-08 12-25")]
    public void The_holidays_of_a_year_are_those_of_the_published_calendar(int year, string days) =>
        Assert.Equal(days, string.Join(' ', ColombianHolidays.Of(year).Keys.Order().Select(d => d.ToString("MM-dd"))));

    [Fact]
    public void Two_holidays_on_one_day_are_one_day()
    {
        Assert.Equal(17, ColombianHolidays.Of(2025).Count);
        Assert.True(ColombianHolidays.Contains(new DateOnly(2025, 6, 30)));
    }

    [Fact]
    public void The_day_of_Chiquinquira_is_a_holiday_from_2026_on_and_on_its_Monday()
    {
        Assert.DoesNotContain(ColombianHoliday.Chiquinquira, ColombianHolidays.Of(2025).Values);
        Assert.Equal(ColombianHoliday.Chiquinquira, ColombianHolidays.Of(2026)[new(2026, 7, 13)]);
        Assert.False(ColombianHolidays.Contains(new(2026, 7, 9)));
    }

    [Theory]
    [InlineData(1818, 3, 22)]
    [InlineData(1943, 4, 25)]
    [InlineData(2000, 4, 23)]
    [InlineData(2026, 4, 5)]
    [InlineData(2038, 4, 25)]
    [InlineData(2285, 3, 22)]
    public void Easter_falls_where_the_tables_have_it(int year, int month, int day) =>
        Assert.Equal(new DateOnly(year, month, day), ColombianHolidays.Easter(year));

    [Fact]
    public void Every_moved_holiday_is_a_Monday()
    {
        ColombianHoliday[] stay =
        [
            ColombianHoliday.NewYear,
            ColombianHoliday.HolyThursday,
            ColombianHoliday.GoodFriday,
            ColombianHoliday.LabourDay,
            ColombianHoliday.Independence,
            ColombianHoliday.Boyaca,
            ColombianHoliday.ImmaculateConception,
            ColombianHoliday.Christmas,
        ];
        foreach (var (day, holiday) in Enumerable.Range(1984, 200).SelectMany(year => ColombianHolidays.Of(year)))
        {
            Assert.True(stay.Contains(holiday) || day.DayOfWeek == DayOfWeek.Monday, $"{holiday} {day}");
        }
    }
}

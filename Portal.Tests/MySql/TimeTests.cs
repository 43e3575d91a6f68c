using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class TimeTests(ProviderDatabase database) : LibraryTest(database)
{
    private static readonly DateTime Taken = new(2026, 3, 1, 18, 30, 15);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var book = Book("b");
        book.Loans.Add(new Loan { Reader = "returned", TakenAt = Taken, ReturnedAt = Taken.AddDays(2).AddMinutes(90) });
        book.Loans.Add(new Loan { Reader = "open", TakenAt = Taken.AddDays(40) });
        await SaveAsync(new Author { Name = "A", Born = new DateOnly(1980, 2, 29), Books = [book] });
    }

    [Fact]
    public async Task Parts_of_a_date_and_time()
    {
        await using var db = Open();
        var row = await db.Loans.Where(x => x.Reader == "returned").Select(x => new
        {
            x.TakenAt.Year, x.TakenAt.Month, x.TakenAt.Day, x.TakenAt.Hour, x.TakenAt.Minute, x.TakenAt.Second, x.TakenAt.DayOfYear,
            x.TakenAt.DayOfWeek, x.TakenAt.Date, x.TakenAt.TimeOfDay, DateOnly = DateOnly.FromDateTime(x.TakenAt),
            TimeOnly = TimeOnly.FromDateTime(x.TakenAt), Born = x.Book.Author.Born!.Value.Year, Weekday = x.Book.Author.Born!.Value.DayOfWeek,
            x.Book.Author.Born!.Value.DayNumber,
        }).SingleAsync();
        Assert.Equal((2026, 3, 1, 18, 30, 15, 60, DayOfWeek.Sunday), (row.Year, row.Month, row.Day, row.Hour, row.Minute, row.Second, row.DayOfYear, row.DayOfWeek));
        Assert.Equal((Taken.Date, Taken.TimeOfDay, DateOnly.FromDateTime(Taken), TimeOnly.FromDateTime(Taken)), (row.Date, row.TimeOfDay, row.DateOnly, row.TimeOnly));
        Assert.Equal((1980, DayOfWeek.Friday, new DateOnly(1980, 2, 29).DayNumber), (row.Born, row.Weekday, row.DayNumber));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt.DayOfWeek == DayOfWeek.Sunday));
    }

    [Fact]
    public async Task Adding_time()
    {
        await using var db = Open();
        var three = 3;
        var half = 1.5;
        var row = await db.Loans.Where(x => x.Reader == "returned").Select(x => new
        {
            Years = x.TakenAt.AddYears(1), Months = x.TakenAt.AddMonths(-1), Days = x.TakenAt.AddDays(7), Variable = x.TakenAt.AddDays(three),
            Column = x.TakenAt.AddDays(x.Book.Pages), Fraction = x.TakenAt.AddHours(half), Minutes = x.TakenAt.AddMinutes(0.5),
            Seconds = x.TakenAt.AddSeconds(-16), Milli = x.TakenAt.AddMilliseconds(250), Birthday = x.Book.Author.Born!.Value.AddYears(1),
            Next = x.Book.Author.Born!.Value.AddDays(1),
        }).SingleAsync();
        Assert.Equal(
            (Taken.AddYears(1), Taken.AddMonths(-1), Taken.AddDays(7), Taken.AddDays(3), Taken.AddDays(100)),
            (row.Years, row.Months, row.Days, row.Variable, row.Column));
        Assert.Equal(
            (Taken.AddHours(1.5), Taken.AddMinutes(0.5), Taken.AddSeconds(-16), Taken.AddMilliseconds(250)),
            (row.Fraction, row.Minutes, row.Seconds, row.Milli));
        Assert.Equal((new DateOnly(1981, 2, 28), new DateOnly(1980, 3, 1)), (row.Birthday, row.Next));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt.AddDays(2) < x.ReturnedAt));
    }

    [Fact]
    public async Task Time_elapsed()
    {
        await using var db = Open();
        var returned = db.Loans.Where(x => x.Reader == "returned");
        Assert.Equal(49.5, await returned.Select(x => (x.ReturnedAt!.Value - x.TakenAt).TotalHours).SingleAsync());
        Assert.Equal(49.5 * 60, await returned.Select(x => (x.ReturnedAt - x.TakenAt)!.Value.TotalMinutes).SingleAsync());
        Assert.Equal(2, await returned.Select(x => EF.Functions.DateDiffDay(x.TakenAt, x.ReturnedAt)).SingleAsync());
        Assert.Equal(49, await returned.Select(x => EF.Functions.DateDiffHour(x.TakenAt, x.ReturnedAt)).SingleAsync());
        Assert.Null(await db.Loans.Where(x => x.Reader == "open").Select(x => EF.Functions.DateDiffDay(x.TakenAt, x.ReturnedAt)).SingleAsync());
        var day = new DateOnly(2026, 2, 28);
        Assert.Equal(45, await db.Authors.Select(x => EF.Functions.DateDiffYear(x.Born, day)).SingleAsync());
        Assert.Equal(1, await db.Loans.CountAsync(x => (x.ReturnedAt!.Value - x.TakenAt).TotalDays > 2));
        Assert.Equal(49.5, await db.Loans.Where(x => x.ReturnedAt != null).AverageAsync(x => (x.ReturnedAt!.Value - x.TakenAt).TotalHours));
    }

    [Fact]
    public async Task A_subtraction_left_alone_is_refused_with_the_way_out()
    {
        await using var db = Open();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Loans.Where(x => x.ReturnedAt - x.TakenAt > TimeSpan.FromHours(1)).CountAsync());
        Assert.Contains("DateDiffDay", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_servers_clock_is_refused_except_in_UTC()
    {
        await using var db = Open();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Loans.CountAsync(x => x.TakenAt < DateTime.Now));
        Assert.Contains("UtcNow", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Loans.CountAsync(x => x.TakenAt < DateTime.Today));
        Assert.Equal(2, await db.Loans.CountAsync(x => x.CreatedAt > DateTime.UtcNow.AddMinutes(-5) && x.CreatedAt < DateTime.UtcNow.AddMinutes(5)));
    }

    [Fact]
    public async Task Order_is_exact_where_the_column_has_no_fractions()
    {
        await using var db = Open();
        var later = Taken.AddMilliseconds(700);
        Assert.Equal(0, await db.Loans.CountAsync(x => x.Reader == "returned" && x.TakenAt >= later));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.Reader == "returned" && x.TakenAt < later));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.Reader == "returned" && later > x.TakenAt));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt == later));
        var (seven, exactly) = (new TimeSpan(19, 0, 0), TimeOnly.FromDateTime(Taken));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt.Date == Taken.Date && x.TakenAt.TimeOfDay < new TimeSpan(19, 0, 0)));
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt.Date == Taken.Date && x.TakenAt.TimeOfDay < seven));
        Assert.Equal(0, await db.Loans.CountAsync(x => x.TakenAt.TimeOfDay > seven));
        Assert.Equal(2, await db.Loans.CountAsync(x => TimeOnly.FromDateTime(x.TakenAt) == exactly));
    }

    [Fact]
    public async Task Days_of_a_range_and_groups_by_month()
    {
        await using var db = Open();
        var (from, to) = (new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31));
        Assert.Equal(1, await db.Loans.CountAsync(x => DateOnly.FromDateTime(x.TakenAt) >= from && DateOnly.FromDateTime(x.TakenAt) <= to));
        var start = from.ToDateTime(TimeOnly.MinValue);
        Assert.Equal(1, await db.Loans.CountAsync(x => x.TakenAt >= start && x.TakenAt < start.AddMonths(1)));
        Assert.Equal(
            [(2026, 3, 1), (2026, 4, 1)],
            (await db.Loans.GroupBy(x => new { x.TakenAt.Year, x.TakenAt.Month })
                .OrderBy(g => g.Key.Year).ThenBy(g => g.Key.Month)
                .Select(g => new { g.Key.Year, g.Key.Month, Count = g.Count() }).ToListAsync()).Select(x => (x.Year, x.Month, x.Count)));
        Assert.Equal(2, (await db.Loans.GroupBy(x => x.TakenAt.Date).Select(g => new { g.Key, Count = g.Count() }).ToListAsync()).Count);
    }
}

using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

/// <summary>The shapes that reports take, all under ONLY_FULL_GROUP_BY, which MariaDB reads more strictly than MySQL.</summary>
public sealed class ReportTests(ProviderDatabase database) : LibraryTest(database)
{
    private static readonly DateTime Start = new(2026, 1, 1);

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Book Lent(string title, int pages, Genre genre, params int[] months)
        {
            var book = Book(title, pages, pages / 10m, genre);
            book.Loans.AddRange(months.Select(m => new Loan
            {
                Reader = m % 2 == 0 ? "even" : "odd",
                TakenAt = Start.AddMonths(m).AddHours(m),
                ReturnedAt = m > 3 ? null : Start.AddMonths(m).AddDays(10),
            }));
            return book;
        }

        await SaveAsync(
            new Author { Name = "Ana", Country = "CO", Books = [Lent("A1", 100, Genre.Novel, 0, 0, 1), Lent("A2", 250, Genre.Poetry, 2)] },
            new Author { Name = "Beto", Country = null, Books = [Lent("B1", 300, Genre.Novel, 1, 4, 5)] },
            new Author { Name = "Carla", Country = "CO" });
    }

    [Fact]
    public async Task Counts_and_shares_by_month()
    {
        await using var db = Open();
        var rows = await db.Loans
            .GroupBy(x => new { x.TakenAt.Year, x.TakenAt.Month })
            .Select(g => new
            {
                g.Key.Year,
                g.Key.Month,
                Loans = g.Count(),
                Open = g.Count(x => x.ReturnedAt == null),
                Share = g.Count(x => x.ReturnedAt == null) * 100.0 / g.Count(),
                Readers = g.Select(x => x.Reader).Distinct().Count(),
                Days = g.Average(x => (double?)(x.ReturnedAt!.Value - x.TakenAt).TotalDays),
                First = g.Min(x => x.TakenAt),
            })
            .OrderBy(x => x.Year).ThenBy(x => x.Month).ToListAsync();
        Assert.Equal([(1, 2, 0, 0.0), (2, 2, 0, 0.0), (3, 1, 0, 0.0), (5, 1, 1, 100.0), (6, 1, 1, 100.0)], rows.Select(x => (x.Month, x.Loans, x.Open, x.Share)));
        Assert.Equal((1, Start, 10.0), (rows[0].Readers, rows[0].First, rows[0].Days!.Value));
        Assert.Null(rows[^1].Days);
    }

    [Fact]
    public async Task Groups_by_a_related_row_by_an_expression_and_by_a_variable()
    {
        await using var db = Open();
        var size = 200;
        Assert.Equal(
            [(0, 1), (1, 2)],
            (await db.Books.GroupBy(x => x.Pages / size).Select(g => new { g.Key, Count = g.Count() }).OrderBy(x => x.Key).ToListAsync()).Select(x => (x.Key, x.Count)));
        Assert.Equal(
            [("thick", 2), ("thin", 1)],
            (await db.Books.GroupBy(x => x.Pages > 200 ? "thick" : "thin").Select(g => new { g.Key, Count = g.Count() }).OrderBy(x => x.Key).ToListAsync()).Select(x => (x.Key, x.Count)));
        Assert.Equal(
            [("Ana", 4, 55m), ("Beto", 3, 90m)],
            (await db.Loans.GroupBy(x => new { x.Book.AuthorId, x.Book.Author.Name })
                .Select(g => new { g.Key.Name, Loans = g.Count(), Price = g.Sum(x => x.Book.Price) })
                .OrderByDescending(x => x.Loans).ToListAsync()).Select(x => (x.Name, x.Loans, x.Price)));
        Assert.Equal(
            [("-", 3), ("CO", 4)],
            (await db.Loans.GroupBy(x => x.Book.Author.Country ?? "-").Select(g => new { g.Key, Count = g.Count() }).OrderBy(x => x.Key).ToListAsync()).Select(x => (x.Key, x.Count)));
    }

    [Fact]
    public async Task Distinct_or_limited_rows_under_an_aggregate_are_refused_with_the_way_out()
    {
        await using var db = Open();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Authors.Select(x => x.Books.OrderByDescending(b => b.Pages).Take(2).Sum(b => b.Pages)).ToListAsync());
        Assert.Contains("without Take and Distinct", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Loans.GroupBy(x => new { x.Book.AuthorId }).Select(g => g.Select(x => x.Book.Price).Distinct().Sum()).ToListAsync());
    }

    [Fact]
    public async Task Groups_are_filtered_ordered_and_paged_by_their_sums()
    {
        await using var db = Open();
        var least = 2;
        var page = db.Loans.GroupBy(x => x.BookId).Where(g => g.Count() >= least).Select(g => new { Book = g.Key, Count = g.Count(), Last = g.Max(x => x.TakenAt) });
        Assert.Equal(2, await page.CountAsync());
        var titles = await page.OrderByDescending(x => x.Last).Take(1).Join(db.Books, x => x.Book, b => b.Id, (x, b) => new { b.Title, x.Count }).SingleAsync();
        Assert.Equal(("B1", 3), (titles.Title, titles.Count));
    }

    [Fact]
    public async Task Each_row_with_sums_of_its_related_rows()
    {
        await using var db = Open();
        var rows = await db.Authors.OrderBy(x => x.Name).Select(x => new
        {
            x.Name,
            Pages = x.Books.Sum(b => (int?)b.Pages) ?? 0,
            Loans = x.Books.SelectMany(b => b.Loans).Count(),
            Open = x.Books.Sum(b => b.Loans.Count(l => l.ReturnedAt == null)),
            Last = x.Books.SelectMany(b => b.Loans).Max(l => (DateTime?)l.TakenAt),
            Thickest = x.Books.OrderByDescending(b => b.Pages).Select(b => new { b.Title, b.Pages }).FirstOrDefault(),
        }).ToListAsync();
        Assert.Equal([("Ana", 350, 4, 0), ("Beto", 300, 3, 2), ("Carla", 0, 0, 0)], rows.Select(x => (x.Name, x.Pages, x.Loans, x.Open)));
        Assert.Equal([Start.AddMonths(2).AddHours(2), Start.AddMonths(5).AddHours(5), null], rows.Select(x => x.Last));
        Assert.Equal(["A2", "B1", null], rows.Select(x => x.Thickest?.Title));
    }

    [Fact]
    public async Task Totals_of_everything_in_one_row()
    {
        await using var db = Open();
        var total = await db.Loans.GroupBy(_ => 1).Select(g => new
        {
            Count = g.Count(),
            Price = g.Sum(x => x.Book.Price),
            Poetry = g.Sum(x => x.Book.Genre == Genre.Poetry ? x.Book.Price : 0),
            Late = g.Count(x => x.ReturnedAt == null && x.TakenAt < Start.AddMonths(5)),
        }).SingleAsync();
        Assert.Equal((7, 145m, 25m, 1), (total.Count, total.Price, total.Poetry, total.Late));
        Assert.Null(await db.Loans.Where(x => x.Reader == "nobody").GroupBy(_ => 1).Select(g => new { Count = g.Count() }).SingleOrDefaultAsync());
    }

    [Fact]
    public async Task Raw_SQL_takes_and_gives_every_type()
    {
        await using var db = Open();
        var (date, time, moment, guid) = (new DateOnly(2026, 3, 1), new TimeOnly(18, 30, 15), new DateTime(2026, 3, 1, 18, 30, 15, 250), Guid.NewGuid());
        Assert.Equal(1, await db.Database.SqlQuery<int>(
            $"SELECT COUNT(*) AS Value FROM authors WHERE name = {"Ana"} AND DATE '2026-03-01' = {date} AND TIME '18:30:15' = CAST({time} AS TIME) AND TIMESTAMP '2026-03-01 18:30:15.25' = {moment} AND {true} AND {12.5m} = 12.5 AND {guid} = {guid.ToString()} AND {(string?)null} IS NULL AND X'0102' = {new byte[] { 1, 2 }}").SingleAsync());
        Assert.Equal(date, await db.Database.SqlQuery<DateOnly>($"SELECT CAST({date} AS DATE) AS Value").SingleAsync());
        Assert.Equal(time, await db.Database.SqlQuery<TimeOnly>($"SELECT CAST({time} AS TIME) AS Value").SingleAsync());
        Assert.Equal(moment, await db.Database.SqlQuery<DateTime>($"SELECT CAST({moment} AS DATETIME(3)) AS Value").SingleAsync());
        Assert.Equal(guid, await db.Database.SqlQuery<Guid>($"SELECT {guid} AS Value").SingleAsync());
        Assert.Equal(12.50m, await db.Database.SqlQuery<decimal>($"SELECT CAST({12.5m} AS DECIMAL(10,2)) AS Value").SingleAsync());
        Assert.Null(await db.Database.SqlQuery<decimal?>($"SELECT SUM(price) AS Value FROM books WHERE title = {"none"}").SingleAsync());
        Assert.True(await db.Database.SqlQuery<bool>($"SELECT EXISTS (SELECT 1 FROM books) AS Value").SingleAsync());
        Assert.Equal("fallback", await db.Database.SqlQuery<string>($"SELECT COALESCE({(string?)null}, 'fallback') AS Value").SingleAsync());
    }
}

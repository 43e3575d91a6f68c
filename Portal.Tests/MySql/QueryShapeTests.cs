using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class QueryShapeTests(ProviderDatabase database) : LibraryTest(database)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await SaveAsync(
            new Author { Name = "Ana", Country = "CO", Books = [Book("A1", 100, 10), Book("A2", 200, 20, Genre.Poetry), Book("A3", 300, 30)] },
            new Author { Name = "Beto", Country = "CO", Books = [Book("B1", 400, 40, Genre.Essay)] },
            new Author { Name = "Carla", Country = "PE" });
    }

    [Fact]
    public async Task Paging()
    {
        await using var db = Open();
        var books = db.Books.OrderBy(x => x.Title).Select(x => x.Title);
        var (skip, take) = (1, 2);
        Assert.Equal(["A2", "A3"], await books.Skip(skip).Take(take).ToListAsync());
        Assert.Equal(["A2", "A3", "B1"], await books.Skip(1).ToListAsync());
        Assert.Equal(["A1"], await books.Take(1).ToListAsync());
        Assert.Equal(["A2"], await books.Skip(1).Take(2).Take(1).ToListAsync());
        Assert.Equal(2, await books.Skip(1).Take(2).CountAsync());
        Assert.Equal("B1", await books.LastAsync());
        Assert.Equal("A3", await books.ElementAtAsync(2));
        Assert.Empty(await books.Take(0).ToListAsync());
    }

    [Fact]
    public async Task Groups()
    {
        await using var db = Open();
        var rows = await db.Books.GroupBy(x => x.Author.Country)
            .Select(g => new { g.Key, Count = g.Count(), Pages = g.Sum(x => x.Pages), Mean = g.Average(x => x.Price), Last = g.Max(x => x.Title) })
            .Where(x => x.Count > 1).OrderByDescending(x => x.Pages).ToListAsync();
        Assert.Equal(("CO", 4, 1000, 25m, "B1"), rows.Select(x => (x.Key, x.Count, x.Pages, x.Mean, x.Last)).Single());

        var authors = await db.Authors.OrderBy(x => x.Name)
            .Select(x => new { x.Name, Count = x.Books.Count, Pages = x.Books.Sum(b => b.Pages), Novels = x.Books.Count(b => b.Genre == Genre.Novel) })
            .ToListAsync();
        Assert.Equal([("Ana", 3, 600, 2), ("Beto", 1, 400, 0), ("Carla", 0, 0, 0)], authors.Select(x => (x.Name, x.Count, x.Pages, x.Novels)));
    }

    [Fact]
    public async Task The_first_of_each_group()
    {
        await using var db = Open();
        var longest = await db.Books.GroupBy(x => x.AuthorId).Select(g => g.OrderByDescending(x => x.Pages).First()).ToListAsync();
        Assert.Equal(["A3", "B1"], longest.Select(x => x.Title).Order());
        Assert.Equal(
            [("Ana", "A3"), ("Beto", "B1"), ("Carla", null)],
            (await db.Authors.OrderBy(x => x.Name)
                .Select(x => new { x.Name, Longest = x.Books.OrderByDescending(b => b.Pages).Select(b => b.Title).FirstOrDefault() })
                .ToListAsync()).Select(x => (x.Name, x.Longest)));
    }

    [Fact]
    public async Task Set_operations()
    {
        await using var db = Open();
        var thin = db.Books.Where(x => x.Pages < 250).Select(x => x.Title);
        var dear = db.Books.Where(x => x.Price > 15).Select(x => x.Title);
        Assert.Equal(["A1", "A2", "A3", "B1"], await thin.Union(dear).OrderBy(x => x).ToListAsync());
        Assert.Equal(5, await thin.Concat(dear).CountAsync());
        Assert.Equal(["A2"], await thin.Intersect(dear).ToListAsync());
        Assert.Equal(["A1"], await thin.Except(dear).ToListAsync());
        Assert.Equal(["A1", "A2"], await thin.Union(dear).OrderBy(x => x).Take(2).ToListAsync());
        Assert.Equal(["A1", "B1"], await thin.Except(dear).Union(db.Books.Where(x => x.Genre == Genre.Essay).Select(x => x.Title)).OrderBy(x => x).ToListAsync());
        Assert.Equal(["CO", "PE"], await db.Authors.Select(x => x.Country).Distinct().OrderBy(x => x).ToListAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Includes(bool split)
    {
        await using var db = Open();
        var authors = db.Authors.Include(x => x.Books.Where(b => b.Pages >= 200).OrderByDescending(b => b.Pages)).ThenInclude(b => b.Loans).OrderBy(x => x.Name);
        var found = await (split ? authors.AsSplitQuery() : authors.AsSingleQuery()).ToListAsync();
        Assert.Equal([["A3", "A2"], ["B1"], []], found.Select(x => x.Books.Select(b => b.Title)));

        var first = db.Authors.Include(x => x.Books).OrderByDescending(x => x.Name).Skip(1).Take(1);
        Assert.Single((await (split ? first.AsSplitQuery() : first).AsNoTracking().SingleAsync()).Books);
    }

    [Fact]
    public async Task Joins_keep_rows_without_a_match()
    {
        await using var db = Open();
        var rows = await db.Authors.LeftJoin(db.Books, a => a.Id, b => b.AuthorId, (a, b) => new { a.Name, Title = b == null ? null : b.Title })
            .OrderBy(x => x.Name).ThenBy(x => x.Title).ToListAsync();
        Assert.Equal(["Ana A1", "Ana A2", "Ana A3", "Beto B1", "Carla "], rows.Select(x => $"{x.Name} {x.Title}"));

        var right = await db.Books.RightJoin(db.Authors, b => b.AuthorId, a => a.Id, (b, a) => new { a.Name, Title = b == null ? null : b.Title })
            .CountAsync(x => x.Title == null);
        Assert.Equal(1, right);

        var old = from a in db.Authors join b in db.Books on a.Id equals b.AuthorId into books from b in books.DefaultIfEmpty() select new { a.Name, Pages = (int?)b!.Pages };
        Assert.Equal(1, await old.CountAsync(x => x.Pages == null));

        var many = from a in db.Authors from b in a.Books.Where(b => b.Pages > 150) select a.Name + b.Title;
        Assert.Equal(["AnaA2", "AnaA3", "BetoB1"], await many.OrderBy(x => x).ToListAsync());
    }

    [Fact]
    public async Task A_list_inside_a_projection_comes_along()
    {
        await using var db = Open();
        var rows = await db.Authors.OrderBy(x => x.Name).Select(x => new { x.Name, Titles = x.Books.OrderBy(b => b.Title).Select(b => b.Title).ToList() }).ToListAsync();
        Assert.Equal(["A1", "A2", "A3"], rows[0].Titles);
        var top = await db.Authors.OrderBy(x => x.Name).Select(x => x.Books.OrderBy(b => b.Title).Take(2).ToList()).ToListAsync();
        Assert.Equal([2, 1, 0], top.Select(x => x.Count));
    }

    [Fact]
    public async Task What_needs_APPLY_is_refused_with_the_way_out()
    {
        await using var db = Open();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => db.Authors
            .SelectMany(a => a.Books.Where(b => b.Pages > a.Id).OrderBy(b => b.Pages).Take(1).Select(b => new { a.Name, b.Title, Sum = b.Pages + a.Id })).ToListAsync());
        Assert.Contains("AsSplitQuery", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_SQL_is_a_source_like_any_other()
    {
        await using var db = Open();
        var name = "Ana'; --";
        Assert.Empty(await db.Authors.FromSql($"SELECT * FROM authors WHERE name = {name}").ToListAsync());
        Assert.Equal(
            ["A2", "A3"],
            await db.Books.FromSql($"SELECT * FROM books WHERE pages > {150}").Where(x => x.Author.Name == "Ana").OrderBy(x => x.Title).Select(x => x.Title).ToListAsync());
        Assert.Equal(3, (await db.Authors.FromSql($"SELECT * FROM authors").Include(x => x.Books).ToListAsync()).Count);
        Assert.Equal(1000, await db.Database.SqlQuery<int>($"SELECT SUM(pages) AS Value FROM books").SingleAsync());
        Assert.Equal(["A1", "A2"], await db.Database.SqlQuery<string>($"SELECT title AS Value FROM books").OrderBy(x => x).Take(2).ToListAsync());
        var rows = await db.Database.SqlQuery<Total>($"SELECT genre AS Genre, COUNT(*) AS Count, SUM(price) AS Price FROM books GROUP BY genre").OrderBy(x => x.Genre).ToListAsync();
        Assert.Equal([("Essay", 1, 40m), ("Novel", 2, 40m), ("Poetry", 1, 20m)], rows.OrderBy(x => x.Genre, StringComparer.Ordinal).Select(x => (x.Genre, x.Count, x.Price)));
        Assert.Equal(1, await db.Database.ExecuteSqlAsync($"UPDATE authors SET country = {"EC"} WHERE name = {"Carla"}"));
    }

    [Fact]
    public async Task A_tag_reaches_the_server_as_a_comment()
    {
        var log = new SqlLog();
        await using var db = Open(log);
        await db.Authors.TagWith("list of authors").ToListAsync();
        Assert.StartsWith("-- list of authors", log.Last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_streamed_and_a_stream_may_be_left_early()
    {
        await using var db = Open();
        await foreach (var book in db.Books.OrderBy(x => x.Title).AsAsyncEnumerable())
        {
            Assert.Equal("A1", book.Title);
            break;
        }

        Assert.Equal(4, await db.Books.CountAsync());
        Assert.Equal(4, db.Books.AsNoTracking().AsEnumerable().Count());
    }

    private sealed record Total(string Genre, int Count, decimal Price);
}

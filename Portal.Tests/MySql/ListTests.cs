using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class ListTests(ProviderDatabase database) : LibraryTest(database)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await SaveAsync(
            new Author { Name = "a", Country = "CO", Born = new DateOnly(1980, 1, 1), Books = [Book("1", genre: Genre.Novel), Book("2", genre: Genre.Poetry)] },
            new Author { Name = "b", Country = null, Books = [Book("3", genre: Genre.Essay)] },
            new Author { Name = "c", Country = "PE", Born = new DateOnly(1990, 1, 1) });
    }

    [Fact]
    public async Task Lists_of_every_kind()
    {
        await using var db = Open();
        List<string> names = ["a", "c", "z"];
        string[] none = [];
        HashSet<Genre> genres = [Genre.Novel, Genre.Essay];
        DateOnly?[] days = [new DateOnly(1980, 1, 1), null];
        string?[] countries = ["CO", null];
        IEnumerable<int> ids = (await db.Authors.Select(x => x.Id).ToListAsync()).Where(_ => true);

        Assert.Equal(2, await db.Authors.CountAsync(x => names.Contains(x.Name)));
        Assert.Equal(1, await db.Authors.CountAsync(x => !names.Contains(x.Name)));
        Assert.Equal(0, await db.Authors.CountAsync(x => none.Contains(x.Name)));
        Assert.Equal(3, await db.Authors.CountAsync(x => !none.Contains(x.Name)));
        Assert.Equal(2, await db.Books.CountAsync(x => genres.Contains(x.Genre)));
        Assert.Equal(2, await db.Authors.CountAsync(x => days.Contains(x.Born)));
        Assert.Equal(2, await db.Authors.CountAsync(x => countries.Contains(x.Country)));
        Assert.Equal(1, await db.Authors.CountAsync(x => !countries.Contains(x.Country)));
        Assert.Equal(3, await db.Authors.CountAsync(x => ids.Contains(x.Id)));
        Assert.Equal(2, await db.Authors.CountAsync(x => new[] { "a", "b" }.Contains(x.Name)));
        Assert.Equal(1, await db.Authors.CountAsync(x => new[] { "CO", null }.Contains(x.Country) && x.Name == "b"));
    }

    [Fact]
    public async Task Long_lists()
    {
        await using var db = Open();
        var ids = Enumerable.Range(-5000, 5000).Concat(await db.Authors.Select(x => x.Id).ToListAsync()).ToList();
        Assert.Equal(3, await db.Authors.CountAsync(x => ids.Contains(x.Id)));
    }

    [Fact]
    public async Task A_list_can_be_queried_like_a_table()
    {
        await using var db = Open();
        string[] starts = ["1", "3"];
        Assert.Equal(2, await db.Books.CountAsync(x => starts.Any(s => x.Title.StartsWith(s))));
        Assert.Equal(3, await db.Books.CountAsync(x => starts.Count(s => s != x.Title) > 0));
        int[] pages = [50, 100, 150];
        Assert.Equal(3, await db.Books.CountAsync(x => pages.Max() > x.Pages));
    }

    [Fact]
    public async Task A_subquery_can_stand_for_a_list()
    {
        await using var db = Open();
        var withBooks = db.Books.Where(x => x.Genre != Genre.Poetry).Select(x => x.AuthorId);
        Assert.Equal(["a", "b"], await db.Authors.Where(x => withBooks.Contains(x.Id)).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());

        var firstTwo = db.Books.OrderBy(x => x.Title).Take(2).Select(x => x.AuthorId);
        Assert.Equal(["a"], await db.Authors.Where(x => firstTwo.Contains(x.Id)).Select(x => x.Name).ToListAsync());
        Assert.Equal(["b", "c"], await db.Authors.Where(x => !firstTwo.Contains(x.Id)).OrderBy(x => x.Name).Select(x => x.Name).ToListAsync());
    }

    [Fact]
    public async Task Any_and_all_over_related_rows()
    {
        await using var db = Open();
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Books.Any()));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Books.Any(b => b.Genre == Genre.Poetry)));
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Books.All(b => b.Genre == Genre.Essay)));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Books.Count > 1));
        Assert.Equal(1, await db.Authors.CountAsync(x => !x.Books.Any()));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Books.Select(b => b.Title).Contains("2")));
    }
}

using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class SetBasedTests(ProviderDatabase database) : LibraryTest(database)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await SaveAsync(
            new Author { Name = "Ana", Country = "CO", Books = [Book("A1", 100, 10), Book("A2", 200, 20, Genre.Poetry), Book("A3", 300, 30)] },
            new Author { Name = "Beto", Country = null, Books = [Book("B1", 400, 40, Genre.Essay)] },
            new Author { Name = "Carla" });
    }

    [Fact]
    public async Task Updates()
    {
        await using var db = Open();
        var raise = 1.5m;
        Assert.Equal(3, await db.Books.Where(x => x.Pages >= 200).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.Price, x => x.Price * raise).SetProperty(x => x.Genre, Genre.Novel).SetProperty(x => x.Isbn, x => x.Title + "!")));
        Assert.Equal([10m, 30m, 45m, 60m], await db.Books.OrderBy(x => x.Title).Select(x => x.Price).ToListAsync());
        Assert.Equal(4, await db.Books.CountAsync(x => x.Genre == Genre.Novel));
        Assert.Equal(3, await db.Authors.ExecuteUpdateAsync(s => s.SetProperty(x => x.Country, (string?)null)));
        Assert.Equal(0, await db.Books.Where(x => x.Title == "none").ExecuteUpdateAsync(s => s.SetProperty(x => x.Pages, 0)));
    }

    [Fact]
    public async Task Updates_that_look_at_other_tables()
    {
        await using var db = Open();
        Assert.Equal(3, await db.Books.Where(x => x.Author.Name == "Ana").ExecuteUpdateAsync(s => s.SetProperty(x => x.InPrint, true)));
        Assert.Equal(4, await db.Books.Select(x => new { Book = x, x.Author.Name }).ExecuteUpdateAsync(s => s.SetProperty(x => x.Book.Isbn, x => x.Name + x.Book.Title)));
        Assert.Equal(["AnaA1", "AnaA2", "AnaA3", "BetoB1"], await db.Books.OrderBy(x => x.Title).Select(x => x.Isbn).ToListAsync());
        Assert.Equal(1, await db.Authors.Where(x => x.Books.Any(b => b.Genre == Genre.Essay)).ExecuteUpdateAsync(s => s.SetProperty(x => x.Country, "EC")));
        Assert.Equal(3, await db.Authors.ExecuteUpdateAsync(s => s.SetProperty(x => x.Country, x => x.Books.Count > 1 ? "XX" : "YY")));
        Assert.Equal(["XX", "YY", "YY"], await db.Authors.OrderBy(x => x.Name).Select(x => x.Country).ToListAsync());
    }

    [Fact]
    public async Task Updates_in_order_with_a_limit_and_with_their_own_table_in_a_subquery()
    {
        await using var db = Open();
        Assert.Equal(2, await db.Books.OrderByDescending(x => x.Pages).Take(2).ExecuteUpdateAsync(s => s.SetProperty(x => x.InPrint, true)));
        Assert.Equal(["A3", "B1"], await db.Books.Where(x => x.InPrint).OrderBy(x => x.Title).Select(x => x.Title).ToListAsync());
        Assert.Equal(1, await db.Books.Where(x => x.Pages == db.Books.Max(b => b.Pages)).ExecuteUpdateAsync(s => s.SetProperty(x => x.Lendable, true)));
        var poets = db.Books.Where(x => x.Genre == Genre.Poetry).Select(x => x.AuthorId);
        Assert.Equal(3, await db.Books.Where(x => poets.Contains(x.AuthorId)).ExecuteUpdateAsync(s => s.SetProperty(x => x.Lendable, false)));
    }

    [Fact]
    public async Task Deletes()
    {
        await using var db = Open();
        Assert.Equal(1, await db.Books.Where(x => x.Title == "A1").ExecuteDeleteAsync());
        Assert.Equal(1, await db.Books.Where(x => x.Author.Country == null && x.Author.Name == "Beto").ExecuteDeleteAsync());
        Assert.Equal(1, await db.Books.OrderBy(x => x.Title).Take(1).ExecuteDeleteAsync());
        Assert.Equal(["A3"], await db.Books.Select(x => x.Title).ToListAsync());
        Assert.Equal(2, await db.Authors.Where(x => !x.Books.Any()).ExecuteDeleteAsync());
        Assert.Equal(1, await db.Books.ExecuteDeleteAsync());
    }

    [Fact]
    public async Task Deletes_with_their_own_table_in_a_subquery()
    {
        await using var db = Open();
        var dearest = db.Books.OrderByDescending(x => x.Price).Take(2).Select(x => x.Id);
        Assert.Equal(2, await db.Books.Where(x => dearest.Contains(x.Id)).ExecuteDeleteAsync());
        Assert.Equal(1, await db.Books.Where(x => x.Pages > db.Books.Average(b => b.Pages)).ExecuteDeleteAsync());
        Assert.Equal(1, await db.Books.CountAsync());
    }

    [Fact]
    public async Task What_the_servers_refuse_is_refused_with_the_way_out()
    {
        await using var db = Open();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Books.Where(x => db.Books.Any(b => b.Pages > x.Pages)).ExecuteDeleteAsync());
        Assert.Contains("keys.Contains", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => db.Books.ExecuteUpdateAsync(s => s.SetProperty(x => x.Title, x => x.Author.Name)));
        Assert.Contains(".Select(", error.Message, StringComparison.Ordinal);
    }
}

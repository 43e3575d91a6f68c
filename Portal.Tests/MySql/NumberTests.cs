using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class NumberTests(ProviderDatabase database) : LibraryTest(database)
{
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await SaveAsync(Author(
            "A",
            new Book { Title = "1", Pages = 7, Price = 2.75m, Rating = 2.7, Genre = Genre.Novel },
            new Book { Title = "2", Pages = -7, Price = -2.75m, Rating = -2.7, Genre = Genre.Essay },
            new Book { Title = "3", Pages = 10, Price = 0.10m, Rating = null, Genre = Genre.Novel }));
    }

    [Fact]
    public async Task Whole_numbers_divide_to_whole_numbers()
    {
        await using var db = Open();
        var two = 2;
        Assert.Equal([3, -3, 5], await db.Books.OrderBy(x => x.Title).Select(x => x.Pages / 2).ToListAsync());
        Assert.Equal([3, -3, 5], await db.Books.OrderBy(x => x.Title).Select(x => x.Pages / two).ToListAsync());
        Assert.Equal([1, -1, 0], await db.Books.OrderBy(x => x.Title).Select(x => x.Pages % 2).ToListAsync());
        Assert.Equal([3.5, -3.5, 5], await db.Books.OrderBy(x => x.Title).Select(x => x.Pages / 2.0).ToListAsync());
        Assert.Equal([3.5m, -3.5m, 5m], await db.Books.OrderBy(x => x.Title).Select(x => x.Pages / 2m).ToListAsync());
    }

    [Fact]
    public async Task Casts_cut_as_in_CSharp()
    {
        await using var db = Open();
        Assert.Equal([2, -2, 0], await db.Books.OrderBy(x => x.Title).Select(x => (int)x.Price).ToListAsync());
        Assert.Equal([2L, -2L, null], await db.Books.OrderBy(x => x.Title).Select(x => (long?)x.Rating).ToListAsync());
        Assert.Equal([7.0, -7.0, 10.0], await db.Books.OrderBy(x => x.Title).Select(x => (double)x.Pages).ToListAsync());
        Assert.Equal([7m, -7m, 10m], await db.Books.OrderBy(x => x.Title).Select(x => (decimal)x.Pages).ToListAsync());
        Assert.Equal(["-7", "10", "7"], await db.Books.Select(x => x.Pages.ToString()).OrderBy(x => x).ToListAsync());
    }

    [Fact]
    public async Task Aggregates_have_the_types_of_CSharp()
    {
        await using var db = Open();
        Assert.Equal(10, await db.Books.SumAsync(x => x.Pages));
        Assert.Equal(0.10m, await db.Books.SumAsync(x => x.Price));
        Assert.Equal(0.0, (await db.Books.SumAsync(x => x.Rating))!.Value, 10);
        Assert.Equal(10 / 3.0, await db.Books.AverageAsync(x => x.Pages), 10);
        Assert.Equal(0.1m / 3, await db.Books.AverageAsync(x => x.Price), 5);
        Assert.Equal((-7, 10), (await db.Books.MinAsync(x => x.Pages), await db.Books.MaxAsync(x => x.Pages)));
        Assert.Equal(0, await db.Books.Where(x => x.Title == "none").SumAsync(x => x.Pages));
        Assert.Null(await db.Books.Where(x => x.Title == "none").MaxAsync(x => (decimal?)x.Price));
        await Assert.ThrowsAsync<InvalidOperationException>(() => db.Books.Where(x => x.Title == "none").MaxAsync(x => x.Price));
        Assert.Equal(3L, await db.Books.LongCountAsync());
        Assert.Equal(2, await db.Books.Select(x => x.Genre).Distinct().CountAsync());
    }

    [Fact]
    public async Task Money_is_exact()
    {
        await using var db = Open();
        var price = 0.10m;
        Assert.Equal("3", await db.Books.Where(x => x.Price == price).Select(x => x.Title).SingleAsync());
        Assert.Equal("3", await db.Books.Where(x => x.Price == 0.1m).Select(x => x.Title).SingleAsync());
        Assert.Equal(0.30m, await db.Books.Where(x => x.Title == "3").Select(x => x.Price * 3).SingleAsync());
        Assert.Equal(0.30m, await db.Books.Where(x => x.Title == "3").Select(x => x.Price + price + price).SingleAsync());
        Assert.Equal("1", await db.Books.Where(x => x.Rating == 2.7).Select(x => x.Title).SingleAsync());
    }

    [Fact]
    public async Task Functions_of_Math_are_the_servers()
    {
        await using var db = Open();
        var row = await db.Books.Where(x => x.Title == "2").Select(x => new
        {
            Abs = Math.Abs(x.Pages),
            AbsPrice = Math.Abs(x.Price),
            Up = Math.Ceiling(x.Price),
            Down = Math.Floor(x.Price),
            Near = Math.Round(x.Price, 1, MidpointRounding.AwayFromZero),
            Cut = Math.Truncate(x.Price),
            Sign = Math.Sign(x.Pages),
            Power = Math.Pow(x.Pages, 2),
            Max = Math.Max(x.Pages, 3),
            Min = Math.Min(x.Pages, 3),
        }).SingleAsync();
        Assert.Equal((7, 2.75m, -2m, -3m, -2.8m, -2m, -1, 49.0, 3, -7),
            (row.Abs, row.AbsPrice, row.Up, row.Down, row.Near, row.Cut, row.Sign, row.Power, row.Max, row.Min));
    }

    [Fact]
    public async Task Bits_stay_signed()
    {
        await using var db = Open();
        Assert.Equal([~7, ~-7, ~10], await db.Books.OrderBy(x => x.Title).Select(x => ~x.Pages).ToListAsync());
        Assert.Equal([7 & 3, 10 & 3], await db.Books.Where(x => x.Pages > 0).OrderBy(x => x.Title).Select(x => x.Pages & 3).ToListAsync());
        Assert.Equal([7 | 8, 10 | 8], await db.Books.Where(x => x.Pages > 0).OrderBy(x => x.Title).Select(x => x.Pages | 8).ToListAsync());
    }

    [Fact]
    public async Task Sums_over_a_condition_count_only_what_meets_it()
    {
        await using var db = Open();
        var row = await db.Books.GroupBy(x => 1).Select(g => new
        {
            Novels = g.Count(x => x.Genre == Genre.Novel),
            Pages = g.Sum(x => x.Genre == Genre.Novel ? x.Pages : 0),
            Price = g.Where(x => x.Genre == Genre.Essay).Sum(x => x.Price),
            Best = g.Max(x => x.Rating),
            Genres = g.Select(x => x.Genre).Distinct().Count(),
        }).SingleAsync();
        Assert.Equal((2, 17, -2.75m, 2.7, 2), (row.Novels, row.Pages, row.Price, row.Best, row.Genres));
    }
}

using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class NullsAndTruthTests(ProviderDatabase database) : LibraryTest(database)
{
    private async Task<LibraryDb> WithBooksAsync()
    {
        var author = Author("A");
        bool?[] lendable = [true, false, null];
        foreach (var inPrint in new[] { true, false })
        {
            foreach (var lend in lendable)
            {
                var book = Book($"{inPrint}/{lend}");
                (book.InPrint, book.Lendable) = (inPrint, lend);
                author.Books.Add(book);
            }
        }

        await SaveAsync(author);
        return Open();
    }

    [Fact]
    public async Task Truth_values_are_compared_as_in_CSharp()
    {
        await using var db = await WithBooksAsync();
        var all = await db.Books.AsNoTracking().ToListAsync();
        var yes = true;
        bool? unknown = null;

        Assert.Equal(all.Count(x => x.InPrint), await db.Books.CountAsync(x => x.InPrint));
        Assert.Equal(all.Count(x => !x.InPrint), await db.Books.CountAsync(x => !x.InPrint));
        Assert.Equal(all.Count(x => x.InPrint == !yes), await db.Books.CountAsync(x => x.InPrint == !yes));
        Assert.Equal(all.Count(x => x.InPrint == x.Lendable), await db.Books.CountAsync(x => x.InPrint == x.Lendable));
        Assert.Equal(all.Count(x => x.InPrint != x.Lendable), await db.Books.CountAsync(x => x.InPrint != x.Lendable));
        Assert.Equal(all.Count(x => x.InPrint == !x.Lendable), await db.Books.CountAsync(x => x.InPrint == !x.Lendable));
        Assert.Equal(all.Count(x => x.Lendable == unknown), await db.Books.CountAsync(x => x.Lendable == unknown));
        Assert.Equal(all.Count(x => x.Lendable != true), await db.Books.CountAsync(x => x.Lendable != true));
        Assert.Equal(all.Count(x => x.Lendable ?? false), await db.Books.CountAsync(x => x.Lendable ?? false));
        Assert.Equal(all.Count(x => !(x.Lendable == true)), await db.Books.CountAsync(x => !(x.Lendable == true)));
        Assert.Equal(all.Count(x => x.InPrint & x.Lendable == true), await db.Books.CountAsync(x => x.InPrint & x.Lendable == true));
        Assert.Equal(all.Count(x => x.InPrint ^ (x.Lendable == true)), await db.Books.CountAsync(x => x.InPrint ^ (x.Lendable == true)));
    }

    [Fact]
    public async Task A_condition_inside_a_condition_keeps_its_meaning()
    {
        await using var db = await WithBooksAsync();
        var all = await db.Books.AsNoTracking().ToListAsync();
        string[] titles = ["True/True", "False/"];

        Assert.Equal(all.Count(x => x.InPrint == (x.Lendable == null)), await db.Books.CountAsync(x => x.InPrint == (x.Lendable == null)));
        Assert.Equal(
            all.Count(x => x.InPrint == titles.Contains(x.Title)), await db.Books.CountAsync(x => x.InPrint == titles.Contains(x.Title)));
        Assert.Equal(
            all.Count(x => x.InPrint == x.Title.EndsWith('e')), await db.Books.CountAsync(x => x.InPrint == x.Title.EndsWith("e")));
        Assert.Equal(
            all.Count(x => x.InPrint != !x.Title.StartsWith('T')), await db.Books.CountAsync(x => x.InPrint != !x.Title.StartsWith("T")));
        Assert.Equal(
            all.Count(x => !(x.InPrint || x.Lendable == true) && x.Pages == 100), await db.Books.CountAsync(x => !(x.InPrint || x.Lendable == true) && x.Pages == 100));
        Assert.Equal(
            all.Count(x => (x.Pages > 5) == x.InPrint), await db.Books.CountAsync(x => (x.Pages > 5) == x.InPrint));
        Assert.Equal(all.Count(x => x.InPrint == (x.Isbn == null == x.InPrint)), await db.Books.CountAsync(x => x.InPrint == (x.Isbn == null == x.InPrint)));
    }

    [Fact]
    public async Task Conditions_are_projected_as_truth_values()
    {
        await using var db = await WithBooksAsync();
        var rows = await db.Books.Select(x => new
        {
            x.InPrint,
            x.Lendable,
            Both = x.InPrint && x.Lendable == true,
            None = x.Lendable == null,
            Any = x.Author.Books.Any(b => b.Lendable == true),
            Word = x.InPrint ? "yes" : "no",
            Not = !x.InPrint,
        }).ToListAsync();
        Assert.All(rows, row => Assert.Equal(
            (row.InPrint && row.Lendable == true, row.Lendable == null, true, row.InPrint ? "yes" : "no", !row.InPrint),
            (row.Both, row.None, row.Any, row.Word, row.Not)));
        Assert.True(await db.Books.AnyAsync(x => x.InPrint));
        Assert.False(await db.Books.AllAsync(x => x.InPrint));
    }

    [Fact]
    public async Task Null_equals_null_and_differs_from_every_value()
    {
        await SaveAsync(
            new Author { Name = "a", Country = "CO" }, new Author { Name = "b", Country = null }, new Author { Name = "CO", Country = "CO" });
        await using var db = Open();
        string? none = null;
        var colombia = "CO";
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Country == none));
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Country != none));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Country != colombia));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Country == x.Name));
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Country != x.Name));
        Assert.Equal(["-", "CO", "CO"], await db.Authors.Select(x => x.Country ?? "-").OrderBy(x => x).ToListAsync());
        Assert.Equal(3, await db.Authors.CountAsync(x => (none ?? "CO") == "CO"));
        Assert.Equal("fallback", await db.Authors.Where(x => x.Name == "b").Select(x => x.Country ?? none ?? "fallback").SingleAsync());
    }

    [Fact]
    public async Task A_missing_related_row_reads_as_null()
    {
        var mentor = Author("mentor");
        await SaveAsync(mentor, new Author { Name = "pupil", Mentor = mentor });
        await using var db = Open();
        var rows = await db.Authors.OrderBy(x => x.Name)
            .Select(x => new { x.Name, Mentor = x.Mentor!.Name, Born = x.Mentor.Born, Id = (int?)x.Mentor.Id }).ToListAsync();
        Assert.Null(rows[0].Mentor);
        Assert.Null(rows[0].Id);
        Assert.Equal(("mentor", null, mentor.Id), (rows[1].Mentor, rows[1].Born, rows[1].Id));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Mentor == null));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Mentor!.Name != "mentor"));
    }
}

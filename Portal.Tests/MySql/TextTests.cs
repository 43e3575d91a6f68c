using Microsoft.EntityFrameworkCore;

namespace Portal.Tests.MySql;

public sealed class TextTests(ProviderDatabase database) : LibraryTest(database)
{
    public static TheoryData<string> AwkwardTexts =>
    [
        "50% off", "under_score", "back\\slash", "it's", "\"quoted\"", "emoji 😀👩‍👩‍👧", "line\nbreak\ttab", "`tick`", "Ñandú", "?", "@p0", "x -- y", "/* c */", ";DROP TABLE books;", "%", "_", "\\", "\\%", "''",
    ];

    [Theory]
    [MemberData(nameof(AwkwardTexts))]
    public async Task A_text_comes_back_as_it_went(string text)
    {
        await SaveAsync(Author(text));
        await using var db = Open();
        Assert.Equal(text, (await db.Authors.SingleAsync()).Name);
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Name == text));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Name == EF.Constant(text)));
    }

    [Theory]
    [MemberData(nameof(AwkwardTexts))]
    public async Task A_search_takes_its_text_literally(string text)
    {
        await SaveAsync(Author("<" + text + ">"), Author("<nothing like that>"), Author(text), Author("abc"));
        await using var db = Open();
        var all = (await db.Authors.ToListAsync()).Select(x => x.Name).ToList();
        int Expected(Func<string, bool> test) => all.Count(test);
        var opening = "<" + text;
        var closing = text + ">";

        Assert.Equal(Expected(x => x.Contains(text, StringComparison.OrdinalIgnoreCase)), await db.Authors.CountAsync(x => x.Name.Contains(text)));
        Assert.Equal(Expected(x => x.StartsWith(opening, StringComparison.Ordinal)), await db.Authors.CountAsync(x => x.Name.StartsWith(opening)));
        Assert.Equal(Expected(x => x.EndsWith(closing, StringComparison.Ordinal)), await db.Authors.CountAsync(x => x.Name.EndsWith(closing)));
        Assert.Equal(
            Expected(x => x.Contains(text, StringComparison.OrdinalIgnoreCase)), await db.Authors.CountAsync(x => x.Name.Contains(EF.Constant(text))));
        Assert.Equal(
            Expected(x => x.StartsWith(opening, StringComparison.Ordinal)), await db.Authors.CountAsync(x => x.Name.StartsWith(EF.Constant(opening))));
        Assert.Equal(
            Expected(x => x.EndsWith(closing, StringComparison.Ordinal)), await db.Authors.CountAsync(x => x.Name.EndsWith(EF.Constant(closing))));
    }

    [Fact]
    public async Task A_search_for_what_a_column_holds_takes_it_literally_too()
    {
        await SaveAsync(
            Author("a%c", Book("xa%cy"), Book("a%cy"), Book("xa%c"), Book("abc")),
            Author("no", Book("other")));
        await using var db = Open();
        Assert.Equal(["a%cy", "xa%c", "xa%cy"], await db.Books.Where(x => x.Title.Contains(x.Author.Name)).Select(x => x.Title).OrderBy(x => x).ToListAsync());
        Assert.Equal(["a%cy"], await db.Books.Where(x => x.Title.StartsWith(x.Author.Name)).Select(x => x.Title).ToListAsync());
        Assert.Equal(["xa%c"], await db.Books.Where(x => x.Title.EndsWith(x.Author.Name)).Select(x => x.Title).ToListAsync());
    }

    [Fact]
    public async Task The_empty_text_is_found_in_every_text_but_not_in_null()
    {
        await SaveAsync(new Author { Name = "a", Country = "CO" }, new Author { Name = "b", Country = null }, new Author { Name = "c", Country = "" });
        await using var db = Open();
        var empty = "";
        string? nothing = null;
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Country!.Contains(empty)));
        Assert.Equal(2, await db.Authors.CountAsync(x => x.Country!.StartsWith("")));
        Assert.Equal(0, await db.Authors.CountAsync(x => x.Country!.EndsWith(nothing!)));
        Assert.Equal(1, await db.Authors.CountAsync(x => !x.Country!.Contains(empty)));
        Assert.Equal(3, await db.Authors.CountAsync(x => x.Name.StartsWith(x.Name)));
    }

    [Fact]
    public async Task Case_and_accents_are_ignored_as_the_collation_says()
    {
        await SaveAsync(Author("José"));
        await using var db = Open();
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Name == "JOSE"));
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Name.Contains("OSÉ")));
        Assert.Equal(1, await db.Authors.CountAsync(x => EF.Functions.Like(x.Name, "j_se")));
        Assert.Equal(0, await db.Authors.CountAsync(x => EF.Functions.Collate(x.Name, "utf8mb4_bin") == "JOSE"));
    }

    [Fact]
    public async Task Texts_are_joined_and_null_adds_nothing()
    {
        await SaveAsync(new Author { Name = "Ana", Country = null }, new Author { Name = "Beto", Country = "CO" });
        await using var db = Open();
        Assert.Equal(
            ["Ana/-7", "Beto/CO-7"],
            await db.Authors.OrderBy(x => x.Name).Select(x => x.Name + "/" + x.Country + "-" + 7.ToString()).ToListAsync());
        Assert.Equal(1, await db.Authors.CountAsync(x => x.Name + x.Country == "BetoCO"));
    }

    [Fact]
    public async Task Methods_of_text_agree_with_those_of_CSharp()
    {
        await SaveAsync(Author("  Ñandú Feliz "));
        await using var db = Open();
        var found = await db.Authors.Select(x => new
        {
            x.Name.Length,
            Upper = x.Name.ToUpper(),
            Lower = x.Name.ToLower(),
            Trimmed = x.Name.Trim(),
            Start = x.Name.TrimStart(),
            End = x.Name.TrimEnd(),
            Middle = x.Name.Substring(3, 4),
            Rest = x.Name.Substring(8),
            Index = x.Name.IndexOf("Feliz"),
            Missing = x.Name.IndexOf("zzz"),
            Replaced = x.Name.Replace("Feliz", "Triste"),
            Blank = string.IsNullOrWhiteSpace(x.Name),
            NoCountry = string.IsNullOrEmpty(x.Country),
        }).SingleAsync();
        Assert.Equal(
            (14, "  ÑANDÚ FELIZ ", "  ñandú feliz ", "Ñandú Feliz", "Ñandú Feliz ", "  Ñandú Feliz", "andú", "Feliz ", 8, -1, "  Ñandú Triste ", false, true),
            (found.Length, found.Upper, found.Lower, found.Trimmed, found.Start, found.End, found.Middle, found.Rest, found.Index, found.Missing,
                found.Replaced, found.Blank, found.NoCountry));
    }
}

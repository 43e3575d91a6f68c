using CsCheck;
using Portal.Data;
using Portal.Data.Building;

namespace Portal.Tests.Building;

public sealed class UnitSpellingTests
{
    private static readonly (int Id, string Name)[] Towers =
    [
        (1, "1"), (2, "Bloque 2"), (3, "Torre B"), (4, "Torre Norte"), (5, "Nogal 7"), (6, "Interior 08"), (7, "Jardín"), (11, "11"),
    ];

    /// <summary>The first reading that is asked for, as "tower number" or "* number" for any tower.</summary>
    private static string Read(string typed)
    {
        var (named, loose) = UnitSpelling.Read(typed, Towers);
        return string.Join(" | ", (named.Count > 0 ? named : loose).Select(r =>
            $"{(r.Towers is null ? "*" : string.Join('+', r.Towers))} {r.Number}"));
    }

    [Theory]
    [InlineData("Bloque 2 501")]
    [InlineData("bloque2 501")]
    [InlineData("2 501")]
    [InlineData("Bloque 2-501")]
    [InlineData("BLOQUE 2, 501")]
    [InlineData("  b2  501 ")]
    [InlineData("bl. 2 apto. 501")]
    [InlineData("2-501")]
    [InlineData("501 bloque 2")]
    [InlineData("Apto 501, Bloque 2")]
    public void A_tower_and_a_number_are_read_however_they_are_written(string typed) => Assert.Equal("2 501", Read(typed));

    [Theory]
    [InlineData("1 101", "1 101")]
    [InlineData("11 01", "11 01")]
    [InlineData("Torre 1 1204", "1 1204")]
    [InlineData("B 1204", "3 1204")]
    [InlineData("torre b-1204", "3 1204")]
    [InlineData("T.B 1204", "3 1204")]
    [InlineData("norte 302", "4 302")]
    [InlineData("nogal 7 12", "5 12")]
    [InlineData("7 12", "5 12")]
    [InlineData("int 8 5", "6 5")]
    [InlineData("jardin ph-1", "7 PH1")]
    [InlineData("JARDÍN PH 1", "7 PH1")]
    public void Every_tower_is_called_by_its_name_its_word_or_its_last_sign(string typed, string read) => Assert.Equal(read, Read(typed));

    [Fact]
    public void A_number_alone_is_that_of_every_tower() => Assert.Contains("* 101", Read("101"), StringComparison.Ordinal);

    [Fact]
    public void What_is_written_in_one_may_be_a_number_or_a_tower_with_a_number()
    {
        var read = Read("1101").Split(" | ");
        Assert.Contains("* 1101", read);
        Assert.Contains("1 101", read);
        Assert.Contains("11 01", read);
        Assert.Contains("2 501", Read("bloque2501").Split(" | "));
        Assert.Contains("2 501", Read("2501").Split(" | "));
    }

    [Fact]
    public void A_short_name_of_two_towers_is_both_and_a_whole_name_is_one()
    {
        (int, string)[] towers = [(1, "Torre 2"), (2, "Bloque 2"), (3, "2")];
        Assert.Equal([1, 2, 3], UnitSpelling.Read("2 501", towers).Named.Single().Towers!.Order());
        Assert.Equal([2], UnitSpelling.Read("bloque 2 501", towers).Named.Single().Towers);
        Assert.Equal([1], UnitSpelling.Read("TORRE 2-501", towers).Named.Single().Towers);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" - ")]
    [InlineData("🍎")]
    public void What_says_nothing_is_read_as_nothing(string typed)
    {
        var (named, loose) = UnitSpelling.Read(typed, Towers);
        Assert.Empty(named);
        Assert.Empty(loose);
    }

    [Fact]
    public void Any_spelling_of_a_unit_reads_as_that_unit()
    {
        var unit = Gen.Select(Gen.OneOf(Towers), Gen.Int[1, 2999]);
        var blank = Gen.OneOf(" ", "-", ", ", "  ", " - ", ".", "/");
        var word = Gen.OneOf("", "apto ", "Apto. ", "APARTAMENTO ");
        Gen.Select(unit, blank, word, Gen.Bool).Sample((one, between, apartment, upper) =>
        {
            var ((id, tower), number) = one;
            var typed = $"{tower}{between}{apartment}{number}";
            var (named, _) = UnitSpelling.Read(upper ? typed.ToUpperInvariant() : typed.ToLowerInvariant(), Towers);
            return named.Any(reading => reading.Number == $"{number}" && reading.Towers!.SequenceEqual([id]));
        });
    }

    [Fact]
    public void A_key_of_a_key_is_itself() =>
        Gen.String.Sample(text => UnitSpelling.NumberKey(UnitSpelling.NumberKey(text)) == UnitSpelling.NumberKey(text)
            && Spelling.Key(Spelling.Key(text)) == Spelling.Key(text)
            && Spelling.WordKey(Spelling.WordKey(text)) == Spelling.WordKey(text));
}

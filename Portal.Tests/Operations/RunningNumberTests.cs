using Portal.Data.Operations;

namespace Portal.Tests.Operations;

public sealed class RunningNumberTests
{
    [Theory]
    [InlineData("PQRS-2026-000123", "PQRS", "PQRS-2026-000123")]
    [InlineData("pqrs 2026 123", "PQRS", "PQRS-2026-000123")]
    [InlineData("Pqrs2026000123", "PQRS", "PQRS-2026-000123")]
    [InlineData("RC 2026 12", "RC", "RC-2026-000012")]
    [InlineData(" rc_2025/12 ", "RC", "RC-2025-000012")]
    public void A_number_with_its_year_is_one(string typed, string series, string number) =>
        Assert.Equal([number], RunningNumber.Read(typed, series, 2026));

    [Fact]
    public void Without_a_year_it_is_that_of_any_year_the_latest_first()
    {
        var numbers = RunningNumber.Read("pqrs 123", "PQRS", 2026);
        Assert.Equal("PQRS-2026-000123", numbers[0]);
        Assert.Equal("PQRS-2025-000123", numbers[1]);
        Assert.Contains("PQRS-2010-000123", numbers);
        Assert.Equal("PQRS-2026-002026", RunningNumber.Read("pqrs 2026", "PQRS", 2026)[0]);
    }

    [Theory]
    [InlineData("pqrs 123", "RC")]
    [InlineData("123", "RC")]
    [InlineData("ruido 4", "PQRS")]
    [InlineData("PQRS", "PQRS")]
    [InlineData("", "PQRS")]
    [InlineData("pqrs 1234567", "PQRS")]
    public void What_is_another_thing_is_none(string typed, string series) => Assert.Empty(RunningNumber.Read(typed, series, 2026));

    [Fact]
    public void The_letters_may_be_left_out_where_that_is_meant() =>
        Assert.Equal("RC-2026-000123", RunningNumber.Read("123", "RC", 2026, bare: true)[0]);
}

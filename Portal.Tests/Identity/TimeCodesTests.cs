using OtpNet;
using Portal.Data.Identity;

namespace Portal.Tests.Identity;

public sealed class TimeCodesTests
{
    /// <summary>"12345678901234567890", the key of RFC 6238, appendix B.</summary>
    private static readonly string Key = Base32Encoding.ToString("12345678901234567890"u8.ToArray());

    // The last six of the eight digits that the appendix names.
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_that_of_the_standard(long seconds, string code)
    {
        var moment = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        Assert.Equal(code, TimeCodes.At(Key, moment));
        Assert.Equal(seconds / 30, TimeCodes.StepOf(Key, code, moment));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_clock_may_be_one_interval_off(int steps, bool opens)
    {
        var now = new DateTime(2026, 11, 29, 15, 0, 10, DateTimeKind.Utc);
        var code = TimeCodes.At(Key, now.AddSeconds(30 * steps));
        Assert.Equal(opens, TimeCodes.StepOf(Key, code, now) is not null);
    }

    [Theory]
    [InlineData("287 082", true)]
    [InlineData(" 287082 ", true)]
    [InlineData("28708", false)]
    [InlineData("2870820", false)]
    [InlineData("٢٨٧٠٨٢", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Spaces_do_not_matter_and_everything_else_does(string? typed, bool opens) =>
        Assert.Equal(opens, TimeCodes.StepOf(Key, typed, DateTimeOffset.FromUnixTimeSeconds(59).UtcDateTime) is not null);

    [Fact]
    public void The_square_says_to_an_app_what_it_needs()
    {
        var address = TimeCodes.Address("Conjunto: El Nogal", "andrea.ruiz", Key);
        Assert.Equal(
            "otpauth://totp/Conjunto%20%20El%20Nogal:andrea.ruiz?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
            + "&issuer=Conjunto%20%20El%20Nogal&algorithm=SHA1&digits=6&period=30",
            address);
    }

    [Fact]
    public void A_secret_has_160_bits_and_a_recovery_code_120()
    {
        Assert.Equal(20, Base32Encoding.ToBytes(TimeCodes.NewSecret()).Length);
        var code = RecoveryCodes.New();
        Assert.Matches("^([0-9A-HJKMNP-TV-Z]{6}-){3}[0-9A-HJKMNP-TV-Z]{6}$", code);
        Assert.Equal(RecoveryCodes.HashOf(code), RecoveryCodes.HashOf(code.ToLowerInvariant().Replace('-', ' ')));
        Assert.True(RecoveryCodes.LooksLike(code));
        Assert.False(RecoveryCodes.LooksLike("287082"));
    }

    /// <summary>Worked example 2 of the specification: failures sent as soon as each may be.</summary>
    [Fact]
    public void Guesses_that_follow_at_once_are_108_in_a_day()
    {
        var (at, tried) = (TimeSpan.Zero, new List<double>());
        while (at < TimeSpan.FromDays(1))
        {
            tried.Add(at.TotalSeconds);
            at += GuessDelay.After(tried.Count);
        }

        Assert.Equal([0, 0, 0, 0, 1, 3], tried.Take(6));
        Assert.Equal((63, 1023, 1923), (tried[9], tried[13], tried[14]));
        Assert.Equal(108, tried.Count);
    }
}

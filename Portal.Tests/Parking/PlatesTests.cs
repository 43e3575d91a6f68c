using CsCheck;
using Portal.Data.Parking;

namespace Portal.Tests.Parking;

public sealed class PlatesTests
{
    [Theory]
    [InlineData("klm-204", "KLM204", "KLM 204")]
    [InlineData("klm.204", "KLM204", "KLM 204")]
    [InlineData(" KLM 204 ", "KLM204", "KLM 204")]
    [InlineData("klm 20d", "KLM20D", "KLM 20D")]
    [InlineData("cd1234", "CD1234", "CD 1234")]
    [InlineData("R-12345", "R12345", "R 12345")]
    [InlineData("t1234", "T1234", "T 1234")]
    [InlineData("AB 123 CD", "AB123CD", "AB123CD")]
    public void A_plate_is_one_however_it_is_written(string typed, string key, string kept)
    {
        Assert.Equal(key, Plates.Key(typed));
        Assert.Equal(kept, Plates.Tidy(typed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" - ")]
    public void No_plate_is_none(string? typed) => Assert.Null(Plates.Tidy(typed));

    [Fact]
    public void Tidying_twice_is_tidying_once_and_keeps_the_key() =>
        Gen.String[Gen.Char.AlphaNumeric, 0, 12].Sample(text =>
            Plates.Tidy(Plates.Tidy(text)) == Plates.Tidy(text) && Plates.Key(Plates.Tidy(text)) == Plates.Key(text));
}

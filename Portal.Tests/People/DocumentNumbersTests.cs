using CsCheck;
using Portal.Data.People;

namespace Portal.Tests.People;

public sealed class DocumentNumbersTests
{
    [Theory]
    [InlineData("1.020.304", "1020304")]
    [InlineData("1020304", "1020304")]
    [InlineData("C.C. 1.020.304", "1020304")]
    [InlineData("cc 1020304", "1020304")]
    [InlineData("C.E. 512345", "512345")]
    [InlineData("NIT 900.482.617-3", "900482617")]
    [InlineData("900482617 - 3", "900482617")]
    [InlineData("900,482,617-3", "900482617")]
    [InlineData("av 123-4", "AV1234")]
    [InlineData("CC123456", "CC123456")]
    [InlineData("AV123456", "AV123456")]
    [InlineData(" ", "")]
    public void A_document_is_one_however_it_is_written(string typed, string key) => Assert.Equal(key, DocumentNumbers.Key(typed));

    /// <summary>Check digits as the companies print them.</summary>
    [Theory]
    [InlineData("899999068", 1)]
    [InlineData("860002964", 4)]
    [InlineData("890903938", 8)]
    [InlineData("800197268", 4)]
    public void The_check_digit_of_a_NIT_is_that_of_the_tax_office(string nit, int digit) =>
        Assert.Equal(digit, DocumentNumbers.CheckDigit(nit));

    [Fact]
    public void A_NIT_is_looked_for_with_and_without_a_check_digit_that_was_not_set_off()
    {
        Assert.Equal(["8001972684", "800197268"], DocumentNumbers.Keys("8001972684"));
        Assert.Equal(["800197268", "8001972684"], DocumentNumbers.Keys("800.197.268-4"));
        Assert.Equal(["8001972685"], DocumentNumbers.Keys("8001972685"));
        Assert.Equal(["1020304050"], DocumentNumbers.Keys("1.020.304.050"));
        Assert.Empty(DocumentNumbers.Keys(" "));
    }

    [Fact]
    public void A_key_of_a_key_is_itself() =>
        Gen.String.Sample(text => DocumentNumbers.Key(DocumentNumbers.Key(text)) == DocumentNumbers.Key(text));
}

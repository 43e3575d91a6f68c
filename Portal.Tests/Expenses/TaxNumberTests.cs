using Portal.Data.Expenses;

namespace Portal.Tests.Expenses;

/// <summary>NIT with its check digit. The numbers are of public bodies, as printed on their papers.</summary>
public sealed class TaxNumberTests
{
    [Theory]
    [InlineData("800197268", 4)]
    [InlineData("899999068", 1)]
    [InlineData("860002964", 4)]
    [InlineData("890903938", 8)]
    public void The_check_digit_is_that_of_the_tax_office(string number, int digit) => Assert.Equal(digit, TaxNumber.CheckDigit(number));

    [Theory]
    [InlineData("800.197.268-4")]
    [InlineData(" NIT 800197268 - 4 ")]
    [InlineData("nit 800,197,268-4")]
    public void However_it_is_typed_it_is_kept_in_one_way(string typed)
    {
        Assert.Equal("800197268-4", TaxNumber.Read(typed, out var error));
        Assert.Null(error);
        Assert.Equal("800.197.268-4", TaxNumber.Written("800197268-4"));
    }

    [Theory]
    [InlineData("800197268-5", "supplier.tax_id.digit")]
    [InlineData("800197286-4", "supplier.tax_id.digit")]
    [InlineData("8001972684", "supplier.tax_id")]
    [InlineData("800-197-4", "supplier.tax_id")]
    [InlineData("٨00197268-4", "supplier.tax_id")]
    [InlineData("12-3", "supplier.tax_id")]
    public void A_digit_of_another_number_and_a_number_without_one_are_refused(string typed, string code)
    {
        Assert.Null(TaxNumber.Read(typed, out var error));
        Assert.Equal(code, error!.Code);
    }
}

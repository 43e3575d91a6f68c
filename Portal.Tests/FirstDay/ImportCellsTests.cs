using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Portal.Areas.FirstDay;
using Portal.Data.Building;
using Portal.Data.FirstDay;
using Portal.Hosting;
using Portal.Resources;

namespace Portal.Tests.FirstDay;

/// <summary>What people write is read as they meant it, or said to be wrong.</summary>
public sealed class ImportCellsTests
{
    [Theory]
    [InlineData("1.234.567", 1_234_567)]
    [InlineData("1,234,567", 1_234_567)]
    [InlineData("$ 1 234 567", 1_234_567)]
    [InlineData("486.000,00", 486_000)]
    [InlineData("486,000.00", 486_000)]
    [InlineData("486,00", 486)]
    [InlineData("486000", 486_000)]
    [InlineData("-", 0)]
    [InlineData("(50.000)", -50_000)]
    public void Pesos_are_read_whole(string text, int pesos) => Assert.Equal(pesos, ImportCells.Pesos(text));

    [Theory]
    [InlineData("12.5")]
    [InlineData("10,50")]
    [InlineData("1.23.456")]
    [InlineData("1.234,567")]
    [InlineData("mucho")]
    public void What_is_no_sum_of_pesos_is_none(string text) => Assert.Null(ImportCells.Pesos(text));

    [Theory]
    [InlineData("0,403226", 0.403226)]
    [InlineData("0.403226 %", 0.403226)]
    [InlineData("1.250,5", 1250.5)]
    [InlineData("64.5 m2", 64.5)]
    public void Decimals_are_read_whichever_sign_they_have(string text, double number) => Assert.Equal((decimal)number, ImportCells.Number(text));

    [Theory]
    [InlineData("Ana Restrepo", "Ana", "Restrepo")]
    [InlineData("Ana Restrepo Gómez", "Ana", "Restrepo Gómez")]
    [InlineData("Ana María Restrepo Gómez", "Ana María", "Restrepo Gómez")]
    [InlineData("RESTREPO GÓMEZ, ANA MARÍA", "ANA MARÍA", "RESTREPO GÓMEZ")]
    public void Names_are_cut_as_people_here_have_them(string text, string first, string last) =>
        Assert.Equal((first, last), ImportCells.Name(text));

    [Fact]
    public void Coefficients_may_miss_a_hundred_by_what_rounding_takes_and_no_more()
    {
        Assert.Equal(0.015m, Coefficients.Tolerance(Enumerable.Repeat(0.3333m, 300)));
        Assert.Equal(0.0000015m, Coefficients.Tolerance([33.333333m, 33.333333m, 33.333334m]));
        Assert.Equal(0, Coefficients.Tolerance([25, 25, 25, 25]));
    }

    [Fact]
    public void Columns_are_known_by_many_names()
    {
        Assert.Equal(
            [
                ImportField.Tower, ImportField.Number, ImportField.Coefficient, ImportField.Owner, ImportField.OwnerDocument, ImportField.OwnerPhone,
                ImportField.OwnerMail, ImportField.Tenant, ImportField.Plate, ImportField.OtherPlate, ImportField.Days30, ImportField.Older, null,
            ],
            ImportColumns.Match(
            [
                "BLOQUE", "No. Apto", "Coef. %", "Nombre del propietario", "Cédula", "Celular", "Correo electrónico", "INQUILINO", "Placa carro",
                "Placa moto", "0-30", "> 90", "Observaciones",
            ]));
        Assert.Equal(
            [ImportField.Tower, ImportField.Number, ImportField.Plate, ImportField.VehicleKind],
            ImportColumns.Match(["Interior", "Casa", "Placa", "Tipo"]));
    }

    [Theory]
    [InlineData("es-CO")]
    [InlineData("en")]
    public void Each_template_is_read_as_it_was_written(string language)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        using var services = new ServiceCollection().AddLogging().AddWords().BuildServiceProvider();
        var words = services.GetRequiredService<IStringLocalizer<FirstDayWords>>();
        foreach (var kind in SetUpWording.Kinds)
        {
            var fields = SetUpWording.Template(kind);
            Assert.Equal(fields.Select(f => (ImportField?)f), ImportColumns.Match([.. fields.Select(f => words[$"field.{f}"].Value)]));
        }

        var all = Enum.GetValues<ImportField>();
        Assert.Equal(all.Select(f => (ImportField?)f), ImportColumns.Match([.. all.Select(f => words[$"field.{f}"].Value)]));
    }

    [Theory]
    [InlineData("Listado 2026\n\nTorre;Apto;Piso\n1;101;1\n", ';', 2)]
    [InlineData("Torre,Apto,Piso\n1,101,1\n", ',', 1)]
    [InlineData("Torre\tApto\tPiso\n1\t101\t1\n", '\t', 1)]
    public void The_row_that_names_the_columns_is_found(string text, char separator, int header)
    {
        var format = ImportColumns.Guess(Encoding.UTF8.GetBytes(text), 100, 6)!;
        Assert.Equal((separator, header), (format.Separator, format.HeaderRows));
    }
}

using System.Diagnostics;
using System.Text;
using Portal.Data.Bank;

namespace Portal.Tests.Bank;

/// <summary>What banks write is read as they meant it, or said to be wrong by its row.</summary>
public sealed class BankFileTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    static BankFileTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Fact]
    public void Semicolons_and_decimal_commas_are_guessed()
    {
        var (format, file) = Read("Fecha;Descripción;Referencia;Valor;Saldo\n03/11/2026;PAGO PSE;8841 2207;1.100.000,00;3.100.000,00\n"
            + "04/11/2026;COMISION;;-12.000,50;3.087.999,50\n");
        Assert.Equal((';', BankFormat.Utf8, 1, "dd/MM/yyyy", true), (format.Separator, format.Encoding, format.HeaderRows, format.DateFormat, format.DecimalComma));
        Assert.Equal([1_100_000m, -12_000.50m], file.Lines.Select(l => l.Amount));
        Assert.Equal(("8841 2207", "PAGO PSE", new DateOnly(2026, 11, 3)), (file.Lines[0].Reference, file.Lines[0].Text, file.Lines[0].Day));
        Assert.Equal(3_087_999.50m, file.Closing);
    }

    [Fact]
    public void Separate_columns_and_decimal_points_are_guessed_whatever_sign_a_debit_has()
    {
        var (format, file) = Read("Bank statement\nDate,Description,Debit,Credit,Balance\n2026-11-05,\"Transfer, PSE\",,\"486,000.00\",\"486,000.00\"\n"
            + "2026-11-06,Fee,\"1,200.00\",,\"484,800.00\"\n2026-11-07,Fee,-500.00,0.00,\"484,300.00\"\n");
        Assert.Equal((',', 2, 3, 4, false), (format.Separator, format.HeaderRows, format.Debit, format.Credit, format.DecimalComma));
        Assert.Null(format.Amount);
        Assert.Equal([486_000m, -1_200m, -500m], file.Lines.Select(l => l.Amount));
        Assert.Equal("Transfer, PSE", file.Lines[0].Text);
    }

    [Fact]
    public void Windows_letters_are_read_as_they_were_written()
    {
        var content = Encoding.GetEncoding(1252).GetBytes("Fecha;Descripción;Valor\n03/11/2026;CONSIGNACIÓN ÑUÑOA;500.000\n");
        var format = BankFile.Guess(content)!;
        Assert.Equal((BankFormat.Windows, true), (format.Encoding, format.DecimalComma));
        Assert.Equal(("CONSIGNACIÓN ÑUÑOA", 500_000m), Of(BankFile.Read(BankFile.Cells(content, ';', format.Encoding), format, Today).Lines[0]));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public void A_mark_at_the_beginning_decides_the_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] content = [.. encoding.GetPreamble(), .. encoding.GetBytes("Fecha\tDetalle\tValor\n03-11-2026\tAñil\t7.000\n")];
        var format = BankTestFormat('\t', "dd-MM-yyyy");
        Assert.Equal(("Añil", 7_000m), Of(BankFile.Read(BankFile.Cells(content, '\t', BankFormat.Windows), format, Today).Lines[0]));
    }

    [Theory]
    [InlineData("3/2026", "5,00", RowFault.Date)]
    [InlineData("", "5,00", RowFault.Date)]
    [InlineData("21/11/2026", "5,00", RowFault.Future)]
    [InlineData("03/11/2026", "", RowFault.Amount)]
    [InlineData("03/11/2026", "12.34,00", RowFault.Amount)]
    [InlineData("03/11/2026", "1,234", RowFault.Amount)]
    [InlineData("03/11/2026", "cinco", RowFault.Amount)]
    [InlineData("03/11/2026", "0,00", RowFault.Zero)]
    public void A_row_that_is_no_line_is_told_by_its_number(string day, string amount, RowFault fault)
    {
        var text = $"Fecha;Detalle;Valor\n01/11/2026;bien;1.000\n\n{day};mal;{amount}\n";
        var file = BankFile.Read(BankFile.Cells(Encoding.UTF8.GetBytes(text), ';', BankFormat.Utf8), BankTestFormat(';', "dd/MM/yyyy"), Today);
        Assert.Equal((4, fault), (Assert.Single(file.Bad).Row, file.Bad[0].Fault));
        Assert.Single(file.Lines);
    }

    [Theory]
    [InlineData("$ 1.234.567,80", 1_234_567.80)]
    [InlineData("-1.234", -1_234)]
    [InlineData("1.234-", -1_234)]
    [InlineData("(1.234,00)", -1_234)]
    [InlineData("1234567", 1_234_567)]
    public void A_sum_is_one_number_however_it_is_dressed(string written, double amount)
    {
        var text = $"03/11/2026;x;{written}\n";
        var format = BankTestFormat(';', "dd/MM/yyyy") with { HeaderRows = 0 };
        var file = BankFile.Read(BankFile.Cells(Encoding.UTF8.GetBytes(text), ';', BankFormat.Utf8), format, Today);
        Assert.Equal((decimal)amount, Assert.Single(file.Lines).Amount);
    }

    [Fact]
    public void Lines_that_are_the_same_to_the_letter_are_counted_within_their_day()
    {
        var (_, file) = Read("Fecha;Detalle;Valor\n03/11/2026;PSE;5.000\n03/11/2026;PSE ;5.000,00\n04/11/2026;PSE;5.000\n03/11/2026;Pse;5.000\n");
        Assert.Equal([1, 2, 1, 1], file.Lines.Select(l => l.Ordinal));
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_what_follows()
    {
        var (_, file) = Read("Fecha;Detalle;Valor\n03/11/2026;\"Almacén 5\"\" X;5.000\n04/11/2026;bien;7.000\n");
        Assert.Contains(file.Lines, l => l.Amount == 7_000);
    }

    [Fact]
    public void A_picture_is_no_statement()
    {
        byte[] content = [0x89, 0x50, 0x4E, 0x47, 0, 0, 0, 13, 1, 2];
        Assert.Throws<InvalidDataException>(() => BankFile.Cells(content, ';', BankFormat.Windows));
        Assert.Throws<InvalidDataException>(() => BankFile.Cells([0x50, 0x4B, 0x03, 0x04, 9, 9], ';', BankFormat.Utf8));
    }

    [Fact]
    public void Ten_thousand_rows_are_read_in_no_time()
    {
        var text = new StringBuilder("Fecha;Descripción;Referencia;Valor\n");
        for (var i = 0; i < 10_000; i++) text.Append($"{i % 20 + 1:00}/11/2026;PAGO PSE;{i};{1_000 + i}\n");
        var content = Encoding.UTF8.GetBytes(text.ToString());
        var watch = Stopwatch.StartNew();
        var format = BankFile.Guess(content)!;
        Assert.Equal(10_000, BankFile.Read(BankFile.Cells(content, format.Separator, format.Encoding), format, Today).Lines.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
    }

    private static (string, decimal) Of(FileLine line) => (line.Text, line.Amount);

    private static BankFormat BankTestFormat(char separator, string date) =>
        new(separator, BankFormat.Utf8, 1, 1, 2, null, 3, null, null, null, date, true);

    private static (BankFormat, BankFileContent) Read(string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        var format = BankFile.Guess(content);
        Assert.NotNull(format);
        return (format, BankFile.Read(BankFile.Cells(content, format.Separator, format.Encoding), format, Today));
    }
}

using System.Globalization;
using System.Text;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using DocumentFormat.OpenXml.Validation;
using Portal.Documents.TableExport;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class TableExportTests
{
    private sealed record Payment(string? Payer, decimal? Amount, DateOnly? Day, DateTime? At, decimal? Rate, int? Count);

    private static readonly ExportColumn<Payment>[] Columns =
    [
        new("Quién pagó", ExportKind.Text, payment => payment.Payer),
        new("Valor", ExportKind.Money, payment => payment.Amount),
        new("Fecha", ExportKind.Date, payment => payment.Day),
        new("Registrado", ExportKind.DateAndTime, payment => payment.At),
        new("Tasa", ExportKind.Percent, payment => payment.Rate),
        new("Cuotas", ExportKind.Number, payment => payment.Count),
    ];

    private static readonly Payment Andrea = new(
        "Andrea Ruiz; \"la de\" Muñoz", 1_100_000.5m, new(2026, 11, 20), new(2026, 11, 20, 9, 52, 30), 1.98m, -3);
    private static readonly Payment Empty = new(null, null, null, null, null, null);

    [Fact]
    public async Task Csv_in_Spanish_opens_in_Colombian_Excel()
    {
        var bytes = await CsvAsync(Es, Andrea, Empty);

        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal(
            "Quién pagó;Valor;Fecha;Registrado;Tasa;Cuotas\r\n\"Andrea Ruiz; \"\"la de\"\" Muñoz\";1100000,5;2026-11-20;2026-11-20 09:52;1,98;-3\r\n;;;;;\r\n",
            Encoding.UTF8.GetString(bytes[3..]));
    }

    [Fact]
    public async Task Csv_in_English_has_commas_and_points()
    {
        var text = Encoding.UTF8.GetString((await CsvAsync(En, Andrea with { Payer = "Ruiz" }))[3..]);

        Assert.EndsWith("\r\nRuiz,1100000.5,2026-11-20,2026-11-20 09:52,1.98,-3\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")")]
    [InlineData("+573001112233")]
    [InlineData("-1+1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    [InlineData("\n=1")]
    public async Task A_text_that_a_spreadsheet_would_run_is_made_text(string payer)
    {
        var text = Encoding.UTF8.GetString((await CsvAsync(Es, Andrea with { Payer = payer }))[3..]).Split("\r\n", 2)[1];

        Assert.StartsWith("'" + payer[0], text.TrimStart('"'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Xlsx_is_valid_and_holds_numbers_as_numbers_and_dates_as_dates()
    {
        using var file = new MemoryStream(await XlsxAsync("Pagos", Andrea with { Payer = "=1+1" }, Empty));
        using var workbook = SpreadsheetDocument.Open(file, isEditable: false);

        Assert.Empty(new OpenXmlValidator(FileFormatVersions.Office2016).Validate(workbook));
        var sheet = Assert.Single(workbook.WorkbookPart!.WorksheetParts).Worksheet;
        var rows = sheet.Descendants<Row>().ToArray();
        Assert.Equal(
            ["Quién pagó", "Valor", "Fecha", "Registrado", "Tasa", "Cuotas"],
            rows[0].Elements<Cell>().Select(cell => cell.InnerText)
        );
        var cells = rows[1].Elements<Cell>().ToArray();
        Assert.Equal((CellValues.InlineString, "=1+1"), (cells[0].DataType!.Value, cells[0].InnerText));
        Assert.Empty(sheet.Descendants<CellFormula>());
        Assert.All(cells[1..], cell => Assert.Null(cell.DataType));
        Assert.Equal("1100000.5", cells[1].InnerText);
        Assert.Equal(new DateTime(2026, 11, 20), DateTime.FromOADate(double.Parse(cells[2].InnerText, CultureInfo.InvariantCulture)));
        Assert.Equal(
            Andrea.At!.Value, DateTime.FromOADate(double.Parse(cells[3].InnerText, CultureInfo.InvariantCulture)), TimeSpan.FromSeconds(1));
        Assert.Equal(["1.98", "-3"], cells[4..].Select(cell => cell.InnerText));
        Assert.All(rows[2].Elements<Cell>(), cell => Assert.Equal("", cell.InnerText));
        Assert.Equal("A1:F3", sheet.Descendants<AutoFilter>().Single().Reference!.Value);
    }

    [Theory]
    [InlineData("Pagos [2026]: noviembre / diciembre, todos los inmuebles", "Pagos 2026 noviembre  diciembre")]
    [InlineData("'''", "1")]
    public async Task A_sheet_gets_a_name_that_Excel_accepts(string asked, string expected)
    {
        using var file = new MemoryStream(await XlsxAsync(asked, Andrea));
        using var workbook = SpreadsheetDocument.Open(file, isEditable: false);

        Assert.Equal(expected, workbook.WorkbookPart!.Workbook.Descendants<Sheet>().Single().Name!.Value);
    }

    [Fact]
    public async Task Letters_that_xml_cannot_hold_are_left_out_and_emoji_stay()
    {
        using var file = new MemoryStream(
            await XlsxAsync("Pagos", Andrea with { Payer = "a\u0001b\ud800c 🏢 <&> " + new string('x', 32_753) + "🏢🏢" })
        );
        using var workbook = SpreadsheetDocument.Open(file, isEditable: false);

        var text = workbook
            .WorkbookPart!.WorksheetParts.Single()
            .Worksheet.Descendants<Row>()
            .ElementAt(1)
            .Elements<Cell>()
            .First()
            .InnerText;
        Assert.StartsWith("abc 🏢 <&> xxx", text, StringComparison.Ordinal);
        Assert.EndsWith("xxx", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_writes_to_a_response_that_takes_only_asynchronous_writes()
    {
        var payment = Andrea with { Payer = new string('x', 150_000) };
        using var csv = new AsynchronousOnly();
        using var xlsx = new AsynchronousOnly();

        await CsvExport.WriteAsync(Columns, new[] { payment, payment, payment }.ToAsyncEnumerable(), Es, csv);
        await XlsxExport.WriteAsync("Pagos", Columns, new[] { payment, payment, payment }.ToAsyncEnumerable(), Es, xlsx);

        Assert.InRange(csv.Length, 450_000, long.MaxValue);
        Assert.InRange(xlsx.Length, 1_000, long.MaxValue);
    }

    [Fact]
    public async Task A_cancelled_export_stops()
    {
        using var cancelled = new CancellationTokenSource();
        var rows = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            XlsxExport.WriteAsync("Pagos", Columns, Endless(cancelled.Token), Es, Stream.Null, cancelled.Token)
        );
        Assert.Equal(100, rows);

        async IAsyncEnumerable<Payment> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
        {
            for (; ; rows++)
            {
                if (rows == 100)
                {
                    await cancelled.CancelAsync();
                }

                ct.ThrowIfCancellationRequested();
                yield return Andrea;
            }
        }
    }

    private static async Task<byte[]> CsvAsync(CultureInfo culture, params Payment[] payments)
    {
        using var output = new MemoryStream();
        await CsvExport.WriteAsync(Columns, payments.ToAsyncEnumerable(), culture, output);
        return output.ToArray();
    }

    private static async Task<byte[]> XlsxAsync(string name, params Payment[] payments)
    {
        using var output = new MemoryStream();
        await XlsxExport.WriteAsync(name, Columns, payments.ToAsyncEnumerable(), Es, output);
        return output.ToArray();
    }

    /// <summary>As a response of the web server is.</summary>
    private sealed class AsynchronousOnly : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) =>
            throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override void Write(ReadOnlySpan<byte> buffer) =>
            throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override void Flush() => throw new InvalidOperationException("Synchronous operations are disallowed.");

        public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            await WriteAsync(buffer.AsMemory(offset, count), cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            base.Write(buffer.ToArray(), 0, buffer.Length);
            return ValueTask.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

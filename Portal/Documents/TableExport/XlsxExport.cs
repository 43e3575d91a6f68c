using System.Globalization;
using System.IO.Compression;
using System.Xml;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Portal.Documents.TableExport;

/// <summary>More rows than a sheet can hold; the person is asked to narrow the filter.</summary>
public sealed class TooManyRowsException()
    : Exception($"An Excel sheet holds {XlsxExport.MostRows} rows at most: narrow the filter or export CSV.");

/// <summary>
/// Writes rows as an Excel workbook with one sheet while they come: numbers as numbers, dates as dates, a head that stays in
/// view and can filter. The parts go straight into the zip: the package class of the SDK would hold the whole sheet in memory.
/// </summary>
public static class XlsxExport
{
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Rows of a sheet, its head not counted.</summary>
    public const int MostRows = 1_048_575;

    private const int MostLetters = 32_767;

    /// <summary>
    /// Writes the workbook. It is built in a temporary file, because a zip cannot be written to a response that only takes asynchronous
    /// writes.
    /// </summary>
    /// <returns>How many rows were written.</returns>
    /// <exception cref="TooManyRowsException">There are more than <see cref="MostRows"/>; nothing was written.</exception>
    public static async Task<long> WriteAsync<TRow>(
        string sheetName, IReadOnlyList<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, CultureInfo culture, Stream output,
        CancellationToken ct = default)
    {
        await using var file = ScratchFile.Open();
        long written;
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            XlsxFrame.Write(zip, sheetName);
            await using var sheet = zip.CreateEntry(XlsxFrame.SheetPath, CompressionLevel.Fastest).Open();
            written = await WriteSheetAsync(columns, rows, Formats.LanguageOf(culture), sheet, ct);
        }

        file.Position = 0;
        await file.CopyToAsync(output, ct);
        return written;
    }

    private static async Task<long> WriteSheetAsync<TRow>(
        IReadOnlyList<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, CultureInfo language, Stream output, CancellationToken ct)
    {
        using var writer = OpenXmlWriter.Create(output);
        writer.WriteStartDocument();
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(
            new SheetViews(
                new SheetView(
                    new Pane
                    {
                        VerticalSplit = 1,
                        TopLeftCell = "A2",
                        ActivePane = PaneValues.BottomLeft,
                        State = PaneStateValues.Frozen,
                    }
                )
                {
                    WorkbookViewId = 0,
                }
            )
        );
        writer.WriteElement(
            new DocumentFormat.OpenXml.Spreadsheet.Columns(
                columns.Select(
                    (column, i) =>
                        new Column
                        {
                            Min = (uint)i + 1,
                            Max = (uint)i + 1,
                            Width = WidthOf(column.Kind, column.Title),
                            CustomWidth = true,
                        }
                )
            )
        );
        writer.WriteStartElement(new SheetData());
        writer.WriteElement(new Row(columns.Select(column => TextCell(column.Title, XlsxFrame.HeadStyle))));
        var written = 0L;
        await foreach (var row in rows.WithCancellation(ct))
        {
            if (++written > MostRows)
            {
                throw new TooManyRowsException();
            }

            writer.WriteElement(new Row(columns.Select(column => CellOf(column, row, language))));
        }

        writer.WriteEndElement();
        writer.WriteElement(new AutoFilter { Reference = $"A1:{ColumnName(columns.Count)}{written + 1}" });
        writer.WriteEndElement();
        return written;
    }

    private static Cell CellOf<TRow>(ExportColumn<TRow> column, TRow row, CultureInfo language) => column.Kind switch
    {
        ExportKind.Number => NumberCell(column.Number(row), XlsxFrame.NumberStyle),
        ExportKind.Money => NumberCell(column.Number(row), XlsxFrame.MoneyStyle),
        ExportKind.Percent => NumberCell(column.Number(row), XlsxFrame.PercentStyle),
        ExportKind.Date => NumberCell((decimal?)column.Moment(row)?.Date.ToOADate(), XlsxFrame.DateStyle),
        ExportKind.DateAndTime => NumberCell((decimal?)column.Moment(row)?.ToOADate(), XlsxFrame.DateAndTimeStyle),
        _ => column.Text(row, language) is { Length: > 0 } text ? TextCell(text, XlsxFrame.TextStyle) : new Cell(),
    };

    private static Cell NumberCell(decimal? value, uint style) => value is { } number
        ? new Cell(new CellValue(number.ToString(CultureInfo.InvariantCulture))) { StyleIndex = style }
        : new Cell();

    /// <summary>A text stands in its cell as text, so "=1+1" is never a formula here.</summary>
    private static Cell TextCell(string text, uint style)
    {
        if (text.Length > MostLetters)
        {
            text = text[..MostLetters];
        }

        var readable = string.Concat(text.Where((letter, i) => XmlConvert.IsXmlChar(letter) || IsPair(text, i)));
        return new Cell(new InlineString(new Text(readable) { Space = SpaceProcessingModeValues.Preserve }))
        {
            DataType = CellValues.InlineString,
            StyleIndex = style,
        };
    }

    private static bool IsPair(string text, int i) =>
        (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
        || (char.IsLowSurrogate(text[i]) && i > 0 && char.IsHighSurrogate(text[i - 1]));

    /// <summary>In letters of the sheet's font.</summary>
    private static double WidthOf(ExportKind kind, string title) => Math.Max(title.Length + 4, kind switch
    {
        ExportKind.Text => 28,
        ExportKind.DateAndTime => 18,
        _ => 14,
    });

    /// <summary>1 is A, 27 is AA.</summary>
    private static string ColumnName(int number)
    {
        var name = "";
        for (; number > 0; number = (number - 1) / 26)
        {
            name = (char)('A' + (number - 1) % 26) + name;
        }

        return name;
    }
}

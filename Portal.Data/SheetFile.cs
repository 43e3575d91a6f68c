using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Portal.Data;

/// <summary>
/// Reads tables that people keep or download: text with separators in either encoding, or the first sheet of a workbook. What the cells
/// mean is for who asks.
/// </summary>
internal static class SheetFile
{
    public const int MostColumns = 100;

    /// <summary>What a workbook may unfold into: so many parts, so many bytes.</summary>
    private const int MostParts = 1_000;
    private const long MostUnpacked = 256L * 1024 * 1024;

    static SheetFile() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The cells of each row as they stand, with the row's number; rows that are empty are left out.</summary>
    /// <param name="mostRows">More than these are refused.</param>
    /// <param name="decimals">To how many a number of a workbook is rounded: it holds binary fractions.</param>
    /// <exception cref="InvalidDataException">It is neither text nor a workbook, or has too many rows.</exception>
    public static List<(int Row, string[] Cells)> Cells(byte[] content, char separator, string encoding, int mostRows, int decimals)
    {
        if (content is [0x50, 0x4B, 0x03, 0x04, ..]) return Workbook(content, mostRows, decimals);
        var text = Decode(content, encoding);
        if (text.Contains('\0', StringComparison.Ordinal)) throw new InvalidDataException("It is not text.");
        List<(int, string[])> rows = [];
        using var csv = CsvReader.FromText(text, CsvReaderOptions.Default with
        {
            Separator = separator, HasHeader = false, TrimWhitespace = true, TrimInsideQuotes = true, TrackLineNumbers = true,
            // Nobody means a cell of several lines; a stray quote must not swallow the rest of the file.
            AllowLineBreaksInQuotes = false,
        });
        while (csv.Read())
        {
            var cells = new string[csv.FieldCount];
            for (var i = 0; i < cells.Length; i++) cells[i] = csv.GetString(i);
            if (cells.Any(c => c.Length > 0)) rows.Add(((int)csv.LineNumber, cells));
            if (rows.Count > mostRows) throw new InvalidDataException($"More than {mostRows} rows.");
        }

        return rows;
    }

    /// <summary>Whether it can be read as such; else it is taken for the letters of Windows.</summary>
    public static bool IsUtf8(byte[] content)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(content);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static string Decode(byte[] content, string encoding)
    {
        using var reader = new StreamReader(
            new MemoryStream(content), Encoding.GetEncoding(encoding), detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd();
    }

    private static List<(int, string[])> Workbook(byte[] content, int mostRows, int decimals)
    {
        RefuseBomb(content);
        try
        {
            using var document = SpreadsheetDocument.Open(new MemoryStream(content), isEditable: false);
            var book = document.WorkbookPart ?? throw new InvalidDataException("The workbook has no sheets.");
            var strings = book.SharedStringTablePart?.SharedStringTable.Elements<SharedStringItem>()
                .Select(s => s.InnerText).ToList() ?? [];
            var dates = DateStyles(book);
            var sheet = book.WorksheetParts.First(p => p.Worksheet.Descendants<Row>().Any());
            List<(int, string[])> rows = [];
            foreach (var row in sheet.Worksheet.Descendants<Row>())
            {
                var cells = new string[MostColumns];
                Array.Fill(cells, "");
                var last = 0;
                foreach (var cell in row.Elements<Cell>())
                {
                    var column = cell.CellReference?.Value is { } at ? ColumnOf(at) : last + 1;
                    if (column > MostColumns) continue;
                    cells[column - 1] = Text(cell, strings, dates, decimals);
                    last = Math.Max(last, column);
                }

                if (last > 0 && cells.Any(c => c.Length > 0)) rows.Add(((int)(row.RowIndex?.Value ?? (uint)rows.Count + 1), cells[..last]));
                if (rows.Count > mostRows) throw new InvalidDataException($"More than {mostRows} rows.");
            }

            return rows;
        }
        catch (Exception exception) when (exception is OpenXmlPackageException or FileFormatException or InvalidOperationException
            or System.Xml.XmlException)
        {
            throw new InvalidDataException("It is no workbook.", exception);
        }
    }

    /// <summary>Looked at before anything is unpacked: a small file may say that it is gigabytes.</summary>
    private static void RefuseBomb(byte[] content)
    {
        using var archive = new ZipArchive(new MemoryStream(content, writable: false));
        if (archive.Entries.Count > MostParts || archive.Entries.Sum(part => part.Length) > MostUnpacked)
            throw new InvalidDataException("The workbook unfolds into too much.");
    }

    /// <summary>Styles that show a number as a day: those that the format has built in, and those whose own code names a year.</summary>
    private static HashSet<uint> DateStyles(WorkbookPart book)
    {
        var styles = book.WorkbookStylesPart?.Stylesheet;
        var own = styles?.NumberingFormats?.Elements<NumberingFormat>()
            .Where(f => f.FormatCode?.Value?.Contains("yy", StringComparison.OrdinalIgnoreCase) == true)
            .Select(f => f.NumberFormatId?.Value ?? 0).ToHashSet() ?? [];
        return styles?.CellFormats?.Elements<CellFormat>().Select((f, i) => (Index: (uint)i, Id: f.NumberFormatId?.Value ?? 0))
            .Where(f => f.Id is >= 14 and <= 17 or 22 || own.Contains(f.Id)).Select(f => f.Index).ToHashSet() ?? [];
    }

    private static string Text(Cell cell, List<string> strings, HashSet<uint> dates, int decimals)
    {
        var value = cell.CellValue?.Text ?? cell.InnerText;
        if (cell.DataType?.Value is { } type)
        {
            if (type == CellValues.SharedString)
                return int.TryParse(value, CultureInfo.InvariantCulture, out var i) && i < strings.Count ? strings[i].Trim() : "";
            return value.Trim();
        }

        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return value.Trim();
        if (cell.StyleIndex?.Value is { } style && dates.Contains(style) && number is > 0 and < 2_958_466)
            return DateTime.FromOADate(number).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        // As a text file with decimal points would have it.
        return Math.Abs(number) > 1e15
            ? value.Trim()
            : Math.Round((decimal)number, decimals).ToString("0.##########", CultureInfo.InvariantCulture);
    }

    private static int ColumnOf(string cell)
    {
        var column = 0;
        foreach (var letter in cell.TakeWhile(char.IsLetter)) column = column * 26 + char.ToUpperInvariant(letter) - 'A' + 1;
        return column;
    }

    /// <summary>A day in a format as .NET writes it; null where it is none.</summary>
    public static DateOnly? Day(string text, string format)
    {
        // Some put the hour behind the day.
        var day = text.IndexOf(' ', StringComparison.Ordinal) is > 5 and var space ? text[..space] : text;
        return DateOnly.TryParseExact(day, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var found)
            && found.Year is >= 1990 and <= 2200
            ? found
            : null;
    }

    /// <summary>Small letters without accents, for telling columns by their names.</summary>
    public static string Plain(string name) => Spelling.Unaccented(name).ToLowerInvariant();
}

using System.IO.Compression;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Portal.Documents.TableExport;

/// <summary>The parts of a workbook around its sheet: what is in the package, the sheet's name, the styles of the cells.</summary>
internal static class XlsxFrame
{
    public const string SheetPath = "xl/worksheets/sheet1.xml";

    // Places in the list of formats that Styles writes.
    public const uint TextStyle = 0;
    public const uint HeadStyle = 1;
    public const uint NumberStyle = 2;
    public const uint MoneyStyle = 3;
    public const uint PercentStyle = 4;
    public const uint DateStyle = 5;
    public const uint DateAndTimeStyle = 6;

    private const uint MoneyFormat = 164; // the first number that is free for own formats
    private const uint PercentFormat = 165;
    private const uint DateFormat = 14; // the reader's own short date
    private const uint DateAndTimeFormat = 22; // the reader's own date and time

    private const string ContentTypes = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>
        """;

    private const string Package = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>
        """;

    private const string WorkbookParts = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>
        """;

    public static void Write(ZipArchive zip, string sheetName)
    {
        Text(zip, "[Content_Types].xml", ContentTypes);
        Text(zip, "_rels/.rels", Package);
        Text(zip, "xl/_rels/workbook.xml.rels", WorkbookParts);
        Element(
            zip,
            "xl/workbook.xml",
            new Workbook(
                new BookViews(new WorkbookView()),
                new Sheets(
                    new Sheet
                    {
                        Name = SheetName(sheetName),
                        SheetId = 1,
                        Id = "rId1",
                    }
                )
            )
        );
        Element(zip, "xl/styles.xml", Styles());
    }

    /// <summary>Excel refuses a file whose sheet has a longer name, an empty one, or one of these letters in it.</summary>
    internal static string SheetName(string name)
    {
        var clean = string.Concat(name.Where(letter => !char.IsControl(letter) && !@"[]:*?/\".Contains(letter))).Trim(' ', '\'');
        clean = clean[..Math.Min(31, clean.Length)].Trim(' ', '\'');
        return clean.Length == 0 ? "1" : clean;
    }

    private static Stylesheet Styles() =>
        new(
            new NumberingFormats(
                new NumberingFormat { NumberFormatId = MoneyFormat, FormatCode = "\"$\"\\ #,##0;\\-\"$\"\\ #,##0" },
                new NumberingFormat { NumberFormatId = PercentFormat, FormatCode = "0.00\\ \"%\"" }
            )
            {
                Count = 2,
            },
            new Fonts(
                new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }),
                new Font(new Bold(), new FontSize { Val = 11 }, new Color { Rgb = "FF17324D" }, new FontName { Val = "Calibri" })
            )
            {
                Count = 2,
            },
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
                new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE4EBF2" }) { PatternType = PatternValues.Solid }))
            {
                Count = 3,
            },
            new Borders(new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()))
            {
                Count = 1,
            },
            new CellStyleFormats(new CellFormat()) { Count = 1 },
            new CellFormats(
                new CellFormat(),
                new CellFormat
                {
                    FontId = 1,
                    ApplyFont = true,
                    FillId = 2,
                    ApplyFill = true,
                },
                new CellFormat { NumberFormatId = 0, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = MoneyFormat, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = PercentFormat, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = DateFormat, ApplyNumberFormat = true },
                new CellFormat { NumberFormatId = DateAndTimeFormat, ApplyNumberFormat = true }
            )
            {
                Count = 7,
            }
        );

    private static void Text(ZipArchive zip, string path, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(path).Open());
        writer.Write(text);
    }

    private static void Element(ZipArchive zip, string path, OpenXmlElement root)
    {
        using var stream = zip.CreateEntry(path).Open();
        using var writer = OpenXmlWriter.Create(stream);
        writer.WriteStartDocument();
        writer.WriteElement(root);
    }
}

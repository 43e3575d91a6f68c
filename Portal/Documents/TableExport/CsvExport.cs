using System.Globalization;
using CsvHelper;

namespace Portal.Documents.TableExport;

/// <summary>
/// Writes rows as CSV while they come, whatever their number. UTF-8 with its mark, because without it Excel reads "ñ" as two
/// letters. Spanish gets semicolons and decimal commas, as Excel in Colombia opens a file on a double click; English gets
/// commas and points. Dates are 2026-11-20, which every spreadsheet knows.
/// </summary>
public static class CsvExport
{
    public const string ContentType = "text/csv; charset=utf-8";

    private const string NumberShape = "0.##########";

    /// <summary>Writes a head and one record per row; <paramref name="output"/> stays open.</summary>
    /// <returns>How many rows were written.</returns>
    public static async Task<long> WriteAsync<TRow>(
        IReadOnlyList<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows, CultureInfo culture, Stream output,
        CancellationToken ct = default)
    {
        var language = Formats.LanguageOf(culture);
        var spanish = language.TwoLetterISOLanguageName != "en";

        // A spreadsheet takes a text that begins with one of these for a formula and may run it; an apostrophe before it makes
        // it text. Only texts are treated so: -5000 in a column of numbers stays a number.
        var options = CsvWriterOptions.Default with
        {
            Separator = spanish ? ';' : ',',
            WriteByteOrderMark = true,
            FormatProvider = new NumberFormatInfo { NumberDecimalSeparator = spanish ? "," : "." },
            Injection = CsvInjection.Escape,
            InjectionCharacters = "=+-@\t\r\n",
        };

        await using var csv = CsvWriter.Create(output, options, leaveOpen: true);
        foreach (var column in columns)
        {
            csv.WriteField(column.Title);
        }

        await csv.EndRecordAsync(ct);
        var written = 0L;
        await foreach (var row in rows.WithCancellation(ct))
        {
            foreach (var column in columns)
            {
                Write(csv, column, row, language);
            }

            await csv.EndRecordAsync(ct);
            written++;
        }

        await csv.FlushAsync(ct);
        return written;
    }

    private static void Write<TRow>(CsvWriter csv, ExportColumn<TRow> column, TRow row, CultureInfo language)
    {
        switch (column.Kind)
        {
            case ExportKind.Number or ExportKind.Money or ExportKind.Percent:
                csv.WriteField(column.Number(row), NumberShape);
                break;
            case ExportKind.Date:
                csv.WriteField(column.Moment(row)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "");
                break;
            case ExportKind.DateAndTime:
                csv.WriteField(column.Moment(row)?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "");
                break;
            default:
                csv.WriteField(column.Text(row, language));
                break;
        }
    }
}

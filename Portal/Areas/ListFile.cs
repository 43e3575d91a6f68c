using System.Globalization;
using Portal.Documents.TableExport;

namespace Portal.Areas;

/// <summary>A list as a file: CSV, or a workbook where the address asks for <c>format=xlsx</c>.</summary>
internal static class ListFile
{
    /// <param name="name">Without its end.</param>
    public static IResult Of<T>(
        string? format, string title, string name, List<ExportColumn<T>> columns, IAsyncEnumerable<T> rows, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        return format == "xlsx"
            ? Results.Stream(output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}

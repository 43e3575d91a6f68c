using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Privacy;
using Portal.Documents.TableExport;
using Portal.Resources;

namespace Portal.Areas.Privacy;

/// <summary>
/// All that is known about a person as one file: a page to read, in the language of who asks for it, each table as CSV, each part as JSON,
/// and the files they sent or received.
/// </summary>
public sealed class PersonalDataZip(
    IStringLocalizer<PrivacyWords> words, IStringLocalizer<AuditWords> names, BuildingClock clock)
{
    /// <summary>The page shows so many rows of a table; its CSV has them all.</summary>
    private const int Shown = 200;

    /// <summary>Columns that hold one of a few words of the database.</summary>
    private static readonly HashSet<string> Spoken =
    [
        "kind", "state", "status", "status_id", "user_status_id", "role_id", "channel", "outcome", "effect", "answer", "rhythm", "way",
        "payment_method_id", "vehicle_type_id", "shift",
    ];

    /// <summary>Letters as they are.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private static readonly JsonWriterOptions Json = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it; <paramref name="output"/> stays open.</summary>
    public async Task WriteAsync(PersonalData data, Stream output, CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        List<string> files = [];
        await foreach (var file in data.Files.WithCancellation(ct))
        {
            var name = $"{words["zip.files"]}/{file.Source}/{file.Id}-{Safe(file.Name)}";
            files.Add(name);
            await using var entry = zip.CreateEntry(name).Open();
            await entry.WriteAsync(file.Content, ct);
        }

        var told = data.Tables.Where(t => t.Rows.Count > 0).ToList();
        foreach (var table in told)
        {
            await using var entry = zip.CreateEntry(CsvName(table)).Open();
            await CsvExport.WriteAsync(
                [.. table.Columns.Index().Select(c => new ExportColumn<IReadOnlyList<object?>>(
                    Field(c.Item), ExportKind.Text, row => Text(c.Item, row[c.Index])))],
                table.Rows.ToAsyncEnumerable(), culture, entry, ct);
        }

        foreach (var area in told.GroupBy(t => t.Area))
        {
            await using var entry = zip.CreateEntry($"json/{area.Key.ToString().ToLowerInvariant()}.json").Open();
            await using var json = new Utf8JsonWriter(entry, Json);
            Write(json, area);
        }

        await using var index = zip.CreateEntry("index.html").Open();
        await index.WriteAsync(Encoding.UTF8.GetBytes(Page(data, told, files, culture)), ct);
    }

    private static void Write(Utf8JsonWriter json, IEnumerable<PersonalRows> tables)
    {
        json.WriteStartObject();
        foreach (var table in tables)
        {
            json.WriteStartArray(table.Table);
            foreach (var row in table.Rows)
            {
                json.WriteStartObject();
                foreach (var (column, name) in table.Columns.Index())
                {
                    json.WritePropertyName(name);
                    Write(json, row[column]);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        var invariant = CultureInfo.InvariantCulture;
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case DateTime { Kind: DateTimeKind.Utc } at: json.WriteStringValue(at.ToString("yyyy-MM-ddTHH:mm:ssZ", invariant)); break;
            case DateTime at: json.WriteStringValue(at.ToString("yyyy-MM-ddTHH:mm:ss", invariant)); break;
            case DateOnly day: json.WriteStringValue(day.ToString("yyyy-MM-dd", invariant)); break;
            case decimal or double or float: json.WriteNumberValue(Convert.ToDecimal(value, invariant)); break;
            case sbyte or byte or short or ushort or int or uint or long: json.WriteNumberValue(Convert.ToInt64(value, invariant)); break;
            default: json.WriteStringValue(Convert.ToString(value, invariant)); break;
        }
    }

    private string Page(PersonalData data, List<PersonalRows> told, List<string> files, CultureInfo culture)
    {
        // Its own few rules, for it is read without the portal.
        const string Style =
            "body{font:16px/1.5 sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}div{overflow-x:auto}"
            + "table{border-collapse:collapse;margin:.5rem 0 1.5rem}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
            + "th,td{border:1px solid;padding:.25rem .5rem;text-align:left;vertical-align:top}";
        var page = new StringBuilder();
        var title = words["zip.title", data.Name].Value;
        page.Append(
            $$"""
            <!DOCTYPE html>
            <html lang="{{culture.TwoLetterISOLanguageName}}"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{Html(title)}}</title>
            <style>{{Style}}</style>
            </head><body><h1>{{Html(title)}}</h1>

            """);
        foreach (var line in new[] { words["zip.made", Formats.LongDateAndTime(data.Made)], words["zip.about"], words["zip.masked"] })
            page.Append($"<p>{Html(line)}</p>\n");
        foreach (var area in told.GroupBy(t => t.Area))
        {
            page.Append($"<h2>{Html(words[$"area.{area.Key}"])}</h2>\n");
            foreach (var table in area) Append(page, table);
        }

        if (files.Count > 0)
        {
            page.Append($"<h2>{Html(words["zip.files.title"])}</h2>\n<ul>\n");
            foreach (var file in files)
            {
                var address = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
                page.Append($"<li><a href=\"{address}\">{Html(file[(file.LastIndexOf('/') + 1)..])}</a></li>\n");
            }

            page.Append("</ul>\n");
        }

        return page.Append("</body></html>\n").ToString();
    }

    private void Append(StringBuilder page, PersonalRows table)
    {
        page.Append($"<div><table><caption>{Html(Title(table))} ({Formats.Number(table.Rows.Count)})</caption>\n<thead><tr>");
        foreach (var column in table.Columns) page.Append($"<th scope=\"col\">{Html(Field(column))}</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows.Take(Shown))
        {
            page.Append("<tr>");
            foreach (var (at, column) in table.Columns.Index()) page.Append($"<td>{Html(Text(column, row[at]))}</td>");
            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
        if (table.Rows.Count > Shown)
            page.Append($"<p><a href=\"{CsvName(table)}\">{Html(words["zip.rest", Formats.Number(table.Rows.Count)])}</a></p>\n");
        if (table.More) page.Append($"<p>{Html(words["zip.more", Formats.Number(PersonalDataService.MostRows)])}</p>\n");
    }

    private static string CsvName(PersonalRows table) => $"csv/{table.Area.ToString().ToLowerInvariant()}/{table.Table}.csv";

    private string Title(PersonalRows table) =>
        words[$"part.{table.Table}"] is { ResourceNotFound: false } own ? own : names[$"table.{table.Table}"];

    /// <summary>What a column is called: in the words of the export, else those of the audit log.</summary>
    private string Field(string column) =>
        words[$"field.{column}"] is { ResourceNotFound: false } own ? own : names[$"field.{column}"];

    /// <summary>A value as people write it; a word of the database as its own page says it.</summary>
    private string Text(string column, object? value) => value switch
    {
        null => "",
        string word when column == "table_name" => Or(names[$"table.{word}"], word),
        string word when column == "action" => Or(names[$"action.{word}"], word),
        string word when Spoken.Contains(column) => Or(words[$"value.{word.ToLowerInvariant().Replace(' ', '_')}"], word),
        bool truth => names[truth ? "yes" : "no"],
        DateTime { Kind: DateTimeKind.Utc } at => Formats.DateAndTime(clock.ToWall(at)),
        DateTime at => Formats.DateAndTime(at),
        DateOnly day => Formats.ShortDate(day),
        TimeSpan time => time.ToString(@"hh\:mm", CultureInfo.InvariantCulture),
        decimal number => Formats.Number(number, decimal.Round(number) == number ? 0 : 4),
        _ => Convert.ToString(value, CultureInfo.CurrentCulture) ?? "",
    };

    private static string Or(LocalizedString found, string otherwise) => found.ResourceNotFound ? otherwise : found.Value;

    private static string Html(string? text) => Encoder.Encode(text ?? "");

    /// <summary>A name that every file system takes and that leads to no other folder.</summary>
    private static string Safe(string name)
    {
        var safe = new string([.. name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or ' ' ? c : '_')]).Trim('.', ' ');
        return safe.Length == 0 ? "file" : safe;
    }
}

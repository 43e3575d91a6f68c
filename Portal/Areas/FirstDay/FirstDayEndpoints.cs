using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.FirstDay;
using Portal.Documents.TableExport;
using Portal.Resources;

namespace Portal.Areas.FirstDay;

/// <summary>Files to fill in, with rows that show how.</summary>
public sealed class FirstDayEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/set-up/template", Template).RequireAuthorization(Permissions.BuildingSetUp);

    private static IResult Template(
        string? kind, string? format, BuildingClock clock, IStringLocalizer<FirstDayWords> words, CancellationToken ct)
    {
        if (kind is null || !SetUpWording.Kinds.Contains(kind)) return Results.NotFound();
        var culture = CultureInfo.CurrentUICulture;
        var rows = new[] { 0, 1 }.ToAsyncEnumerable();
        List<ExportColumn<int>> columns =
        [
            .. SetUpWording.Template(kind).Select(field =>
                new ExportColumn<int>(words[$"field.{field}"], KindOf(field), row => Example(field, row, clock.Today))),
        ];
        var name = words["template.file", words[$"template.{kind}.file"].Value].Value;
        return format == "xlsx"
            ? Results.Stream(output => XlsxExport.WriteAsync(words[$"template.{kind}.file"], columns, rows, culture, output, ct),
                XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }

    private static ExportKind KindOf(ImportField field) => field switch
    {
        ImportField.Floor or ImportField.Area or ImportField.Coefficient => ExportKind.Number,
        ImportField.Fee or ImportField.Balance or ImportField.Interest or >= ImportField.NotDue => ExportKind.Money,
        ImportField.DueOn => ExportKind.Date,
        _ => ExportKind.Text,
    };

    private static object? Example(ImportField field, int row, DateOnly today) => field switch
    {
        ImportField.Tower => "Torre 1",
        ImportField.Number => row == 0 ? "101" : "102",
        ImportField.Floor => 1,
        ImportField.Area => row == 0 ? 64.5m : 72.8m,
        ImportField.Coefficient => row == 0 ? 47.123456m : 52.876544m,
        ImportField.Fee => row == 0 ? 486_000m : 520_000m,
        ImportField.Owner => row == 0 ? "Ana María Restrepo Gómez" : "Luis Vargas",
        ImportField.OwnerDocumentKind => "CC",
        ImportField.OwnerDocument => row == 0 ? "52123456" : "79123456",
        ImportField.OwnerMail => row == 0 ? "ana@example.com" : "luis@example.com",
        ImportField.OwnerPhone => row == 0 ? "3101234567" : "3107654321",
        ImportField.Tenant => row == 0 ? null : "Marta Peña Ríos",
        ImportField.TenantDocument => row == 0 ? null : "1020304050",
        ImportField.TenantMail => row == 0 ? null : "marta@example.com",
        ImportField.TenantPhone => row == 0 ? null : "3001112233",
        ImportField.Plate => row == 0 ? "KLM204" : null,
        ImportField.VehicleKind => row == 0 ? "Carro" : null,
        ImportField.Space => row == 0 ? "P-12" : null,
        ImportField.Concept => "Administración",
        ImportField.Balance => 486_000m,
        ImportField.DueOn => BuildingClock.MonthOf(today).AddDays(row == 0 ? -16 : -47),
        ImportField.Days30 => row == 0 ? 486_000m : null,
        ImportField.Days60 => row == 0 ? 486_000m : null,
        ImportField.Interest => row == 0 ? 12_500m : null,
        _ => null,
    };
}

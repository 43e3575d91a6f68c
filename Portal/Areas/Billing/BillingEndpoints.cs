using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Billing;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Billing;

/// <summary>The preview of a month as a file.</summary>
public sealed class BillingEndpoints : WebArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<BillingUnits>();

    public override void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/billing/export", ExportAsync).RequireAuthorization(Permissions.BillingView);

    private static async Task<IResult> ExportAsync(
        string? format, HttpContext http, BillingService billing, BuildingClock clock, Me me, IStringLocalizer<BillingWords> words,
        CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var query = ListAddress.Read(http.Request.Query);
        var user = await me.GetAsync(ct);
        var period = BillingWording.Month(query.Filter("month"), clock.Today);
        var month = await billing.MonthAsync(period, user, ct);
        var chosen = query.Filter("concepts")?.Split(',');
        var concepts = month?.Concepts
            .Where(c => c.CanPost && (chosen is null || chosen.Contains(c.Id.ToString(CultureInfo.InvariantCulture)))).ToList() ?? [];
        var rows = (await billing.ExportAsync(period, concepts.ConvertAll(c => c.Id), user, ct)).ToAsyncEnumerable();
        var name = string.Create(CultureInfo.InvariantCulture, $"{words["export.file"].Value}-{period:yyyy-MM}");
        List<ExportColumn<PreviewRow>> columns =
        [
            new(words["col.unit"], ExportKind.Text, row => row.Unit),
            new(words["col.owner"], ExportKind.Text, row => row.Owner),
            .. concepts.Select((concept, i) => new ExportColumn<PreviewRow>(concept.Name, ExportKind.Money, row => row.Amounts[i])),
            new(words["col.total"], ExportKind.Money, row => row.Total),
            new(Formats.MonthYear(period.AddMonths(-1)), ExportKind.Money, row => row.Before),
            new(words["col.notes"], ExportKind.Text,
                row => string.Join(", ", BillingWording.Of(row.Notes).Select(n => words[$"note.{n.Note}"].Value))),
        ];
        return format == "xlsx"
            ? Results.Stream(output => XlsxExport.WriteAsync(words["title"], columns, rows, culture, output, ct), XlsxExport.ContentType,
                name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}

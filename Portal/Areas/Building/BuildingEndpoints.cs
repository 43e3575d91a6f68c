using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Areas.Access;
using Portal.Areas.People;
using Portal.Components.Shared;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.People;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Building;

/// <summary>Apartments and people as files: exactly what their lists show.</summary>
public sealed class BuildingEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/units/export", UnitsAsync).RequireAuthorization(Permissions.BuildingView);
        app.MapGet("/people/export", PeopleAsync).RequireAuthorization(Permissions.PeopleView).RequireFreshSignIn();
    }

    private static async Task<IResult> UnitsAsync(
        string? format, HttpContext http, BuildingService building, BuildingClock clock, Me me, IStringLocalizer<BuildingWords> words,
        CancellationToken ct)
    {
        var user = await me.GetAsync(ct);
        List<ExportColumn<ApartmentRow>> columns =
        [
            new(words["col.tower"], ExportKind.Text, row => row.Tower),
            new(words["col.number"], ExportKind.Text, row => row.Number),
            new(words["col.floor"], ExportKind.Number, row => row.Floor),
            new(words["col.owner"], ExportKind.Text, row => row.Owner),
            new(words["col.state"], ExportKind.Text, row => words.Chip(row.State).Text),
            new(words["col.area"], ExportKind.Number, row => row.Area),
            new(words["col.coefficient"], ExportKind.Percent, row => row.Coefficient),
        ];
        if (user.Can(Permissions.PaymentsView)) columns.Add(new(words["col.fee"], ExportKind.Money, row => row.MonthlyFee));
        return File(
            format, words["title"], clock, columns, building.ExportAsync(ListAddress.Read(http.Request.Query, "unit"), user, ct), ct);
    }

    private static async Task<IResult> PeopleAsync(
        string? format, HttpContext http, PeopleService service, BuildingClock clock, Me me, IStringLocalizer<PeopleWords> people,
        IStringLocalizer<AccessWords> roles, CancellationToken ct)
    {
        List<ExportColumn<PersonRow>> columns =
        [
            new(people["col.name"], ExportKind.Text, row => row.Name),
            new(
                people["col.units"], ExportKind.Text,
                row => string.Join(", ", row.Units.Select(u => $"{u.Tower} {u.Number} ({people.Kind(u.Kind)})"))),
            new(people["col.role"], ExportKind.Text, row => roles.Role(row.Role)),
            new(people["field.phone"], ExportKind.Text, row => row.Phone),
            new(people["field.email"], ExportKind.Text, row => row.Email),
            new(people["field.document"], ExportKind.Text, row => row.Document),
            new(people["field.username"], ExportKind.Text, row => row.Username),
            new(people["col.state"], ExportKind.Text, row => row.State is { } state ? people.Chip(state, row.Locked).Text : null),
            new(people["col.seen"], ExportKind.DateAndTime, row => row.LastSignInAt is { } at ? clock.ToWall(at) : null),
        ];
        return File(
            format, people["title"], clock, columns,
            service.ExportAsync(ListAddress.Read(http.Request.Query, "name"), await me.GetAsync(ct), ct), ct);
    }

    private static IResult File<TRow>(
        string? format, string title, BuildingClock clock, IReadOnlyList<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows,
        CancellationToken ct)
    {
        var culture = CultureInfo.CurrentUICulture;
        var name = $"{title.ToLower(culture)}-{clock.Today:yyyy-MM-dd}";
        return format == "xlsx"
            ? Results.Stream(
                output => XlsxExport.WriteAsync(title, columns, rows, culture, output, ct), XlsxExport.ContentType, name + ".xlsx")
            : Results.Stream(output => CsvExport.WriteAsync(columns, rows, culture, output, ct), CsvExport.ContentType, name + ".csv");
    }
}

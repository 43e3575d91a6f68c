using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Assemblies;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Documents.TableExport;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Assemblies;

/// <summary>Act, results and receipts as PDF, and what a stranger counts a vote again by.</summary>
public sealed class AssemblyEndpoints : WebArea
{
    private const string Readers = Permissions.AssembliesView + "|" + Permissions.AssembliesAttendOwn;

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/assemblies/{id:long}/act.pdf", ActAsync).RequireAuthorization(Readers);
        app.MapGet("/assemblies/{id:long}/results.pdf", ResultsAsync).RequireAuthorization(Readers);
        app.MapGet("/assemblies/{id:long}/recount.csv", RecountAsync).RequireAuthorization(Readers);
        app.MapGet("/assemblies/receipts/{id:long}/receipt.pdf", ReceiptAsync).RequireAuthorization(Readers);
    }

    private static Task<IResult> ActAsync(
        long id, HttpContext http, AssemblyActs acts, SettingsService settings, BuildingClock clock, Me me, CancellationToken ct) =>
        PdfAsync(id, whole: true, http, acts, settings, clock, me, ct);

    private static Task<IResult> ResultsAsync(
        long id, HttpContext http, AssemblyActs acts, SettingsService settings, BuildingClock clock, Me me, CancellationToken ct) =>
        PdfAsync(id, whole: false, http, acts, settings, clock, me, ct);

    private static async Task<IResult> PdfAsync(
        long id, bool whole, HttpContext http, AssemblyActs acts, SettingsService settings, BuildingClock clock, Me me, CancellationToken ct)
    {
        if (await acts.FindAsync(id, await me.GetAsync(ct), ct) is not { } act) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var stamp = BuildingPaper.Stamp(building, clock);
        DateOnly? published = act.PublishedAt is { } at ? DateOnly.FromDateTime(clock.ToWall(at)) : null;
        var model = new ActModel(
            BuildingPaper.Header(building), act.Number, published, act.Facts, whole, stamp,
            act.Code is { } code ? BuildingPaper.Verification(building, http.Request.Host.Value ?? "", code) : null);
        var name = $"{act.Number ?? act.Facts.Number}{(whole ? "" : "-R")}.pdf";
        return PrivateFile.Pdf(http, ActDocument.Render(model, CultureInfo.CurrentUICulture), name);
    }

    private static async Task<IResult> ReceiptAsync(
        long id, HttpContext http, AssemblyService assemblies, SettingsService settings, BuildingClock clock, Me me, CancellationToken ct)
    {
        if (await assemblies.ReceiptAsync(id, await me.GetAsync(ct), ct) is not { } receipt) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var model = new BallotModel(
            BuildingPaper.Header(building), receipt, clock.ToWall(receipt.At), BuildingPaper.Stamp(building, clock),
            BuildingPaper.Verification(building, http.Request.Host.Value ?? "", receipt.Code));
        return PrivateFile.Pdf(http, BallotDocument.Render(model, CultureInfo.CurrentUICulture), $"{receipt.Number}.pdf");
    }

    private static async Task<IResult> RecountAsync(
        long id, AssemblyActs acts, Me me, IStringLocalizer<AssemblyWords> words, CancellationToken ct)
    {
        if (await acts.RecountAsync(id, await me.GetAsync(ct), ct) is not { } lines) return Results.NotFound();
        ExportColumn<RecountLine>[] columns =
        [
            new(words["csv.item"], ExportKind.Number, l => l.Item),
            new(words["csv.title"], ExportKind.Text, l => l.Title),
            new(words["csv.vote"], ExportKind.Number, l => l.VoteId),
            new(words["csv.state"], ExportKind.Text, l => words[$"csv.{l.Vote}"].Value),
            new(words["csv.basis"], ExportKind.Text, l => words[$"basis.{l.Basis}"].Value),
            new(words["csv.threshold"], ExportKind.Text, l => words[$"threshold.{l.Threshold}"].Value),
            new(words["csv.unit"], ExportKind.Text, l => l.Unit),
            new(words["csv.coefficient"], ExportKind.Number, l => l.Coefficient),
            new(words["csv.represented"], ExportKind.Number, l => l.Represented ? 1 : 0),
            new(words["csv.person"], ExportKind.Text, l => l.Person),
            new(words["csv.giver"], ExportKind.Text, l => l.Giver),
            new(words["csv.choice"], ExportKind.Text, l => l.Choice is { } choice ? words[$"choice.{choice}"].Value : null),
            new(words["csv.at"], ExportKind.DateAndTime, l => l.VotedAt),
            new(words["csv.receipt"], ExportKind.Text, l => l.Receipt),
            new(words["csv.code"], ExportKind.Text, l => l.Code),
            new(words["csv.desk"], ExportKind.Number, l => l.AtDesk ? 1 : 0),
        ];
        var culture = CultureInfo.CurrentUICulture;
        return Results.Stream(
            output => CsvExport.WriteAsync(columns, lines.ToAsyncEnumerable(), culture, output), CsvExport.ContentType, $"{words["csv.file"]}-{id}.csv");
    }
}

using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Notices;
using Portal.Data.Operations;
using Portal.Documents;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Notices;

/// <summary>What of a notice is a file: what goes with it, and the page for the lift.</summary>
public sealed class NoticeEndpoints : WebArea
{
    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/notices/files/{id:long}", FileAsync).RequireAuthorization(Permissions.NoticesView + "|" + Permissions.NoticesEdit);
        app.MapGet("/notices/{id:long}/lift.pdf", PrintAsync).RequireAuthorization(Permissions.NoticesEdit);
    }

    private static async Task<IResult> FileAsync(long id, HttpContext http, NoticeService notices, Me me, CancellationToken ct) =>
        await notices.FileAsync(id, await me.GetAsync(ct), ct) is { } file
            ? PrivateFile.Uploaded(http, file.Name, file.ContentType, file.Content)
            : Results.NotFound();

    private static async Task<IResult> PrintAsync(
        long id, HttpContext http, NoticeService notices, SettingsService settings, BuildingClock clock, Me me, IStringLocalizer<NoticeWords> words,
        CancellationToken ct)
    {
        if (await notices.FindAsync(id, await me.GetAsync(ct), ct) is not { } notice) return Results.NotFound();
        var building = await settings.GetAsync(ct);
        var host = building.PublicAddress.Length > 0 ? building.PublicAddress : http.Request.Host.Value ?? "";
        var pdf = LiftDocument.Render(
            new LiftModel(BuildingPaper.Header(building), notice, host.TrimEnd('/') + "/notices", BuildingPaper.Stamp(building, clock)),
            CultureInfo.CurrentUICulture);
        return PrivateFile.Pdf(http, pdf, $"{words["print.file"]}-{id}.pdf");
    }
}

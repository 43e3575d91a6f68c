using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Data;
using Portal.Documents;
using Portal.Data.Access;
using Portal.Data.Privacy;
using Portal.Hosting.Identity;
using Portal.Resources;

namespace Portal.Areas.Privacy;

/// <summary>All that is known about a person, to take away: one's own, or another's with the permission; after a fresh sign-in.</summary>
public sealed class PrivacyEndpoints : WebArea
{
    public override void Register(IServiceCollection services) => services.AddScoped<PersonalDataZip>();

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/account/privacy/data.zip", MineAsync).RequireAuthorization().RequireFreshSignIn();
        app.MapGet("/people/{id:long}/data.zip", OfAsync).RequireAuthorization(Permissions.PrivacyExport).RequireFreshSignIn();
    }

    private static Task<IResult> MineAsync(
        HttpContext http, PersonalDataService service, PersonalDataZip zip, BuildingClock clock, Me me,
        IStringLocalizer<PrivacyWords> words, CancellationToken ct) => SendAsync(null, http, service, zip, clock, me, words, ct);

    private static Task<IResult> OfAsync(
        long id, HttpContext http, PersonalDataService service, PersonalDataZip zip, BuildingClock clock, Me me,
        IStringLocalizer<PrivacyWords> words, CancellationToken ct) => SendAsync(id, http, service, zip, clock, me, words, ct);

    private static async Task<IResult> SendAsync(
        long? id, HttpContext http, PersonalDataService service, PersonalDataZip zip, BuildingClock clock, Me me,
        IStringLocalizer<PrivacyWords> words, CancellationToken ct)
    {
        var data = await service.ReadAsync(id, await me.GetAsync(ct), ct);
        if (!data.Ok) return data.Error == Error.Forbidden ? Results.Forbid() : Results.NotFound();

        // By way of a file: a ZIP is written with waits in it that a connection does not allow.
        var file = ScratchFile.Open();
        try
        {
            await zip.WriteAsync(data.Value, file, ct);
            file.Position = 0;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{words["zip.name"]}-{data.Value.AccountId}-{clock.Today:yyyy-MM-dd}.zip");
        PrivateFile.Headers(http, name, inline: false);
        return Results.Stream(file, "application/zip");
    }
}

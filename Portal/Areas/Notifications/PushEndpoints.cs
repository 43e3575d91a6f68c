using System.Text.Json;
using Portal.Data;
using Portal.Data.Push;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Notifications;

/// <summary>A browser says that it is still there, or that its maker gave it another address (the service worker does so by itself).</summary>
public sealed class PushEndpoints : WebArea
{
    private const int LongestBody = 4_000;

    public override void Map(IEndpointRouteBuilder app) =>
        // JSON of the same origin only: a form of another page can send neither, and its cookie would not come along.
        app.MapPost("/push/device", RenewAsync).RequireAuthorization().DisableAntiforgery();

    private static async Task<IResult> RenewAsync(HttpContext http, PushService pushes, Me me, CancellationToken ct)
    {
        if (!http.Request.HasJsonContentType() || !SameOrigin.Is(http.Request)) return Refuse("origin", StatusCodes.Status400BadRequest);
        if (http.Request.ContentLength is null or > LongestBody) return Refuse("body", StatusCodes.Status413PayloadTooLarge);
        Browser? said;
        try
        {
            said = await http.Request.ReadFromJsonAsync<Browser>(ct);
        }
        catch (JsonException)
        {
            said = null;
        }

        if (said is null) return Refuse("body", StatusCodes.Status400BadRequest);
        var renewed = await pushes.RenewAsync(said.Endpoint, said.Now, await me.GetAsync(ct), ct);
        return renewed.Ok ? Results.Json(new { code = "done" }) : Refuse(renewed.Error!.Code, renewed.Error switch
        {
            { IsOutage: true } => StatusCodes.Status503ServiceUnavailable,
            { Code: "not_found" } => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status400BadRequest,
        });
    }

    private static IResult Refuse(string code, int status) => Results.Json(new { code }, statusCode: status);

    private sealed record Browser(string? Endpoint, PushAddress? Now = null);
}

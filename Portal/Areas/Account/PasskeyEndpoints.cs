using Portal.Data;
using Portal.Data.Identity;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Account;

/// <summary>
/// What a browser is to ask its device, for pages without a circuit. Each answer is one challenge; the form of the page brings what came of
/// it.
/// </summary>
public sealed class PasskeyEndpoints : WebArea
{
    public const string SignInAsk = "/sign-in/passkey";
    public const string StepAsk = "/sign-in/code/passkey";
    public const string ConfirmAsk = "/account/confirm/passkey";

    /// <summary>A whole building may open its sign-in page behind one address; nobody fills the table.</summary>
    private static readonly AddressLimit Challenges = new("passkeys", 60, TimeSpan.FromSeconds(1));

    public override void Map(IEndpointRouteBuilder app)
    {
        app.MapPost(SignInAsk, AskSignInAsync).AllowAnonymous();
        app.MapPost(StepAsk, AskStepAsync).AllowAnonymous();
        app.MapPost(ConfirmAsk, AskConfirmAsync).RequireAuthorization();
    }

    /// <summary>Where passkeys hold at the address of this request; null where there are none.</summary>
    public static ValueTask<PasskeySite?> SiteAsync(PasskeySites sites, HttpContext http) =>
        sites.FindAsync(new Uri($"{http.Request.Scheme}://{http.Request.Host}/"), http.RequestAborted);

    private static Task<IResult> AskSignInAsync(
        PasskeySites sites, PasskeySignInService service, AddressLimiter limiter, HttpContext http) =>
        AskAsync(sites, limiter, http, async site => await service.AskAsync(site, http.RequestAborted));

    private static Task<IResult> AskStepAsync(
        PasskeySites sites, SecondStepService service, HalfSignIns halves, AddressLimiter limiter, HttpContext http) =>
        AskAsync(sites, limiter, http, async site =>
            halves.Read(http) is { } kept ? await service.AskAsync(kept.Half, site, http.RequestAborted) : Error.NotFound);

    private static Task<IResult> AskConfirmAsync(
        PasskeySites sites, FreshSignInService service, Me me, AddressLimiter limiter, HttpContext http) =>
        AskAsync(sites, limiter, http, async site =>
            await service.AskAsync(site, await me.GetAsync(http.RequestAborted), http.RequestAborted));

    private static async Task<IResult> AskAsync(
        PasskeySites sites, AddressLimiter limiter, HttpContext http, Func<PasskeySite, Task<Result<string>>> ask)
    {
        if (!SameOrigin.Is(http.Request)) return Refused(StatusCodes.Status403Forbidden);
        if (!limiter.Spend(Challenges, http))
        {
            AddressLimiter.Refuse(http, Challenges.Each);
            return Refused(StatusCodes.Status429TooManyRequests);
        }

        if (await SiteAsync(sites, http) is not { } site) return Refused(StatusCodes.Status404NotFound);
        var asked = await ask(site);
        http.Response.Headers.CacheControl = "no-store";
        return asked.Ok ? Results.Text(asked.Value, "application/json") : Refused(StatusCodes.Status404NotFound);
    }

    /// <summary>With a body: it is a script that asks, and no page of words would help it.</summary>
    private static IResult Refused(int status) => Results.Json(new { }, statusCode: status);
}

using Microsoft.AspNetCore.Antiforgery;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Gate;
using Portal.Hosting;
using Portal.Hosting.Identity;

namespace Portal.Areas.Gate;

/// <summary>
/// Who asks at the gate's addresses: a device that is enrolled, and the guard who is signed in there. What is refused is answered with JSON
/// that says which of the two is missing, so that the page asks for the PIN, or for a code of the office, and keeps what it has to deliver.
/// </summary>
internal sealed record GateRequest(CurrentUser User, TerminalId Terminal)
{
    /// <summary>The device's secret. As long as browsers keep a cookie.</summary>
    public const string Cookie = "vallhalla.terminal";

    /// <summary>The header with the antiforgery token that the state gives.</summary>
    public const string TokenHeader = "X-Gate";

    private static readonly TimeSpan Lasts = TimeSpan.FromDays(400);

    /// <summary>Answers a request of an enrolled device on which somebody is signed in who may log at the gate.</summary>
    /// <param name="answer">What it answers; an outage of the database becomes 503.</param>
    public static async Task<IResult> ForGuardAsync(HttpContext http, Func<GateRequest, Task<IResult>> answer)
    {
        return await GuardedAsync(http, async () =>
        {
            var user = await http.RequestServices.GetRequiredService<Me>().GetAsync(http.RequestAborted);
            if (user.AccountId is null) return Refuse(StatusCodes.Status401Unauthorized, "session");
            if (!user.Can(Permissions.GateLog)) return Refuse(StatusCodes.Status403Forbidden, "forbidden");
            if (await DeviceAsync(http) is not { } terminal) return Refuse(StatusCodes.Status403Forbidden, "terminal");
            return await HasTokenAsync(http) ? await answer(new GateRequest(user, terminal)) : Untrusted;
        });
    }

    /// <summary>Answers a request of an enrolled device, whoever is signed in there.</summary>
    public static async Task<IResult> ForDeviceAsync(HttpContext http, Func<GateRequest, Task<IResult>> answer)
    {
        return await GuardedAsync(http, async () =>
        {
            if (await DeviceAsync(http) is not { } terminal) return Refuse(StatusCodes.Status403Forbidden, "terminal");
            if (!await HasTokenAsync(http)) return Untrusted;
            return await answer(new GateRequest(await http.RequestServices.GetRequiredService<Me>().GetAsync(http.RequestAborted),
                terminal));
        });
    }

    /// <summary>Answers anybody of the same origin.</summary>
    public static async Task<IResult> GuardedAsync(HttpContext http, Func<Task<IResult>> answer)
    {
        // As the antiforgery token wants it, which comes with the state every few seconds.
        (http.Response.Headers.CacheControl, http.Response.Headers.Pragma) = ("no-cache, no-store", "no-cache");
        if (!HttpMethods.IsGet(http.Request.Method) && !SameOrigin.Is(http.Request)) return Refuse(StatusCodes.Status400BadRequest, "origin");
        try
        {
            return await answer();
        }
        catch (Exception exception) when (Data.Database.Outages.Of(exception) is not null)
        {
            return Refuse(StatusCodes.Status503ServiceUnavailable, "database");
        }
    }

    public static IResult Refuse(int status, string error) => Results.Json(new { error }, statusCode: status);

    /// <summary>A refusal of a service, as the page is told it.</summary>
    public static IResult Refuse(Error error) => error switch
    {
        { IsOutage: true } => Refuse(StatusCodes.Status503ServiceUnavailable, "database"),
        { Code: "not_found" } => Refuse(StatusCodes.Status404NotFound, error.Code),
        { Code: "forbidden" } => Refuse(StatusCodes.Status403Forbidden, error.Code),
        _ => Refuse(StatusCodes.Status400BadRequest, error.Code),
    };

    public static void Keep(HttpContext http, string secret) => http.Response.Cookies.Append(Cookie, secret, new CookieOptions
    {
        HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/gate", MaxAge = Lasts, IsEssential = true,
    });

    private static Task<TerminalId?> DeviceAsync(HttpContext http) =>
        http.RequestServices.GetRequiredService<TerminalService>().FindAsync(http.Request.Cookies[Cookie], http.RequestAborted);

    private static IResult Untrusted => Refuse(StatusCodes.Status400BadRequest, "antiforgery");

    /// <summary>JSON is not checked by itself: what changes something brings the token of the state.</summary>
    private static async Task<bool> HasTokenAsync(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method)) return true;
        var antiforgery = http.RequestServices.GetRequiredService<IAntiforgery>();
        if (antiforgery.GetTokens(http).HeaderName is not { } header) return false;
        http.Request.Headers[header] = http.Request.Headers[TokenHeader];
        return await antiforgery.IsRequestValidAsync(http);
    }
}

using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Localization;
using Portal.Data.Identity;
using Portal.Hosting.Identity;

namespace Portal.Hosting;

/// <summary>Language and theme as plain addresses: they work on the pages without a circuit, and without JavaScript.</summary>
public static partial class PreferenceEndpoints
{
    private static readonly string[] Languages = ["es", "en"];
    private static readonly string[] Themes = ["light", "dark", "auto"];

    public static string CultureUrl(string to, string back) => $"/culture?to={to}&return={Uri.EscapeDataString(back)}";

    public static string ThemeUrl(string to, string back) => $"/theme?to={to}&return={Uri.EscapeDataString(back)}";

    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet(
                "/culture",
                async (HttpContext http, Me me, AccountService accounts, string? to, string? @return) =>
                {
                    if (Languages.Contains(to))
                    {
                        Speak(http, to!);
                        if (await me.GetAsync(http.RequestAborted) is { AccountId: not null } user)
                            await accounts.SetLanguageAsync(to!, user, http.RequestAborted);
                    }

            return Results.LocalRedirect(Local(@return));
        }).AllowAnonymous();

        routes.MapGet("/theme", (HttpContext http, string? to, string? @return) =>
        {
            if (Themes.Contains(to))
            {
                // Read by theme.js before the first paint, so not HttpOnly; it holds one of three words.
                http.Response.Cookies.Append("theme", to!, Lasting());
            }

            return Results.LocalRedirect(Local(@return));
        }).AllowAnonymous();
    }

    /// <summary>The language that a person chose earlier, perhaps on another device. What was chosen on this one stays.</summary>
    public static void Restore(HttpContext http, string? language)
    {
        if (Languages.Contains(language) && !http.Request.Cookies.ContainsKey(CookieRequestCultureProvider.DefaultCookieName))
            Speak(http, language!);
    }

    /// <summary>
    /// Only paths of this portal come back: anything that could leave it ("//host", "/\host", a full address) leads home. In ASCII, as
    /// an address is written: a header takes nothing else, and what comes from a query has been read already.
    /// </summary>
    public static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl)
            ? Unwritten().Replace(path, found => Uri.EscapeDataString(found.Value))
            : "/";

    [GeneratedRegex("[^!-~]+")]
    private static partial Regex Unwritten();

    private static void Speak(HttpContext http, string language) =>
        http.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)),
            Lasting());

    private static CookieOptions Lasting() => new()
    {
        MaxAge = TimeSpan.FromDays(365), IsEssential = true, SameSite = SameSiteMode.Lax, Path = "/",
    };
}

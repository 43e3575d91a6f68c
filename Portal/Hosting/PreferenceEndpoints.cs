using Microsoft.AspNetCore.Localization;

namespace Portal.Hosting;

/// <summary>Language and theme as plain addresses: they work on the pages without a circuit, and without JavaScript.</summary>
public static class PreferenceEndpoints
{
    private static readonly string[] Languages = ["es", "en"];
    private static readonly string[] Themes = ["light", "dark", "auto"];

    public static string CultureUrl(string to, string back) => $"/culture?to={to}&return={Uri.EscapeDataString(back)}";

    public static string ThemeUrl(string to, string back) => $"/theme?to={to}&return={Uri.EscapeDataString(back)}";

    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/culture", (HttpContext http, string? to, string? @return) =>
        {
            if (Languages.Contains(to))
            {
                var value = CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(to!));
                http.Response.Cookies.Append(CookieRequestCultureProvider.DefaultCookieName, value, Lasting());
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

    /// <summary>Only paths of this portal come back: anything that could leave it ("//host", "/\host", a full address) leads home.</summary>
    public static string Local(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\') && !path.Any(char.IsControl) ? path : "/";

    private static CookieOptions Lasting() => new()
    {
        MaxAge = TimeSpan.FromDays(365), IsEssential = true, SameSite = SameSiteMode.Lax, Path = "/",
    };
}

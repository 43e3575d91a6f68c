using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Localization;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Hosting;
using Portal.Resources;

namespace Portal.Areas.Gate;

/// <summary>
/// The guard's terminal: a static page without data, its module, its words and the service worker that keeps them on the device. It needs
/// no session, so that it starts when nothing answers; whatever it asks or sends needs one.
/// </summary>
public sealed class TerminalShell : WebArea
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Register(IServiceCollection services) => services.AddSingleton<TerminalFiles>();

    public override void Map(IEndpointRouteBuilder app)
    {
        // The address with and without its stroke is one to routing; relative addresses and the worker's scope need it.
        app.MapGet("/gate/", async (HttpContext http, TerminalFiles files) =>
            http.Request.Path.Value is "/gate/"
                ? Text(http, "text/html; charset=utf-8", (await files.GetAsync()).Page)
                : Results.Redirect("/gate/" + http.Request.QueryString)).AllowAnonymous();
        app.MapGet("/gate/sw.js", async (HttpContext http, TerminalFiles files) =>
            Text(http, "text/javascript; charset=utf-8", (await files.GetAsync()).Worker)).AllowAnonymous();
        app.MapGet("/gate/words.json", async (HttpContext http, TerminalFiles files) =>
            Text(http, "application/json; charset=utf-8", (await files.GetAsync()).Words)).AllowAnonymous();
        app.MapGet("/gate/manifest.webmanifest", async (HttpContext http, TerminalFiles files) =>
            Text(http, "application/manifest+json; charset=utf-8", (await files.GetAsync()).Manifest)).AllowAnonymous();
    }

    private static IResult Text(HttpContext http, string type, string text)
    {
        // Asked anew each time: the worker decides by content whether there is another version.
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Text(text, type, Encoding.UTF8);
    }

    /// <summary>What the portal writes of the terminal, once for its life.</summary>
    public sealed record Written(string Page, string Worker, string Words, string Manifest, string Version);

    /// <summary>Reads the terminal's files and makes of them what is sent.</summary>
    public sealed class TerminalFiles(IWebHostEnvironment environment, ThemeSheet palettes, IStringLocalizer<TerminalWords> words)
    {
        private static readonly string[] Modules =
        [
            "gate.js", "clock.js", "duty.js", "face.js", "form.js", "handover.js", "incident.js", "lookup.js", "panels.js", "parcels.js", "parking.js",
            "screen.js", "sender.js", "slots.js", "snapshot.js", "state.js", "store.js", "view.js", "words.js",
        ];

        private readonly Lazy<Task<Written>> _written = new(() => WriteAsync(environment.WebRootFileProvider, palettes, words));

        public Task<Written> GetAsync() => _written.Value;

        private static async Task<Written> WriteAsync(IFileProvider root, ThemeSheet palettes, IStringLocalizer<TerminalWords> words)
        {
            var palette = await palettes.AddressAsync();
            var page = (await ReadAsync(root, "gate/index.html"))
                .Replace("{{palette}}", palette, StringComparison.Ordinal)
                .Replace("{{icons}}", IconSprite.Source, StringComparison.Ordinal);
            var both = JsonSerializer.Serialize(
                new[] { "es", "en" }.ToDictionary(language => language, language => Of(words, language)), Plain);
            var ground = PortalTheme.Create().PaletteDark.Background.ToString(MudBlazor.Utilities.MudColorOutputFormats.Hex);
            var manifest = JsonSerializer.Serialize(
                new
                {
                    name = "Vallhalla · Portería",
                    short_name = "Portería",
                    start_url = "/gate/",
                    scope = "/gate/",
                    display = "standalone",
                    background_color = ground,
                    theme_color = ground,
                    icons = new[] { new { src = "/mark.svg", sizes = "any", type = "image/svg+xml", purpose = "any" } },
                },
                Plain);
            string[] kept =
            [
                "/gate/", "/gate/words.json", "/gate/manifest.webmanifest", "/gate/gate.css", .. Modules.Select(name => $"/gate/{name}"),
                palette, IconSprite.Source, "/theme.css", "/fonts/inter.woff2", "/mark.svg",
            ];
            var content = new StringBuilder(page).Append(both).Append(manifest);
            foreach (var name in Modules.Append("gate.css").Append("worker.js")) content.Append(await ReadAsync(root, $"gate/{name}"));
            content.Append(await ReadAsync(root, "theme.css"));
            var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content.ToString())))[..12];
            var worker = $"const VERSION = '{version}';\nconst FILES = {JsonSerializer.Serialize(kept, Plain)};\n"
                + await ReadAsync(root, "gate/worker.js");
            return new Written(page, worker, both, manifest, version);
        }

        private static Dictionary<string, string> Of(IStringLocalizer<TerminalWords> words, string language)
        {
            var before = CultureInfo.CurrentUICulture;
            try
            {
                CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
                return words.GetAllStrings(includeParentCultures: false).OrderBy(word => word.Name, StringComparer.Ordinal)
                    .ToDictionary(word => word.Name, word => word.Value, StringComparer.Ordinal);
            }
            finally
            {
                CultureInfo.CurrentUICulture = before;
            }
        }

        private static async Task<string> ReadAsync(IFileProvider root, string path)
        {
            using var reader = new StreamReader(root.GetFileInfo(path).CreateReadStream(), Encoding.UTF8);
            return await reader.ReadToEndAsync();
        }
    }
}

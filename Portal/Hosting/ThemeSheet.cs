using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;
using Portal.Components.Layout;

namespace Portal.Hosting;

/// <summary>
/// Both palettes of <see cref="PortalTheme"/> as one style sheet, written once by MudBlazor's own provider. So a page has the person's
/// theme with its first paint, also where the device decides and no circuit stands; it costs a circuit nothing, and a page not the eight
/// kilobytes that two providers would write into it. A part may turn to the other theme by <c>data-theme</c>, as the gate does.
/// </summary>
public sealed partial class ThemeSheet
{
    private const string Path = "/theme/palette.css";
    private readonly Lazy<Task<KeptFile>> _sheet = new(async () => new KeptFile(Path, "text/css; charset=utf-8", await WriteAsync()));

    /// <summary>Where the sheet is, by its content: it may be kept for ever.</summary>
    public async Task<string> AddressAsync() => (await _sheet.Value).Address;

    public void Map(IEndpointRouteBuilder app) => KeptFile.Map(app, Path, () => _sheet.Value);

    public static async Task<string> WriteAsync()
    {
        await using var services = new ServiceCollection()
            .AddLogging().AddSingleton<IJSRuntime, NoBrowser>().AddMudServices().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            await OfAsync(renderer, ":root,[data-theme=light]", dark: false) + await OfAsync(renderer, ":is([data-theme=dark])", dark: true));
    }

    // A scope of the provider begins with a colon, or it puts one before it.
    private static async Task<string> OfAsync(HtmlRenderer renderer, string scope, bool dark)
    {
        var written = await renderer.RenderComponentAsync<MudThemeProvider>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(MudThemeProvider.Theme)] = PortalTheme.Create(scope),
            [nameof(MudThemeProvider.IsDarkMode)] = dark,
            [nameof(MudThemeProvider.DefaultScrollbar)] = true,
            [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
        }));
        return string.Concat(StyleElements().Matches(written.ToHtmlString()).Select(style => style.Groups["css"].Value));
    }

    [GeneratedRegex("<style[^>]*>(?<css>.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElements();

    /// <summary>The provider asks for one and uses it only in a circuit.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => default;

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => default;
    }
}

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MudBlazor.Utilities;
using Portal.Components.Layout;
using Portal.Hosting;
using Xunit;

namespace Portal.Tests.Components;

/// <summary>All colour stands in theme.css, and every token that a style sheet uses exists there, in light and in dark.</summary>
public sealed partial class ThemeTests
{
    private static readonly string Portal = Path.GetFullPath(Path.Combine(Here(), "../../../Portal"));
    private static readonly string Theme = File.ReadAllText(Path.Combine(Portal, "wwwroot/theme.css"));

    private static string Here([CallerFilePath] string file = "") => file;

    private static IEnumerable<string> Files(params string[] endings) =>
        Directory
            .EnumerateFiles(Portal, "*.*", SearchOption.AllDirectories)
            .Where(file =>
                endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal))
                && !file.Contains("/obj/")
                && !file.Contains("/bin/")
                && !file.EndsWith("/theme.css", StringComparison.Ordinal)
            );

    [Fact]
    public void No_colour_stands_outside_the_theme() =>
        Assert.Empty(
            Files(".css")
                .SelectMany(file => Colour().Matches(File.ReadAllText(file)).Select(found => $"{Path.GetFileName(file)}: {found.Value}"))
        );

    [Fact]
    public void No_component_paints_itself() =>
        Assert.Empty(
            Files(".razor")
                .SelectMany(file => Inline().Matches(File.ReadAllText(file)).Select(found => $"{Path.GetFileName(file)}: {found.Value}"))
        );

    [Fact]
    public void Every_token_that_is_used_exists()
    {
        var known = Declared().Matches(Theme).Select(found => found.Groups[1].Value).ToHashSet();
        Assert.Empty(
            Files(".css")
                .SelectMany(file =>
                {
                    var text = File.ReadAllText(file);
                    var own = Declared().Matches(text).Select(found => found.Groups[1].Value).ToHashSet();
                    return Used()
                        .Matches(text)
                        .Select(found => found.Groups[1].Value)
                        .Where(token => !known.Contains(token) && !own.Contains(token))
                        .Select(token => $"{Path.GetFileName(file)}: {token}");
                })
                .Distinct()
        );
    }

    [Fact]
    public void Dark_says_every_colour_that_light_says_but_what_is_meant_to_stay()
    {
        string[] both =
        [
            "--vh-success-solid",
            "--vh-danger-solid",
            "--vh-info-solid",
            "--vh-on-solid",
            "--vh-on-warning-solid",
            "--vh-rail-strong",
            "--vh-mark-2",
            "--vh-facade-lit",
            "--vh-qr-ground",
            "--vh-qr-ink",
        ];
        var light = Theme[Theme.IndexOf(":root", StringComparison.Ordinal)..Theme.IndexOf("[data-theme='dark']", StringComparison.Ordinal)];
        var dark = Theme[
            Theme.IndexOf("[data-theme='dark']", StringComparison.Ordinal)..Theme.IndexOf("/* ---------- the palette", StringComparison.Ordinal)
        ];
        var colours = Regex.Matches(light, @"(--vh-[\w-]+):\s*(?:#|rgb)").Select(found => found.Groups[1].Value);
        Assert.DoesNotContain(colours, token => !dark.Contains(token + ":", StringComparison.Ordinal) && !both.Contains(token));
    }

    /// <summary>WCAG 2.2, 1.4.3 and 1.4.11: text 4.5 to 1, what is drawn 3 to 1.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_text_stands_out_from_its_ground(bool dark)
    {
        MudBlazor.Palette palette = dark ? PortalTheme.Create().PaletteDark : PortalTheme.Create().PaletteLight;
        (MudColor On, MudColor Ground, double Least)[] pairs =
        [
            (palette.TextPrimary, palette.Surface, 4.5), (palette.TextPrimary, palette.Background, 4.5), (palette.TextSecondary, palette.Surface, 4.5),
            (palette.TextSecondary, palette.Background, 4.5), (palette.TextDisabled, palette.Surface, 4.5), (palette.TextDisabled, palette.BackgroundGray, 4.5),
            (palette.PrimaryContrastText, palette.Primary, 4.5), (palette.SecondaryContrastText, palette.Secondary, 4.5),
            (palette.Secondary, palette.Surface, 4.5), (palette.Secondary, palette.Background, 4.5), (palette.Success, palette.Surface, 4.5),
            (palette.Success, palette.SuccessLighten, 4.5), (palette.Warning, palette.WarningLighten, 4.5), (palette.Error, palette.ErrorLighten, 4.5),
            (palette.Info, palette.InfoLighten, 4.5), (palette.DrawerText, palette.DrawerBackground, 4.5), (palette.LinesInputs, palette.Surface, 3),
        ];
        Assert.DoesNotContain(pairs, pair => Contrast(pair.On, pair.Ground) < pair.Least);
    }

    /// <summary>What <see cref="ThemeSheet"/> writes is what theme.css names its colours after.</summary>
    [Fact]
    public async Task The_style_sheet_of_the_palettes_holds_both_and_all_that_is_used()
    {
        var css = await ThemeSheet.WriteAsync();
        Assert.Contains("\n:root,[data-theme=light]{", css, StringComparison.Ordinal);
        Assert.Contains("\n:is([data-theme=dark]){", css, StringComparison.Ordinal);
        Assert.DoesNotContain("<", css, StringComparison.Ordinal);
        Assert.DoesNotContain(MudNames().Matches(Theme).Select(found => found.Value), name => !css.Contains(name + ":", StringComparison.Ordinal));
    }

    private static double Contrast(MudColor one, MudColor other)
    {
        var (a, b) = (Light(one), Light(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

        static double Light(MudColor colour) => (0.2126 * Part(colour.R)) + (0.7152 * Part(colour.G)) + (0.0722 * Part(colour.B));

        static double Part(byte value) => value / 255d is var part && part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"--mud-palette-[\w-]+")]
    private static partial Regex MudNames();

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgb|rgba|hsl|hsla|oklch)\(")]
    private static partial Regex Colour();

    [GeneratedRegex(@"style=""[^""]*(?:color|background|#[0-9a-f]{3})[^""]*""")]
    private static partial Regex Inline();

    [GeneratedRegex(@"(--vh-[\w-]+)\s*:")]
    private static partial Regex Declared();

    [GeneratedRegex(@"var\((--vh-[\w-]+)")]
    private static partial Regex Used();
}

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
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

    [GeneratedRegex(@"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\b(?:rgb|rgba|hsl|hsla|oklch)\(")]
    private static partial Regex Colour();

    [GeneratedRegex(@"style=""[^""]*(?:color|background|#[0-9a-f]{3})[^""]*""")]
    private static partial Regex Inline();

    [GeneratedRegex(@"(--vh-[\w-]+)\s*:")]
    private static partial Regex Declared();

    [GeneratedRegex(@"var\((--vh-[\w-]+)")]
    private static partial Regex Used();
}

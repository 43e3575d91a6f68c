using System.Text.RegularExpressions;

namespace Portal.Data.Packages;

/// <summary>
/// A signature drawn with a finger: the strokes of an SVG path, in a box of <see cref="Width"/> by <see cref="Height"/>. Nothing but moves,
/// lines and numbers: it is put into a page as it is.
/// </summary>
public static partial class Signatures
{
    public const int Width = 600, Height = 200;

    /// <summary>In letters, which are bytes: 20 kB.</summary>
    public const int Longest = 20_000;

    /// <summary>A dot or a slip is no signature.</summary>
    private const int FewestLines = 8;

    /// <returns>The strokes; null for what is none.</returns>
    public static string? Read(string? path) =>
        path?.Trim() is { Length: > 0 and <= Longest } strokes && Strokes().IsMatch(strokes) && strokes.Count(c => c == 'L') >= FewestLines
            ? strokes
            : null;

    [GeneratedRegex("^(?:M[0-9]{1,3} [0-9]{1,3}(?:L[0-9]{1,3} [0-9]{1,3})*)+$")]
    private static partial Regex Strokes();
}

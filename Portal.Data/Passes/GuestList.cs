using System.Text.RegularExpressions;
using Portal.Data.Parking;

namespace Portal.Data.Passes;

/// <summary>One name of a list, with the plate that stood after it.</summary>
public sealed record GuestLine(string Name, string? Plate = null);

/// <summary>
/// A list of guests as people paste it: one a line or with commas between, numbered or with dashes, a plate after a name.
/// </summary>
/// <param name="Twice">Names that stood there more than once, or were invited before: they are taken once.</param>
/// <param name="TooLong">Names of more than <see cref="LongestName"/> letters; they are left out.</param>
public sealed partial record GuestList(IReadOnlyList<GuestLine> Guests, IReadOnlyList<string> Twice, IReadOnlyList<string> TooLong)
{
    public const int LongestName = 200;

    /// <summary>Characters of what is pasted that are read: two hundred long names.</summary>
    public const int LongestText = 50_000;

    public static GuestList Empty { get; } = new([], [], []);

    /// <param name="text">As it was pasted.</param>
    /// <param name="before">Names that are invited already.</param>
    public static GuestList Read(string? text, IEnumerable<string>? before = null)
    {
        var (guests, twice, tooLong) = (new List<GuestLine>(), new List<string>(), new List<string>());
        var known = (before ?? []).Select(Key).ToHashSet(StringComparer.Ordinal);
        foreach (var part in Parts().Split(text is { Length: > LongestText } ? text[..LongestText] : text ?? ""))
        {
            var line = Blanks().Replace(Numbered().Replace(part, ""), " ").Trim();
            var (name, plate) = (line, (string?)null);
            // "Paola Tamayo FTB 620" and "(ABC12D)": what looks like a Colombian plate at the end; a name alone is never one.
            if (PlateAtEnd().Match(line) is { Success: true } found)
                (name, plate) = (line[..found.Index].TrimEnd(' ', '-', '–', ':', '('), Plates.Tidy(found.Value.Trim('(', ')', ' ')));
            if (Key(name).Length == 0) continue;
            if (name.Length > LongestName) tooLong.Add(name[..40]);
            else if (known.Add(Key(name))) guests.Add(new GuestLine(name, plate));
            else twice.Add(name);
        }

        return new GuestList(guests, [.. twice.Distinct()], tooLong);
    }

    // As people tell names apart: letters of any script and digits, without accents and capitals.
    private static string Key(string name) =>
        string.Concat(Spelling.Unaccented(name).ToLowerInvariant().Where(char.IsLetterOrDigit));

    [GeneratedRegex("[\r\n,;\t]+")]
    private static partial Regex Parts();

    [GeneratedRegex(@"^\s*(?:\d{1,3}\s*[.)\-:]\s*|[-–•*·]\s*)")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(?<=\S) ?\(?\b[A-Za-z]{3}[ \-.]?[0-9]{2}[0-9A-Za-z]\)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PlateAtEnd();
}

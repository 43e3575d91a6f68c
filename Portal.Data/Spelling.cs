using System.Globalization;
using System.Text;

namespace Portal.Data;

/// <summary>
/// How what is typed and what is stored are made alike: upper-case letters A to Z and digits, and nothing else. The generated
/// <c>*_key</c> columns say the same in SQL (migrations/0016), and a test compares the two.
/// </summary>
internal static class Spelling
{
    private const string Accented = "ÁÉÍÓÚÜÑ", Plain = "AEIOUUN";

    /// <summary><c>klm-204</c> is <c>KLM204</c>. A letter that is not one of A to Z is left out.</summary>
    public static string Key(ReadOnlySpan<char> text) => Kept(text, accents: false);

    /// <summary>As <see cref="Key"/>, for words: <c>Ático 1</c> is <c>ATICO1</c>.</summary>
    public static string WordKey(ReadOnlySpan<char> text) => Kept(text, accents: true);

    /// <summary>As it is written, without its accents.</summary>
    public static string Unaccented(string text) => string.Concat(
        text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark));

    /// <summary>
    /// Whether two names are one to a person: capitals and accents make no difference, signs do. The database's collation takes 🎱 for 🏓.
    /// </summary>
    public static bool SameName(string? one, string? other) =>
        CultureInfo.InvariantCulture.CompareInfo.Compare(
            one?.Trim(), other?.Trim(), CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) == 0;

    private static string Kept(ReadOnlySpan<char> text, bool accents)
    {
        var kept = text.Length <= 128 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var letter in text)
        {
            // The servers' UPPER makes these two plain letters; the invariant culture does not.
            var upper = letter switch
            {
                'ſ' => 'S',
                'ı' => 'I',
                _ => char.ToUpperInvariant(letter),
            };
            if (accents && Accented.IndexOf(upper) is >= 0 and var at) upper = Plain[at];
            if (char.IsAsciiLetterUpper(upper) || char.IsAsciiDigit(upper)) kept[length++] = upper;
        }

        return new string(kept[..length]);
    }
}

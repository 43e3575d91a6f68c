using System.Text.RegularExpressions;

namespace Portal.Data.People;

/// <summary>
/// Numbers of identity documents. <c>1.020.304</c>, <c>C.C. 1020304</c> and <c>1020304</c> are one, and so are a NIT with its check digit
/// behind a dash and without it; the letters of a passport count. What compares is <see cref="Key"/>, which the <c>*_key</c> columns of
/// <c>profile</c>, <c>visitors</c>, <c>guards</c> and <c>tenants</c> hold of what is stored.
/// </summary>
public static partial class DocumentNumbers
{
    private static readonly int[] Weights = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];

    /// <summary>Upper-case letters and digits, without the kind in front and without a NIT's check digit; empty for nothing.</summary>
    public static string Key(string? document)
    {
        var text = Kind().Replace(document ?? "", "");
        return Spelling.Key(CheckDigitBehindDash().IsMatch(text) ? text.AsSpan().TrimEnd(' ')[..^1] : text);
    }

    /// <summary>
    /// The keys under which what was typed may be stored: its own, and for a NIT also with or without a check digit that nobody set off
    /// with a dash. Empty for nothing.
    /// </summary>
    public static IReadOnlyList<string> Keys(string? typed)
    {
        var key = Key(typed);
        if (key.Length == 0) return [];
        if (!key.All(char.IsAsciiDigit) || key[0] is not ('8' or '9')) return [key];
        return key.Length switch
        {
            9 => [key, $"{key}{CheckDigit(key)}"],
            10 when CheckDigit(key[..^1]) == key[^1] - '0' => [key, key[..^1]],
            _ => [key],
        };
    }

    /// <summary>The check digit of a NIT (Orden Administrativa 4 of 1989 of the DIAN).</summary>
    /// <param name="digits">1 to 15 digits without it.</param>
    public static int CheckDigit(string digits)
    {
        var sum = digits.Reverse().Select((digit, place) => (digit - '0') * Weights[place]).Sum();
        return sum % 11 is var rest && rest < 2 ? rest : 11 - rest;
    }

    /// <summary>Whether a key can be a document's number: at least five signs, a digit among them.</summary>
    public static bool CanBe(string key) => key.Length is >= 5 and <= 50 && key.Any(char.IsAsciiDigit);

    [GeneratedRegex("^ *(C[. ]*C|C[. ]*E|T[. ]*I|N[. ]*I[. ]*T)[.: ]+(?=[0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Kind();

    [GeneratedRegex("^ *[0-9][0-9., ]{4,}- *[0-9] *$", RegexOptions.CultureInvariant)]
    private static partial Regex CheckDigitBehindDash();
}

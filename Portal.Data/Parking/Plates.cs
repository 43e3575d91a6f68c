using System.Text.RegularExpressions;

namespace Portal.Data.Parking;

/// <summary>
/// Licence plates. <c>KLM-204</c>, <c>klm.204</c> and <c>KLM 204</c> are one: what compares is <see cref="Key"/>, which
/// <c>parking.license_plate_key</c> and <c>visitors.license_plate_key</c> hold of what is stored.
/// </summary>
public static partial class Plates
{
    /// <summary>The longest one that is kept, in characters.</summary>
    public const int Longest = 20;

    /// <summary>Upper-case letters and digits alone; empty for what is no plate.</summary>
    public static string Key(string? plate) => Spelling.Key(plate);

    /// <summary>
    /// A plate as it is kept and shown: <c>KJH 482</c>, <c>ABC 12D</c> (motorcycle), <c>CD 1234</c> (diplomatic), <c>R 12345</c>
    /// (trailer), <c>T 1234</c> (cargo). One of another shape, a foreign one for instance, keeps its letters and digits.
    /// </summary>
    /// <returns>Null for nothing.</returns>
    public static string? Tidy(string? typed)
    {
        var key = Key(typed);
        if (key.Length == 0) return null;
        return Known().Match(key) is { Success: true } known ? $"{known.Groups[1].Value} {known.Groups[2].Value}" : key;
    }

    /// <summary>Whether a key can be a plate: letters with digits, in a length that plates have.</summary>
    public static bool CanBe(string key) => key.Length is >= 5 and <= 8 && key.Any(char.IsAsciiDigit) && key.Any(char.IsAsciiLetter);

    [GeneratedRegex("^(?:(?=[A-Z]{3}[0-9]{2}[0-9A-Z]$)|(?=[A-Z]{2}[0-9]{4}$)|(?=[RST][0-9]{4,5}$))([A-Z]+)([0-9]+[A-Z]?)$")]
    private static partial Regex Known();
}

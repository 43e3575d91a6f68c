using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Data.Payments;

/// <summary>
/// The reference by which the bank knows an apartment: <c>10421-7</c>. Digits alone, for that is what banks let people type; it never
/// begins with a zero, which some banks leave out; the last one checks the others (Damm), so that one digit typed wrong or two exchanged
/// never name another apartment. It follows from the apartment alone and stays the same whatever its tower is called.
/// </summary>
public static partial class PaymentReference
{
    /// <summary>What is added to an apartment's id, so that all references have at least five digits before the check.</summary>
    private const long Base = 10_000;

    private static readonly string[] Damm =
    [
        "0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205",
        "2581436790",
    ];

    public static string Of(long apartmentId)
    {
        var number = (Base + apartmentId).ToString(CultureInfo.InvariantCulture);
        return $"{number}-{Check(number)}";
    }

    /// <summary>
    /// Apartments whose reference stands in what the bank wrote: as a number of its own, with or without the dash. A number that is longer
    /// names none.
    /// </summary>
    /// <returns>Ids that may or may not be of an apartment; each once.</returns>
    public static IReadOnlyList<long> FindIn(string text)
    {
        List<long> found = [];
        foreach (Match match in Candidate().Matches(text))
        {
            var digits = match.Groups["number"].Value;
            if (digits[0] == '0' || Check(digits) - '0' != match.Groups["check"].Value[0] - '0') continue;
            var id = long.Parse(digits, CultureInfo.InvariantCulture) - Base;
            if (id > 0 && !found.Contains(id)) found.Add(id);
        }

        return found;
    }

    private static char Check(string digits)
    {
        var interim = 0;
        foreach (var digit in digits) interim = Damm[interim][digit - '0'] - '0';
        return (char)('0' + interim);
    }

    [GeneratedRegex(@"(?<![\d\-])(?<number>[0-9]{5,9})-?(?<check>[0-9])(?![\d\-])", RegexOptions.CultureInvariant)]
    private static partial Regex Candidate();
}

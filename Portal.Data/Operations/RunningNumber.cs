using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Data.Operations;

/// <summary>
/// Reads the number of a document (<see cref="Numbering"/>) as people write it: <c>PQRS-2026-000123</c>, <c>pqrs 2026 123</c>,
/// <c>RC202600012</c>, <c>pqrs 123</c>.
/// </summary>
internal static partial class RunningNumber
{
    /// <summary>Without a year, so many years back are looked through.</summary>
    private const int Years = 20;

    /// <summary>The numbers that may be meant, as they are stored; the latest year first. Empty for what is no such number.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="series">Its letters, such as <c>PQRS</c>.</param>
    /// <param name="year">The current one: a number without its year may be of this or an earlier one.</param>
    /// <param name="bare">Whether the letters may be left out.</param>
    public static IReadOnlyList<string> Read(string? typed, string series, int year, bool bare = false)
    {
        if (typed is null or { Length: > 40 } || Shape().Match(typed) is not { Success: true } shape) return [];
        var letters = shape.Groups["series"].Value;
        if (letters.Length == 0 ? !bare : !letters.Equals(series, StringComparison.OrdinalIgnoreCase)) return [];
        List<string> numbers = [];
        if (shape.Groups["year"] is { Success: true } written) numbers.Add(Number(Int(written), Int(shape.Groups["of"])));
        if (shape.Groups["alone"] is { Success: true } alone && Int(alone) > 0)
            numbers.AddRange(Enumerable.Range(0, Years).Select(back => Number(year - back, Int(alone))));
        return numbers;

        string Number(int of, int number) => string.Create(CultureInfo.InvariantCulture, $"{series}-{of}-{number:000000}");
        static int Int(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^\W*(?<series>[A-Z]*)[\W_]*(?:(?<year>20[0-9]{2})[\W_]*(?<of>[0-9]{1,6})|(?<alone>[0-9]{1,6}))\W*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}

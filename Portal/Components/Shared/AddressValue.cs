using System.Globalization;

namespace Portal.Components.Shared;

/// <summary>
/// Values of an address. A page takes them as the text they are: a parameter of a number's type would answer an address that somebody
/// mistyped, or cut in half in a message, with an error. What is no such value is as if it were not there.
/// </summary>
public static class AddressValue
{
    /// <summary>Days the portal deals with; beyond them a calculation with days would leave what a date can be.</summary>
    private static readonly DateOnly First = new(1900, 1, 1), Last = new(2200, 12, 31);

    /// <summary>The id of a row.</summary>
    public static long? Id(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;

    /// <summary>A count, such as of minutes.</summary>
    public static int? Count(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    /// <summary>Pesos, with a point before the decimals.</summary>
    public static decimal? Money(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var money) && money is > 0 and < 1e12m
            ? money
            : null;

    /// <summary><c>2026-11-28</c>.</summary>
    public static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day >= First
        && day <= Last
            ? day
            : null;
}

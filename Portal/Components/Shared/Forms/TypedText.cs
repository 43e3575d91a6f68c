using System.Globalization;
using System.Text.RegularExpressions;

namespace Portal.Components.Shared;

/// <summary>
/// Reads what people type into a field. What can be meant in one way only is taken; anything else is refused with the reason, as a key of
/// the shared words: a field never makes another date or sum out of what was written.
/// </summary>
public static partial class TypedText
{
    /// <summary>What a field holds: nothing (null with no reason), a value, or the reason why it could not be read.</summary>
    public readonly record struct Read<TValue>(TValue? Value, string? Reason = null)
        where TValue : struct;

    private static readonly string[][] Months =
    [
        ["ene", "jan"], ["feb"], ["mar"], ["abr", "apr"], ["may"], ["jun"], ["jul"], ["ago", "aug"], ["sep", "set"], ["oct"], ["nov"], ["dic", "dec"],
    ];

    /// <summary>
    /// <c>5/12/26</c>, <c>05-12-2026</c>, <c>5.12</c>, <c>5 dic</c>, <c>5 de diciembre de 2026</c>, <c>051226</c>, <c>2026-12-05</c>: the
    /// day before the month in both languages, as everywhere in the portal. Without a year the one is taken in which the day is allowed,
    /// this year's first.
    /// </summary>
    /// <param name="today">The building's day.</param>
    public static Read<DateOnly> Date(string? text, DateOnly today, DateOnly? min = null, DateOnly? max = null)
    {
        var typed = (text ?? "").Trim().ToLowerInvariant();
        if (typed.Length == 0) return default;
        var (day, month, year) = DayMonthYear(typed);
        if (day is null || month is null) return new(null, "form.date");
        if (year is { } given) return Within(Full(given.Length == 2 ? Century(int.Parse(given, CultureInfo.InvariantCulture), today) : Digits(given)));
        var candidates = new[] { today.Year, today.Year - 1, today.Year + 1 }.Select(Full).ToArray();
        var allowed = candidates.FirstOrDefault(date => date is { } one && !(one < min) && !(one > max));
        return Within(allowed ?? candidates[0]);

        DateOnly? Full(int inYear) =>
            inYear is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(inYear, month.Value)
                ? new DateOnly(inYear, month.Value, day.Value)
                : null;

        Read<DateOnly> Within(DateOnly? date) => date switch
        {
            null => new(null, "form.date.none"),
            { } early when early < min => new(null, "form.date.min"),
            { } late when late > max => new(null, "form.date.max"),
            _ => new(date),
        };
    }

    /// <summary>
    /// Whole pesos: <c>480000</c>, <c>$ 480.000</c>, <c>480,000.00</c>, <c>480 000</c>. Cents other than none are refused, and so is every
    /// separator that could be read in two ways: <c>10,50</c> is no 1,050.
    /// </summary>
    public static Read<decimal> Amount(string? text)
    {
        var typed = Spaces().Replace((text ?? "").Trim(), " ").Replace("$", "", StringComparison.Ordinal);
        typed = Currency().Replace(typed, "").Trim();
        if (typed.Length == 0) return default;
        var negative = typed[0] is '-' or '−';
        if (negative) typed = typed[1..].Trim();
        typed = typed.Replace('’', '\'');
        if (Grouped().Match(typed) is not { Success: true } read)
        {
            return new(null, Fraction().IsMatch(typed) ? "form.amount.cents" : "form.amount");
        }

        var cents = read.Groups["cents"].Value;
        if (cents.Any(digit => digit != '0')) return new(null, "form.amount.cents");
        var digits = string.Concat(read.Groups["whole"].Value.Where(char.IsAsciiDigit));
        if (digits.Length > 15) return new(null, "form.amount");
        var amount = decimal.Parse(digits, CultureInfo.InvariantCulture);
        return new(negative ? -amount : amount);
    }

    /// <summary>A whole number, with or without the separators of its thousands.</summary>
    public static Read<int> Whole(string? text)
    {
        var amount = Amount(text);
        return amount switch
        {
            { Reason: not null } => new(null, "form.whole"),
            { Value: null } => default,
            { Value: var value } when Math.Abs(value.Value) > 999_999_999m => new(null, "form.whole"),
            _ => new((int)amount.Value.Value),
        };
    }

    /// <summary>A number that may have decimals, after a point or a comma: <c>0,4032</c>, <c>84.5</c>. With thousands it is
    /// refused.</summary>
    public static Read<decimal> Number(string? text)
    {
        var typed = (text ?? "").Trim();
        if (typed.Length == 0) return default;
        return Decimals().IsMatch(typed)
            ? new(decimal.Parse(typed.Replace(',', '.'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : new(null, "form.number");
    }

    /// <summary><c>14:30</c>, <c>1430</c>, <c>14.30</c>, <c>9</c>, <c>2:30 pm</c>, <c>2 p. m.</c>: written in 24 hours
    /// afterwards.</summary>
    public static Read<TimeOnly> Time(string? text)
    {
        var typed = (text ?? "").Trim().ToLowerInvariant();
        if (typed.Length == 0) return default;
        if (Clock().Match(typed) is not { Success: true } read) return new(null, "form.time");
        var hour = Digits(read.Groups["hour"].Value);
        var minute = read.Groups["minute"].Success ? Digits(read.Groups["minute"].Value) : 0;
        if (read.Groups["half"].Success)
        {
            if (hour is < 1 or > 12) return new(null, "form.time");
            hour = (hour % 12) + (read.Groups["half"].Value[0] == 'p' ? 12 : 0);
        }

        return hour > 23 || minute > 59 ? new(null, "form.time") : new(new TimeOnly(hour, minute));
    }

    private static (int? Day, int? Month, string? Year) DayMonthYear(string typed)
    {
        if (YearFirst().Match(typed) is { Success: true } first)
        {
            return (Digits(first.Groups["day"].Value), Digits(first.Groups["month"].Value), first.Groups["year"].Value);
        }

        if (Packed().Match(typed) is not { Success: true } read) read = Numbers().Match(typed);
        if (read.Success)
        {
            return (Digits(read.Groups["day"].Value), Digits(read.Groups["month"].Value), Given(read));
        }

        read = Words().Match(typed);
        if (!read.Success) return default;
        var month = Array.FindIndex(Months, names => names.Any(name => read.Groups["month"].Value.StartsWith(name, StringComparison.Ordinal)));
        if (month < 0) return default;
        return (Digits(read.Groups["day"].Value), month + 1, Given(read));

        static string? Given(Match read) => read.Groups["year"].Success ? read.Groups["year"].Value : null;
    }

    // Expiries lie ahead and births behind: twenty years from now is the border.
    private static int Century(int year, DateOnly today) => 2000 + year <= today.Year + 20 ? 2000 + year : 1900 + year;

    private static int Digits(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<year>\d{4})[-/. ](?<month>\d{1,2})[-/. ](?<day>\d{1,2})$")]
    private static partial Regex YearFirst();

    [GeneratedRegex(@"^(?<day>\d{2})(?<month>\d{2})(?<year>\d{4}|\d{2})$")]
    private static partial Regex Packed();

    [GeneratedRegex(@"^(?<day>\d{1,2}) ?[-/. ] ?(?<month>\d{1,2})(?: ?[-/. ] ?(?<year>\d{4}|\d{2}))?$")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^(?<day>\d{1,2})(?:[-/. ]| de )*(?<month>[a-z]{3,10})\.?(?:(?:[-/., ]| de | del )*(?<year>\d{4}|\d{2}))?$")]
    private static partial Regex Words();

    [GeneratedRegex(@"[\s\u00a0\u202f]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\b(cop|pesos?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Currency();

    // Digits alone, or groups of three by one separator throughout; then, by another one, cents.
    [GeneratedRegex(
        @"^(?<whole>[1-9]\d{0,2}(?:(?<by>[.,' ])\d{3})(?:\k<by>\d{3})*)(?:(?!\k<by>)[.,](?<cents>\d{1,2}))?$|^(?<whole>\d+)(?:[.,](?<cents>\d{1,2}))?$")]
    private static partial Regex Grouped();

    [GeneratedRegex(@"^-?\d{1,12}([.,]\d{1,8})?$")]
    private static partial Regex Decimals();

    [GeneratedRegex(@"^[\d.,' ]*[.,]\d{1,2}$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^(?<hour>\d{1,2}?)(?:\s*[:.h]\s*(?<minute>\d{2})|(?<minute>\d{2}))?\s*(?:h|hrs?)?\s*(?<half>[ap])?(?(half)\.?\s*m?\.?)$")]
    private static partial Regex Clock();
}

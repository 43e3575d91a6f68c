using System.Globalization;
using System.Resources;
using Portal.Resources;

namespace Portal;

/// <summary>
/// How money, dates and times are written, the same on a page and in a document. Every method takes the language from
/// its <c>culture</c> or else from <see cref="CultureInfo.CurrentUICulture"/>: English for <c>en</c>, Colombian
/// Spanish for anything else. The patterns are ours and not the machine's locale data, so that a receipt printed again
/// after a system upgrade still reads the same. Both languages write the day before the month and 24-hour times: a building
/// where half the people read 05/11 as May and half as November cannot use numbers for months.
/// </summary>
/// <remarks>Every <see cref="DateTime"/> here is the building's wall clock; an instant is converted before it comes here.</remarks>
public static class Formats
{
    private sealed record Language(CultureInfo Culture, NumberFormatInfo Numbers, string MoneySign, string PercentGap,
        string LongDate, string MonthYear, string WeekdayDate);

    private static readonly ResourceManager Words = new(typeof(FormatWords));

    private static readonly Language Spanish = new(CultureInfo.GetCultureInfo("es"), Separators(".", ","), "$ ", " ",
        "d 'de' MMMM 'de' yyyy", "MMMM 'de' yyyy", "dddd d 'de' MMMM");

    private static readonly Language English = new(CultureInfo.GetCultureInfo("en"), Separators(",", "."), "$", "",
        "d MMMM yyyy", "MMMM yyyy", "dddd d MMMM");

    /// <summary>Pesos without decimals, half a peso away from zero: <c>$ 1.100.000</c>, <c>$1,100,000</c>, <c>-$ 5.000</c>.</summary>
    public static string Money(decimal amount, CultureInfo? culture = null)
    {
        var language = Of(culture);
        var pesos = Math.Round(amount, 0, MidpointRounding.AwayFromZero);
        return (pesos < 0 ? "-" : "") + language.MoneySign + Math.Abs(pesos).ToString("N0", language.Numbers);
    }

    /// <summary>For a figure where the exact sum is a click away: <c>$ 44,7 M</c>; below a million as <see cref="Money"/>.</summary>
    public static string Millions(decimal amount, CultureInfo? culture = null) => Math.Abs(amount) < 1_000_000m
        ? Money(amount, culture)
        : (amount < 0 ? "-" : "") + Of(culture).MoneySign + Number(Math.Abs(amount) / 1_000_000m, 1, culture) + " M";

    /// <summary>A plain number with thousands separators and exactly <paramref name="decimals"/> decimals.</summary>
    public static string Number(decimal number, int decimals = 0, CultureInfo? culture = null) =>
        number.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), Of(culture).Numbers);

    /// <summary>A rate that is already in per cent (1.98, not 0.0198): <c>1,98 %</c>, <c>1.98%</c>.</summary>
    public static string Percent(decimal percent, int decimals = 2, CultureInfo? culture = null) =>
        Number(percent, decimals, culture) + Of(culture).PercentGap + "%";

    /// <summary><c>20 de noviembre de 2026</c>, <c>20 November 2026</c>.</summary>
    public static string LongDate(DateOnly date, CultureInfo? culture = null) => Write(date, Of(culture).LongDate, culture);

    /// <summary><c>20 nov 2026</c>, <c>20 Nov 2026</c>.</summary>
    public static string ShortDate(DateOnly date, CultureInfo? culture = null) => Write(date, "d MMM yyyy", culture);

    /// <summary><c>20 nov</c>, for lists where the year is plain.</summary>
    public static string DayMonth(DateOnly date, CultureInfo? culture = null) => Write(date, "d MMM", culture);

    /// <summary><c>viernes 20 de noviembre</c>, <c>Friday 20 November</c>.</summary>
    public static string WeekdayDate(DateOnly date, CultureInfo? culture = null) => Write(date, Of(culture).WeekdayDate, culture);

    /// <summary><c>viernes 20 de noviembre de 2026</c>, <c>Friday 20 November 2026</c>: a deadline.</summary>
    public static string LongWeekdayDate(DateOnly date, CultureInfo? culture = null) =>
        Write(date, "dddd " + Of(culture).LongDate, culture);

    /// <summary><c>noviembre de 2026</c>, <c>November 2026</c>: the month of a fee.</summary>
    public static string MonthYear(DateOnly date, CultureInfo? culture = null) => Write(date, Of(culture).MonthYear, culture);

    /// <summary><c>20 nov 2026, 09:52</c>.</summary>
    public static string DateAndTime(DateTime wallClock, CultureInfo? culture = null) =>
        ShortDate(DateOnly.FromDateTime(wallClock), culture) + ", " + Time(TimeOnly.FromDateTime(wallClock));

    /// <summary><c>20 de noviembre de 2026, 10:31</c>.</summary>
    public static string LongDateAndTime(DateTime wallClock, CultureInfo? culture = null) =>
        LongDate(DateOnly.FromDateTime(wallClock), culture) + ", " + Time(TimeOnly.FromDateTime(wallClock));

    /// <summary><c>09:52</c>, 24 hours in both languages.</summary>
    public static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary><c>18:00 a 20:00</c>, <c>18:00 to 20:00</c>.</summary>
    public static string TimeRange(TimeOnly from, TimeOnly to, CultureInfo? culture = null) =>
        Word("range", culture, Time(from), Time(to));

    /// <summary>
    /// <c>1 a 15 oct 2026</c>, <c>28 oct a 3 nov 2026</c>: what both ends share is written once; equal ends are one date.
    /// </summary>
    public static string DateRange(DateOnly from, DateOnly to, CultureInfo? culture = null)
    {
        if (from == to)
        {
            return ShortDate(to, culture);
        }

        var start = from.Year != to.Year ? ShortDate(from, culture)
            : from.Month != to.Month ? DayMonth(from, culture)
            : from.Day.ToString(CultureInfo.InvariantCulture);
        return Word("range", culture, start, ShortDate(to, culture));
    }

    /// <summary>
    /// The two largest parts of a length of time: <c>3 d 4 h</c>, <c>2 h 15 min</c>, <c>40 min</c>. Negative lengths count as none.
    /// </summary>
    public static string Duration(TimeSpan length, CultureInfo? culture = null)
    {
        var minutes = Math.Max(0, (long)length.TotalMinutes);
        (string Key, long Value)[] parts = minutes >= 24 * 60
            ? [("span.days", minutes / (24 * 60)), ("span.hours", minutes / 60 % 24)]
            : [("span.hours", minutes / 60), ("span.minutes", minutes % 60)];
        var written = parts.Where(part => part.Value > 0).Select(part => Word(part.Key, culture, part.Value)).ToArray();
        return written.Length > 0 ? string.Join(' ', written) : Word("span.minutes", culture, 0);
    }

    /// <summary>
    /// How far away a moment is as people say it: <c>hace 5 minutos</c>, <c>ayer</c>, <c>en 3 días</c>; the date itself past
    /// thirty days. Days are calendar days: 23:00 is yesterday at 08:00, once it is more than six hours away.
    /// </summary>
    public static string Relative(DateTime wallClock, DateTime now, CultureInfo? culture = null)
    {
        var distance = now - wallClock;
        var side = distance >= TimeSpan.Zero ? "ago" : "in";
        distance = distance.Duration();
        if (distance < TimeSpan.FromMinutes(1))
        {
            return Word("ago.now", culture);
        }

        if (distance < TimeSpan.FromHours(1))
        {
            return Counted($"{side}.minutes", (int)distance.TotalMinutes, culture);
        }

        var days = Math.Abs(DateOnly.FromDateTime(now).DayNumber - DateOnly.FromDateTime(wallClock).DayNumber);
        if (days == 0 || distance < TimeSpan.FromHours(6))
        {
            return Counted($"{side}.hours", (int)distance.TotalHours, culture);
        }

        return days <= 30 ? Counted($"{side}.days", days, culture) : ShortDate(DateOnly.FromDateTime(wallClock), culture);
    }

    /// <summary>How the language writes a plain number.</summary>
    public static NumberFormatInfo Numbers(CultureInfo? culture = null) => Of(culture).Numbers;

    /// <summary>The one of our two languages that <paramref name="culture"/> stands for, as a culture that names months and days.</summary>
    public static CultureInfo LanguageOf(CultureInfo? culture = null) => Of(culture).Culture;

    private static Language Of(CultureInfo? culture) =>
        (culture ?? CultureInfo.CurrentUICulture).TwoLetterISOLanguageName == "en" ? English : Spanish;

    private static string Write(DateOnly date, string pattern, CultureInfo? culture) => date.ToString(pattern, Of(culture).Culture);

    private static string Counted(string key, int count, CultureInfo? culture) =>
        Word(count == 1 ? key + ".one" : key + ".many", culture, count);

    private static string Word(string key, CultureInfo? culture, params object[] arguments)
    {
        var language = Of(culture).Culture;
        var text =
            Words.GetString(key, language)
            ?? throw new MissingManifestResourceException($"FormatWords lacks '{key}' in '{language.Name}': add it to both .resx files.");
        return arguments.Length == 0 ? text : string.Format(language, text, arguments);
    }

    private static NumberFormatInfo Separators(string thousands, string point) => NumberFormatInfo.ReadOnly(new NumberFormatInfo
    {
        NumberGroupSeparator = thousands,
        NumberDecimalSeparator = point,
        NumberNegativePattern = 1,
    });
}

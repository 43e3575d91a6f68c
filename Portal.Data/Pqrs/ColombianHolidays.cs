using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Portal.Data.Pqrs;

/// <summary>Colombia's nineteen public holidays, in the order of the year.</summary>
public enum ColombianHoliday
{
    NewYear, Epiphany, SaintJoseph, HolyThursday, GoodFriday, LabourDay, Ascension, CorpusChristi, SacredHeart,
    PeterAndPaul, Chiquinquira, Independence, Boyaca, Assumption, DiaDeLaRaza, AllSaints, Cartagena, ImmaculateConception, Christmas,
}

/// <summary>
/// Colombia's public holidays of any year, computed. Six stay on their day; seven go to the following Monday unless they fall on one
/// (Ley 51 of 1983, "Ley Emiliani"), and so do the three that follow Easter; Holy Thursday and Good Friday stay where Easter puts them.
/// From 2026 on 9 July is the nineteenth, and goes to its Monday too (Ley 2578 of 2026, art. 6).
/// </summary>
public static class ColombianHolidays
{
    /// <summary>The first year that has the day of the Virgin of Chiquinquirá.</summary>
    private const int SinceChiquinquira = 2026;

    private static readonly ConcurrentDictionary<int, FrozenDictionary<DateOnly, ColombianHoliday>> Years = new();

    public static bool Contains(DateOnly day) => Of(day.Year).ContainsKey(day);

    /// <summary>The holidays of a year by their day. Two may share one day (30 June 2025), which then carries the earlier's name.</summary>
    public static IReadOnlyDictionary<DateOnly, ColombianHoliday> Of(int year) => Years.GetOrAdd(year, Compute);

    /// <summary>Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).</summary>
    public static DateOnly Easter(int year)
    {
        var a = year % 19;
        var (century, ofCentury) = Math.DivRem(year, 100);
        var epact = (19 * a + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
        var weekday = (32 + 2 * (century % 4) + 2 * (ofCentury / 4) - epact - ofCentury % 4) % 7;
        var late = (a + 11 * epact + 22 * weekday) / 451;
        var (month, day) = Math.DivRem(epact + weekday - 7 * late + 114, 31);
        return new DateOnly(year, month, day + 1);
    }

    private static FrozenDictionary<DateOnly, ColombianHoliday> Compute(int year)
    {
        var easter = Easter(year);
        (DateOnly On, ColombianHoliday Holiday)[] all =
        [
            (new(year, 1, 1), ColombianHoliday.NewYear),
            (Monday(new(year, 1, 6)), ColombianHoliday.Epiphany),
            (Monday(new(year, 3, 19)), ColombianHoliday.SaintJoseph),
            (easter.AddDays(-3), ColombianHoliday.HolyThursday),
            (easter.AddDays(-2), ColombianHoliday.GoodFriday),
            (new(year, 5, 1), ColombianHoliday.LabourDay),
            (Monday(easter.AddDays(39)), ColombianHoliday.Ascension),
            (Monday(easter.AddDays(60)), ColombianHoliday.CorpusChristi),
            (Monday(easter.AddDays(68)), ColombianHoliday.SacredHeart),
            (Monday(new(year, 6, 29)), ColombianHoliday.PeterAndPaul),
            .. year < SinceChiquinquira
                ? Array.Empty<(DateOnly, ColombianHoliday)>()
                : [(Monday(new(year, 7, 9)), ColombianHoliday.Chiquinquira)],
            (new(year, 7, 20), ColombianHoliday.Independence),
            (new(year, 8, 7), ColombianHoliday.Boyaca),
            (Monday(new(year, 8, 15)), ColombianHoliday.Assumption),
            (Monday(new(year, 10, 12)), ColombianHoliday.DiaDeLaRaza),
            (Monday(new(year, 11, 1)), ColombianHoliday.AllSaints),
            (Monday(new(year, 11, 11)), ColombianHoliday.Cartagena),
            (new(year, 12, 8), ColombianHoliday.ImmaculateConception),
            (new(year, 12, 25), ColombianHoliday.Christmas),
        ];
        return all.GroupBy(h => h.On).ToFrozenDictionary(day => day.Key, day => day.First().Holiday);
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays((8 - (int)day.DayOfWeek) % 7);
}

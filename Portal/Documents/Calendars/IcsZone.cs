using System.Globalization;

namespace Portal.Documents.Calendars;

/// <summary>
/// Writes a time zone as an iCalendar file must carry it, so that a program that does not know the zone's name still puts a booking at its
/// hour. The changes of the clock
/// are looked for in the zone's own data, year by year: where they follow a rule ("the second Sunday of March at 2:00") the rule is
/// written, which also holds
/// for later years; where they do not, each is written.
/// </summary>
internal static class IcsZone
{
    /// <summary>So many years of changes are looked at; a rule that holds in all of them is taken for the rule.</summary>
    private const int Years = 12;

    /// <summary>A change of the clock: at an instant, from one distance to UTC to another.</summary>
    private readonly record struct Onset(DateTime Utc, TimeSpan From, TimeSpan To, bool Daylight)
    {
        /// <summary>As the wall clock showed it before it was changed.</summary>
        public DateTime Wall => Utc + From;
    }

    /// <summary>The zone's name in the IANA database, which is what calendars know.</summary>
    public static string Name(TimeZoneInfo zone) =>
        !zone.HasIanaId && TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var name) ? name : zone.Id;

    /// <param name="lines">Where to.</param>
    /// <param name="zone">Which.</param>
    /// <param name="earliest">The first wall-clock time in the file.</param>
    public static void Write(IcsLines lines, TimeZoneInfo zone, DateTime earliest)
    {
        var first = new DateTime(earliest.Year - 1, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var onsets = Onsets(zone, first, first.AddYears(Years));
        lines.Begin("VTIMEZONE");
        lines.Line("TZID:" + Name(zone));
        if (onsets.Count == 0 || onsets[0].Wall > earliest)
        {
            var offset = zone.GetUtcOffset(first);
            Component(lines, zone.IsDaylightSavingTime(first), onsets.Count == 0 ? new DateTime(1970, 1, 1) : first, offset, offset, []);
        }

        foreach (var group in onsets.GroupBy(o => (o.From, o.To, o.Daylight)))
        {
            List<Onset> same = [.. group];
            var rule = Rule(same, first.Year);
            Component(
                lines, group.Key.Daylight, same[0].Wall, group.Key.From, group.Key.To,
                rule is not null ? [rule] : [.. same.Skip(1).Select(o => "RDATE:" + IcsLines.Local(o.Wall))]);
        }

        lines.End("VTIMEZONE");
    }

    private static void Component(IcsLines lines, bool daylight, DateTime begins, TimeSpan from, TimeSpan to, IEnumerable<string> repeats)
    {
        var name = daylight ? "DAYLIGHT" : "STANDARD";
        lines.Begin(name);
        lines.Line("DTSTART:" + IcsLines.Local(begins));
        lines.Line("TZOFFSETFROM:" + Offset(from));
        lines.Line("TZOFFSETTO:" + Offset(to));
        foreach (var line in repeats) lines.Line(line);
        lines.End(name);
    }

    /// <summary>The yearly rule that all of them follow; null where there is none.</summary>
    private static string? Rule(List<Onset> onsets, int firstYear)
    {
        var (wall, count) = (onsets[0].Wall, onsets.Count);
        var yearly =
            count >= Years - 1
            && onsets.Select(o => o.Wall.Year).SequenceEqual(Enumerable.Range(wall.Year, count))
            && wall.Year <= firstYear + 1;
        if (
            !yearly
            || onsets.Exists(o => o.Wall.Month != wall.Month || o.Wall.DayOfWeek != wall.DayOfWeek || o.Wall.TimeOfDay != wall.TimeOfDay)
        )
            return null;
        var week = Week(wall);
        var place =
            onsets.TrueForAll(o => Week(o.Wall) == week) ? week
            : onsets.TrueForAll(o => o.Wall.AddDays(7).Month != o.Wall.Month) ? -1
            : 0;
        return place == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"RRULE:FREQ=YEARLY;BYMONTH={wall.Month};BYDAY={place}{wall.DayOfWeek.ToString()[..2].ToUpperInvariant()}"
            );

        static int Week(DateTime day) => (day.Day + 6) / 7;
    }

    private static List<Onset> Onsets(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        var found = new List<Onset>();
        for (var day = from; day < to; day = day.AddDays(1))
        {
            if (Same(zone, day, day.AddDays(1))) continue;
            var (before, after) = (day, day.AddDays(1));
            while (after - before > TimeSpan.FromMinutes(1))
            {
                var middle = before + TimeSpan.FromMinutes((int)(after - before).TotalMinutes / 2);
                if (Same(zone, before, middle)) before = middle;
                else after = middle;
            }

            found.Add(new Onset(after, zone.GetUtcOffset(before), zone.GetUtcOffset(after), zone.IsDaylightSavingTime(after)));
        }

        return found;
    }

    private static bool Same(TimeZoneInfo zone, DateTime one, DateTime other) =>
        zone.GetUtcOffset(one) == zone.GetUtcOffset(other) && zone.IsDaylightSavingTime(one) == zone.IsDaylightSavingTime(other);

    private static string Offset(TimeSpan offset) =>
        string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration():hhmm}");
}

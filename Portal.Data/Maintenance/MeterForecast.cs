namespace Portal.Data.Maintenance;

/// <summary>What stood on a meter at a day.</summary>
/// <param name="Replaced">Another counter begins with it.</param>
internal readonly record struct Reading(DateOnly On, decimal Value, bool Replaced = false);

/// <summary>When a meter will have counted so much. Readings are in the order of their days throughout.</summary>
internal static class MeterForecast
{
    /// <summary>The mean is that of so many days before the last reading.</summary>
    public const int Days = 90;

    /// <summary>
    /// The day on which <paramref name="target"/> will be reached if it goes on as in the ninety days before the last reading; the day of
    /// the reading that reached it, where one has. Null where nothing can be said: fewer than two readings, or nothing counted between
    /// them.
    /// </summary>
    /// <param name="readings">Where one says that another counter begins, what was counted before it still counts for the mean.</param>
    /// <param name="target">As the counter that is there now will say it.</param>
    public static DateOnly? Reaches(IReadOnlyList<Reading> readings, decimal target)
    {
        if (readings.Count == 0) return null;
        var last = readings[^1];
        if (last.Value >= target)
        {
            // The first that said so, of the counter that is there now.
            var begins = 0;
            for (var i = 0; i < readings.Count; i++)
            {
                if (readings[i].Replaced) begins = i;
            }

            return readings.Skip(begins).First(r => r.Value >= target).On;
        }

        var since = last.On.AddDays(-Days);
        var (counted, from) = (0m, last.On);
        for (var i = readings.Count - 1; i > 0 && readings[i - 1].On >= since; i--)
        {
            if (!readings[i].Replaced) counted += readings[i].Value - readings[i - 1].Value;
            from = readings[i - 1].On;
        }

        var days = last.On.DayNumber - from.DayNumber;
        if (days == 0 || counted <= 0) return null;

        // Whole: a mean that was rounded would be off by days at the end.
        var left = decimal.Ceiling((target - last.Value) * days / counted);
        return left > DateOnly.MaxValue.DayNumber - last.On.DayNumber ? null : last.On.AddDays((int)left);
    }

    /// <summary>
    /// What stood on it on a day, told by the counter that is there now: the last that was read by then. Null where nothing was.
    /// </summary>
    public static decimal? At(IReadOnlyList<Reading> readings, DateOnly day)
    {
        decimal? at = null;
        for (var i = 0; i < readings.Count; i++)
        {
            if (readings[i].On <= day) at = readings[i].Value;
            else if (readings[i].Replaced && i > 0) at += readings[i].Value - readings[i - 1].Value;
        }

        return at;
    }
}

namespace Portal.Data.Pqrs;

/// <summary>
/// Days in which a deadline is held: from the first to the day before <paramref name="Until"/>; null while it is still held.
/// </summary>
public readonly record struct HeldDays(DateOnly From, DateOnly? Until)
{
    public bool Holds(DateOnly day) => day >= From && (Until is null || day < Until);

    public static implicit operator HeldDays((DateOnly From, DateOnly Until) days) => new(days.From, days.Until);
}

/// <summary>
/// Counts the days of a deadline: business days (no Saturday, Sunday or public holiday) from the day after filing, without those in
/// which it was held (Ley 1755 of 2015, art. 14 and 17).
/// </summary>
public static class BusinessDays
{
    public static bool IsBusinessDay(DateOnly day) =>
        day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !ColombianHolidays.Contains(day);

    public static bool Counts(DateOnly day, IReadOnlyList<HeldDays> held) => IsBusinessDay(day) && !held.Any(h => h.Holds(day));

    /// <summary>The last day to answer: the <paramref name="days"/>th that counts after <paramref name="start"/>.</summary>
    /// <param name="start">The day of filing, which itself does not count.</param>
    /// <param name="held">Ended pauses only: while one lasts nobody can know the day.</param>
    public static DateOnly Deadline(DateOnly start, int days, IReadOnlyList<HeldDays> held)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        if (held.Any(h => h.Until is null)) throw new ArgumentException("Pass only pauses that have ended.", nameof(held));
        var day = start;
        while (days > 0)
        {
            day = day.AddDays(1);
            if (Counts(day, held)) days--;
        }

        return day;
    }

    /// <summary>The day from which the count began, found back from the last day: the one before the first that counts.</summary>
    public static DateOnly Start(DateOnly due, int days, IReadOnlyList<HeldDays> held)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        var ended = held.Where(h => h.Until is not null).ToList();
        var day = due.AddDays(1);
        while (days > 0)
        {
            day = day.AddDays(-1);
            if (Counts(day, ended)) days--;
        }

        return day.AddDays(-1);
    }

    /// <summary>
    /// How many days count after <paramref name="from"/>, up to and with <paramref name="to"/>; 0 where that is not later.
    /// </summary>
    public static int Between(DateOnly from, DateOnly to, IReadOnlyList<HeldDays>? held = null)
    {
        var count = 0;
        for (var day = from.AddDays(1); day <= to; day = day.AddDays(1))
        {
            if (Counts(day, held ?? [])) count++;
        }

        return count;
    }

    /// <summary>
    /// The business days that pauses took out of a count that began at <paramref name="start"/>, up to and with <paramref name="to"/>.
    /// </summary>
    public static int Held(DateOnly start, DateOnly to, IReadOnlyList<HeldDays> held)
    {
        var count = 0;
        for (var day = start.AddDays(1); day <= to; day = day.AddDays(1))
        {
            if (IsBusinessDay(day) && held.Any(h => h.Holds(day))) count++;
        }

        return count;
    }
}

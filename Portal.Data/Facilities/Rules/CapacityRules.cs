namespace Portal.Data.Facilities.Rules;

/// <summary>More people than the facility holds.</summary>
public sealed record TooManyPeople(int People, int Capacity) : Refusal("people")
{
    public static TooManyPeople? Check(BookingAttempt attempt) =>
        attempt.Facility.Capacity is { } capacity && attempt.People > capacity ? new(attempt.People, capacity) : null;
}

/// <summary>A facility for one booking at a time is taken. It never says by whom.</summary>
/// <param name="From">When the booking in the way begins.</param>
/// <param name="To">When it ends.</param>
/// <param name="BufferMinutes">What must lie between two bookings.</param>
public sealed record SlotTaken(DateTime From, DateTime To, int BufferMinutes) : Refusal("taken")
{
    public static SlotTaken? Check(BookingAttempt attempt)
    {
        if (attempt.Facility.Shared) return null;
        var buffer = TimeSpan.FromMinutes(attempt.Facility.BufferMinutes);
        return attempt.Taken.Where(t => t.Start < attempt.End + buffer && attempt.Start < t.End + buffer).MinBy(t => t.Start) is { } taken
            ? new(taken.Start, taken.End, attempt.Facility.BufferMinutes)
            : null;
    }
}

/// <summary>A shared facility has fewer places left than are wanted, at the fullest moment of the wanted time.</summary>
public sealed record NotEnoughRoom(int People, int Left, int Capacity) : Refusal("room")
{
    public static NotEnoughRoom? Check(BookingAttempt attempt) =>
        attempt.Facility is { Shared: true, Capacity: { } capacity }
        && Places.Left(attempt.Facility, attempt.Taken, attempt.Start, attempt.End) is { } left
        && attempt.People > left
        && attempt.People <= capacity
            ? new(attempt.People, left, capacity)
            : null;
}

/// <summary>Others wait for a place at this time that has become free, and are offered it first, in the order in which they came.</summary>
/// <param name="Ahead">How many wait before.</param>
public sealed record OthersWait(int Ahead) : Refusal("waiting")
{
    public static OthersWait? Check(BookingAttempt attempt) =>
        !attempt.ByStaff
        && attempt.Waiting.Count(w => w.Start < attempt.End && attempt.Start < w.End && Free(attempt, w)) is > 0 and var ahead
            ? new(ahead)
            : null;

    /// <summary>What somebody waits for could be given to them now. Who cannot have it yet keeps nobody else from what is free.</summary>
    private static bool Free(BookingAttempt attempt, Waiting wait) =>
        BookingRules.CheckPlace(attempt with { Start = wait.Start, End = wait.End, People = wait.People }).Count == 0;
}

public static class Places
{
    /// <summary>
    /// How many more people fit at the fullest moment between two times; null where it is not shared or holds any number.
    /// </summary>
    public static int? Left(Facility facility, IReadOnlyList<Taken> taken, DateTime start, DateTime end) =>
        facility is { Shared: true, Capacity: { } capacity } ? Math.Max(capacity - Fullest(taken, start, end), 0) : null;

    /// <summary>The most people at once: it can only grow when a booking begins, so those moments are enough.</summary>
    private static int Fullest(IReadOnlyList<Taken> taken, DateTime start, DateTime end)
    {
        var within = taken.Where(t => t.Start < end && start < t.End).ToList();
        return within.Select(t => t.Start > start ? t.Start : start).Distinct()
            .Select(moment => within.Where(t => t.Start <= moment && moment < t.End).Sum(t => t.People))
            .DefaultIfEmpty(0).Max();
    }
}

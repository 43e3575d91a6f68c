using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>A stretch of a day that could be booked.</summary>
/// <param name="Why">Why it cannot; null where it is free.</param>
/// <param name="Left">Places left in a shared facility; null in others.</param>
public sealed record SlotOption(DateTime Start, DateTime End, Refusal? Why, int? Left)
{
    public bool Free => Why is null;
}

/// <summary>One day of the strip: how many of its slots are free.</summary>
public sealed record DayOption(DateOnly Date, int Free, int Slots)
{
    public bool Full => Free == 0;
}

/// <summary>A slot that every rule allows.</summary>
public sealed record FreeSlot(long FacilityId, string Facility, DateTime Start, DateTime End);

/// <summary>What is free, found by asking the rules: there is no second opinion about it.</summary>
public static class Availability
{
    /// <summary>
    /// The slots that begin on a day, for bookings of one length; they may end on the next where the facility stays open. A last remainder
    /// shorter than the least length is
    /// shown with that as its reason.
    /// </summary>
    /// <param name="basis">The facility, the moment and what is taken; its times, people, quota and terms are not looked at.</param>
    public static IReadOnlyList<SlotOption> Day(BookingAttempt basis, DateOnly day, int minutes)
    {
        var facility = basis.Facility;
        var slots = new List<SlotOption>();
        foreach (var opening in Opening.Touching(facility, day))
        {
            var (start, closes) = (opening.Opens, opening.Through(facility));
            for (; start < opening.Closes && start.AddMinutes(minutes) <= closes; start = start.AddMinutes(facility.SlotMinutes))
            {
                if (DateOnly.FromDateTime(start) == day) slots.Add(Option(basis, start, start.AddMinutes(minutes)));
            }

            if (
                start < opening.Closes
                && DateOnly.FromDateTime(start) == day
                && (closes - start).TotalMinutes is var rest
                && rest < facility.MinMinutes
                && minutes == facility.SlotMinutes
            )
            {
                slots.Add(new SlotOption(start, closes, new TooShort((int)rest, facility.MinMinutes), null));
            }
        }

        return slots;
    }

    /// <summary>How full each of some days is.</summary>
    public static IReadOnlyList<DayOption> Days(BookingAttempt basis, DateOnly from, int days, int minutes) =>
    [
        .. Enumerable.Range(0, days).Select(from.AddDays).Select(date =>
        {
            var slots = Day(basis, date, minutes).Where(s => s.Why is not TooShort).ToList();
            return new DayOption(date, slots.Count(s => s.Free), slots.Count);
        }),
    ];

    /// <summary>
    /// The nearest slots that satisfy every rule, at most <paramref name="most"/>: the nearest of the same day, the same hour in another
    /// facility of the
    /// kind, then of each following day the one nearest to the wanted hour.
    /// </summary>
    /// <param name="wanted">What was refused.</param>
    /// <param name="others">The same wish for each other facility of the kind.</param>
    /// <param name="days">How many days after the wanted one to look at.</param>
    public static IReadOnlyList<FreeSlot> Nearest(BookingAttempt wanted, IEnumerable<BookingAttempt> others, int days, int most = 3)
    {
        var minutes = Length(wanted);
        var found = new List<FreeSlot>();
        if (Best(wanted, wanted.Day, minutes) is { } sameDay) found.Add(sameDay);
        found.AddRange(others.Where(other => BookingRules.Check(other with { TermsAccepted = true }).Count == 0)
            .Select(other => new FreeSlot(other.Facility.Id, other.Facility.Name, other.Start, other.End)).Take(most - found.Count));
        for (var day = 1; day <= days && found.Count < most; day++)
        {
            if (Best(wanted, wanted.Day.AddDays(day), minutes) is { } later) found.Add(later);
        }

        return found;
    }

    /// <summary>The wanted length, brought to what the facility allows.</summary>
    private static int Length(BookingAttempt wanted)
    {
        var facility = wanted.Facility;
        var minutes = Math.Clamp((int)(wanted.End - wanted.Start).TotalMinutes, facility.MinMinutes, facility.MaxMinutes);
        return Math.Max(minutes / facility.SlotMinutes, 1) * facility.SlotMinutes;
    }

    private static FreeSlot? Best(BookingAttempt wanted, DateOnly day, int minutes) =>
        Day(wanted, day, minutes)
            .Where(s => s.Free)
            .OrderBy(s => (s.Start.TimeOfDay - wanted.Start.TimeOfDay).Duration())
            .ThenBy(s => s.Start)
            .Where(s =>
                BookingRules
                    .Check(
                        wanted with
                        {
                            Start = s.Start,
                            End = s.End,
                            People = Math.Min(wanted.People, wanted.Facility.Capacity ?? wanted.People),
                            TermsAccepted = true,
                        }
                    )
                    .Count == 0
            )
            .Select(s => new FreeSlot(wanted.Facility.Id, wanted.Facility.Name, s.Start, s.End))
            .FirstOrDefault();

    private static SlotOption Option(BookingAttempt basis, DateTime start, DateTime end)
    {
        var attempt = basis with { Start = start, End = end, People = 1, Used = [], Arrears = null, TermsAccepted = true };
        return new SlotOption(
            start, end, BookingRules.Check(attempt).FirstOrDefault(), Places.Left(basis.Facility, basis.Taken, start, end));
    }
}

namespace Portal.Data.Facilities.Rules;

/// <summary>The facility is being repaired or withdrawn.</summary>
public sealed record NotAvailable(FacilityState State) : Refusal("state")
{
    public static NotAvailable? Check(BookingAttempt attempt) =>
        attempt.Facility.Status is { } state and not FacilityState.Available ? new(state) : null;
}

public sealed record InThePast(DateTime Start, DateTime Now) : Refusal("past")
{
    public static InThePast? Check(BookingAttempt attempt) => attempt.Start < attempt.Now ? new(attempt.Start, attempt.Now) : null;
}

/// <summary>
/// A beginning or an end that the clocks jump over in spring: in the zone of the building there is no such hour on that day. To end as they
/// jump is to end in time.
/// </summary>
public sealed record SkippedHour(DateTime Hour) : Refusal("skipped")
{
    public static SkippedHour? Check(BookingAttempt attempt) =>
        attempt.Zone.IsInvalidTime(attempt.Start) ? new(attempt.Start)
        : attempt.Zone.IsInvalidTime(attempt.End) && attempt.Zone.IsInvalidTime(attempt.End.AddTicks(-1)) ? new(attempt.End)
        : null;
}

/// <param name="NoticeMinutes">How long before its start a booking must be made.</param>
/// <param name="Left">Minutes that were left.</param>
/// <param name="Earliest">The first start that would do now.</param>
public sealed record TooSoon(int NoticeMinutes, int Left, DateTime Earliest) : Refusal("notice")
{
    public static TooSoon? Check(BookingAttempt attempt)
    {
        if (attempt.ByStaff || attempt.Start < attempt.Now) return null;
        var earliest = attempt.Now.AddMinutes(attempt.Facility.MinNoticeMinutes);
        return attempt.Start < earliest
            ? new(attempt.Facility.MinNoticeMinutes, (int)(attempt.Start - attempt.Now).TotalMinutes, earliest)
            : null;
    }
}

/// <param name="AdvanceDays">How many days ahead may be booked.</param>
/// <param name="Ahead">How many days ahead it was.</param>
/// <param name="Last">The last day that may be booked today.</param>
/// <param name="OpensOn">The day on which the wanted one may be booked.</param>
public sealed record TooFar(int AdvanceDays, int Ahead, DateOnly Last, DateOnly OpensOn) : Refusal("advance")
{
    public static TooFar? Check(BookingAttempt attempt)
    {
        if (attempt.ByStaff) return null;
        var most = attempt.Facility.MaxAdvanceDays;
        var today = DateOnly.FromDateTime(attempt.Now);
        var last = today.AddDays(most);
        return attempt.Day > last ? new(most, attempt.Day.DayNumber - today.DayNumber, last, attempt.Day.AddDays(-most)) : null;
    }
}

/// <summary>The time in which a booking may still be changed is over.</summary>
/// <param name="NoticeMinutes">How long before its start it may be changed at the latest.</param>
/// <param name="Until">When that was.</param>
public sealed record ChangedTooLate(int NoticeMinutes, DateTime Until) : Refusal("change")
{
    public static ChangedTooLate? Check(BookingAttempt attempt)
    {
        if (attempt.ByStaff || attempt.MovedFrom is not { } was) return null;
        var until = was.AddMinutes(-attempt.ChangeNoticeMinutes);
        return attempt.Now > until ? new(attempt.ChangeNoticeMinutes, until) : null;
    }
}

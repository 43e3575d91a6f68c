namespace Portal.Data.Facilities.Rules;

/// <summary>The days over which a quota counts: a day, a week from Monday to Sunday, a calendar month.</summary>
/// <param name="To">The first day after it.</param>
public readonly record struct Period(DateOnly From, DateOnly To)
{
    public static Period Of(QuotaPeriod period, DateOnly day) => period switch
    {
        QuotaPeriod.Day => new(day, day.AddDays(1)),
        QuotaPeriod.Week => day.AddDays(1 - Opening.Weekday(day)) is var monday ? new(monday, monday.AddDays(7)) : default,
        _ => new DateOnly(day.Year, day.Month, 1) is var first ? new(first, first.AddMonths(1)) : default,
    };

    public bool Holds(DateTime moment) => DateOnly.FromDateTime(moment) is var day && day >= From && day < To;
}

/// <summary>The apartment has booked the kind as often as it may in the period.</summary>
/// <param name="Quota">How many it may.</param>
/// <param name="Period">In what.</param>
/// <param name="Used">Starts of those it has, in order.</param>
/// <param name="FreeFrom">The first day that counts anew.</param>
public sealed record QuotaUsed(int Quota, QuotaPeriod Period, IReadOnlyList<DateTime> Used, DateOnly FreeFrom) : Refusal("quota")
{
    public static QuotaUsed? Check(BookingAttempt attempt)
    {
        if (attempt.Facility is not { QuotaCount: { } quota, QuotaPeriod: { } kind }) return null;
        var period = Rules.Period.Of(kind, attempt.Day);
        var used = attempt.Used.Where(period.Holds).Order().ToList();
        return used.Count >= quota ? new(quota, kind, used, period.To) : null;
    }
}

/// <summary>The facility has terms, and they were not accepted.</summary>
public sealed record TermsNotAccepted() : Refusal("terms")
{
    public static TermsNotAccepted? Check(BookingAttempt attempt) =>
        attempt.TermsAccepted || string.IsNullOrWhiteSpace(attempt.Facility.Terms) ? null : new();
}

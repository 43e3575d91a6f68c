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

/// <summary>A booking that counts for a quota: of the facility's kind, of the apartment or in the person's name.</summary>
/// <param name="OfApartment">It is the apartment's.</param>
/// <param name="OfPerson">It is in the person's name, for whatever apartment.</param>
public sealed record Used(DateTime Start, bool OfApartment, bool OfPerson);

/// <summary>
/// The apartment, or the person, has booked the kind as often as allowed in the period. A booking counts in the period it begins in.
/// </summary>
/// <param name="Quota">How many there may be.</param>
/// <param name="Period">In what.</param>
/// <param name="Taken">Starts of those there are, in order.</param>
/// <param name="FreeFrom">The first day that counts anew.</param>
/// <param name="Subject">Whose.</param>
public sealed record QuotaUsed(
    int Quota, QuotaPeriod Period, IReadOnlyList<DateTime> Taken, DateOnly FreeFrom,
    QuotaSubject Subject = QuotaSubject.Apartment) : Refusal("quota")
{
    public static IEnumerable<QuotaUsed> Check(BookingAttempt attempt) =>
        from quota in attempt.Facility.Quotas.OrderBy(q => q.Subject).ThenBy(q => q.Period)
        let taken = Counted(attempt, quota).ToList()
        where taken.Count >= quota.Most
        select new QuotaUsed(quota.Most, quota.Period, taken, Rules.Period.Of(quota.Period, attempt.Day).To, quota.Subject);

    /// <summary>What counts for a quota on the attempt's day.</summary>
    internal static IEnumerable<DateTime> Counted(BookingAttempt attempt, FacilityQuota quota)
    {
        var period = Rules.Period.Of(quota.Period, attempt.Day);
        return attempt
            .Used.Where(u => quota.Subject == QuotaSubject.Person ? u.OfPerson : u.OfApartment)
            .Select(u => u.Start)
            .Where(period.Holds)
            .Order();
    }
}

/// <summary>The apartment has as many bookings of the kind ahead of it as it may have at once.</summary>
/// <param name="Next">When the first of them begins: from then on there is room for another.</param>
public sealed record TooManyOpen(int Limit, int Open, DateTime Next) : Refusal("open")
{
    public static TooManyOpen? Check(BookingAttempt attempt)
    {
        if (attempt.Facility.OpenLimit is not { } limit) return null;
        var open = attempt.Used.Where(u => u.OfApartment && u.Start > attempt.Now).Select(u => u.Start).ToList();
        return open.Count >= limit ? new(limit, open.Count, open.Min()) : null;
    }
}

/// <summary>The building does not lend its facilities to who owes it (a setting, off to begin with).</summary>
/// <param name="Owed">What is overdue.</param>
/// <param name="Since">The day the oldest of it was due.</param>
public sealed record InArrears(decimal Owed, DateOnly Since) : Refusal("arrears")
{
    public static InArrears? Check(BookingAttempt attempt) => attempt.Arrears;
}

/// <summary>An apartment holds one place at a time while it makes up its mind.</summary>
public sealed record HoldsAnother(string Facility, DateTime Start, DateTime End) : Refusal("hold")
{
    public static HoldsAnother? Check(BookingAttempt attempt) => attempt.ToHold ? attempt.Holding : null;
}

/// <summary>The facility has terms, and they were not accepted.</summary>
public sealed record TermsNotAccepted() : Refusal("terms")
{
    public static TermsNotAccepted? Check(BookingAttempt attempt) =>
        attempt.TermsAccepted || string.IsNullOrWhiteSpace(attempt.Facility.Terms) ? null : new();
}

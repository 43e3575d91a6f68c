using Portal.Data.Facilities.Rules;

namespace Portal.Data.Facilities;

/// <summary>Bookings that repeat on some weekdays, every week or every few.</summary>
/// <param name="Weekdays">1 Monday to 7 Sunday.</param>
/// <param name="EveryWeeks">1 every week, 2 every other; counted from the week of <paramref name="From"/>.</param>
/// <param name="Minutes">How long each lasts.</param>
public sealed record SeriesInput(
    long FacilityId, DateOnly From, DateOnly Until, IReadOnlyList<int> Weekdays, int EveryWeeks, TimeOnly Start, int Minutes, int People)
{
    /// <summary>More than a year of every day is a mistake.</summary>
    public const int Most = 370;

    public long? ApartmentId { get; init; }

    /// <summary>In whose name; left out: the tenant who lives there, or the owner.</summary>
    public long? OwnerId { get; init; }

    public string? Notes { get; init; }

    /// <summary>Although the apartment owes, where the building does not lend to debtors.</summary>
    public bool DespiteArrears { get; init; }

    /// <summary>The days it falls on, in order.</summary>
    public IEnumerable<DateOnly> Days()
    {
        var monday = Period.Of(QuotaPeriod.Week, From).From;
        for (var day = From; day <= Until; day = day.AddDays(1))
        {
            if (Weekdays.Contains(Opening.Weekday(day)) && (day.DayNumber - monday.DayNumber) / 7 % EveryWeeks == 0) yield return day;
        }
    }

    /// <summary>Everything that is wrong with it by itself.</summary>
    public List<Error> Check(DateOnly today)
    {
        List<Error> wrong = [];
        if (ApartmentId is null) wrong.Add(Error.Required(nameof(ApartmentId)));
        if (Weekdays.Count == 0 || Weekdays.Any(d => d is < 1 or > 7)) wrong.Add(Error.Required(nameof(Weekdays)));
        if (EveryWeeks is < 1 or > 8) wrong.Add(new Error("between", nameof(EveryWeeks), 1, 8));
        if (Minutes is < 5 or > 1440) wrong.Add(new Error("between", nameof(Minutes), 5, 1440));
        if (People < 1) wrong.Add(new Error("booking.people_least", nameof(People), 1));
        if (Notes?.Length > ReservationService.LongestText) wrong.Add(Error.TooLong(nameof(Notes), ReservationService.LongestText));
        if (From < today) wrong.Add(new Error("series.past", nameof(From)));
        if (Until < From) wrong.Add(new Error("series.ends_first", nameof(Until)));
        else if (Until.DayNumber - From.DayNumber > Most) wrong.Add(new Error("series.too_long", nameof(Until)));
        else if (wrong.Count == 0 && !Days().Any()) wrong.Add(new Error("series.empty", nameof(Weekdays)));
        return wrong;
    }
}

/// <summary>One of them before it is made.</summary>
/// <param name="Refusals">What stands against it; empty where it can be made as it is.</param>
/// <param name="Nearest">The nearest time of the same day, or of the days after until the next of the series, that would do; null where
/// there is none.</param>
public sealed record SeriesOccurrence(DateTime Start, DateTime End, IReadOnlyList<Refusal> Refusals, FreeSlot? Nearest)
{
    public bool Free => Refusals.Count == 0;
}

/// <summary>What a series comes to.</summary>
/// <param name="Each">Price and deposit of one.</param>
public sealed record SeriesPlan(IReadOnlyList<SeriesOccurrence> Occurrences, BookingPrice Each);

/// <summary>What is to become of an occurrence that something stands against.</summary>
/// <param name="Start">When it was to begin.</param>
/// <param name="Instead">When it is to begin instead; null leaves it out.</param>
public sealed record SeriesChoice(DateTime Start, DateTime? Instead);

public sealed record SeriesMade(long Id, int Booked, int LeftOut);

/// <summary>A series with what is left of it.</summary>
public sealed record SeriesRow(
    long Id, long FacilityId, string Facility, string Apartment, string Person, DateOnly StartsOn, DateOnly EndsOn,
    IReadOnlyList<int> Weekdays, int EveryWeeks, TimeOnly Start, int Minutes, int People, string? Notes, int Ahead);

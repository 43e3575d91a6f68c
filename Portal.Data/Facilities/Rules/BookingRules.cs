using System.Text.Json.Serialization;

namespace Portal.Data.Facilities.Rules;

/// <summary>Why a booking is refused: the rule, the value found and what would satisfy it, as data. The screen makes the words.</summary>
/// <remarks>The derived types are named for JSON because a page carries what it prerendered into its circuit.</remarks>
/// <param name="Code">Names the words: <c>refusal.quota.rule</c>, <c>.have</c>, <c>.do</c>.</param>
[JsonDerivedType(typeof(NotAvailable), nameof(NotAvailable))]
[JsonDerivedType(typeof(InThePast), nameof(InThePast))]
[JsonDerivedType(typeof(OverMidnight), nameof(OverMidnight))]
[JsonDerivedType(typeof(SkippedHour), nameof(SkippedHour))]
[JsonDerivedType(typeof(ClosedThatDay), nameof(ClosedThatDay))]
[JsonDerivedType(typeof(OutsideHours), nameof(OutsideHours))]
[JsonDerivedType(typeof(OffTheGrid), nameof(OffTheGrid))]
[JsonDerivedType(typeof(TooShort), nameof(TooShort))]
[JsonDerivedType(typeof(TooLong), nameof(TooLong))]
[JsonDerivedType(typeof(BlackedOut), nameof(BlackedOut))]
[JsonDerivedType(typeof(SlotTaken), nameof(SlotTaken))]
[JsonDerivedType(typeof(NotEnoughRoom), nameof(NotEnoughRoom))]
[JsonDerivedType(typeof(TooSoon), nameof(TooSoon))]
[JsonDerivedType(typeof(TooFar), nameof(TooFar))]
[JsonDerivedType(typeof(TooManyPeople), nameof(TooManyPeople))]
[JsonDerivedType(typeof(QuotaUsed), nameof(QuotaUsed))]
[JsonDerivedType(typeof(TermsNotAccepted), nameof(TermsNotAccepted))]
public abstract record Refusal(string Code)
{
    /// <summary>The same as an error of the service, with itself as its only value.</summary>
    public Error ToError() => new("booking." + Code, null, this);
}

/// <summary>A booking that counts: confirmed, pending or completed. It says when, never whose.</summary>
public sealed record Taken(DateTime Start, DateTime End, int People, long Id = 0);

/// <summary>A time in which the facility is closed.</summary>
public sealed record Closure(DateTime Start, DateTime End, string Reason);

/// <summary>What somebody wants to book, with everything the rules look at. All times are the building's wall clock.</summary>
public sealed record BookingAttempt(Facility Facility, DateTime Start, DateTime End, int People)
{
    public required DateTime Now { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Booked by the office: the minimum notice and the maximum advance, which keep residents in turn, do not bind it.</summary>
    public bool ByStaff { get; init; }

    public bool TermsAccepted { get; init; } = true;

    /// <summary>Bookings of the facility around the wanted time.</summary>
    public IReadOnlyList<Taken> Taken { get; init; } = [];

    public IReadOnlyList<Closure> Closures { get; init; } = [];

    /// <summary>Starts of the apartment's bookings of the same kind, over the quota's period or longer.</summary>
    public IReadOnlyList<DateTime> Used { get; init; } = [];

    public DateOnly Day => DateOnly.FromDateTime(Start);
}

/// <summary>All the rules. Every one is asked, so that a person hears everything at once.</summary>
public static class BookingRules
{
    /// <summary>In the order in which they are worth telling.</summary>
    private static readonly Func<BookingAttempt, Refusal?>[] All =
    [
        NotAvailable.Check, InThePast.Check, OverMidnight.Check, SkippedHour.Check,
        ClosedThatDay.Check, OutsideHours.Check, OffTheGrid.Check, TooShort.Check, TooLong.Check,
        BlackedOut.Check, SlotTaken.Check, NotEnoughRoom.Check,
        TooSoon.Check, TooFar.Check, TooManyPeople.Check, QuotaUsed.Check, TermsNotAccepted.Check,
    ];

    public static List<Refusal> Check(BookingAttempt attempt) => [.. All.Select(rule => rule(attempt)).OfType<Refusal>()];
}

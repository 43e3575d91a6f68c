using System.Text.Json.Serialization;

namespace Portal.Data.Facilities.Rules;

/// <summary>Why a booking is refused: the rule, the value found and what would satisfy it, as data. The screen makes the words.</summary>
/// <remarks>The derived types are named for JSON because a page carries what it prerendered into its circuit.</remarks>
/// <param name="Code">Names the words: <c>refusal.quota.rule</c>, <c>.have</c>, <c>.do</c>.</param>
[JsonDerivedType(typeof(NotAvailable), nameof(NotAvailable))]
[JsonDerivedType(typeof(InThePast), nameof(InThePast))]
[JsonDerivedType(typeof(SkippedHour), nameof(SkippedHour))]
[JsonDerivedType(typeof(ClosedThatDay), nameof(ClosedThatDay))]
[JsonDerivedType(typeof(OutsideHours), nameof(OutsideHours))]
[JsonDerivedType(typeof(OffTheGrid), nameof(OffTheGrid))]
[JsonDerivedType(typeof(TooShort), nameof(TooShort))]
[JsonDerivedType(typeof(TooLong), nameof(TooLong))]
[JsonDerivedType(typeof(BlackedOut), nameof(BlackedOut))]
[JsonDerivedType(typeof(SlotTaken), nameof(SlotTaken))]
[JsonDerivedType(typeof(NotEnoughRoom), nameof(NotEnoughRoom))]
[JsonDerivedType(typeof(OthersWait), nameof(OthersWait))]
[JsonDerivedType(typeof(TooSoon), nameof(TooSoon))]
[JsonDerivedType(typeof(TooFar), nameof(TooFar))]
[JsonDerivedType(typeof(ChangedTooLate), nameof(ChangedTooLate))]
[JsonDerivedType(typeof(TooManyPeople), nameof(TooManyPeople))]
[JsonDerivedType(typeof(QuotaUsed), nameof(QuotaUsed))]
[JsonDerivedType(typeof(TooManyOpen), nameof(TooManyOpen))]
[JsonDerivedType(typeof(InArrears), nameof(InArrears))]
[JsonDerivedType(typeof(HoldsAnother), nameof(HoldsAnother))]
[JsonDerivedType(typeof(TermsNotAccepted), nameof(TermsNotAccepted))]
public abstract record Refusal(string Code)
{
    /// <summary>The same as an error of the service, with itself as its only value.</summary>
    public Error ToError() => new("booking." + Code, null, this);
}

/// <summary>A booking that counts: confirmed, pending, held or over. It says when, never whose.</summary>
public sealed record Taken(DateTime Start, DateTime End, int People, long Id = 0);

/// <summary>A time in which the facility is closed.</summary>
public sealed record Closure(DateTime Start, DateTime End, string Reason);

/// <summary>Somebody waits for a place at this time.</summary>
public sealed record Waiting(DateTime Start, DateTime End, int People, long Id = 0);

/// <summary>What somebody wants to book, with everything the rules look at. All times are the building's wall clock.</summary>
public sealed record BookingAttempt(Facility Facility, DateTime Start, DateTime End, int People)
{
    public required DateTime Now { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Booked by the office: what only keeps residents in turn (notice, advance, the waiting list) does not bind it.</summary>
    public bool ByStaff { get; init; }

    public bool TermsAccepted { get; init; } = true;

    /// <summary>The place is to be held, not booked yet.</summary>
    public bool ToHold { get; init; }

    /// <summary>When the booking that is being changed was to begin; null where a new one is made.</summary>
    public DateTime? MovedFrom { get; init; }

    /// <summary>How long before that it may be changed: a rule of the facility it is in, not of the one it moves to.</summary>
    public int ChangeNoticeMinutes { get; init; }

    /// <summary>Bookings of the facility around the wanted time, without the one that is being changed.</summary>
    public IReadOnlyList<Taken> Taken { get; init; } = [];

    public IReadOnlyList<Closure> Closures { get; init; } = [];

    /// <summary>Who waits for a place in the facility and comes before this attempt.</summary>
    public IReadOnlyList<Waiting> Waiting { get; init; } = [];

    /// <summary>Bookings of the same kind that count for quotas, over whole periods, without the one that is being changed.</summary>
    public IReadOnlyList<Used> Used { get; init; } = [];

    /// <summary>What the apartment owes, where the building does not lend to debtors; else null.</summary>
    public InArrears? Arrears { get; init; }

    /// <summary>
    /// The building does not lend to debtors. Only said for a try-out, which tells apart "owes nothing" and "is not asked".
    /// </summary>
    public bool Debtors { get; init; }

    /// <summary>The place that the apartment already holds; null where there is none.</summary>
    public HoldsAnother? Holding { get; init; }

    public DateOnly Day => DateOnly.FromDateTime(Start);
}

/// <summary>One rule: pure, asked for every attempt.</summary>
/// <param name="Code">Its name: the code of its refusals, and of the words about it.</param>
/// <param name="Check">Its refusals of an attempt; none where it is satisfied.</param>
/// <param name="Applies">Whether the facility (or what is attempted) is bound by it at all; only a try-out tells that from being
/// satisfied.</param>
public sealed record BookingRule(string Code, Func<BookingAttempt, IEnumerable<Refusal>> Check, Func<BookingAttempt, bool> Applies);

/// <summary>What one rule said to an attempt.</summary>
/// <param name="Applies">False: the facility has no such rule.</param>
public sealed record Verdict(string Code, IReadOnlyList<Refusal> Refusals, bool Applies = true)
{
    public bool Passed => Refusals.Count == 0;
}

/// <summary>All the rules. Every one is asked, so that a person hears everything at once.</summary>
public static class BookingRules
{
    /// <summary>In the order in which they are worth telling.</summary>
    public static IReadOnlyList<BookingRule> All { get; } =
    [
        One("state", NotAvailable.Check),
        One("past", InThePast.Check),
        One("skipped", SkippedHour.Check, HasSummerTime),
        One("closed_day", ClosedThatDay.Check),
        One("hours", OutsideHours.Check),
        One("grid", OffTheGrid.Check),
        One("short", TooShort.Check),
        One("long", TooLong.Check),
        One("blackout", BlackedOut.Check),
        One("taken", SlotTaken.Check, a => !a.Facility.Shared),
        One("room", NotEnoughRoom.Check, a => a.Facility.Shared),
        One("waiting", OthersWait.Check),
        One("notice", TooSoon.Check, a => a.Facility.MinNoticeMinutes > 0),
        One("advance", TooFar.Check),
        One("change", ChangedTooLate.Check, a => a.MovedFrom is not null),
        One("people", TooManyPeople.Check, a => a.Facility.Capacity is not null),
        new("quota", QuotaUsed.Check, a => a.Facility.Quotas.Count > 0),
        One("open", TooManyOpen.Check, a => a.Facility.OpenLimit is not null),
        One("arrears", InArrears.Check, a => a.Debtors),
        One("hold", HoldsAnother.Check, a => a.ToHold),
        One("terms", TermsNotAccepted.Check, a => !string.IsNullOrWhiteSpace(a.Facility.Terms)),
    ];

    public static List<Refusal> Check(BookingAttempt attempt) => [.. All.SelectMany(rule => rule.Check(attempt))];

    /// <summary>Every rule with what it says, for a try-out.</summary>
    public static List<Verdict> Verdicts(BookingAttempt attempt) =>
        [.. All.Select(rule => new Verdict(rule.Code, [.. rule.Check(attempt)], rule.Applies(attempt)))];

    /// <summary>Only whether the place itself is there: for one that was held, and whose other rules were asked then.</summary>
    public static List<Refusal> CheckPlace(BookingAttempt attempt) =>
        [
            .. new Refusal?[]
            {
                NotAvailable.Check(attempt),
                BlackedOut.Check(attempt),
                SlotTaken.Check(attempt),
                NotEnoughRoom.Check(attempt),
            }.OfType<Refusal>(),
        ];

    /// <summary>
    /// The clocks of the building are changed within a year of the wanted day. That a zone ever did so says nothing: Colombia did in 1992.
    /// </summary>
    private static bool HasSummerTime(BookingAttempt attempt) =>
        Enumerable.Range(0, 12).Any(month => attempt.Zone.IsDaylightSavingTime(attempt.Start.AddMonths(month)));

    private static BookingRule One(string code, Func<BookingAttempt, Refusal?> check, Func<BookingAttempt, bool>? applies = null) =>
        new(code, attempt => check(attempt) is { } refusal ? [refusal] : [], applies ?? (_ => true));
}

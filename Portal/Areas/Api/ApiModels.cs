using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Areas.Api;

/// <summary>One page of a list.</summary>
/// <param name="Items">At most <c>size</c>; none beyond the last page.</param>
/// <param name="Page">From 1.</param>
/// <param name="Total">Of all pages.</param>
public sealed record ApiList<T>(IReadOnlyList<T> Items, int Page, int Size, int Total);

/// <summary>The number of what was made; <c>Location</c> says where it is.</summary>
public sealed record ApiMade(long Id);

/// <param name="Apartments">How many it has.</param>
public sealed record ApiTower(int Id, string Name, int? Floors, int Apartments);

/// <param name="OwnerName">Who answers for it; null where nobody does.</param>
/// <param name="Coefficient">In percent.</param>
/// <param name="Area">In square metres.</param>
/// <param name="MonthlyFee">In whole pesos; null also without <c>payments.view</c>.</param>
public sealed record ApiApartment(
    long Id, int TowerId, string Tower, string Number, int? Floor, OccupancyState State, string? OwnerName, decimal? Coefficient, decimal? Area,
    long? MonthlyFee);

/// <summary>Somebody who owns or lives in an apartment today.</summary>
/// <param name="PersonId">By this number payments and cases name a person.</param>
/// <param name="Main">Answers for the apartment.</param>
public sealed record ApiPerson(long PersonId, string Name, OccupancyKind Kind, DateOnly Since, DateOnly? Until, bool Main);

/// <param name="Period">The month it is for, by its first day.</param>
/// <param name="Amount">In whole pesos, as <paramref name="Owed"/>, what is left of it.</param>
public sealed record ApiCharge(
    long Id, ChargeKind Kind, string Concept, string? Number, DateOnly? Period, DateOnly IssuedOn, DateOnly DueOn, long Amount, long Owed);

/// <summary>What an apartment owes on a day; whole pesos.</summary>
/// <param name="Credit">Paid beyond what was owed.</param>
/// <param name="AwaitingConfirmation">Reported and not confirmed yet.</param>
/// <param name="ToPay">What is left today, interest through today included.</param>
/// <param name="Charges">What is open, in the order in which a payment is applied.</param>
public sealed record ApiAccount(
    long ApartmentId, string Tower, string Number, DateOnly On, long Owed, long Overdue, long Credit, long AwaitingConfirmation, long ToPay,
    IReadOnlyList<ApiCharge> Charges);

/// <summary>One line of a statement; whole pesos.</summary>
/// <param name="Balance">After it; above zero is owed.</param>
public sealed record ApiMovement(
    DateOnly Date, long? PaymentId, long? ChargeId, string? Number, string? Concept, long Charge, long Payment, long Balance);

/// <param name="Opening">The balance before the first line.</param>
public sealed record ApiStatement(long ApartmentId, DateOnly From, DateOnly To, long Opening, long Closing, IReadOnlyList<ApiMovement> Movements);

/// <param name="Receipt">Null until it is confirmed.</param>
/// <param name="At">When it was paid; midnight where the time of day is not known.</param>
/// <param name="Amount">In whole pesos.</param>
public sealed record ApiPayment(
    long Id, string? Receipt, DateTimeOffset At, long? ApartmentId, string? Tower, string? Apartment, string Payer, string? Method,
    string? Reference, PaymentState State, long Amount, DateTimeOffset? ConfirmedAt, string? Note);

/// <summary>What of a payment went to which charge; whole pesos.</summary>
public sealed record ApiApplied(string Concept, DateOnly? Period, DateOnly DueOn, long Owed, long Amount, bool Reversed);

public sealed record ApiPaymentDetail(
    long Id, string? Receipt, string? VerificationCode, PaymentState State, long Amount, DateTimeOffset At, long? ApartmentId, string? Tower,
    string? Apartment, long PayerId, string Payer, string? Method, string? Reference, string? Note, DateTimeOffset? ConfirmedAt,
    string? EndReason, long Credit, IReadOnlyList<ApiApplied> Applied);

/// <param name="PayerId">One of the apartment's people (<c>personId</c>).</param>
/// <param name="Amount">In whole pesos, above zero.</param>
/// <param name="MethodId">One of <c>GET /payment-methods</c>.</param>
/// <param name="Time">By the building's clock; may be left out.</param>
/// <param name="ChargeId">The open charge it is to go to first; left out, the law's order.</param>
public sealed record ApiNewPayment(
    long ApartmentId, long PayerId, long Amount, int? MethodId, DateOnly Date, TimeOnly? Time = null, string? Reference = null,
    string? Note = null, long? ChargeId = null);

public sealed record ApiOption(long Id, string Name);

/// <param name="DueOn">The last day to answer.</param>
public sealed record ApiCase(
    long Id, string Number, string Title, PqrsState State, PqrsKind? Kind, string Category, string Petitioner, long? ApartmentId,
    string? Apartment, DateTimeOffset? FiledAt, DateOnly? DueOn, bool Overdue);

public sealed record ApiCaseEntry(long Id, PqrsEntryKind Kind, PqrsState State, string Author, string? Text, DateTimeOffset? At);

/// <param name="Entries">Its history as the key may see it.</param>
public sealed record ApiCaseDetail(
    long Id, string Number, string Title, PqrsState State, PqrsKind? Kind, string Category, PqrsChannel Channel, string Petitioner,
    long? ApartmentId, string? Apartment, DateTimeOffset? FiledAt, DateOnly? DueOn, string? Assignee, IReadOnlyList<ApiCaseEntry> Entries);

/// <param name="PersonId">Whose case it is; needed with <c>pqrs.handle</c>, and left out where the key files for its own owner.</param>
/// <param name="Channel">How it came to the office; needed with <paramref name="PersonId"/>.</param>
public sealed record ApiNewCase(
    PqrsKind? Kind, int? CategoryId, string? Title, string? Description, long? ApartmentId = null, long? PersonId = null,
    PqrsChannel? Channel = null, PqrsPriority? Priority = null);

/// <param name="Text">What the petitioner is told.</param>
/// <param name="Resolve">It answers the case for good; otherwise the case goes on.</param>
public sealed record ApiAnswer(string? Text, bool Resolve = false);

/// <param name="HourlyRate">In whole pesos, as <paramref name="Deposit"/>.</param>
public sealed record ApiFacility(
    long Id, string Name, string? Kind, FacilityState State, int? Capacity, bool Shared, long HourlyRate, long Deposit, bool ApprovalRequired);

/// <param name="PlacesLeft">Of a shared facility.</param>
public sealed record ApiSlot(DateTimeOffset Start, DateTimeOffset End, bool Free, int? PlacesLeft);

public sealed record ApiDay(DateOnly Date, int FreeSlots, int Slots);

/// <param name="Slots">Of <paramref name="Day"/>.</param>
public sealed record ApiAvailability(long FacilityId, DateOnly Day, IReadOnlyList<ApiDay> Days, IReadOnlyList<ApiSlot> Slots);

public sealed record ApiReservation(
    long Id, string? Number, long FacilityId, string Facility, DateTimeOffset Start, DateTimeOffset End, ReservationState State,
    long? ApartmentId, string? Apartment, string Person, int People, long Price, long Deposit, DateTimeOffset? CancelFreeUntil);

/// <param name="Start">With the difference to UTC, or the building's own time without one.</param>
/// <param name="TermsAccepted">The person has accepted the facility's terms.</param>
/// <param name="PersonId">In whose name; left out: who lives there.</param>
public sealed record ApiNewReservation(
    long FacilityId, string? Start, string? End, int People, long? ApartmentId = null, long? PersonId = null,
    bool TermsAccepted = false, string? Notes = null);

/// <param name="Reason">Needed with <c>reservations.manage</c>.</param>
/// <param name="AgreedCharge">What the person was told that it costs, in whole pesos; refused where it costs more.</param>
public sealed record ApiCancellation(string? Reason = null, long AgreedCharge = 0);

/// <param name="Unit">The apartment they come to.</param>
public sealed record ApiVisit(
    long Id, string Name, VisitorKind Kind, VisitorState State, string Unit, string Host, int People, string? Plate, DateOnly Date,
    DateTimeOffset? Entered, DateTimeOffset? Left);

/// <param name="Plate">Of their car.</param>
/// <param name="From">As <c>start</c> of a reservation.</param>
public sealed record ApiNewVisit(
    VisitorKind Kind, long ApartmentId, string? Name, string? From, string? Until, int People = 1, string? Identification = null,
    string? Plate = null, string? Company = null);

/// <param name="Version">From 1; a correction is one more.</param>
public sealed record ApiNotice(
    long Id, string Title, string Body, bool Urgent, DateTimeOffset PublishAt, DateTimeOffset? ExpiresAt, int Version, bool Corrected);

using Portal.Data.Gate;

namespace Portal.Data.Passes;

/// <summary>A pass for certain weekdays.</summary>
/// <param name="Weekdays">Bit 0 is Monday.</param>
/// <param name="Until">Not after <paramref name="From"/>: of the next day.</param>
/// <param name="LastDay">The last day on which it may begin to open.</param>
/// <param name="Holidays">On public holidays, too.</param>
public sealed record NewRecurring(
    long ApartmentId, string Name, VisitorKind Kind, string? Identification, string? Plate, byte Weekdays, TimeOnly From, TimeOnly Until,
    DateOnly FirstDay, DateOnly LastDay, bool Holidays);

/// <summary>A pass for many.</summary>
/// <param name="Unnamed">How many come without a name: they share one code.</param>
/// <param name="ReservationId">The booked place, whose capacity it then has.</param>
public sealed record NewEvent(
    long ApartmentId, string Title, DateTime From, DateTime Until, IReadOnlyList<GuestLine> Guests, int Unnamed = 0,
    long? ReservationId = null);

/// <summary>A pass for a plate.</summary>
public sealed record NewVehicle(long ApartmentId, string Plate, string? Name, DateTime From, DateTime Until);

/// <summary>A pass for whoever a company sends.</summary>
public sealed record NewDelivery(long ApartmentId, string Company, DateTime From, DateTime Until, bool LeaveAtGate);

/// <summary>A pass that was made.</summary>
/// <param name="VisitId">Of a single one, its announced visit.</param>
/// <param name="Code">Six digits; null for an event of names alone.</param>
/// <param name="Again">It was there already: the second press of one hand.</param>
public sealed record PassMade(long Id, long? VisitId, string? Code, bool Again);

/// <summary>How a pass stands for its host.</summary>
public enum PassState { Coming, Valid, Paused, Used, Denied, Over, Revoked }

/// <summary>One of the person's passes.</summary>
/// <param name="Guests">Names of an event that are still invited.</param>
/// <param name="Entered">Stays begun with it.</param>
/// <param name="Inside">People inside with it now.</param>
/// <param name="Announced">Of a single one: its visit is still expected.</param>
public sealed record PassRow(
    long Id, PassKind Kind, string? Title, VisitorKind VisitorKind, long? ApartmentId, string Unit, int People, string? Plate,
    string? Company, DateTime From, DateTime Until, byte? Weekdays, TimeOnly? FromTime, TimeOnly? UntilTime, bool Holidays, bool Paused,
    DateTime? RevokedAt, int? Capacity, bool LeaveAtGate, string? Code, int Guests, int Entered, int Inside, bool Announced)
{
    /// <summary>How many are invited to an event: by name, and without.</summary>
    public int Invited => Guests + (Kind == PassKind.Event && Code is not null ? People : 0);

    public PassState State(DateTime now) =>
        RevokedAt is not null ? PassState.Revoked
        : Kind is PassKind.Single or PassKind.Delivery && Entered > 0 ? PassState.Used
        : Kind == PassKind.Single && !Announced ? PassState.Denied
        : Until < now ? PassState.Over
        : Paused ? PassState.Paused
        : From > now ? PassState.Coming
        : PassState.Valid;

    /// <summary>It opens, or will.</summary>
    public bool IsLive(DateTime now) => State(now) is PassState.Coming or PassState.Valid or PassState.Paused;
}

/// <summary>A pass with all its host sees of it.</summary>
/// <param name="Token">Of its public page.</param>
/// <param name="Facility">The booked place whose capacity an event has.</param>
/// <param name="Visits">Of a recurring one: how many are left.</param>
public sealed record PassView(PassRow Row, string Token, string? Identification, string? Facility, int Visits);

/// <summary>A guest of an event.</summary>
public sealed record PassGuestRow(long Id, string Name, string? Plate, string Code, string Token, bool Revoked, int Entered, bool Inside);

/// <summary>A stay with a pass. Wall-clock times.</summary>
public sealed record PassStay(long Id, string Name, DateTime Entered, DateTime? Left, int People, string? Plate);

/// <summary>Somebody who came before and may be invited with one press.</summary>
public sealed record KnownVisitor(
    string Name, VisitorKind Kind, int Times, DateOnly Last, string? Plate, string? Identification, int People);

/// <summary>A place that the person has booked, for an event on that day.</summary>
public sealed record PassBooking(long Id, string Facility, DateTime From, DateTime Until, int Capacity);

/// <summary>What anybody who has the address sees: no apartment, host, guest or plate.</summary>
/// <param name="From">Of the window that is open or comes next.</param>
/// <param name="Early">It does not open yet.</param>
public sealed record PublicPass(PassKind Kind, DateTime From, DateTime Until, int People, string Code, string Token, bool Early);

using Portal.Data.Identity;

namespace Portal.Data.Building;

/// <param name="Coefficient">Of its apartments together, in percent.</param>
public sealed record TowerRow(int Id, string Name, string? Description, int? Floors, int Apartments, decimal Coefficient);

public sealed record TowerInput(string? Name, string? Description, int? Floors) : IEdit<TowerInput>
{
    /// <inheritdoc/>
    public TowerInput? Read { get; init; }
}

/// <param name="OwnerAccountId">The account of who answers for it; null where nobody does.</param>
/// <param name="Owners">How many owners it has today.</param>
/// <param name="MonthlyFee">Null also for who may not see money.</param>
public sealed record ApartmentRow(
    long Id, int TowerId, string Tower, string Number, int? Floor, OccupancyState State, long? OwnerAccountId, string? Owner, int Owners,
    decimal? Coefficient, decimal? Area, decimal? MonthlyFee);

/// <summary>The coefficients of the whole building, which add up to 100 % (Ley 675 of 2001, arts. 25 and 26).</summary>
/// <param name="Without">Apartments that have none yet.</param>
public sealed record CoefficientSum(int Apartments, decimal Sum, int Without)
{
    /// <summary>Above zero: too much; below: so much is missing. In percent.</summary>
    public decimal Off => Sum - 100;
}

/// <param name="Coefficient">In percent, above 0 and at most 100, six decimals.</param>
/// <param name="Area">In square metres.</param>
/// <param name="MonthlyFee">In the building's currency.</param>
public sealed record ApartmentInput(
    int? TowerId, string? Number, int? Floor, OccupancyState State, decimal? Coefficient, decimal? Area, decimal? MonthlyFee)
    : IEdit<ApartmentInput>
{
    /// <inheritdoc/>
    public ApartmentInput? Read { get; init; }
}

/// <summary>One person's tie to an apartment.</summary>
/// <param name="Main">They answer for the apartment: the one owner whom <c>apartments.owner_id</c> names.</param>
public sealed record Tie(long Id, long AccountId, string Name, OccupancyKind Kind, DateOnly StartedOn, DateOnly? EndedOn, bool Main)
{
    /// <summary>Their row in <c>owners</c>, by which payments and cases name a person.</summary>
    public long OwnerId { get; init; }

    public bool HoldsOn(DateOnly day) => StartedOn <= day && (EndedOn is null || EndedOn >= day);

    /// <summary>Put right on the day it was made: it never counted.</summary>
    public bool NeverHeld => EndedOn < StartedOn;
}

/// <param name="Ties">Those that hold first, then the newest.</param>
/// <param name="Owed">Open charges; null for who may not see its account.</param>
/// <param name="Overdue">Of these, what fell due before today.</param>
/// <param name="Upcoming">Bookings still to come; null for who may not see them.</param>
/// <param name="OpenCases">PQRS neither resolved nor closed; null for who may not see them.</param>
public sealed record ApartmentDetail(
    long Id, int TowerId, string Tower, string Number, int? Floor, OccupancyState State, decimal? Coefficient, decimal? Area,
    decimal? MonthlyFee, long? OwnerAccountId, IReadOnlyList<Tie> Ties, decimal? Owed, decimal? Overdue, int? Upcoming, int? OpenCases);

/// <summary>Who gets a tie to an apartment: somebody with an account, or somebody for whom one is made.</summary>
/// <param name="AccountId">An existing account; else <paramref name="New"/>.</param>
/// <param name="Since">The first day; null: today.</param>
public sealed record TieInput(OccupancyKind Kind, long? AccountId, NewAccount? New, DateOnly? Since);

/// <param name="Code">The new account's activation code, in clear this once; null where the person had an account.</param>
public sealed record TieMade(long TieId, long AccountId, string Name, IssuedCode? Code);

public sealed record PersonOption(long AccountId, string Name, string? Detail);

using Portal.Data.Parking;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data.People;

/// <summary>What the building keeps with a person, each part for who may see it; null is a part that is not for the reader.</summary>
/// <param name="Payments">The latest that they made, the last first.</param>
/// <param name="Vehicles">The spaces in their name or of an apartment that they are tied to today.</param>
/// <param name="Cases">The latest that they filed, the last first.</param>
public sealed record PersonRecords(
    IReadOnlyList<PersonPayment>? Payments, IReadOnlyList<PersonVehicle>? Vehicles, IReadOnlyList<PersonPet>? Pets,
    IReadOnlyList<PersonCase>? Cases)
{
    public static PersonRecords Nothing { get; } = new(null, null, null, null);
}

/// <param name="PayerId">The row in <c>owners</c> in whose name it was paid.</param>
public sealed record PersonPayment(long Id, long PayerId, string? Receipt, DateOnly Date, decimal Amount, PaymentState State, string? Unit);

public sealed record PersonVehicle(long SpaceId, string Space, string? Plate, ParkingState State, string? Unit);

public sealed record PersonPet(long Id, string Name, string Species, DateOnly? VaccinationExpiresOn);

/// <param name="Overdue">Its deadline has passed unanswered.</param>
public sealed record PersonCase(long Id, string Number, string Title, PqrsState State, bool Overdue);

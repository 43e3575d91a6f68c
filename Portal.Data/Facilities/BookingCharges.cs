using System.Globalization;
using Portal.Data.Billing;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What a booking puts on the apartment's account, and takes from it. Each is called under the lock of the apartment.</summary>
internal static class BookingCharges
{
    // What is printed on receipts and statements is in the language of the building's books.
    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    /// <summary>
    /// Posts price and deposit, each its own, due on the day of the booking or, where it is paid first, today; and pays them from what the
    /// apartment has to its credit.
    /// </summary>
    /// <returns>True where nothing of them is left to pay.</returns>
    public static async Task<bool> PostAsync(
        PortalDb db, Reservation reservation, string facility, bool payFirst, BuildingClock clock, CancellationToken ct)
    {
        var charges = Of(reservation, facility, payFirst, clock.Today).ToList();
        if (reservation.ApartmentId is not { } apartment || charges.Count == 0)
        {
            await db.SaveChangesAsync(ct);
            return true;
        }

        db.Charges.AddRange(charges);
        await db.SaveChangesAsync(ct);
        await ApartmentLedger.UseCreditAsync(db, apartment, clock, ct);
        return charges.TrueForAll(c => c.Status == ChargeState.Paid);
    }

    /// <summary>
    /// Takes a booking's charges off the account. What was paid of the price is the apartment's again: it pays <paramref name="cost"/>, then
    /// what else is owed, and the rest is to its credit; of the deposit it waits to be given back (<see cref="DepositDesk"/>). Receipts stay
    /// as they are.
    /// </summary>
    /// <param name="cost">What the cancellation costs.</param>
    public static async Task CancelAsync(
        PortalDb db, Reservation reservation, string facility, decimal cost, BuildingClock clock, CancellationToken ct)
    {
        var today = clock.Today;
        var charges = await BookingLocks.ChargesAsync(db, reservation.Id, ct);
        // A deposit that was paid is the resident's money in the building's hands: it waits to be given back, and pays nothing unasked.
        var deposits = charges.Where(c => c is { Kind: ChargeKind.Deposit, Paid: > 0, Status: not ChargeState.Cancelled }).ToList();
        foreach (var deposit in deposits.Where(c => c.Left > 0))
            db.ChargeAdjustments.Add(deposit.Adjust(AdjustmentKind.Correction, -deposit.Left, today, "Reserva cancelada"));
        var freed = await ApartmentLedger.WithdrawAsync(db, [.. charges.Except(deposits)], ct);
        if (cost > 0)
            db.Charges.Add(
                Charge(
                    reservation, ChargeKind.Booking, $"Cancelación tardía {facility}, {Day(reservation)}", Times(reservation), "-C", cost,
                    today, today)
            );
        if (reservation.ApartmentId is not { } apartment || (!freed && cost == 0)) return;
        await db.SaveChangesAsync(ct);
        await ApartmentLedger.UseCreditAsync(db, apartment, clock, ct);
    }

    private static IEnumerable<Charge> Of(Reservation reservation, string facility, bool payFirst, DateOnly today)
    {
        var due =
            payFirst || DateOnly.FromDateTime(reservation.StartDate) is var day && day < today
                ? today
                : DateOnly.FromDateTime(reservation.StartDate);

        // A booking that was changed has new charges; the number tells the change.
        var change = reservation.Changes > 0 ? "-" + (reservation.Changes + 1).ToString(CultureInfo.InvariantCulture) : "";
        if (reservation.TotalCost is > 0 and var price)
        {
            yield return Charge(
                reservation, ChargeKind.Booking, $"Reserva {facility}, {Day(reservation)}", Times(reservation), change, price, today, due);
        }

        if (reservation.Deposit > 0)
        {
            yield return Charge(
                reservation, ChargeKind.Deposit, $"Depósito {facility}, {Day(reservation)}", "Se devuelve después del uso", change + "-D",
                reservation.Deposit, today, due);
        }
    }

    private static Charge Charge(
        Reservation reservation, ChargeKind kind, string concept, string detail, string suffix, decimal amount, DateOnly today,
        DateOnly due) =>
        new()
        {
            ApartmentId = reservation.ApartmentId!.Value,
            OwnerId = reservation.OwnerId,
            Kind = kind,
            Concept = concept,
            Detail = detail,
            Number = reservation.Number + suffix,
            Amount = amount,
            IssuedOn = today,
            DueOn = due,
            Reservation = reservation,
        };

    private static string Day(Reservation reservation) => reservation.StartDate.ToString("d MMM yyyy", Books);

    private static string Times(Reservation reservation) =>
        string.Create(CultureInfo.InvariantCulture, $"{reservation.Number}, {reservation.StartDate:HH:mm} a {reservation.EndDate:HH:mm}");
}

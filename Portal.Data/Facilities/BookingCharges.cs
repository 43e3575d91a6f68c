using System.Globalization;
using Portal.Data.Payments;

namespace Portal.Data.Facilities;

/// <summary>What a booking puts on the apartment's account, and takes from it.</summary>
internal static class BookingCharges
{
    // What is printed on receipts and statements is in the language of the building's books.
    private static readonly CultureInfo Books = CultureInfo.GetCultureInfo("es");

    /// <summary>The price and the deposit, each its own, due on the day of the booking.</summary>
    public static IEnumerable<Charge> Of(Reservation reservation, Facility facility, DateOnly today)
    {
        if (reservation.TotalCost is > 0 and var price)
        {
            yield return Charge(reservation, ChargeKind.Booking, $"Reserva {facility.Name}, {reservation.StartDate.ToString("d MMM yyyy", Books)}", Times(reservation), "", price, today);
        }

        if (reservation.Deposit > 0)
        {
            yield return Charge(reservation, ChargeKind.Deposit, $"Depósito {facility.Name}, {reservation.StartDate.ToString("d MMM yyyy", Books)}", "Se devuelve después del uso", "-D", reservation.Deposit, today);
        }
    }

    /// <summary>
    /// Takes back what is not paid of the booking's charges and, for a late cancellation, posts what it costs beyond what was paid.
    /// What was paid stays with its receipt; giving it back is a payment the office makes.
    /// </summary>
    public static Charge? Cancel(Reservation reservation, string facility, IReadOnlyList<Charge> charges, decimal cost, DateOnly today)
    {
        foreach (var charge in charges.Where(c => c.Status == ChargeState.Open))
        {
            if (charge.Paid == 0)
            {
                charge.Status = ChargeState.Cancelled;
            }
            else
            {
                charge.Amount = charge.Paid;
                charge.Status = ChargeState.Paid;
            }
        }

        var owed = cost - charges.Where(c => c.Kind == ChargeKind.Booking && c.Status == ChargeState.Paid).Sum(c => c.Paid);
        return owed > 0 ? Charge(reservation, ChargeKind.Booking, $"Cancelación tardía {facility}, {reservation.StartDate.ToString("d MMM yyyy", Books)}", Times(reservation), "-C", owed, today) : null;
    }

    private static Charge Charge(Reservation reservation, ChargeKind kind, string concept, string detail, string suffix, decimal amount, DateOnly today) => new()
    {
        ApartmentId = reservation.ApartmentId!.Value,
        OwnerId = reservation.OwnerId,
        Kind = kind,
        Concept = concept,
        Detail = detail,
        Number = reservation.Number + suffix,
        Amount = amount,
        IssuedOn = today,
        DueOn = DateOnly.FromDateTime(reservation.StartDate) is var day && day > today ? day : today,
        Reservation = reservation,
    };

    private static string Times(Reservation reservation) =>
        string.Create(CultureInfo.InvariantCulture, $"{reservation.Number}, {reservation.StartDate:HH:mm} a {reservation.EndDate:HH:mm}");
}

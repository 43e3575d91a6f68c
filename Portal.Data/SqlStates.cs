using System.Globalization;
using Portal.Data.Facilities;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Data;

/// <summary>
/// States as the statements that are written by hand speak of them: their numbers, with commas, for <c>IN (...)</c>. What a set means is
/// said here once.
/// </summary>
internal static class SqlStates
{
    /// <summary>Somebody still has to answer.</summary>
    public static readonly string ActiveCases = In(PqrsState.Open, PqrsState.InProgress, PqrsState.WaitingForPetitioner);

    /// <summary>Active, and the deadline runs.</summary>
    public static readonly string RunningCases = In(PqrsState.Open, PqrsState.InProgress);

    /// <summary>They wait for the office.</summary>
    public static readonly string WaitingPayments = In(PaymentState.Pending);

    /// <summary>Bookings whose place is used, or will be.</summary>
    public static readonly string UsedBookings = In(ReservationState.Confirmed, ReservationState.Completed);

    /// <summary>Bookings that had their place, whether or not anybody came.</summary>
    public static readonly string KeptBookings = In(ReservationState.Confirmed, ReservationState.Completed, ReservationState.NoShow);

    /// <summary>Bookings that are yet to come to something, without those only held.</summary>
    public static readonly string ComingBookings = In(ReservationState.Confirmed, ReservationState.Pending);

    /// <summary>Bookings as the board of a day shows them.</summary>
    public static readonly string ShownBookings = In(ReservationState.Confirmed, ReservationState.Pending, ReservationState.Completed);

    public static readonly string CancelledBookings = In(ReservationState.Cancelled);

    public static readonly string NoShows = In(ReservationState.NoShow);

    private static string In<TState>(params TState[] states) where TState : struct, Enum =>
        string.Join(", ", states.Select(state => Convert.ToInt32(state, CultureInfo.InvariantCulture)));
}

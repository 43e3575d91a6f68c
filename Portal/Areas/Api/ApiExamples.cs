using Portal.Data.Building;
using Portal.Data.Facilities;
using Portal.Data.Gate;
using Portal.Data.Payments;
using Portal.Data.Pqrs;

namespace Portal.Areas.Api;

/// <summary>What answers and requests look like, for the document. Nobody in it is real.</summary>
internal static class ApiExamples
{
    private static readonly DateOnly Day = new(2026, 11, 28), Month = new(2026, 11, 1);

    public static ApiTower Tower { get; } = new(1, "Torre A", 12, 48);

    public static ApiApartment Apartment { get; } = new(101, 1, "Torre A", "101", 1, OccupancyState.Occupied, "Ana Ruiz", 2.083333m, 84.5m, 480_000);

    public static ApiPerson Person { get; } = new(22, "Ana Ruiz", OccupancyKind.Owner, new DateOnly(2021, 3, 1), null, true);

    public static ApiAccount Account { get; } = new(
        101, "Torre A", "101", Day, 480_000, 480_000, 0, 0, 486_240,
        [new(5120, ChargeKind.Fee, "Administración de noviembre de 2026", "FA-2026-000512", Month, Month, new DateOnly(2026, 11, 10), 480_000, 480_000)]);

    public static ApiStatement Statement { get; } = new(
        101, Month, Day, 0, 480_000, [new(Month, null, 5120, "FA-2026-000512", "Administración de noviembre de 2026", 480_000, 0, 480_000)]);

    public static ApiPayment Payment { get; } = new(
        881, "RC-2026-001284", At(9, 30), 101, "Torre A", "101", "Ana Ruiz", "Transferencia", "TR-55102", PaymentState.Paid, 480_000, At(9, 31), null);

    public static ApiPaymentDetail PaymentDetail { get; } = new(
        881, "RC-2026-001284", "K7QF-2M9X", PaymentState.Paid, 480_000, At(9, 30), 101, "Torre A", "101", 22, "Ana Ruiz", "Transferencia",
        "TR-55102", null, At(9, 31), null, 0, [new("Administración de noviembre de 2026", Month, new DateOnly(2026, 11, 10), 480_000, 480_000, false)]);

    public static ApiNewPayment NewPayment { get; } = new(101, 22, 480_000, 2, Day, new TimeOnly(9, 30), "TR-55102");

    public static ApiCase Case { get; } = new(
        40, "PQRS-2026-000123", "Ruido en la noche", PqrsState.Open, PqrsKind.Complaint, "Convivencia", "Ana Ruiz", 101, "Torre A 101", At(8, 0),
        new DateOnly(2026, 12, 18), false);

    public static ApiCaseDetail CaseDetail { get; } = new(
        40, "PQRS-2026-000123", "Ruido en la noche", PqrsState.Open, PqrsKind.Complaint, "Convivencia", PqrsChannel.Telephone, "Ana Ruiz", 101,
        "Torre A 101", At(8, 0), new DateOnly(2026, 12, 18), null,
        [new(77, PqrsEntryKind.Filed, PqrsState.Open, "Ana Ruiz", "Desde el viernes hay música hasta las 3.", At(8, 0))]);

    public static ApiNewCase NewCase { get; } = new(
        PqrsKind.Complaint, 1, "Ruido en la noche", "Desde el viernes hay música hasta las 3.", 101, 22, PqrsChannel.Telephone, PqrsPriority.Medium);

    public static ApiAnswer Answer { get; } = new("Hablamos con el apartamento y pusimos una nota en la bitácora.", true);

    public static ApiFacility Facility { get; } = new(3, "Salón social", "Salón", FacilityState.Available, 60, false, 40_000, 200_000, false);

    public static ApiAvailability Availability { get; } = new(3, Day, [new(Day, 5, 8)], [new(At(14, 0), At(16, 0), true, null)]);

    public static ApiReservation Reservation { get; } = new(
        731, "R-2026-000731", 3, "Salón social", At(14, 0), At(18, 0), ReservationState.Confirmed, 101, "Torre A 101", "Ana Ruiz", 30, 160_000, 200_000,
        At(14, 0).AddDays(-2));

    public static ApiNewReservation NewReservation { get; } = new(3, "2026-11-28T14:00:00-05:00", "2026-11-28T18:00:00-05:00", 30, 101, null, true);

    public static ApiCancellation Cancellation { get; } = new("Se mudó la fecha.");

    public static ApiVisit Visit { get; } = new(
        9001, "Pedro Gómez", VisitorKind.Guest, VisitorState.Inside, "Torre A 101", "Ana Ruiz", 2, "ABC123", Day, At(19, 5), null);

    public static ApiNewVisit NewVisit { get; } = new(
        VisitorKind.Guest, 101, "Pedro Gómez", "2026-11-28T19:00:00-05:00", "2026-11-28T23:00:00-05:00", 2, null, "ABC123");

    public static ApiNotice Notice { get; } = new(12, "Corte de agua", "El jueves de 8 a 12.", true, At(7, 0), At(12, 0).AddDays(3), 1, false);

    private static DateTimeOffset At(int hour, int minute) => new(Day.ToDateTime(new TimeOnly(hour, minute)), TimeSpan.FromHours(-5));
}

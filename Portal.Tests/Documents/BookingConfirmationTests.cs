using Portal.Data.Facilities;
using Portal.Documents;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class BookingConfirmationTests
{
    private static readonly BookingConfirmation Booking = new(
        731,
        "R-2026-000731",
        "7F3K-92QD",
        "BBQ 2",
        new(2026, 11, 28, 18, 0, 0),
        new(2026, 11, 28, 22, 0, 0),
        ReservationState.Confirmed,
        "Andrea Ruiz Salcedo",
        "B",
        "1204",
        12,
        100_000m,
        150_000m,
        new(2026, 11, 27, 18, 0, 0),
        50_000m,
        "La zona se entrega limpia.\nNo se permite música después de las 22:00.",
        "Cumpleaños de Sofía",
        new(2026, 11, 20, 10, 24, 0),
        null,
        null,
        null,
        false,
        [
            new("Reserva BBQ 2, 28 nov 2026", "R-2026-000731", 100_000m, 60_000m),
            new("Depósito BBQ 2, 28 nov 2026", "R-2026-000731-D", 150_000m, 0m),
        ]
    );

    private static byte[] Render(BookingConfirmation booking, bool english = false, DateTime? printed = null) =>
        BookingConfirmationDocument.Render(
            new(
                Samples.Building, booking.Number ?? "R-7", booking, Samples.Verification,
                printed is { } at ? Stamp with { GeneratedAt = at } : Stamp),
            english ? En : Es
        );

    private static string Text(BookingConfirmation booking, bool english = false, DateTime? printed = null) =>
        Pdf.Text(Render(booking, english, printed));

    [Fact]
    public void A_confirmation_fits_on_one_page_and_says_everything_in_both_languages()
    {
        var text = Assert.Single(Pdf.Pages(Render(Booking)));

        foreach (
            var expected in (string[])
                [
                    "Confirmación de reserva",
                    "R-2026-000731",
                    "Reservada el 20 nov 2026, 10:24",
                    "Reservado para Andrea Ruiz Salcedo",
                    "BBQ 2",
                    "Sábado 28 de noviembre de 2026, de 18:00 a 22:00",
                    "Confirmada",
                    "Torre B, apartamento 1204",
                    "12",
                    "Duración",
                    "Cumpleaños de Sofía",
                    "Valor y pagos",
                    "$ 100.000",
                    "$ 60.000",
                    "$ 40.000",
                    "$ 150.000",
                    "$ 190.000",
                    "Sin costo hasta el 27 de noviembre de 2026, 18:00",
                    "Después se cobra $ 50.000",
                    "Condiciones de uso",
                    "No se permite música después de las 22:00.",
                    "En la portería",
                    "7F3K-92QD",
                    "portal.miradordelnogal.example/v",
                    "página 1 de 1",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        var english = Text(Booking, english: true);
        foreach (
            var expected in (string[])
                [
                    "Booking confirmation",
                    "Saturday 28 November 2026, 18:00 to 22:00",
                    "Tower B, apartment 1204",
                    "Free until",
                    "Terms of use",
                    "At the gate",
                ]
        )
            Assert.Contains(expected, english, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_over_midnight_name_both_days_and_midnight_itself_is_24()
    {
        Assert.Contains(
            "Sábado 28 de noviembre de 2026 a las 20:00, hasta el domingo 29 de noviembre de 2026 a las 02:00",
            Flat(Booking with { Start = new(2026, 11, 28, 20, 0, 0), End = new(2026, 11, 29, 2, 0, 0) }), StringComparison.Ordinal);
        Assert.Contains(
            "de 20:00 a 24:00", Flat(Booking with { Start = new(2026, 11, 28, 20, 0, 0), End = new(2026, 11, 29) }),
            StringComparison.Ordinal);
        Assert.Contains(
            "29 de febrero de 2028", Flat(Booking with { Start = new(2028, 2, 29, 20, 0, 0), End = new(2028, 2, 29, 22, 0, 0) }),
            StringComparison.Ordinal);

        static string Flat(BookingConfirmation booking) =>
            string.Join(' ', Text(booking).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void A_cancelled_one_says_so_and_asks_for_no_money()
    {
        var text = Text(
            Booking with
            {
                State = ReservationState.Cancelled,
                Ended = new(2026, 11, 21, 9, 0, 0),
                EndReason = "Mantenimiento del gas",
                Charges = [],
            }
        );

        foreach (
            var expected in (string[])["Cancelada el 21 de noviembre de 2026, 09:00", "Motivo: Mantenimiento del gas", "ya no da derecho"]
        )
            Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Valor y pagos", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Si necesita cancelarla", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReservationState.Pending, "Por aprobar", "aún no da derecho")]
    [InlineData(ReservationState.Held, "Apartada hasta las 10:45", "aún no da derecho")]
    [InlineData(ReservationState.Expired, "Vencida", "ya no da derecho")]
    public void What_gives_no_right_says_why(ReservationState state, string chip, string effect)
    {
        var text = Text(Booking with { State = state, HeldUntil = new(2026, 11, 20, 10, 45, 0), Charges = [] });

        Assert.Contains(chip, text, StringComparison.Ordinal);
        Assert.Contains(effect, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cancelling_costs_is_told_as_it_stands_on_the_day_of_printing()
    {
        Assert.Contains("cancelarla ahora cuesta $ 50.000", Text(Booking, printed: new(2026, 11, 28, 8, 0, 0)), StringComparison.Ordinal);
        Assert.Contains("después tampoco se cobra", Text(Booking with { CancelCharge = 0 }), StringComparison.Ordinal);
        Assert.Contains("Cancelar no cuesta", Text(Booking with { CancelFreeUntil = null }), StringComparison.Ordinal);
        Assert.Contains("no cuesta nada", Text(Booking with { Price = 0, Deposit = 0, Charges = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_booking_warns_of_earlier_papers() =>
        Assert.Contains("Un papel anterior", Text(Booking with { Moved = true }), StringComparison.Ordinal);

    [Fact]
    public void Long_terms_go_over_as_many_pages_as_they_take_and_lose_nothing()
    {
        var pages = Pdf.Pages(
            Render(
                Booking with
                {
                    Terms = string.Join('\n', Enumerable.Range(1, 150).Select(n => $"Regla {n}: los equipos se dejan como estaban, ¿sí?")),
                }
            )
        );

        Assert.True(pages.Length > 2);
        Assert.All(Enumerable.Range(1, 150), n => Assert.Single(pages, page => page.Contains($"Regla {n}:", StringComparison.Ordinal)));
        Assert.Contains($"página {pages.Length} de {pages.Length}", pages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_older_system_left_is_printed_too()
    {
        var text = Text(
            Booking with
            {
                Number = null,
                Tower = null,
                Apartment = null,
                Made = null,
                Terms = null,
                Notes = null,
                Charges = [],
                Price = 0,
                Deposit = 0,
            }
        );

        Assert.Contains("R-7", text, StringComparison.Ordinal);
        Assert.Contains("BBQ 2", text, StringComparison.Ordinal);
    }
}

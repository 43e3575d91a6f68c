using Bunit;
using Portal.Areas.Facilities;
using Portal.Data.Facilities;
using Portal.Tests.Components;
using Xunit;

namespace Portal.Tests.Facilities;

/// <summary>What the rules amount to, in sentences.</summary>
public abstract class FacilitySummaryTests(string language) : PartsContext(language)
{
    private static readonly FacilityInput Full = new()
    {
        Name = "BBQ 2",
        Kind = "BBQ",
        Capacity = 12,
        SlotMinutes = 60,
        MinMinutes = 60,
        MaxMinutes = 240,
        BufferMinutes = 30,
        MinNoticeMinutes = 120,
        MaxAdvanceDays = 60,
        HourlyRate = 25_000,
        Deposit = 150_000,
        CancelNoticeMinutes = 1440,
        CancelChargePercent = 50,
        ChangeNoticeMinutes = 2880,
        OpenLimit = 2,
        PayFirst = true,
        CheckIn = true,
        Terms = "Se entrega limpio.",
        Quotas = [new(QuotaSubject.Person, QuotaPeriod.Week, 1), new(QuotaSubject.Apartment, QuotaPeriod.Month, 2)],
        Hours =
        [
            .. Enumerable.Range(1, 4).Select(day => new HoursInput(day, new(8, 0), new(22, 0))),
            new(5, new(8, 0), new(12, 0)),
            new(5, new(18, 0), new(0, 0)),
            new(6, new(20, 0), new(2, 0)),
            new(7, new(0, 0), new(0, 0)),
        ],
    };

    private protected string[] Lines(Func<FacilityInput, FacilityInput>? change = null, params string[] alike) =>
        [
            .. Render<FacilitySummary>(p =>
                    p.Add(s => s.Rules, (change ?? (rules => rules))(Full)).Add(s => s.Alike, alike).Add(s => s.HoldMinutes, 20)
                )
                .FindAll("li")
                .Select(li => li.TextContent.Replace('\u00a0', ' ')),
        ];

    public sealed class InSpanish() : FacilitySummaryTests("es")
    {
        [Fact]
        public void Every_rule_is_a_sentence() =>
            Assert.Equal(
                [
                    "Abre de lunes a jueves de 08:00 a 22:00; viernes de 08:00 a 12:00 y de 18:00 a 24:00; sábado de 20:00 a 02:00 del domingo; domingo las 24 horas.",
                    "Una reserva a la vez, hasta 12 personas.",
                    "Se reserva por turnos de 1 hora, entre 1 hora y 4 horas.",
                    "Deja 30 minutos libres entre reservas.",
                    "Se reserva hasta 60 días antes y con al menos 2 horas de anticipación.",
                    "Queda apartada 20 minutos; si no se paga en ese tiempo, el turno se libera.",
                    "Cada persona puede tener 1 a la semana.",
                    "Cada apartamento puede tener 2 al mes.",
                    "Cada apartamento puede tener 2 por venir a la vez.",
                    "Los cupos cuentan en total entre BBQ 1, BBQ 2 y BBQ 3.",
                    "Cuesta $ 25.000 la hora.",
                    "Pide $ 150.000 de depósito.",
                    "Se puede cambiar hasta 2 días antes.",
                    "Se cancela sin costo hasta 24 horas antes; después se cobra el 50 %.",
                    "Pide aceptar las reglas antes de reservar.",
                    "Se registra la llegada; quien no llega queda con inasistencia.",
                ],
                Lines(null, "BBQ 3", "BBQ 1")
            );

        [Fact]
        public void What_it_does_not_ask_is_said_too()
        {
            var lines = Lines(r => new FacilityInput
            {
                Name = r.Name,
                State = FacilityState.Maintenance,
                MaxAdvanceDays = 0,
                Hours = [.. Enumerable.Range(1, 7).Select(day => new HoursInput(day, new(20, 0), new(2, 0)))],
            });
            Assert.Equal(
                [
                    "Nadie puede reservarla ahora: En mantenimiento.",
                    "Abre todos los días de 20:00 a 02:00 del día siguiente.",
                    "Una reserva a la vez.",
                    "Se reserva por turnos de 1 hora, entre 1 hora y 4 horas.",
                    "Se reserva solo para el mismo día y hasta que empiece.",
                    "Queda confirmada al reservarla.",
                    "Cada quien reserva cuantas veces quiera.",
                    "No cuesta.",
                    "Se puede cambiar hasta que empiece.",
                    "Se cancela sin costo hasta que empiece.",
                ],
                lines
            );
        }
    }

    public sealed class InEnglish() : FacilitySummaryTests("en")
    {
        [Fact]
        public void Every_rule_is_a_sentence()
        {
            var lines = Lines(null, "BBQ 1");
            Assert.Equal(
                "It opens Monday to Thursday from 08:00 to 22:00; Friday from 08:00 to 12:00 and from 18:00 to 24:00; Saturday from 20:00 to 02:00 on Sunday; Sunday all day and night.",
                lines[0]
            );
            Assert.Contains("Quotas count BBQ 1 and BBQ 2 together.", lines);
            Assert.Contains("It can be changed until 2 days before.", lines);
            Assert.Contains("It is held for 20 minutes; if it is not paid by then, the slot is given up.", lines);
            Assert.Equal(16, lines.Length);
        }
    }
}

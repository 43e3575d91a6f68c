using System.Globalization;
using Portal.Documents;
using Portal.Documents.Layout;

namespace Portal.Tests.Documents;

/// <summary>The story of the mock-ups as documents: Mirador del Nogal, Friday 20 November 2026, Andrea Ruiz, Torre B 1204.</summary>
internal static class Samples
{
    public static readonly CultureInfo Es = CultureInfo.GetCultureInfo("es-CO");
    public static readonly CultureInfo En = CultureInfo.GetCultureInfo("en");

    public static readonly BuildingHeader Building = new("Conjunto Residencial Mirador del Nogal P. H.", "900.482.617-3",
        "Carrera 9 n.º 78-40, Bogotá D. C.", "administracion@miradordelnogal.example", "601 555 0148");

    public static readonly Verification Verification = new(
        "https://portal.miradordelnogal.example/v?c=7F3K-92QD", "portal.miradordelnogal.example/v", "7F3K-92QD");

    public static readonly DocumentStamp Stamp = new(new(2026, 11, 20, 10, 31, 0), "Bogotá", PaperSize.Letter);

    public static ReceiptModel Receipt(int extraLines = 0) =>
        new(
            Building,
            "RC-2026-001284",
            new(2026, 11, 20, 10, 31, 0),
            "Andrea Ruiz Salcedo",
            "C. C. 52.•••.318",
            "Torre B, apartamento 1204",
            1_100_000m + extraLines * 1_000m,
            new(2026, 11, 20, 9, 52, 0),
            "PSE, Bancolombia",
            "8841 2207",
            "Carolina Mejía, administradora",
            "Primero los intereses, luego el cobro más antiguo (reglamento, artículo 41).",
            [
                new("Intereses de mora, octubre", "$ 510.000 · 16 días (16 al 31 oct) · 1,98 % mensual", 5_386m, 5_386m),
                new("Intereses de mora, noviembre", "$ 510.000 · 20 días (1 al 20 nov) · 1,95 % mensual", 6_630m, 6_630m),
                new("Administración de octubre de 2026", "Cobro A-2026-10-1204 · venció el 15 oct", 510_000m, 510_000m),
                new("Administración de noviembre de 2026", "Cobro A-2026-11-1204 · vence el 30 nov", 510_000m, 510_000m),
                new("Reserva BBQ 1, 14 de noviembre", "Reserva R-2026-000731 · abono parcial", 100_000m, 67_984m),
                .. Enumerable
                    .Range(1, extraLines)
                    .Select(n => new ReceiptLine($"Multa número {n}", $"Acta {n} del consejo", 1_000m, 1_000m)),
            ],
            null,
            Verification,
            Stamp,
            "Torre B 1204"
        );

    public static StatementModel Statement(int extraLines = 0) =>
        new(
            Building,
            "Torre B 1204",
            "Andrea Ruiz Salcedo",
            new(2026, 10, 1),
            new(2026, 11, 20),
            0m,
            [
                new(new(2026, 10, 1), "Administración de octubre de 2026", "Cobro A-2026-10-1204", 510_000m, 0m),
                new(new(2026, 10, 31), "Intereses de mora, octubre", "$ 510.000 · 16 días · 1,98 % mensual", 5_386m, 0m),
                new(new(2026, 11, 1), "Administración de noviembre de 2026", "Cobro A-2026-11-1204", 510_000m, 0m),
                .. Enumerable
                    .Range(1, extraLines)
                    .Select(n => new StatementLine(new(2026, 11, 5), $"Parqueadero de visitantes {n}", null, 1_000m, 0m)),
                new(new(2026, 11, 14), "Reserva BBQ 1", "Reserva R-2026-000731", 100_000m, 0m),
                new(new(2026, 11, 20), "Intereses de mora, noviembre", "$ 510.000 · 20 días · 1,95 % mensual", 6_630m, 0m),
                new(new(2026, 11, 20), "Pago, PSE", "Recibo RC-2026-001284", 0m, 1_100_000m),
            ],
            [new("Reserva BBQ 1", "Reserva R-2026-000731 · abono parcial", new(2026, 11, 14), 6, 32_016m)],
            Verification,
            Stamp
        );

    public static readonly PqrsCase Case = new(
        "PQRS-2026-000123",
        "Filtración de agua en el techo del baño",
        "Andrea Ruiz",
        "propietaria",
        "Torre B 1204",
        "Petición",
        "Humedades",
        "Web",
        new(2026, 10, 28, 19, 42, 0),
        """
        Desde el lunes hay una mancha de humedad en el techo del baño principal. Hoy ya gotea sobre el lavamanos cuando usan la ducha de arriba.

        Pido que revisen la acometida y el desagüe del apartamento 1304, y que me digan quién repara el techo y cuándo.
        """, ["techo-bano-1.jpg", "techo-bano-2.jpg"]);

    public static PqrsFilingProofModel Proof() =>
        new(Building, Case, new(2026, 11, 24), 15, Verification, Stamp with { GeneratedAt = Case.FiledAt });

    public static PqrsReportModel Report(bool forStaff = false, int extraReplies = 0) =>
        new(
            Building,
            Case,
            "En proceso",
            DocumentTone.Warning,
            "Alta",
            "Carolina Mejía",
            null,
            null,
            0,
            null,
            new(15, 13, new(2026, 11, 24), 0, TimeSpan.FromDays(2), null, Days()),
            [
                new(new(2026, 10, 28, 19, 43, 0), "Regla de categorías", null, PqrsEntryKind.Event, "Asignada a Carolina Mejía", []),
                new(
                    new(2026, 11, 12, 18, 7, 0),
                    "Andrea Ruiz",
                    "propietaria",
                    PqrsEntryKind.Message,
                    "Adjunto las fotos que me pidieron. La mancha creció desde el lunes y ya gotea sobre el lavamanos cuando usan la ducha de arriba.",
                    ["techo-bano-1.jpg", "techo-bano-2.jpg"]
                ),
                new(
                    new(2026, 11, 12, 18, 7, 0), "", null, PqrsEntryKind.Event, "El plazo volvió a correr tras 2 días hábiles en pausa",
                    []),
                new(
                    new(2026, 11, 17, 9, 15, 0),
                    "Carolina Mejía",
                    "administradora",
                    PqrsEntryKind.Note,
                    "El 1304 aceptó visita el jueves 19 a las 8:00. Si es la acometida, la paga el conjunto; si es el desagüe de la ducha, responde el 1304.",
                    []
                ),
                new(
                    new(2026, 11, 17, 9, 31, 0),
                    "Carolina Mejía",
                    "administradora",
                    PqrsEntryKind.Reply,
                    "Buenos días, Andrea. El plomero visita el apartamento 1304 el jueves 19 de noviembre a las 8:00. Ese mismo día le contamos qué encontró y cuándo se repara su techo.",
                    []
                ),
                new(new(2026, 11, 19, 8, 40, 0), "Plomería Sabana", null, PqrsEntryKind.Event, "Visitó el 1304: desagüe de la ducha", []),
                .. Enumerable
                    .Range(1, extraReplies)
                    .Select(n => new PqrsEntry(
                        new(2026, 11, 20, 8, 0, 0), "Carolina Mejía", "administradora", PqrsEntryKind.Reply,
                        string.Join(' ', Enumerable.Repeat($"Respuesta {n}: seguimos en contacto con el plomero.", 12)), [])),
            ],
            forStaff,
            Verification,
            Stamp
        );

    private static PqrsDay[] Days() =>
        [
            .. Enumerable
                .Range(0, 27)
                .Select(n => new DateOnly(2026, 10, 29).AddDays(n))
                .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                .Select(day => new PqrsDay(
                    day,
                    day switch
                    {
                        { Month: 11, Day: 2 or 16 } => PqrsDayKind.Holiday,
                        { Month: 11, Day: 11 or 12 } => PqrsDayKind.Paused,
                        { Month: 11, Day: > 20 } => PqrsDayKind.Ahead,
                        _ => PqrsDayKind.Counted,
                    }
                )),
        ];
}

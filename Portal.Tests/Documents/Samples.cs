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

    public static readonly Verification Verification = new("https://portal.miradordelnogal.example/v?c=7F3K-92QD", "portal.miradordelnogal.example/v", "7F3K-92QD");

    public static readonly DocumentStamp Stamp = new(new(2026, 11, 20, 10, 31, 0), "Bogotá", PaperSize.Letter);

    public static ReceiptModel Receipt(int extraLines = 0) => new(Building, "RC-2026-001284", new(2026, 11, 20, 10, 31, 0), "Andrea Ruiz Salcedo",
        "C. C. 52.•••.318", "Torre B, apartamento 1204", 1_100_000m + extraLines * 1_000m, new(2026, 11, 20, 9, 52, 0), "PSE, Bancolombia", "8841 2207",
        "Carolina Mejía, administradora", "Primero los intereses, luego el cobro más antiguo (reglamento, artículo 41).",
        [
            new("Intereses de mora, octubre", "$ 510.000 · 16 días (16 al 31 oct) · 1,98 % mensual", 5_386m, 5_386m),
            new("Intereses de mora, noviembre", "$ 510.000 · 20 días (1 al 20 nov) · 1,95 % mensual", 6_630m, 6_630m),
            new("Administración de octubre de 2026", "Cobro A-2026-10-1204 · venció el 15 oct", 510_000m, 510_000m),
            new("Administración de noviembre de 2026", "Cobro A-2026-11-1204 · vence el 30 nov", 510_000m, 510_000m),
            new("Reserva BBQ 1, 14 de noviembre", "Reserva R-2026-000731 · abono parcial", 100_000m, 67_984m),
            .. Enumerable.Range(1, extraLines).Select(n => new ReceiptLine($"Multa número {n}", $"Acta {n} del consejo", 1_000m, 1_000m)),
        ],
        null, Verification, Stamp, "Torre B 1204");
}

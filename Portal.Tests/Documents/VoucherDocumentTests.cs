using Portal.Documents;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class VoucherDocumentTests
{
    private static readonly VoucherModel Voucher = new(
        Samples.Building, "EG-2026-000031-2", new(2026, 11, 20), "Energía de la Sabana", "999.000.117-8", "Banco · 4471", "Transferencia",
        "0042 118", 200_000, "FE-12", new(2026, 11, 3), "Energía de zonas comunes", 320_000, 120_000,
        [new("2335", "Proveedores", 200_000, 0), new("1110", "Banco", 0, 200_000)], "Daniela Torres", "Carolina Mejía",
        "Carolina Mejía", null, Stamp);

    [Fact]
    public void It_says_whom_for_which_invoice_what_is_left_and_how_the_books_took_it()
    {
        var text = Pdf.Text(VoucherDocument.Render(Voucher, Es));
        Assert.Contains("EG-2026-000031-2", text, StringComparison.Ordinal);
        Assert.Contains("Doscientos mil pesos colombianos", text, StringComparison.Ordinal);
        Assert.Matches(@"\$ ?320\.000\s+\$ ?120\.000\s+\$ ?200\.000\s+\$ ?0", text);
        Assert.Matches(@"2335 Proveedores\s+\$ 200\.000", text);
        Assert.DoesNotContain("ANULADO", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Taken_back_it_says_so_and_the_invoice_owes_again()
    {
        var text = Pdf.Text(VoucherDocument.Render(Voucher with { Void = new(new(2026, 11, 21, 9, 0, 0), "Rechazado por el banco") }, Es));
        Assert.Contains("Rechazado por el banco", text, StringComparison.Ordinal);
        Assert.Matches(@"\$ ?320\.000\s+\$ ?120\.000\s+\$ ?200\.000\s+\$ ?200\.000", text);
    }
}

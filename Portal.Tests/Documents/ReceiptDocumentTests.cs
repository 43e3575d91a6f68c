using System.Globalization;
using Portal.Documents;
using Portal.Documents.Layout;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class ReceiptDocumentTests
{
    [Fact]
    public void A_receipt_fits_on_one_page_and_says_everything_in_Spanish()
    {
        var pages = Pdf.Pages(ReceiptDocument.Render(Receipt(), Es));

        var text = Assert.Single(pages);
        foreach (
            var expected in (string[])
                [
                    "Conjunto Residencial Mirador del Nogal P. H.",
                    "NIT 900.482.617-3 · Carrera 9 n.º 78-40, Bogotá D. C.",
                    "Recibo de caja",
                    "RC-2026-001284",
                    "20 de noviembre de 2026, 10:31",
                    "Recibimos de Andrea Ruiz Salcedo",
                    "$ 1.100.000",
                    "Un millón cien mil pesos colombianos",
                    "Pago confirmado",
                    "Torre B, apartamento 1204",
                    "C. C. 52.•••.318",
                    "PSE, Bancolombia",
                    "8841 2207",
                    "20 nov 2026, 09:52",
                    "Carolina Mejía, administradora",
                    "Cómo se aplicó este pago",
                    "Debía",
                    "Aplicado",
                    "Queda",
                    "Intereses de mora, octubre",
                    "1,98 % mensual",
                    "$ 67.984",
                    "$ 32.016",
                    "$ 1.132.016",
                    "Compruebe que este recibo es auténtico",
                    "portal.miradordelnogal.example/v",
                    "7F3K-92QD",
                    "hora de Bogotá",
                    "página 1 de 1",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_same_receipt_reads_in_English()
    {
        var text = Pdf.Text(ReceiptDocument.Render(Receipt(), En));

        foreach (
            var expected in (string[])
                [
                    "Payment receipt",
                    "$1,100,000",
                    "One million one hundred thousand Colombian pesos",
                    "Payment confirmed",
                    "20 Nov 2026, 09:52",
                    "Owed",
                    "Applied",
                    "Left",
                    "page 1 of 1",
                ]
        )
        {
            Assert.Contains(expected, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Recibo de caja", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_payment_over_many_charges_repeats_the_head_and_keeps_every_row_whole()
    {
        var pages = Pdf.Pages(ReceiptDocument.Render(Receipt(extraLines: 70), Es));

        Assert.True(pages.Length > 2);
        for (var page = 0; page < pages.Length; page++)
        {
            Assert.Contains($"página {page + 1} de {pages.Length}", pages[page], StringComparison.Ordinal);
        }

        var withRows = pages.Where(page => page.Contains("Multa número", StringComparison.Ordinal)).ToArray();
        Assert.All(withRows, page => Assert.Matches(@"Concepto\s+Debía\s+Aplicado\s+Queda", page));
        for (var n = 1; n <= 70; n++)
        {
            var page = Assert.Single(pages, page => page.Contains($"Multa número {n} ", StringComparison.Ordinal));
            Assert.Contains($"Acta {n} del consejo", page, StringComparison.Ordinal);
        }

        Assert.Matches(@"Multa número 70 ", pages.Single(page => page.Contains("Total y saldo de", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_voided_receipt_says_so_when_and_why()
    {
        var text = Assert.Single(
            Pdf.Pages(
                ReceiptDocument.Render(Receipt() with { Void = new(new(2026, 11, 21, 9, 10, 0), "El banco devolvió la transferencia") }, Es)
            )
        );

        Assert.Contains("Recibo anulado", text, StringComparison.Ordinal);
        Assert.Contains("Anulado el 21 de noviembre de 2026, 09:10", text, StringComparison.Ordinal);
        Assert.Contains("El banco devolvió la transferencia", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Pago confirmado", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_charge_took_is_shown_as_credit()
    {
        var receipt = Receipt();
        var text = Pdf.Text(ReceiptDocument.Render(receipt with { Lines = [.. receipt.Lines.Take(4)] }, Es));

        Assert.Matches(@"Saldo a favor\s+\$ 67\.984", text);
    }

    [Theory]
    [InlineData("Letter", "612 x 792 pts (letter)")]
    [InlineData("A4", "A4")]
    public void The_paper_is_the_one_of_the_setting(string paper, string expected) =>
        Assert.Contains(
            expected, Pdf.Info(ReceiptDocument.Render(Receipt() with { Stamp = Stamp with { Paper = PaperSize.Named(paper) } }, Es)),
            StringComparison.Ordinal);

    [Fact]
    public void Facts_that_are_not_known_leave_no_empty_label()
    {
        var text = Pdf.Text(
            ReceiptDocument.Render(Receipt() with { PayerDocument = null, Reference = " ", Rule = null, ConfirmedBy = null }, Es)
        );

        Assert.DoesNotContain("Documento", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Referencia", text, StringComparison.Ordinal);
        Assert.Contains("PSE, Bancolombia", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_culture_s_thread_gets_the_language_asked_for()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = En;
            Assert.Contains("$ 1.100.000", Pdf.Text(ReceiptDocument.Render(Receipt(), Es)), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}

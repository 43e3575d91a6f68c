using Portal.Documents;
using Portal.Documents.Drawing;
using QRCoder;
using Xunit;
using static Portal.Tests.Documents.Samples;

namespace Portal.Tests.Documents;

public sealed class DrawingTests
{
    [Fact]
    public void The_libraries_tell_their_versions() => Assert.Matches(@"^Cairo 1\.\d+\.\d+, Pango 1\.\d+\.\d+$", PdfEngine.Versions());

    [Fact]
    public void Only_Inter_is_used_and_every_font_is_embedded_as_a_subset()
    {
        var fonts = Pdf.Fonts(ReceiptDocument.Render(Receipt(), Es)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).ToArray();

        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+Inter-\w+ .*yes yes yes\s", font));
    }

    [Fact]
    public void Letters_that_Inter_lacks_come_from_another_font_and_stay_selectable()
    {
        var text = Pdf.Text(ReceiptDocument.Render(Receipt() with { Payer = "Łukasz Żółć Ñandú ¿Ωμέγα? Привет" }, Es));

        Assert.Contains("Recibimos de Łukasz Żółć Ñandú ¿Ωμέγα? Привет", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_people_paste_cannot_break_a_document()
    {
        const string Pasted = "A\0B\u0007C <b>&amp;</b> **%s {0} \ud800 \r\nsegunda línea 🏢";

        var text = Pdf.Text(ReceiptDocument.Render(Receipt() with { Payer = Pasted, Rule = Pasted, Number = "RC ' ] >>" }, Es));

        Assert.Contains("ABC <b>&amp;</b> **%s {0}", text, StringComparison.Ordinal);
        Assert.Contains("segunda línea", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_longer_than_the_line_is_broken_and_not_cut()
    {
        var text = Pdf.Text(ReceiptDocument.Render(Receipt() with { Rule = new string('W', 200) }, Es));

        Assert.Equal(200, text.Count(letter => letter == 'W'));
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAE0lEQVR4nGMQM1v0H4QZYAwAQ6YHebJ3pRQAAAAASUVORK5CYII=")]
    [InlineData("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0k")]
    [InlineData("/9j/4AAQ")]
    [InlineData("bm90IGEgcGljdHVyZQ==")]
    [InlineData("")]
    public void A_logo_that_cannot_be_drawn_does_not_stop_the_document(string logo) =>
        Assert.Contains(
            "$ 1.100.000",
            Pdf.Text(ReceiptDocument.Render(Receipt() with { Building = Samples.Building with { Logo = Convert.FromBase64String(logo) } }, Es)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("https://portal.miradordelnogal.example/v?c=7F3K-92QD")]
    [InlineData("https://a.example/v")]
    [InlineData("https://portal.un-nombre-muy-largo-de-conjunto-residencial.example/portal/v?c=7F3K-92QD-8C4M-11ZZ&n=RC-2026-001284")]
    public void The_code_on_paper_is_the_code_of_the_address(string address)
    {
        const double Scale = 300 / 72.0;
        var (width, _, dots) = Pdf.Picture(
            ReceiptDocument.Render(Receipt() with { Verification = Samples.Verification with { Url = address } }, Es),
            300
        );

        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        var modules = code.ModuleMatrix.Count - 8;
        bool Dark(double x, double y) => dots[(int)(y * Scale) * width + (int)(x * Scale)] < 128;

        // The box of the code lies at the left, under everything: its dark corner pattern is found from the margin inwards.
        var module = Math.Floor(4 * 84.0 / modules) / 4;
        var left = Enumerable.Range(0, 400).Select(n => 50 + n * 0.1).First(x => Enumerable.Range(0, 60).Any(n => Dark(x, 640 + n)));
        var top = Enumerable.Range(0, 1200).Select(n => 600 + n * 0.1).First(y => Dark(left + module / 2, y));
        for (var row = 0; row < modules; row++)
        {
            for (var column = 0; column < modules; column++)
            {
                Assert.True(
                    code.ModuleMatrix[row + 4][column + 4] == Dark(left + (column + 0.5) * module, top + (row + 0.5) * module),
                    $"module {row}, {column} differs"
                );
            }
        }
    }

    [Fact]
    public void A_stream_that_fails_gives_its_own_error()
    {
        using var output = new FailingStream();

        var error = Assert.Throws<IOException>(() => ReceiptDocument.Write(Receipt(), Es, output));
        Assert.Equal("disk full", error.Message);
    }

    [Fact]
    public async Task Documents_drawn_at_once_are_the_same_as_one_by_one()
    {
        var alone = ReceiptDocument.Render(Receipt(), Es);
        var english = Pdf.Text(ReceiptDocument.Render(Receipt(40), En));

        var together = await Task.WhenAll(Enumerable.Range(0, 120).Select(n => Task.Run(() =>
            n % 2 == 0 ? ReceiptDocument.Render(Receipt(), Es) : ReceiptDocument.Render(Receipt(40), En))));

        Assert.All(together.Where((_, n) => n % 2 == 0), pdf => Assert.Equal(alone.Length, pdf.Length));
        foreach (var pdf in together.Where((_, n) => n % 20 == 1))
        {
            Assert.Equal(english, Pdf.Text(pdf));
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("disk full");
    }
}

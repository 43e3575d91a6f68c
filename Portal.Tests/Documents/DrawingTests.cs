using System.Diagnostics;
using Portal.Documents;
using Portal.Documents.Drawing;
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
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+Inter(Display)?-\w+ .*yes yes yes\s", font));
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
        Assert.Contains("$ 1.100.000", Pdf.Text(ReceiptDocument.Render(Receipt() with { Building = Building with { Logo = Convert.FromBase64String(logo) } }, Es)), StringComparison.Ordinal);

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

    [Fact]
    public void Memory_does_not_grow_over_two_thousand_documents()
    {
        Draw(300);
        var before = ResidentBytes();

        Draw(2000);

        Assert.InRange(ResidentBytes() - before, long.MinValue, 24 * 1024 * 1024);

        static void Draw(int documents)
        {
            for (var i = 0; i < documents; i++)
            {
                ReceiptDocument.Write(Receipt() with { Number = $"RC-2026-{i:000000}" }, Es, Stream.Null);
            }
        }

        static long ResidentBytes()
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            using var self = Process.GetCurrentProcess();
            return self.WorkingSet64;
        }
    }

    private sealed class FailingStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("disk full");
    }
}

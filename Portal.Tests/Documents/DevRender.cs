using Portal.Documents;
using Xunit;
using static Portal.Tests.Documents.Samples;
namespace Portal.Tests.Documents;
public sealed class DevRender
{
    [Fact]
    public void Out()
    {
        Directory.CreateDirectory("/tmp/h/doc/out");
        void W(string n, byte[] b) => File.WriteAllBytes($"/tmp/h/doc/out/{n}.pdf", b);
        W("receipt", ReceiptDocument.Render(Receipt(), Es));
        W("receipt-en", ReceiptDocument.Render(Receipt(), En));
        W("receipt-long", ReceiptDocument.Render(Receipt(30), Es));
        W("receipt-void", ReceiptDocument.Render(Receipt() with { Void = new(new(2026, 11, 21, 9, 10, 0), "El banco devolvió la transferencia") }, Es));
    }
}

using Portal.Documents.Drawing;
using QRCoder;

namespace Portal.Documents.Layout;

/// <summary>
/// A QR code as vector squares, a link on screen. Error correction M; the quiet zone that scanners need is the paper around
/// it, so it must stand four modules away from anything dark.
/// </summary>
internal sealed class QrSquare(string address, double size) : Block
{
    public override double Natural(Typesetter type) => size;

    public override double Fit(Typesetter type, double width) => size;

    public override void Paint(Canvas canvas, double x, double y)
    {
        using var generator = new QRCodeGenerator();
        using var code = generator.CreateQrCode(address, QRCodeGenerator.ECCLevel.M);
        const int Quiet = 4; // the matrix comes with the quiet zone around it
        var modules = code.ModuleMatrix.Count - 2 * Quiet;
        canvas.FillCells(Cells(code, Quiet, modules, x, y, size / modules), Ink.Text);
        canvas.Link(address, x, y, size, size);
    }

    /// <summary>Neighbours in a row are one rectangle.</summary>
    private static IEnumerable<(double, double, double, double)> Cells(QRCodeData code, int quiet, int modules, double x, double y, double module)
    {
        for (var row = 0; row < modules; row++)
        {
            var line = code.ModuleMatrix[row + quiet];
            for (var column = 0; column < modules;)
            {
                var start = column;
                while (column < modules && line[column + quiet])
                {
                    column++;
                }

                if (column > start)
                {
                    yield return (x + start * module, y + row * module, (column - start) * module, module);
                }
                else
                {
                    column++;
                }
            }
        }
    }
}

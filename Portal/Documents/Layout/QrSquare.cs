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

        // Modules of whole quarters of a point: edges fall on the dots of a printer, and the numbers in the file are short.
        var module = Math.Max(0.25, Math.Floor(4 * size / modules) / 4);
        var inset = Math.Floor(4 * (size - modules * module) / 2) / 4;
        canvas.Bars(Bars(code, Quiet, modules, Math.Round(4 * x) / 4 + inset, Math.Round(4 * y) / 4 + inset, module), module, Ink.Text);
        canvas.Link(address, x, y, size, size);
    }

    /// <summary>
    /// The dark modules as bars one module thick: a bar costs half the numbers of a rectangle, and writing numbers is most of
    /// the time that a page takes. Modules alone in their row join those above and below.
    /// </summary>
    private static IEnumerable<(double, double, double, double)> Bars(
        QRCodeData code, int quiet, int modules, double x, double y, double module)
    {
        for (var row = 0; row < modules; row++)
        {
            for (var column = 0; column < modules; column++)
            {
                if (!Dark(row, column) || Dark(row, column - 1))
                {
                    continue;
                }

                var right = column + 1;
                while (Dark(row, right))
                {
                    right++;
                }

                if (right - column > 1)
                {
                    yield return (x + column * module, y + (row + 0.5) * module, x + right * module, y + (row + 0.5) * module);
                }
                else if (!Alone(row - 1, column))
                {
                    var below = row + 1;
                    while (Alone(below, column))
                    {
                        below++;
                    }

                    yield return (x + (column + 0.5) * module, y + row * module, x + (column + 0.5) * module, y + below * module);
                }
            }
        }

        bool Dark(int row, int column) =>
            row >= 0 && column >= 0 && row < modules && column < modules && code.ModuleMatrix[row + quiet][column + quiet];

        bool Alone(int row, int column) => Dark(row, column) && !Dark(row, column - 1) && !Dark(row, column + 1);
    }
}

using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

/// <summary>The paper, in points.</summary>
public sealed record PaperSize(double Width, double Height)
{
    public static readonly PaperSize Letter = new(612, 792);
    public static readonly PaperSize A4 = new(595.28, 841.89);

    /// <summary>The paper that the setting names: <c>A4</c>, else Letter, which Colombia uses.</summary>
    public static PaperSize Named(string? name) => string.Equals(name, "A4", StringComparison.OrdinalIgnoreCase) ? A4 : Letter;
}

/// <summary>
/// Puts blocks on pages from the top down. Pages are kept until <see cref="Paint"/>, because a footer that says "page 2 of
/// 3" cannot be drawn before the third exists.
/// </summary>
/// <param name="tight">Less air between rows and around the verification: for what would leave a few lines on a second page.</param>
internal sealed class Flow(Typesetter type, PaperSize paper, bool tight = false)
{
    public const double Side = 48;
    private const double Top = 48;
    private const double FooterRoom = 24;
    private const double BottomEdge = 36;

    private readonly List<List<Placed>> pages = [[]];
    private double y = Top;
    private double pageTop = Top;

    private readonly record struct Placed(double X, double Y, Action<Canvas, double, double> Paint);

    /// <summary>Drawn at the top of every page but the first.</summary>
    public Func<Block>? Continuation { get; set; }

    /// <summary>The footer of page (first number) of so many (second number).</summary>
    public Func<int, int, Block>? Footer { get; set; }

    /// <summary>Drawn under everything on every page.</summary>
    public Action<Canvas, PaperSize>? Ground { get; set; }

    public Typesetter Type => type;

    public bool Tight => tight;

    public double Width => paper.Width - 2 * Side;

    public double Left => paper.Height - BottomEdge - FooterRoom - y;

    public int Pages => pages.Count;

    /// <summary>
    /// Adds a block that stays whole, on the next page if it does not fit with <paramref name="keep"/> points more under it.
    /// </summary>
    public void Add(Block block, double before = 0, double keep = 0, double indent = 0)
    {
        var height = block.Fit(type, Width - indent);
        if (before + height + keep > Left && !AtTop)
        {
            NewPage();
        }

        y += AtTop ? 0 : before;
        Place(block.Paint, Side + indent, y);
        y += height;
    }

    /// <summary>
    /// Adds a text that may go over pages, never leaving a line alone. <paramref name="beside"/> is drawn along each part
    /// of it (canvas, upper left corner, height), such as the bar that marks a reply.
    /// </summary>
    public void AddText(
        Words text, double before = 0, double indent = 0, double right = 0, Action<Canvas, double, double, double>? beside = null)
    {
        text.Fit(type, Width - indent - right);
        y += AtTop ? 0 : before;
        for (var line = 0; line < text.Lines;)
        {
            var rest = text.Lines - line;
            var fit = Math.Min(rest, (int)(Left / text.Leading));
            fit = fit == rest - 1 ? fit - 1 : fit;
            if (fit < Math.Min(2, rest) && !AtTop)
            {
                NewPage();
                continue;
            }

            fit = Math.Clamp(fit, 1, rest);
            var (first, count) = (line, fit);
            Place((canvas, x, top) =>
            {
                beside?.Invoke(canvas, x, top, count * text.Leading);
                text.Paint(canvas, x, top, first, count);
            }, Side + indent, y);
            y += fit * text.Leading;
            line += fit;
        }
    }

    /// <summary>Adds a block at the foot of the last page; on a page more if it does not fit there.</summary>
    public void AddAtFoot(Block block, double before)
    {
        var height = block.Fit(type, Width);
        if (before + height > Left && !AtTop)
        {
            NewPage();
        }

        y += Math.Max(Left - height, 0);
        Place(block.Paint, Side, y);
        y += height;
    }

    public void NewPage()
    {
        pages.Add([]);
        y = Top;
        if (Continuation is not null)
        {
            var head = Continuation();
            var height = head.Fit(type, Width);
            Place(head.Paint, Side, y);
            y += height;
        }

        pageTop = y;
    }

    /// <summary>Draws all pages into the file, in order.</summary>
    public void Paint(PdfFile file)
    {
        for (var page = 0; page < pages.Count; page++)
        {
            Ground?.Invoke(file.Canvas, paper);
            foreach (var placed in pages[page])
            {
                placed.Paint(file.Canvas, placed.X, placed.Y);
            }

            if (Footer is not null)
            {
                var footer = Footer(page + 1, pages.Count);
                var height = footer.Fit(type, Width);
                footer.Paint(file.Canvas, Side, paper.Height - BottomEdge - height);
            }

            file.EndPage();
        }
    }

    private bool AtTop => y <= pageTop;

    private void Place(Action<Canvas, double, double> paint, double x, double top) => pages[^1].Add(new(x, top, paint));
}

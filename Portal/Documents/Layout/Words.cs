using Portal.Documents.Drawing;

namespace Portal.Documents.Layout;

internal enum Side
{
    Left, Right, Centre,
}

/// <summary>A block of text, wrapped to its width. Lines can be painted apart, so that it can go over a page.</summary>
/// <param name="mostLines">After so many lines it ends in "…": for cells, which are never split.</param>
internal sealed class Words(IReadOnlyList<Run> runs, Side side = Side.Left, int mostLines = int.MaxValue) : Block
{
    private Paragraph? paragraph;
    private double width = -1;

    public Words(string text, TextStyle style, Side side = Side.Left, int mostLines = int.MaxValue)
        : this([new Run(text, style)], side, mostLines)
    {
    }

    public double Leading { get; } = runs.Max(run => run.Style.Leading);

    public int Lines => paragraph!.Lines;

    public override double Natural(Typesetter type) => (paragraph ??= type.Set(runs)).Width;

    public override double Fit(Typesetter type, double width)
    {
        if (this.width != width)
        {
            this.width = width;
            paragraph ??= type.Set(runs);
            if (paragraph.Width > width + 0.01 || Lines > mostLines)
            {
                paragraph = type.Set(runs, width, mostLines);
            }
        }

        return Lines * Leading;
    }

    public override void Paint(Canvas canvas, double x, double y) => Paint(canvas, x, y, 0, Lines);

    /// <summary>Paints <paramref name="count"/> lines from <paramref name="first"/>.</summary>
    public void Paint(Canvas canvas, double x, double y, int first, int count)
    {
        var baseline = y + paragraph!.Baseline(Leading);
        for (var i = first; i < first + count; i++)
        {
            var spare = side == Side.Left ? 0 : width - paragraph.WidthOf(i);
            canvas.Line(paragraph.Handle(i), x + (side == Side.Centre ? spare / 2 : spare), baseline, paragraph.Colour);
            baseline += Leading;
        }
    }

    /// <summary>Text in which <c>**strong**</c> parts take the second style: how a resource marks them.</summary>
    public static IReadOnlyList<Run> Marked(string text, TextStyle style, TextStyle strong) =>
        text.Length == 0 ? [new Run(text, style)]
            : [.. text.Split("**").Select((part, i) => new Run(part, i % 2 == 0 ? style : strong)).Where(run => run.Text.Length > 0)];
}

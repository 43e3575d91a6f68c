namespace Portal.Documents.Drawing;

/// <summary>
/// Text that was set: its lines can be measured and drawn one by one, so that a paragraph can go over a page. It does not change.
/// </summary>
/// <param name="layout">Disposed by the <see cref="Typesetter"/>.</param>
/// <param name="ascent">Of the main font, in points.</param>
/// <param name="descent">Of the main font, in points.</param>
/// <param name="colour">Of the text, where a part of it has none of its own.</param>
internal sealed class Paragraph(PangoObjectHandle layout, double ascent, double descent, Colour colour) : IDisposable
{
    private int lines = -1;
    private double width = -1;

    public Colour Colour => colour;

    public int Lines => lines < 0 ? lines = Pango.pango_layout_get_line_count(layout) : lines;

    /// <summary>The width of the widest line, in points.</summary>
    public double Width => width < 0 ? width = Enumerable.Range(0, Lines).Max(WidthOf) : width;

    public double WidthOf(int line)
    {
        Pango.pango_layout_line_get_extents(Handle(line), IntPtr.Zero, out var logical);
        return logical.Width / Pango.Unit;
    }

    /// <summary>Where the baseline lies under the top of a line that is <paramref name="leading"/> points high.</summary>
    public double Baseline(double leading) => (leading - ascent - descent) / 2 + ascent;

    public IntPtr Handle(int line) => Pango.pango_layout_get_line_readonly(layout, line);

    public void Dispose() => layout.Dispose();
}

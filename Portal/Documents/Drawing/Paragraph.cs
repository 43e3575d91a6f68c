namespace Portal.Documents.Drawing;

/// <summary>Text that was set: its lines can be measured and drawn one by one, so that a paragraph can go over a page.</summary>
/// <param name="layout">Owned by the <see cref="Typesetter"/>.</param>
/// <param name="ascent">Of the main font, in points.</param>
/// <param name="descent">Of the main font, in points.</param>
internal sealed class Paragraph(PangoObjectHandle layout, double ascent, double descent)
{
    public int Lines => Pango.pango_layout_get_line_count(layout);

    /// <summary>The width of the widest line, in points.</summary>
    public double Width => Enumerable.Range(0, Lines).Max(WidthOf);

    /// <summary>Breaks the text so that no line is wider than <paramref name="width"/> points, and ends it with … after <paramref name="mostLines"/>.</summary>
    public void Wrap(double width, int mostLines = int.MaxValue)
    {
        Pango.pango_layout_set_width(layout, (int)Math.Ceiling(width * Pango.Unit));
        if (mostLines < int.MaxValue && Lines > mostLines)
        {
            Pango.pango_layout_set_height(layout, -mostLines);
            Pango.pango_layout_set_ellipsize(layout, Pango.EllipsizeEnd);
        }
    }

    public double WidthOf(int line)
    {
        Pango.pango_layout_line_get_extents(Handle(line), IntPtr.Zero, out var logical);
        return logical.Width / Pango.Unit;
    }

    /// <summary>Where the baseline lies under the top of a line that is <paramref name="leading"/> points high.</summary>
    public double Baseline(double leading) => (leading - ascent - descent) / 2 + ascent;

    public IntPtr Handle(int line) => Pango.pango_layout_get_line_readonly(layout, line);
}

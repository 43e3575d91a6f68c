namespace Portal.Documents.Drawing;

/// <summary>The page being drawn: points from its upper left corner, y growing downwards. Colours are given with each act.</summary>
internal sealed class Canvas(CanvasHandle handle)
{
    private static readonly byte[] LinkTag = PdfEngine.Utf8("Link");

    public void Fill(double x, double y, double width, double height, Colour colour)
    {
        Use(colour);
        Cairo.cairo_rectangle(handle, x, y, width, height);
        Cairo.cairo_fill(handle);
    }

    public void FillRounded(double x, double y, double width, double height, double radius, Colour colour)
    {
        Use(colour);
        Rounded(x, y, width, height, radius);
        Cairo.cairo_fill(handle);
    }

    /// <summary>A border inside the given rectangle, dashed if <paramref name="dash"/> is more than 0.</summary>
    public void StrokeRounded(
        double x, double y, double width, double height, double radius, double thickness, Colour colour, double dash = 0)
    {
        Use(colour);
        Cairo.cairo_set_line_width(handle, thickness);
        Cairo.cairo_set_dash(handle, [dash], dash > 0 ? 1 : 0, 0);
        Rounded(x + thickness / 2, y + thickness / 2, width - thickness, height - thickness, radius);
        Cairo.cairo_stroke(handle);
        Cairo.cairo_set_dash(handle, [], 0, 0);
    }

    /// <summary>Many straight strokes with blunt ends in one path, so that a viewer shows no seams between neighbours.</summary>
    public void Bars(IEnumerable<(double FromX, double FromY, double ToX, double ToY)> bars, double thickness, Colour colour)
    {
        Use(colour);
        Cairo.cairo_set_line_width(handle, thickness);
        Cairo.cairo_new_path(handle);
        foreach (var bar in bars)
        {
            Cairo.cairo_move_to(handle, bar.FromX, bar.FromY);
            Cairo.cairo_line_to(handle, bar.ToX, bar.ToY);
        }

        Cairo.cairo_stroke(handle);
    }

    /// <summary>Part of a circle; angles in radians, clockwise from three o'clock.</summary>
    public void Arc(double x, double y, double radius, double from, double to, double thickness, Colour colour)
    {
        Use(colour);
        Cairo.cairo_set_line_width(handle, thickness);
        Cairo.cairo_new_path(handle);
        Cairo.cairo_arc(handle, x, y, radius, from, to);
        Cairo.cairo_stroke(handle);
    }

    public void Disc(double x, double y, double radius, Colour colour)
    {
        Use(colour);
        Cairo.cairo_new_path(handle);
        Cairo.cairo_arc(handle, x, y, radius, 0, 2 * Math.PI);
        Cairo.cairo_fill(handle);
    }

    /// <summary>Joined lines with round ends, as the icons have.</summary>
    public void Strokes(IReadOnlyList<(double X, double Y)> points, double thickness, Colour colour)
    {
        Use(colour);
        Cairo.cairo_set_line_width(handle, thickness);
        Cairo.cairo_set_line_cap(handle, 1);
        Cairo.cairo_set_line_join(handle, 1);
        Cairo.cairo_new_path(handle);
        Cairo.cairo_move_to(handle, points[0].X, points[0].Y);
        for (var i = 1; i < points.Count; i++)
        {
            Cairo.cairo_line_to(handle, points[i].X, points[i].Y);
        }

        Cairo.cairo_stroke(handle);
        Cairo.cairo_set_line_cap(handle, 0);
        Cairo.cairo_set_line_join(handle, 0);
    }

    /// <summary>Diagonal hatching clipped to the rectangle.</summary>
    public void Hatch(double x, double y, double width, double height, double step, Colour colour)
    {
        Inside(() =>
        {
            Cairo.cairo_rectangle(handle, x, y, width, height);
            Cairo.cairo_clip(handle);
            for (var across = -height; across < width; across += step)
            {
                Strokes([(x + across, y + height), (x + across + height, y)], 0.6, colour);
            }
        });
    }

    /// <summary>A line of text by its baseline.</summary>
    public void Line(IntPtr line, double x, double baseline, Colour colour)
    {
        Use(colour);
        Cairo.cairo_move_to(handle, x, baseline);
        Pango.pango_cairo_show_layout_line(handle, line);
    }

    /// <summary>
    /// A line of text as a picture about its middle, turned: not selectable, so that a watermark does not mix with the words under it.
    /// </summary>
    public void Watermark(IntPtr line, double centreX, double centreY, double width, double radians, Colour colour) => Inside(() =>
    {
        Cairo.cairo_translate(handle, centreX, centreY);
        Cairo.cairo_rotate(handle, radians);
        Use(colour);
        Cairo.cairo_move_to(handle, -width / 2, 0);
        Pango.pango_cairo_layout_line_path(handle, line);
        Cairo.cairo_fill(handle);
    });

    /// <summary>A picture scaled into the rectangle, its proportions kept, in the middle.</summary>
    public void Picture(Picture picture, double x, double y, double width, double height) => Inside(() =>
    {
        var scale = Math.Min(width / picture.Width, height / picture.Height);
        Cairo.cairo_translate(handle, x + (width - picture.Width * scale) / 2, y + (height - picture.Height * scale) / 2);
        Cairo.cairo_scale(handle, scale, scale);
        Cairo.cairo_set_source_surface(handle, picture.Surface, 0, 0);
        Cairo.cairo_paint(handle);
    });

    /// <summary>Makes the rectangle a link to follow.</summary>
    public void Link(string address, double x, double y, double width, double height)
    {
        FormattableString attributes =
            $"uri='{address.Replace("\\", "\\\\").Replace("'", "\\'")}' rect=[{x:0.##} {y:0.##} {width:0.##} {height:0.##}]";
        Cairo.cairo_tag_begin(handle, LinkTag, PdfEngine.Utf8(FormattableString.Invariant(attributes)));
        Cairo.cairo_tag_end(handle, LinkTag);
    }

    private void Inside(Action draw)
    {
        Cairo.cairo_save(handle);
        draw();
        Cairo.cairo_restore(handle);
    }

    private void Use(Colour colour) => Cairo.cairo_set_source_rgba(handle, colour.Red, colour.Green, colour.Blue, colour.Alpha);

    private void Rounded(double x, double y, double width, double height, double radius)
    {
        var r = Math.Min(radius, Math.Min(width, height) / 2);
        Cairo.cairo_new_sub_path(handle);
        Cairo.cairo_arc(handle, x + width - r, y + r, r, -Math.PI / 2, 0);
        Cairo.cairo_arc(handle, x + width - r, y + height - r, r, 0, Math.PI / 2);
        Cairo.cairo_arc(handle, x + r, y + height - r, r, Math.PI / 2, Math.PI);
        Cairo.cairo_arc(handle, x + r, y + r, r, Math.PI, 3 * Math.PI / 2);
        Cairo.cairo_close_path(handle);
    }
}

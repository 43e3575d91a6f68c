using System.Runtime.InteropServices;

namespace Portal.Documents.Drawing;

/// <summary>
/// The functions of Pango 1.44 or later (and one of GObject) that the documents use. Lengths are in <see cref="Unit"/>ths of
/// a point because every context is set to 72 dots to the inch. Text goes as UTF-8. Only this folder calls them.
/// </summary>
internal static class Pango
{
    private const string Library = "libpango-1.0.so.0";
    private const string WithCairo = "libpangocairo-1.0.so.0";

    internal const double Unit = 1024;
    internal const int WrapWordThenCharacter = 2;
    internal const int EllipsizeEnd = 3;

    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Rectangle(int X, int Y, int Width, int Height);

    [DllImport("libgobject-2.0.so.0")]
    internal static extern void g_object_unref(IntPtr instance);

    [DllImport(Library)]
    internal static extern IntPtr pango_version_string();

    [DllImport(Library)]
    internal static extern IntPtr pango_language_from_string(byte[] tag);

    [DllImport(Library)]
    internal static extern PangoObjectHandle pango_font_map_create_context(PangoObjectHandle fontMap);

    [DllImport(Library)]
    internal static extern void pango_context_set_language(PangoObjectHandle context, IntPtr language);

    [DllImport(Library)]
    internal static extern void pango_context_set_round_glyph_positions(PangoObjectHandle context, int round);

    [DllImport(Library)]
    internal static extern FontMetricsHandle pango_context_get_metrics(
        PangoObjectHandle context, FontDescriptionHandle font, IntPtr language);

    [DllImport(Library)]
    internal static extern int pango_font_metrics_get_ascent(FontMetricsHandle metrics);

    [DllImport(Library)]
    internal static extern int pango_font_metrics_get_descent(FontMetricsHandle metrics);

    [DllImport(Library)]
    internal static extern void pango_font_metrics_unref(IntPtr metrics);

    [DllImport(Library)]
    internal static extern FontDescriptionHandle pango_font_description_new();

    [DllImport(Library)]
    internal static extern void pango_font_description_free(IntPtr font);

    [DllImport(Library)]
    internal static extern void pango_font_description_set_family(FontDescriptionHandle font, byte[] family);

    [DllImport(Library)]
    internal static extern void pango_font_description_set_weight(FontDescriptionHandle font, int weight);

    [DllImport(Library)]
    internal static extern void pango_font_description_set_absolute_size(FontDescriptionHandle font, double size);

    [DllImport(Library)]
    internal static extern PangoObjectHandle pango_layout_new(PangoObjectHandle context);

    [DllImport(Library)]
    internal static extern void pango_layout_set_text(PangoObjectHandle layout, byte[] utf8, int length);

    [DllImport(Library)]
    internal static extern void pango_layout_set_font_description(PangoObjectHandle layout, FontDescriptionHandle font);

    [DllImport(Library)]
    internal static extern void pango_layout_set_attributes(PangoObjectHandle layout, AttributesHandle attributes);

    [DllImport(Library)]
    internal static extern void pango_layout_set_width(PangoObjectHandle layout, int width);

    [DllImport(Library)]
    internal static extern void pango_layout_set_height(PangoObjectHandle layout, int height);

    [DllImport(Library)]
    internal static extern void pango_layout_set_wrap(PangoObjectHandle layout, int wrap);

    [DllImport(Library)]
    internal static extern void pango_layout_set_ellipsize(PangoObjectHandle layout, int where);

    [DllImport(Library)]
    internal static extern int pango_layout_get_line_count(PangoObjectHandle layout);

    [DllImport(Library)]
    internal static extern IntPtr pango_layout_get_line_readonly(PangoObjectHandle layout, int line);

    [DllImport(Library)]
    internal static extern void pango_layout_line_get_extents(IntPtr line, IntPtr ink, out Rectangle logical);

    [DllImport(Library)]
    internal static extern AttributesHandle pango_attr_list_new();

    [DllImport(Library)]
    internal static extern void pango_attr_list_insert(AttributesHandle list, IntPtr attribute);

    [DllImport(Library)]
    internal static extern void pango_attr_list_unref(IntPtr list);

    [DllImport(Library)]
    internal static extern IntPtr pango_attr_font_desc_new(FontDescriptionHandle font);

    [DllImport(Library)]
    internal static extern IntPtr pango_attr_foreground_new(ushort red, ushort green, ushort blue);

    [DllImport(Library)]
    internal static extern IntPtr pango_attr_letter_spacing_new(int spacing);

    [DllImport(Library)]
    internal static extern IntPtr pango_attr_font_features_new(byte[] features);

    [DllImport(WithCairo)]
    internal static extern PangoObjectHandle pango_cairo_font_map_new();

    [DllImport(WithCairo)]
    internal static extern void pango_cairo_context_set_resolution(PangoObjectHandle context, double dotsPerInch);

    [DllImport(WithCairo)]
    internal static extern void pango_cairo_context_set_font_options(PangoObjectHandle context, FontOptionsHandle options);

    [DllImport(WithCairo)]
    internal static extern void pango_cairo_show_layout_line(CanvasHandle canvas, IntPtr line);

    [DllImport(WithCairo)]
    internal static extern void pango_cairo_layout_line_path(CanvasHandle canvas, IntPtr line);
}

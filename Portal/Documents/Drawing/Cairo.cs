using System.Runtime.InteropServices;

namespace Portal.Documents.Drawing;

/// <summary>
/// The functions of Cairo 1.16 or later that the documents use, under their own names so that its manual applies. Text goes
/// as UTF-8 ending in zero. Nothing outside this folder calls them; <see cref="Canvas"/> and <see cref="PdfFile"/> do.
/// </summary>
internal static class Cairo
{
    private const string Library = "libcairo.so.2";

    internal const int Success = 0;
    internal const int WriteError = 11;
    internal const int HintNone = 1;
    internal const int HintMetricsOff = 1;
    internal const int FormatRgb24 = 1;

    internal enum Metadata
    {
        Title, Author, Subject, Keywords, Creator, CreateDate, ModifyDate,
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    internal delegate int StreamFunction(IntPtr closure, IntPtr data, uint length);

    [DllImport(Library)]
    internal static extern IntPtr cairo_version_string();

    [DllImport(Library)]
    internal static extern IntPtr cairo_status_to_string(int status);

    [DllImport(Library)]
    internal static extern SurfaceHandle cairo_pdf_surface_create_for_stream(
        StreamFunction write, IntPtr closure, double width, double height);

    [DllImport(Library)]
    internal static extern void cairo_pdf_surface_set_metadata(SurfaceHandle surface, Metadata which, byte[] utf8);

    [DllImport(Library)]
    internal static extern SurfaceHandle cairo_image_surface_create_from_png_stream(StreamFunction read, IntPtr closure);

    [DllImport(Library)]
    internal static extern SurfaceHandle cairo_image_surface_create(int format, int width, int height);

    [DllImport(Library)]
    internal static extern int cairo_image_surface_get_width(SurfaceHandle surface);

    [DllImport(Library)]
    internal static extern int cairo_image_surface_get_height(SurfaceHandle surface);

    [DllImport(Library)]
    internal static extern int cairo_surface_set_mime_data(
        SurfaceHandle surface, byte[] mimeType, IntPtr data, nuint length, IntPtr destroy, IntPtr closure);

    [DllImport(Library)]
    internal static extern int cairo_surface_status(SurfaceHandle surface);

    [DllImport(Library)]
    internal static extern void cairo_surface_finish(SurfaceHandle surface);

    [DllImport(Library)]
    internal static extern void cairo_surface_destroy(IntPtr surface);

    [DllImport(Library)]
    internal static extern CanvasHandle cairo_create(SurfaceHandle surface);

    [DllImport(Library)]
    internal static extern void cairo_destroy(IntPtr canvas);

    [DllImport(Library)]
    internal static extern int cairo_status(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_show_page(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_save(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_restore(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_translate(CanvasHandle canvas, double x, double y);

    [DllImport(Library)]
    internal static extern void cairo_scale(CanvasHandle canvas, double x, double y);

    [DllImport(Library)]
    internal static extern void cairo_rotate(CanvasHandle canvas, double radians);

    [DllImport(Library)]
    internal static extern void cairo_set_source_rgba(CanvasHandle canvas, double red, double green, double blue, double alpha);

    [DllImport(Library)]
    internal static extern void cairo_set_source_surface(CanvasHandle canvas, SurfaceHandle surface, double x, double y);

    [DllImport(Library)]
    internal static extern void cairo_set_line_width(CanvasHandle canvas, double width);

    [DllImport(Library)]
    internal static extern void cairo_set_line_cap(CanvasHandle canvas, int cap);

    [DllImport(Library)]
    internal static extern void cairo_set_line_join(CanvasHandle canvas, int join);

    [DllImport(Library)]
    internal static extern void cairo_set_dash(CanvasHandle canvas, double[] dashes, int count, double offset);

    [DllImport(Library)]
    internal static extern void cairo_new_path(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_new_sub_path(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_move_to(CanvasHandle canvas, double x, double y);

    [DllImport(Library)]
    internal static extern void cairo_line_to(CanvasHandle canvas, double x, double y);

    [DllImport(Library)]
    internal static extern void cairo_arc(CanvasHandle canvas, double x, double y, double radius, double from, double to);

    [DllImport(Library)]
    internal static extern void cairo_rectangle(CanvasHandle canvas, double x, double y, double width, double height);

    [DllImport(Library)]
    internal static extern void cairo_close_path(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_clip(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_fill(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_stroke(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_paint(CanvasHandle canvas);

    [DllImport(Library)]
    internal static extern void cairo_tag_begin(CanvasHandle canvas, byte[] tag, byte[]? attributes);

    [DllImport(Library)]
    internal static extern void cairo_tag_end(CanvasHandle canvas, byte[] tag);

    [DllImport(Library)]
    internal static extern FontOptionsHandle cairo_font_options_create();

    [DllImport(Library)]
    internal static extern void cairo_font_options_destroy(IntPtr options);

    [DllImport(Library)]
    internal static extern void cairo_font_options_set_hint_style(FontOptionsHandle options, int style);

    [DllImport(Library)]
    internal static extern void cairo_font_options_set_hint_metrics(FontOptionsHandle options, int metrics);
}

using System.Runtime.InteropServices;

namespace Portal.Documents.Drawing;

/// <summary>Owns one native object; zero means that the library could not make it.</summary>
internal abstract class NativeHandle() : SafeHandle(IntPtr.Zero, ownsHandle: true)
{
    public override bool IsInvalid => handle == IntPtr.Zero;
}

internal sealed class SurfaceHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Cairo.cairo_surface_destroy(handle);
        return true;
    }
}

internal sealed class CanvasHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Cairo.cairo_destroy(handle);
        return true;
    }
}

internal sealed class FontOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Cairo.cairo_font_options_destroy(handle);
        return true;
    }
}

/// <summary>A font map, context or layout of Pango: objects counted by GObject.</summary>
internal sealed class PangoObjectHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Pango.g_object_unref(handle);
        return true;
    }
}

internal sealed class FontDescriptionHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Pango.pango_font_description_free(handle);
        return true;
    }
}

internal sealed class FontMetricsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Pango.pango_font_metrics_unref(handle);
        return true;
    }
}

internal sealed class AttributesHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        Pango.pango_attr_list_unref(handle);
        return true;
    }
}

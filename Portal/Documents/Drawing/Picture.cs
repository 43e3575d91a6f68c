using System.Runtime.InteropServices;
using Portal.Data.Pictures;

namespace Portal.Documents.Drawing;

/// <summary>
/// A PNG or JPEG picture, such as a building's logo. A PNG is decoded by Cairo; a JPEG is put into the file as it is, which
/// keeps it small, so only its size is read here.
/// </summary>
internal sealed class Picture : IDisposable
{
    /// <summary>Larger pictures than this many dots are refused: a small file could otherwise ask for gigabytes.</summary>
    private const long MostDots = 4_000_000;

    private static readonly Cairo.StreamFunction Read = ReadFrom;

    private GCHandle pinned;

    private Picture(SurfaceHandle surface, GCHandle pinned)
    {
        Surface = surface;
        this.pinned = pinned;
        Width = Cairo.cairo_image_surface_get_width(surface);
        Height = Cairo.cairo_image_surface_get_height(surface);
    }

    public SurfaceHandle Surface { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>
    /// The picture, or null where the bytes are no PNG or JPEG that can be drawn: a document is worth more than its logo.
    /// </summary>
    public static Picture? From(byte[]? bytes)
    {
        if (PictureHeader.Read(bytes) is not { ContentType: "image/png" or "image/jpeg" } header) return null;
        if ((long)header.Width * header.Height > MostDots) return null;
        var picture = header.ContentType == "image/png" ? FromPng(bytes!) : FromJpeg(bytes!, header.Width, header.Height);
        if (Cairo.cairo_surface_status(picture.Surface) == Cairo.Success && picture.Width > 0)
        {
            return picture;
        }

        picture.Dispose();
        return null;
    }

    public void Dispose()
    {
        Surface.Dispose();
        if (pinned.IsAllocated)
        {
            pinned.Free();
        }
    }

    private sealed class Reader(byte[] bytes)
    {
        public byte[] Bytes { get; } = bytes;

        public int Position { get; set; }
    }

    private static Picture FromPng(byte[] bytes)
    {
        var reader = GCHandle.Alloc(new Reader(bytes));
        try
        {
            return new(Cairo.cairo_image_surface_create_from_png_stream(Read, GCHandle.ToIntPtr(reader)), default);
        }
        finally
        {
            reader.Free();
        }
    }

    private static Picture FromJpeg(byte[] bytes, int width, int height)
    {
        var pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        var surface = Cairo.cairo_image_surface_create(Cairo.FormatRgb24, width, height);
        Cairo.cairo_surface_set_mime_data(
            surface, PdfEngine.Utf8("image/jpeg"), pinned.AddrOfPinnedObject(), (nuint)bytes.Length, IntPtr.Zero, IntPtr.Zero);
        return new(surface, pinned);
    }

    private static int ReadFrom(IntPtr closure, IntPtr data, uint length)
    {
        var reader = (Reader)GCHandle.FromIntPtr(closure).Target!;
        if (length > reader.Bytes.Length - reader.Position)
        {
            return 10; // CAIRO_STATUS_READ_ERROR
        }

        Marshal.Copy(reader.Bytes, reader.Position, data, (int)length);
        reader.Position += (int)length;
        return Cairo.Success;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

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
        if (bytes is null || SizeOf(bytes) is not var (kind, width, height) || width <= 0 || height <= 0 || (long)width * height > MostDots)
        {
            return null;
        }

        var picture = kind == Kind.Png ? FromPng(bytes) : FromJpeg(bytes, width, height);
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

    private enum Kind
    {
        Png, Jpeg,
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

    private static (Kind Kind, int Width, int Height)? SizeOf(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
        if (bytes.Length > 24 && bytes.StartsWith(png))
        {
            return (Kind.Png, BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
        }

        if (bytes.Length < 4 || bytes[0] != 0xFF || bytes[1] != 0xD8)
        {
            return null;
        }

        // A JPEG is a chain of segments; the size is in its "start of frame" (C0 to CF, but C4, C8 and CC mean other things).
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (
                    Kind.Jpeg, BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return null;
    }
}

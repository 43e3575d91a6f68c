using System.Buffers.Binary;
using SkiaSharp;

namespace Portal.Tests.Facilities;

/// <summary>Pictures, and files that only begin like one.</summary>
internal static class Pictures
{
    public static byte[] Png { get; } = PngOf(64, 48);

    public static byte[] Jpeg { get; } = Encoded(Corners(640, 480), SKEncodedImageFormat.Jpeg);

    public static byte[] PngOf(int width, int height) => Encoded(Corners(width, height), SKEncodedImageFormat.Png);

    /// <summary>Red, green, blue and white: top left, top right, bottom left, bottom right.</summary>
    public static SKBitmap Corners(int width, int height)
    {
        var picture = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                picture.SetPixel(x, y, (x < width / 2, y < height / 2) switch
                {
                    (true, true) => SKColors.Red,
                    (false, true) => SKColors.Lime,
                    (true, false) => SKColors.Blue,
                    _ => SKColors.White,
                });
            }
        }

        return picture;
    }

    public static byte[] Encoded(SKBitmap picture, SKEncodedImageFormat format)
    {
        using (picture)
        using (var data = picture.Encode(format, 100))
        {
            return data.ToArray();
        }
    }

    /// <summary>A JPEG with an Exif part as telephones write it: how it lies (1 to 8), and where it was taken.</summary>
    public static byte[] WithExif(byte[] jpeg, int origin, string place)
    {
        byte[] tiff =
        [
            .. "II*\0"u8, 8, 0, 0, 0, 2, 0,
            0x0E, 0x01, 2, 0, (byte)(place.Length + 1), 0, 0, 0, 38, 0, 0, 0,
            0x12, 0x01, 3, 0, 1, 0, 0, 0, (byte)origin, 0, 0, 0,
            0, 0, 0, 0,
            .. System.Text.Encoding.ASCII.GetBytes(place), 0,
        ];
        byte[] part = [.. "Exif\0\0"u8, .. tiff];
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(part.Length + 2));
        return [0xFF, 0xD8, 0xFF, 0xE1, .. length, .. part, .. jpeg[2..]];
    }

    /// <summary>The beginning of a JPEG with an Exif part before its frame.</summary>
    public static byte[] JpegHeader(ushort width, ushort height, byte colours = 3)
    {
        byte[] content =
        [
            0xFF, 0xD8, 0xFF, 0xE1, 0x00, 0x08, .. "Exif\0\0"u8, 0xFF, 0xC2, 0x00, 0x11, 0x08, 0, 0, 0, 0, colours, 0x01, 0x22, 0x00, 0x02,
            0x11, 0x01, 0x03, 0x11, 0x01, 0xFF, 0xD9,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(17), height);
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(19), width);
        return content;
    }

    /// <summary>A PNG that says it is this large and is not.</summary>
    public static byte[] PngHeader(int width, int height)
    {
        var content = (byte[])Png.Clone();
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), height);
        return content;
    }
}

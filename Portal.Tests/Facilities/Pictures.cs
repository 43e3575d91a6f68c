using System.Buffers.Binary;

namespace Portal.Tests.Facilities;

/// <summary>The smallest pictures that are pictures.</summary>
internal static class Pictures
{
    /// <summary>One grey pixel.</summary>
    public static byte[] Png { get; } =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");

    /// <summary>A header with an Exif part before the frame, as telephones write it.</summary>
    public static byte[] Jpeg { get; } = JpegOf(640, 480);

    public static byte[] JpegOf(ushort width, ushort height)
    {
        byte[] content =
        [
            0xFF,
            0xD8,
            0xFF,
            0xE1,
            0x00,
            0x08,
            .. "Exif\0\0"u8,
            0xFF,
            0xC2,
            0x00,
            0x11,
            0x08,
            0,
            0,
            0,
            0,
            0x03,
            0x01,
            0x22,
            0x00,
            0x02,
            0x11,
            0x01,
            0x03,
            0x11,
            0x01,
            0xFF,
            0xD9,
        ];
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(17), height);
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(19), width);
        return content;
    }

    public static byte[] PngOf(int width, int height)
    {
        var content = (byte[])Png.Clone();
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(20), height);
        return content;
    }
}

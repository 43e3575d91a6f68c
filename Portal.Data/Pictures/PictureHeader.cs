using System.Buffers.Binary;
using System.Text;

namespace Portal.Data.Pictures;

/// <summary>What a picture says of itself in its first bytes. Its name and what a browser claims are never asked.</summary>
/// <param name="Width">In pixels, as <see cref="Height"/>.</param>
public sealed record PictureHeader(string ContentType, int Width, int Height)
{
    /// <summary>Its colours are those of a printing press (CMYK), which no two programs turn into those of a screen alike.</summary>
    public bool Printing { get; private init; }

    /// <summary>It moves.</summary>
    public bool Animated { get; private init; }

    /// <summary>Reads JPEG, PNG and WebP; null for anything else, SVG among it: that may hold scripts.</summary>
    public static PictureHeader? Read(ReadOnlySpan<byte> content) =>
        IsPng(content) ? Png(content) : IsJpeg(content) ? Jpeg(content) : IsWebp(content) ? Webp(content) : null;

    /// <summary>Whether the first twelve bytes are those of a picture that may be shown.</summary>
    public static bool Begins(ReadOnlySpan<byte> content) => IsPng(content) || IsJpeg(content) || IsWebp(content);

    /// <summary>Whether it is a photo as iPhones keep them (HEIF), which browsers do not show.</summary>
    public static bool IsHeic(ReadOnlySpan<byte> content) =>
        content.Length >= 12
        && content[4..].StartsWith("ftyp"u8)
        && Encoding.ASCII.GetString(content[8..12]) is "heic" or "heix" or "heim" or "heis" or "hevc" or "hevx" or "mif1" or "msf1";

    private static bool IsPng(ReadOnlySpan<byte> content) =>
        content.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);

    private static bool IsJpeg(ReadOnlySpan<byte> content) => content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    private static bool IsWebp(ReadOnlySpan<byte> content) =>
        content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8);

    /// <summary>The first part of a PNG is its header: length, name, width, height. One that moves says so before its data.</summary>
    private static PictureHeader? Png(ReadOnlySpan<byte> content)
    {
        if (content.Length < 33 || !content[12..].StartsWith("IHDR"u8)) return null;
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(content[16..]), BinaryPrimitives.ReadInt32BigEndian(content[20..]));
        var (data, control) = (content.IndexOf("IDAT"u8), content.IndexOf("acTL"u8));
        return Sized("image/png", width, height) is { } header ? header with { Animated = control > 0 && control < data } : null;
    }

    /// <summary>A JPEG is a row of segments; the size stands in the one that begins the frame.</summary>
    private static PictureHeader? Jpeg(ReadOnlySpan<byte> content)
    {
        for (var at = 2; at + 9 < content.Length;)
        {
            if (content[at] != 0xFF) return null;
            var marker = content[at + 1];
            if (marker is 0xFF)
            {
                at++;
            }
            else if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
            {
                at += 2;
            }
            else if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                var sized = Sized(
                    "image/jpeg", BinaryPrimitives.ReadUInt16BigEndian(content[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(content[(at + 5)..]));
                return sized is null ? null : sized with { Printing = content[at + 9] == 4 };
            }
            else
            {
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(content[(at + 2)..]);
            }
        }

        return null;
    }

    private static PictureHeader? Webp(ReadOnlySpan<byte> content)
    {
        if (content.Length < 30) return null;
        var part = content[12..16];
        if (part.SequenceEqual("VP8X"u8))
            return new("image/webp", 1 + Triple(content[24..]), 1 + Triple(content[27..])) { Animated = (content[20] & 2) != 0 };
        if (part.SequenceEqual("VP8 "u8))
            return Sized(
                "image/webp", BinaryPrimitives.ReadUInt16LittleEndian(content[26..]) & 0x3FFF,
                BinaryPrimitives.ReadUInt16LittleEndian(content[28..]) & 0x3FFF);
        if (!part.SequenceEqual("VP8L"u8) || content[20] != 0x2F) return null;
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(content[21..]);
        return Sized("image/webp", 1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
    }

    private static int Triple(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static PictureHeader? Sized(string type, int width, int height) => width > 0 && height > 0 ? new(type, width, height) : null;
}

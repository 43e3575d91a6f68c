using SkiaSharp;

namespace Portal.Data.Pictures;

/// <summary>A picture drawn anew, without anything that was written into the file it came from.</summary>
/// <param name="Content">As large as it came, in the kind of file it came in, upright.</param>
/// <param name="Small">WebP, at most <see cref="PictureDrawing.SmallWidth"/> wide.</param>
/// <param name="Large">WebP, at most <see cref="PictureDrawing.LargeWidth"/> wide.</param>
public sealed record DrawnPicture(string ContentType, byte[] Content, byte[] Small, byte[] Large);

/// <summary>
/// Draws uploaded pictures anew: turned as their file says, without place, camera or whatever else was in the file, and in the two sizes
/// that pages show. One at a time, on a thread of its own choosing: a picture takes up to 300 MB of memory while it is turned, and at
/// twelve million pixels half a second of a processor.
/// </summary>
public sealed class PictureDrawing : IDisposable
{
    /// <summary>In pixels: a card on a telephone, or a list.</summary>
    public const int SmallWidth = 480;

    /// <summary>In pixels: across a page.</summary>
    public const int LargeWidth = 1280;

    /// <summary>In bytes: 5 MB.</summary>
    public const int LargestSize = 5 * 1024 * 1024;

    /// <summary>In pixels, on either side: a small file may unfold into more than a server can hold.</summary>
    public const int LargestSide = 6000;

    private const int WebpQuality = 80;
    private const int FullQuality = 92;

    private readonly SemaphoreSlim _place = new(1, 1);

    /// <summary>
    /// Refused: <c>photo.large</c>, <c>photo.pixels</c>, <c>photo.kind</c> (neither JPEG, PNG nor WebP), <c>photo.heic</c>,
    /// <c>photo.cmyk</c> (for print), <c>photo.animated</c>, <c>photo.broken</c>.
    /// </summary>
    public async Task<Result<DrawnPicture>> DrawAsync(byte[] content, CancellationToken ct)
    {
        if (content.Length > LargestSize) return TooLarge;
        if (PictureHeader.Read(content) is not { } header)
            return new Error(PictureHeader.IsHeic(content) ? "photo.heic" : PictureHeader.Begins(content) ? "photo.broken" : "photo.kind");
        if (header.Width > LargestSide || header.Height > LargestSide)
            return new Error("photo.pixels", null, header.Width, header.Height, LargestSide);
        if (header.Printing) return new Error("photo.cmyk");
        if (header.Animated) return new Error("photo.animated");
        await _place.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Draw(content, header.ContentType), ct);
        }
        finally
        {
            _place.Release();
        }
    }

    public void Dispose() => _place.Dispose();

    private static Error TooLarge => new("photo.large", null, LargestSize / (1024 * 1024));

    private static Result<DrawnPicture> Draw(byte[] content, string contentType)
    {
        using var data = SKData.CreateCopy(content);
        using var codec = SKCodec.Create(data);
        if (codec is null) return new Error("photo.broken");
        if (codec.FrameCount > 1) return new Error("photo.animated");

        // Read again from the decoder itself: what is allocated is what it says, not what we found in the header.
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > LargestSide || height > LargestSide) return new Error("photo.pixels", null, width, height, LargestSide);
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        using var decoded = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha, SKColorSpace.CreateSrgb()));
        if (codec.GetPixels(decoded.Info, decoded.GetPixels()) != SKCodecResult.Success) return new Error("photo.broken");

        using var turned = Upright(decoded, codec.EncodedOrigin);
        var upright = turned ?? decoded;
        var full = Encoded(upright, contentType switch
        {
            "image/png" => SKEncodedImageFormat.Png,
            "image/webp" => SKEncodedImageFormat.Webp,
            _ => SKEncodedImageFormat.Jpeg,
        }, FullQuality);
        return full.Length <= LargestSize
            ? new DrawnPicture(contentType, full, Scaled(upright, SmallWidth), Scaled(upright, LargeWidth))
            : TooLarge;
    }

    /// <summary>The picture as it is to be looked at; null where it lies that way already.</summary>
    private static SKBitmap? Upright(SKBitmap picture, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default) return null;
        var (w, h) = origin < SKEncodedOrigin.LeftTop ? (picture.Width, picture.Height) : (picture.Height, picture.Width);

        // Where the file's right and down lead, and from which corner (Exif 2.32, 4.6.4 A, tag 274).
        var matrix = origin switch
        {
            SKEncodedOrigin.TopRight => new SKMatrix(-1, 0, w, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new SKMatrix(-1, 0, w, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new SKMatrix(1, 0, 0, 0, -1, h, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new SKMatrix(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new SKMatrix(0, -1, w, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new SKMatrix(0, -1, w, -1, 0, h, 0, 0, 1),
            _ => new SKMatrix(0, 1, 0, -1, 0, h, 0, 0, 1),
        };
        var turned = new SKBitmap(picture.Info.WithSize(w, h));
        using var canvas = new SKCanvas(turned);
        canvas.Clear(SKColors.Transparent);
        canvas.SetMatrix(matrix);
        canvas.DrawBitmap(picture, 0, 0, SKSamplingOptions.Default);
        return turned;
    }

    /// <summary>Never wider than it came.</summary>
    private static byte[] Scaled(SKBitmap picture, int width)
    {
        if (picture.Width <= width) return Encoded(picture, SKEncodedImageFormat.Webp, WebpQuality);
        var height = Math.Max(1, (int)Math.Round(picture.Height * (double)width / picture.Width));
        using var smaller =
            picture.Resize(picture.Info.WithSize(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return Encoded(smaller, SKEncodedImageFormat.Webp, WebpQuality);
    }

    private static byte[] Encoded(SKBitmap picture, SKEncodedImageFormat format, int quality)
    {
        using var data = picture.Encode(format, quality);
        return data.ToArray();
    }
}

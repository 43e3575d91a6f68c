using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Operations;
using Portal.Data.Pictures;
using Portal.Tests.Server;
using SkiaSharp;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Photos: judged by what is in them, drawn anew, kept once for each facility, without their bytes in the audit log.</summary>
public sealed class FacilityPhotoTests(TestDatabase database) : DatabaseTest(database)
{
    public static TheoryData<string, byte[], string?, int, int> Headers =>
        new()
        {
            { "PNG", Pictures.PngHeader(1200, 900), "image/png", 1200, 900 },
            { "JPEG behind its Exif part", Pictures.JpegHeader(4032, 3024), "image/jpeg", 4032, 3024 },
            {
                "WebP, extended",
                [.. "RIFF\0\0\0\0WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0x06, 0, 0xAF, 0x04, 0],
                "image/webp",
                1600,
                1200
            },
            {
                "WebP, lossy",
                [.. "RIFF\0\0\0\0WEBPVP8 "u8, 0, 0, 0, 0, 0, 0, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0xE0, 0x01],
                "image/webp",
                640,
                480
            },
            {
                "WebP, lossless",
                [.. "RIFF\0\0\0\0WEBPVP8L"u8, 0, 0, 0, 0, 0x2F, 0x7F, 0xC2, 0x77, 0, 0, 0, 0, 0, 0],
                "image/webp",
                640,
                480
            },
            { "SVG", [.. "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8], null, 0, 0 },
            { "a page that calls itself a picture", [.. "<!doctype html><script>alert(1)</script>"u8], null, 0, 0 },
            { "GIF", [.. "GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02"u8], null, 0, 0 },
            { "a JPEG that ends early", Pictures.JpegHeader(640, 480)[..14], null, 0, 0 },
            { "a PNG without size", Pictures.PngHeader(0, 0), null, 0, 0 },
            { "nothing", [], null, 0, 0 },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_picture_seenColourknown_by_its_bytes(string what, byte[] content, string? type, int width, int height)
    {
        var header = PictureHeader.Read(content);
        Assert.True(type is null ? header is null : header == new PictureHeader(type, width, height), $"{what}: {header}");
    }

    [Fact]
    public async Task A_photo_seenColourset_changed_and_taken_away()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        var owner = await world.OwnerAsync();
        Task<FacilityPicture?> Find(PhotoSize size) => world.Photos.FindAsync(facility.Id, size, owner, default);
        Assert.Null(await Find(PhotoSize.Full));

        var digest = (await world.Photos.SetAsync(facility.Id, Pictures.Png, Staff, default)).Value;
        var photo = await Find(PhotoSize.Full);
        Assert.Equal(("image/png", digest), (photo!.ContentType, photo.Digest));

        var other = (await world.Photos.SetAsync(facility.Id, Pictures.PngOf(2400, 1800), Staff, default)).Value;
        Assert.NotEqual(digest, other);
        foreach (var (size, type, width) in new[]
        {
            (PhotoSize.Full, "image/png", 2400), (PhotoSize.Small, "image/webp", 480), (PhotoSize.Large, "image/webp", 1280),
        })
        {
            photo = await Find(size);
            Assert.Equal((type, other), (photo!.ContentType, photo.Digest));
            Assert.Equal(new PictureHeader(type, width, width * 3 / 4), PictureHeader.Read(photo.Content));
        }

        Assert.Equal(other, (await world.Facilities.GetAsync(facility.Id, Staff, default)).Value.Photo);
        Assert.True((await world.Photos.RemoveAsync(facility.Id, Staff, default)).Ok);
        Assert.Null(await Find(PhotoSize.Small));
        var log = await world.ReadAsync(db =>
            db.AuditLog.Where(a => a.TableName == "facility_photos")
                .OrderBy(a => a.Id)
                .Select(a => new { a.Action, Text = a.OldValue + a.NewValue })
                .ToListAsync()
        );
        Assert.Equal(["insert", "update", "delete"], log.Select(l => l.Action));
        Assert.All(log, line => Assert.DoesNotContain("iVBOR", line.Text, StringComparison.Ordinal));
        Assert.All(log, line => Assert.InRange(line.Text.Length, 1, 2000));
    }

    /// <summary>Exif's eight ways to lie: where the first row and the first column of the file are in the picture.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_photo_stands_upright_and_says_nowhere_where_it_was_taken(int origin)
    {
        const int width = 96, height = 64;
        using var upright = Pictures.Corners(width, height);
        var lying = origin >= 5 ? new SKBitmap(height, width) : new SKBitmap(width, height);
        for (var row = 0; row < lying.Height; row++)
        {
            for (var column = 0; column < lying.Width; column++)
            {
                var (x, y) = origin switch
                {
                    1 => (column, row),
                    2 => (width - 1 - column, row),
                    3 => (width - 1 - column, height - 1 - row),
                    4 => (column, height - 1 - row),
                    5 => (row, column),
                    6 => (width - 1 - row, column),
                    7 => (width - 1 - row, height - 1 - column),
                    _ => (row, height - 1 - column),
                };
                lying.SetPixel(column, row, upright.GetPixel(x, y));
            }
        }

        var sent = Pictures.WithExif(Pictures.Encoded(lying, SKEncodedImageFormat.Jpeg), origin, "4.6533 N 74.0836 W");
        using var drawing = new PictureDrawing();
        var drawn = (await drawing.DrawAsync(sent, default)).Value;
        foreach (var content in new[] { drawn.Content, drawn.Small, drawn.Large })
        {
            using var seen = SKBitmap.Decode(content);
            Assert.Equal((width, height), (seen.Width, seen.Height));
            foreach (var (x, y) in new[] { (12, 8), (84, 8), (12, 56), (84, 56) })
            {
                var (shown, was) = (seen.GetPixel(x, y), upright.GetPixel(x, y));
                var apart = Math.Abs(shown.Red - was.Red) + Math.Abs(shown.Green - was.Green) + Math.Abs(shown.Blue - was.Blue);
                Assert.True(apart < 60, $"{x}, {y}: {shown}");
            }

            var text = Encoding.Latin1.GetString(content);
            Assert.DoesNotContain("Exif", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("4.6533", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_photo_from_before_seenColoursent_as_it_came_and_drawn_by_a_job()
    {
        await using var world = new FacilityWorld(Database);
        var (facility, other) = (await world.FacilityAsync(), await world.FacilityAsync("Salón"));
        var owner = await world.OwnerAsync();
        var old = Pictures.WithExif(Pictures.Jpeg, 6, "4.6533 N 74.0836 W");
        byte[] broken = [.. Pictures.Jpeg.Take(900)];
        long[] ids = [];
        foreach (var (id, content) in new[] { (facility.Id, old), (other.Id, broken) })
        {
            await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
            var row = new FacilityPhoto { FacilityId = id, ContentType = "image/jpeg", Digest = new string('0', 64), Content = content };
            db.FacilityPhotos.Add(row);
            await db.SaveChangesAsync();
            ids = [.. ids, row.Id];
        }

        Task<FacilityPicture?> Find(long id) => world.Photos.FindAsync(id, PhotoSize.Small, owner, default);
        Assert.Equal(old, (await Find(facility.Id))!.Content);
        foreach (var id in ids.Append(9_999_999))
        {
            await world.RunAsync(PhotoScaling.JobKind, id);
            await world.RunAsync(PhotoScaling.JobKind, id);
        }

        Assert.Equal(new PictureHeader("image/webp", 480, 640), PictureHeader.Read((await Find(facility.Id))!.Content));
        Assert.Equal(broken, (await Find(other.Id))!.Content);
    }

    public static TheoryData<string, string, byte[]> Unfit =>
        new()
        {
            { "photo.kind", "SVG", [.. "<svg/>"u8] },
            { "photo.kind", "GIF", [.. "GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02"u8] },
            { "photo.heic", "an iPhone's", [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8] },
            { "photo.pixels", "a bomb", Pictures.PngHeader(20_000, 20_000) },
            { "photo.broken", "a bomb that fits", Pictures.PngHeader(3_000, 3_000) },
            { "photo.broken", "half of one", Pictures.Jpeg[..(Pictures.Jpeg.Length / 2)] },
            { "photo.broken", "a header only", Pictures.JpegHeader(640, 480) },
            { "photo.broken", "less than a header", Pictures.JpegHeader(640, 480)[..14] },
            { "photo.cmyk", "one for print", Pictures.JpegHeader(640, 480, colours: 4) },
            { "photo.animated", "WebP that moves", [.. "RIFF\0\0\0\0WEBPVP8X"u8, 10, 0, 0, 0, 2, 0, 0, 0, 0x3F, 0x06, 0, 0xAF, 0x04, 0] },
            {
                "photo.animated",
                "PNG that moves",
                [.. Pictures.Png[..33], 0, 0, 0, 8, .. "acTL\0\0\0\x02\0\0\0\0\0\0\0\0"u8, .. Pictures.Png[33..]]
            },
            { "photo.large", "more than 5 MB", [.. Pictures.Png, .. new byte[PictureDrawing.LargestSize]] },
        };

    // Not taken apart when tests are looked for: a theory's data are written down then, byte by byte.
    [Theory]
    [MemberData(nameof(Unfit), DisableDiscoveryEnumeration = true)]
    public async Task What_cannot_be_shown_seenColourrefused_and_says_why(string code, string what, byte[] content)
    {
        using var drawing = new PictureDrawing();
        var refused = await drawing.DrawAsync(content, default);
        Assert.True(refused.Error?.Code == code, $"{what}: {refused.Error?.Code}");
    }

    [Fact]
    public async Task A_photo_needs_its_facility_and_somebody_who_may_change_it()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        Assert.Equal("not_found", (await world.Photos.SetAsync(9_999_999, Pictures.Png, Staff, default)).Error!.Code);
        Assert.Equal(Error.Forbidden, (await world.Photos.SetAsync(facility.Id, Pictures.Png, await world.OwnerAsync(), default)).Error);
        Assert.Equal("photo.kind", (await world.Photos.SetAsync(facility.Id, [.. "<svg/>"u8], Staff, default)).Error!.Code);
        Assert.Equal(0, await world.ReadAsync(db => db.FacilityPhotos.CountAsync()));
    }

    [Fact]
    public async Task Two_photos_at_once_leave_one()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        var results = await Task.WhenAll(
            Enumerable.Range(1, 8).Select(n => world.Photos.SetAsync(facility.Id, Pictures.PngOf(n, n), Staff, default))
        );
        Assert.All(results, r => Assert.True(r.Ok));
        Assert.Equal(1, await world.ReadAsync(db => db.FacilityPhotos.CountAsync()));
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

/// <summary>Photos: judged by what is in them, kept once for each facility, without their bytes in the audit log.</summary>
public sealed class FacilityPhotoTests(TestDatabase database) : DatabaseTest(database)
{
    public static TheoryData<string, byte[], string?, int, int> Headers =>
        new()
        {
            { "PNG", Pictures.PngOf(1200, 900), "image/png", 1200, 900 },
            { "JPEG behind its Exif part", Pictures.JpegOf(4032, 3024), "image/jpeg", 4032, 3024 },
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
            { "a JPEG that ends early", Pictures.Jpeg[..14], null, 0, 0 },
            { "a PNG without size", Pictures.PngOf(0, 0), null, 0, 0 },
            { "nothing", [], null, 0, 0 },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_picture_is_known_by_its_bytes(string what, byte[] content, string? type, int width, int height)
    {
        var header = PictureHeader.Read(content);
        Assert.True(type is null ? header is null : header == new PictureHeader(type, width, height), $"{what}: {header}");
    }

    [Fact]
    public async Task A_photo_is_set_changed_and_taken_away()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        var owner = await world.OwnerAsync();
        Assert.Null(await world.Photos.FindAsync(facility.Id, owner, default));

        var digest = (await world.Photos.SetAsync(facility.Id, Pictures.Png, Staff, default)).Value;
        var photo = await world.Photos.FindAsync(facility.Id, owner, default);
        Assert.Equal(("image/png", digest), (photo!.ContentType, photo.Digest));
        Assert.Equal(Pictures.Png, photo.Content);

        var other = (await world.Photos.SetAsync(facility.Id, Pictures.Jpeg, Staff, default)).Value;
        Assert.NotEqual(digest, other);
        Assert.Equal("image/jpeg", (await world.Photos.FindAsync(facility.Id, owner, default))!.ContentType);
        Assert.Equal(other, (await world.Facilities.GetAsync(facility.Id, Staff, default)).Value.Photo);

        Assert.True((await world.Photos.RemoveAsync(facility.Id, Staff, default)).Ok);
        Assert.Null(await world.Photos.FindAsync(facility.Id, owner, default));
        var log = await world.ReadAsync(db =>
            db.AuditLog.Where(a => a.TableName == "facility_photos")
                .OrderBy(a => a.Id)
                .Select(a => new { a.Action, Text = a.OldValue + a.NewValue })
                .ToListAsync()
        );
        Assert.Equal(["insert", "update", "delete"], log.Select(l => l.Action));
        Assert.All(log, line => Assert.DoesNotContain("iVBOR", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_photo_or_too_much_of_one_is_refused()
    {
        await using var world = new FacilityWorld(Database);
        var facility = await world.FacilityAsync();
        async Task<string> Refused(byte[] content) => (await world.Photos.SetAsync(facility.Id, content, Staff, default)).Error!.Code;
        Assert.Equal("photo.kind", await Refused([.. "<svg/>"u8]));
        Assert.Equal("photo.pixels", await Refused(Pictures.PngOf(20_000, 20_000)));
        Assert.Equal("photo.large", await Refused([.. Pictures.Png, .. new byte[FacilityPhotos.LargestSize]]));
        Assert.Equal("not_found", (await world.Photos.SetAsync(9_999_999, Pictures.Png, Staff, default)).Error!.Code);
        Assert.Equal(Error.Forbidden, (await world.Photos.SetAsync(facility.Id, Pictures.Png, await world.OwnerAsync(), default)).Error);
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

using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Pqrs;
using Portal.Tests.Server;

namespace Portal.Tests.Pqrs;

public sealed class PqrsFilingTests(TestDatabase database) : PqrsTest(database)
{
    private static readonly byte[] Jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3];

    [Fact]
    public async Task A_filed_case_has_a_number_a_deadline_a_code_and_the_handlers_hear_of_it()
    {
        var filed = (await Filing.FileAsync(Leak(Andrea, files: new PqrsUpload("techo.jpg", Jpeg)), Andrea, default)).Value;
        var found = await CaseAsync(filed.Id, Andrea);

        Assert.Equal("PQRS-2026-000001", filed.Number);
        Assert.Equal((PqrsState.Open, PqrsChannel.Web, new DateOnly(2026, 11, 20)), (found.State, found.Channel, found.DueOn!.Value));
        Assert.Equal(("Andrea Ruiz", "Torre B", "1204"), (found.Petitioner.Name, found.Apartment!.Tower, found.Apartment.Number));
        Assert.Matches("^[2-9A-Z]{4}-[2-9A-Z]{4}$", found.VerificationCode);
        var entry = Assert.Single(found.Entries);
        Assert.Equal((PqrsEntryKind.Filed, "Hay una mancha de humedad y empezó a gotear."), (entry.Kind, entry.Text));
        Assert.Equal("techo.jpg", Assert.Single(entry.Files).Name);
        await using var db = await Store.OpenAsync(CurrentUser.System, default);
        var told = await db.Notifications.Where(n => n.Type == "pqrs.filed").ToListAsync();
        Assert.Equal(new[] { Carolina.Id, Diego.Id }.Order(), told.Select(n => n.RecipientId).Order());
        Assert.All(told, n => Assert.Equal($"/pqrs/{filed.Id}", n.Link));
    }

    [Fact]
    public async Task The_kind_decides_the_days()
    {
        Assert.Equal(new DateOnly(2026, 11, 12), (await DueAsync(PqrsKind.Information)).DueOn);
        Assert.Equal(new DateOnly(2026, 12, 14), (await DueAsync(PqrsKind.Consultation)).DueOn);

        async Task<PqrsDetail> DueAsync(PqrsKind kind) =>
            await CaseAsync((await Filing.FileAsync(Leak(Andrea) with { Kind = kind }, Andrea, default)).Value.Id);
    }

    [Fact]
    public async Task Everything_wrong_is_said_at_once_and_nothing_is_filed()
    {
        var refused = await Filing.FileAsync(
            new PqrsFiling(null, null, null, " ", new string('x', 10_001), [new("a.jpg", [1])]), Andrea, default);

        Assert.Equal(["Files", "Kind", "CategoryId", "Title", "Description", "ApartmentId"], refused.Errors.Select(e => e.Field));
        Assert.Equal(0, (await Cases.ListAsync(new ListQuery(), Andrea, default)).Total);
    }

    [Fact]
    public async Task Nobody_files_for_an_apartment_that_is_not_theirs()
    {
        var refused = await Filing.FileAsync(Leak(Andrea) with { ApartmentId = Bruno.ApartmentIds[0] }, Andrea, default);

        Assert.Equal(("not_found", "ApartmentId"), (refused.Error!.Code, refused.Error.Field));
        Assert.Equal("forbidden", (await Filing.FileAsync(Leak(Andrea), Guard, default)).Error!.Code);
        Assert.Equal("forbidden", (await Filing.FileAsync(Leak(Andrea), Carolina, default)).Error!.Code);
    }

    [Fact]
    public async Task The_eleventh_of_a_day_waits_for_tomorrow_also_when_filed_at_once()
    {
        for (var i = 0; i < 9; i++) await FiledAsync($"Caso {i}");

        var last = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => Filing.FileAsync(Leak(Andrea, $"A la vez {i}"), Andrea, default)));

        Assert.Equal(1, last.Count(r => r.Ok));
        Assert.All(
            last.Where(r => !r.Ok),
            r => Assert.Equal(("pqrs.too_many", 10, 10), (r.Error!.Code, r.Error.Values[0], r.Error.Values[1]))
        );
        Assert.Equal(0, (await Filing.ChoicesAsync(Andrea, default))!.LeftToday);
        Assert.True((await Filing.FileAsync(Leak(Bruno), Bruno, default)).Ok);
        Clock.Go(new DateOnly(2026, 10, 29));
        Assert.True((await Filing.FileAsync(Leak(Andrea), Andrea, default)).Ok);
    }

    [Fact]
    public async Task Numbers_have_no_gaps_when_several_file_at_once_and_one_is_refused()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => i == 3
            ? Filing.FileAsync(Leak(Bruno) with { CategoryId = 999 }, Bruno, default)
            : Filing.FileAsync(Leak(i % 2 == 0 ? Andrea : Bruno, $"Caso {i}"), i % 2 == 0 ? Andrea : Bruno, default)));

        var numbers = (await Cases.ListAsync(new ListQuery(Sort: "number"), Carolina, default)).Rows.Select(r => r.Number);
        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"PQRS-2026-{i:000000}"), numbers);
    }

    [Fact]
    public async Task Staff_file_for_somebody_on_the_telephone()
    {
        var andrea = Assert.Single(await Filing.PetitionersAsync("ruiz", Diego, default));
        Assert.Single(await Filing.PetitionersAsync("B 1204", Diego, default));
        Assert.Empty(await Filing.PetitionersAsync("ruiz", Andrea, default));

        var filed = await Filing.FileForAsync(
            new PqrsDeskFiling(andrea.OwnerId, PqrsChannel.Telephone, PqrsPriority.High, Leak(Andrea)), Diego, default);
        var found = await CaseAsync(filed.Value.Id, Andrea);

        Assert.Equal((PqrsChannel.Telephone, PqrsPriority.High), (found.Channel, (await CaseAsync(filed.Value.Id)).Priority!.Value));
        Assert.True(found.Petitions);
        Assert.Equal("Diego Páez", found.Entries[0].Author.Name);
        Assert.True(found.Entries[0].ByPetitioner);
        var others = await Filing.FileForAsync(
            new PqrsDeskFiling(andrea.OwnerId, PqrsChannel.Desk, PqrsPriority.Low, Leak(Bruno)), Diego, default);
        Assert.Equal("pqrs.apartment_not_his", others.Error!.Code);
        Assert.Equal(
            "forbidden",
            (
                await Filing.FileForAsync(
                    new PqrsDeskFiling(andrea.OwnerId, PqrsChannel.Desk, PqrsPriority.Low, Leak(Andrea)), Andrea, default)
            )
                .Error!
                .Code
        );
    }

    [Fact]
    public async Task Five_large_files_go_in_and_come_out_as_they_were()
    {
        // Bytes that an SQL literal has to escape one by one: the worst case for the server's packet limit.
        var files = Enumerable
            .Range(0, 5)
            .Select(i => new PqrsUpload($"foto-{i}.jpg", [0xFF, 0xD8, 0xFF, (byte)i, .. new byte[PqrsFiles.LargestSize - 4]]))
            .ToArray();

        var filed = await Filing.FileAsync(Leak(Andrea, files: files), Andrea, default);

        Assert.True(filed.Ok);
        var entry = (await CaseAsync(filed.Value.Id)).Entries[0];
        Assert.Equal(files.Select(f => f.Name), entry.Files.Select(f => f.Name));
        var content = await Cases.FileAsync(entry.Files[4].Id, Andrea, default);
        Assert.True(content!.Content.AsSpan().SequenceEqual(files[4].Content));
    }
}

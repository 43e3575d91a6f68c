using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Data.Pets;
using Portal.Tests.Authority;
using Portal.Tests.Facilities;
using Portal.Tests.Server;

namespace Portal.Tests.Pets;

/// <summary>The census of pets, in the building of two apartments.</summary>
public sealed class PetTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly AuthorityWorld _world = new(database);

    public Task InitializeAsync() => _world.BeginAsync(new CensusMatrix());

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task A_resident_registers_their_own_pet_whatever_owner_they_name()
    {
        var service = _world.Get<PetService>();
        var made = await service.SaveAsync(
            null, new(" Milo ", "Gato", " ", null, _world.Clock.Today.AddDays(-1), AuthorityWorld.OwnerRow(Who.Owner)),
            _world.As(Who.Neighbour), default);
        var expired = new ListQuery(Filters: new Dictionary<string, string> { ["vaccination"] = "expired" });
        var row = Assert.Single((await service.ListAsync(expired, _world.As(Who.Staff), default)).Rows);
        Assert.Equal(
            (made.Value, "Milo", null, AuthorityWorld.OwnerRow(Who.Neighbour), "Torre A 102"),
            (row.Id, row.Name, row.Breed, row.OwnerId, row.Unit)
        );
        Assert.Equal("not_found", (await service.DeleteAsync(made.Value, _world.As(Who.Owner), default)).Error!.Code);
    }

    [Fact]
    public async Task A_file_leaves_nobody_out_though_others_are_deleted_while_it_is_written()
    {
        await database.ExecuteAsync(
            "INSERT INTO pets (name, species, owner_id) VALUES "
                + string.Join(", ", Enumerable.Range(0, 250).Select(n => $"('Pez {n:000}', 'Pez', {AuthorityWorld.OwnerRow(Who.Owner)})")));
        var fish = new ListQuery(Filters: new Dictionary<string, string> { ["species"] = "Pez" }, Sort: "name");
        var names = new List<string>();
        await foreach (var row in _world.Get<PetService>().ExportAsync(fish, _world.As(Who.Staff), default))
        {
            if (names.Count == 0) await database.ExecuteAsync("DELETE FROM pets WHERE name < 'Pez 050'");
            names.Add(row.Name);
        }

        Assert.Equal(200, names.Count(name => string.CompareOrdinal(name, "Pez 050") >= 0));
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task A_photo_is_drawn_anew_and_its_owner_and_the_office_see_it()
    {
        var photos = _world.Get<PetPhotos>();
        var dog = (await _world.Get<PetService>().SaveAsync(null, new("Rex", "Perro", null, null, null), _world.As(Who.Neighbour), default)).Value;
        Assert.Equal("photo.kind", (await photos.SetAsync(dog, [.. "<svg/>"u8], _world.As(Who.Neighbour), default)).Error!.Code);
        Assert.Equal("not_found", (await photos.SetAsync(dog, Pictures.Png, _world.As(Who.Owner), default)).Error!.Code);
        var digest = (await photos.SetAsync(dog, Pictures.Png, _world.As(Who.Neighbour), default)).Value;
        Assert.Equal(digest, (await photos.FindAsync(dog, PhotoSize.Small, _world.As(Who.Staff), default))!.Digest);
        Assert.Null(await photos.FindAsync(dog, PhotoSize.Full, _world.As(Who.Owner), default));
        var row = (await _world.Get<PetService>().ListAsync(new ListQuery("Rex"), _world.As(Who.Neighbour), default)).Rows.Single();
        Assert.Equal(digest, row.Photo);
        Assert.True((await photos.RemoveAsync(dog, _world.As(Who.Staff), default)).Ok);
        Assert.Null(await photos.FindAsync(dog, PhotoSize.Full, _world.As(Who.Staff), default));
    }

    [Fact]
    public async Task An_owner_hears_a_month_and_a_week_before_a_vaccination_ends_and_when_it_has_each_once()
    {
        var (service, owner, today) = (_world.Get<PetService>(), _world.As(Who.Neighbour), _world.Clock.Today);
        var dog = (await service.SaveAsync(null, new("Rex", "Perro", null, null, today.AddDays(31)), owner, default)).Value;
        await service.SaveAsync(null, new("Viejo", "Perro", null, null, today.AddDays(-90)), owner, default);
        async Task<int> ToldAsync(int left)
        {
            await service.SaveAsync(dog, new("Rex", "Perro", null, null, today.AddDays(left)), owner, default);
            var job = new PetReminders(_world.Store, _world.Clock);
            await job.RunAsync(default, default);
            await job.RunAsync(default, default);
            await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
            return await db.Notifications.CountAsync(n => n.RecipientId == AuthorityWorld.Id(Who.Neighbour) && n.Type!.StartsWith("pet."));
        }

        Assert.Equal(0, await ToldAsync(31));
        Assert.Equal(1, await ToldAsync(30));
        Assert.Equal(2, await ToldAsync(7));
        Assert.Equal(3, await ToldAsync(-1));
        // The same day is told once; another is another vaccination.
        Assert.Equal(3, await ToldAsync(-1));
        Assert.Equal(4, await ToldAsync(20));
    }

    [Fact]
    public async Task The_census_counts_by_tower_and_species_and_what_is_overdue()
    {
        var (service, today) = (_world.Get<PetService>(), _world.Clock.Today);
        await service.SaveAsync(null, new("Mishi", "Gato", null, null, today.AddDays(-1)), _world.As(Who.Neighbour), default);
        await service.SaveAsync(null, new("Pelusa", "Gato", null, null, today.AddDays(30)), _world.As(Who.Neighbour), default);
        await service.SaveAsync(null, new("Kira", "Gato", null, null, today.AddDays(31)), _world.As(Who.Owner), default);
        var lines = await _world.Get<PetCensus>().ReadAsync(_world.As(Who.Staff), default);
        Assert.Equal(new CensusLine("Torre A", "Gato", 3, 2, 1, 1, 0), lines.Single(l => l.Species == "Gato"));
        Assert.Equal(1, lines.Single(l => l.Species == "Perro").Unknown);
        Assert.Empty(await _world.Get<PetCensus>().ReadAsync(_world.As(Who.Guard), default));
    }
}

using Portal.Data;
using Portal.Data.Pets;
using Portal.Tests.Authority;
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
}

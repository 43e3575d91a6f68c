using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Home;
using Portal.Data.Identity;
using Portal.Data.Parking;
using Portal.Data.People;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Verdict = Portal.Data.Gate.Verdict;

namespace Portal.Tests.Gate;

/// <summary>The guard asks as people speak, and gets the right apartment or the list of those that fit.</summary>
public sealed class GateSpellingTests(TestDatabase database) : DatabaseTest(database)
{
    private const long InBlock = 501, InOne = 1101, InEleven = 1111, Lonely = 900;

    private AuthorityWorld _world = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new AuthorityWorld(Database);
        await _world.BeginAsync(new Neighbourhood());
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private Task<Verdict> AskAsync(string typed) => _world.Get<GateLookup>().AskAsync(typed, _world.As(Who.Guard), default);

    [Theory]
    [InlineData("Bloque 2 501")]
    [InlineData("bloque2 501")]
    [InlineData("2 501")]
    [InlineData("Bloque 2-501")]
    [InlineData("BLOQUE 2, 501")]
    [InlineData("b2 501")]
    [InlineData("bl. 2 apto 501")]
    [InlineData("2501")]
    [InlineData("bloque2501")]
    [InlineData("apto 501 bloque 2")]
    [InlineData("501")]
    [InlineData("  2-501 ")]
    public async Task An_apartment_is_found_in_every_spelling(string typed)
    {
        var verdict = await AskAsync(typed);
        Assert.Equal((VerdictKind.Apartment, InBlock, "Bloque 2 501"), (verdict.Kind, verdict.ApartmentId!.Value, verdict.Unit));
    }

    [Theory]
    [InlineData("1 101", InOne)]
    [InlineData("torre 1 101", InOne)]
    [InlineData("11 101", InEleven)]
    [InlineData("T11-101", InEleven)]
    [InlineData("A 101", AuthorityWorld.Apartment)]
    [InlineData("torre a 101", AuthorityWorld.Apartment)]
    public async Task A_tower_that_is_a_number_is_no_other_tower(string typed, long apartment) =>
        Assert.Equal((VerdictKind.Apartment, apartment), ((await AskAsync(typed)).Kind, (await AskAsync(typed)).ApartmentId!.Value));

    [Fact]
    public async Task A_tower_with_a_number_of_six_digits_is_not_taken_for_a_code_that_was_used()
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO apartments (id, apartment_number, status_id, tower_id, owner_id)
                VALUES (7, '1204', 1, 4, {AuthorityWorld.OwnerRow(Who.Owner)});
            INSERT INTO visitors (name, identification, host_id, apartment_id, visit_date, enter_time, exit_time, state, pass_code)
                VALUES ('Otro', '', {AuthorityWorld.OwnerRow(Who.Owner)}, {InOne}, '2026-01-10', '10:00', '11:00', 'left', '111204')
            """
        );
        Assert.Equal((VerdictKind.Apartment, "11 1204"), ((await AskAsync("11 1204")).Kind, (await AskAsync("11-1204")).Unit));
        Assert.Equal(VerdictKind.Used, (await AskAsync("111 204")).Kind);
    }

    [Fact]
    public async Task What_fits_several_lists_them_and_each_choice_leads_to_its_own()
    {
        var several = await AskAsync("101");
        Assert.Equal(VerdictKind.Several, several.Kind);
        Assert.Equal(["1 101", "11 101", "Torre A 101"], several.Choices!.Select(c => c.Title).Order(StringComparer.Ordinal));
        foreach (var choice in several.Choices!)
        {
            Assert.Equal((VerdictKind.Apartment, choice.Title), ((await AskAsync(choice.Typed)).Kind, (await AskAsync(choice.Typed)).Unit));
        }
    }

    [Theory]
    [InlineData("Muñoz")]
    [InlineData("munoz")]
    [InlineData("MUÑOZ CÁRDENAS")]
    [InlineData("cardenas munoz hernan")]
    [InlineData("Hernán Muñoz")]
    [InlineData("muñoz, hernán darío")]
    public async Task A_host_is_found_by_any_of_the_names_in_any_order(string typed) =>
        Assert.Equal((VerdictKind.Apartment, InBlock), ((await AskAsync(typed)).Kind, (await AskAsync(typed)).ApartmentId!.Value));

    [Theory]
    [InlineData("abc-123")]
    [InlineData("ABC 123")]
    [InlineData("abc.123")]
    [InlineData("Abc123")]
    public async Task A_plate_of_before_finds_the_apartment_of_its_person_however_it_is_written(string typed) =>
        Assert.Equal((VerdictKind.Resident, InBlock), ((await AskAsync(typed)).Kind, (await AskAsync(typed)).ApartmentId!.Value));

    [Theory]
    [InlineData("klm 20d")]
    [InlineData("KLM20D")]
    [InlineData("klm-20-d")]
    public async Task A_motorcycle_is_found_like_a_car(string typed) =>
        Assert.Equal((VerdictKind.Resident, InOne), ((await AskAsync(typed)).Kind, (await AskAsync(typed)).ApartmentId!.Value));

    [Theory]
    [InlineData("1020304")]
    [InlineData("1.020.304")]
    [InlineData("C.C. 1.020.304")]
    [InlineData("1 020 304")]
    [InlineData("Niño Ana")]
    [InlineData("ana nino")]
    public async Task A_visitor_who_comes_again_is_known_by_document_or_name(string typed)
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO visitors (name, identification, host_id, apartment_id, visit_date, enter_time, exit_time, state)
            VALUES ('Ana Niño', '1.020.304', {AuthorityWorld.OwnerRow(Who.Owner)}, {InOne}, '2026-01-10', '10:00', '11:00', 'left')
            """
        );
        var known = await AskAsync(typed);
        Assert.Equal((VerdictKind.Known, "Ana Niño", InOne), (known.Kind, known.Visitor, known.ApartmentId!.Value));
    }

    [Fact]
    public async Task Two_visitors_of_one_name_are_listed_and_not_taken_for_one_another()
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO visitors (name, identification, host_id, apartment_id, visit_date, enter_time, exit_time, state) VALUES
                ('Ana Niño', '1.020.304', {AuthorityWorld.OwnerRow(Who.Owner)}, {InOne}, '2026-01-10', '10:00', '11:00', 'left'),
                ('Ana Nino', '52.000.001', {AuthorityWorld.OwnerRow(Who.Neighbour)}, {InEleven}, '2026-01-11', '10:00', '11:00', 'left')
            """
        );
        var several = await AskAsync("Ana Niño");
        Assert.Equal((VerdictKind.Several, 2), (several.Kind, several.Choices!.Count));
        Assert.Equal(InOne, (await AskAsync("1020304")).ApartmentId);
    }

    [Theory]
    [InlineData("bloque 9 501")]
    [InlineData("2 502")]
    [InlineData("ABC 124")]
    [InlineData("munos")]
    [InlineData("#999999")]
    [InlineData("#v999999")]
    [InlineData("%")]
    [InlineData("+ - * \" ( ) ~ < > @")]
    public async Task What_nobody_is_called_is_unknown(string typed) => Assert.Equal(VerdictKind.Unknown, (await AskAsync(typed)).Kind);

    [Theory]
    [InlineData("bloque 2 501", FoundKind.Apartment)]
    [InlineData("munoz hernan", FoundKind.Person)]
    [InlineData("79.123.456", FoundKind.Person)]
    [InlineData("abc123", FoundKind.Plate)]
    [InlineData("pqrs 123", FoundKind.Case)]
    [InlineData("PQRS-2026-000123", FoundKind.Case)]
    [InlineData("danos en el ascensor", FoundKind.Case)]
    [InlineData("RC 2026 12", FoundKind.Receipt)]
    [InlineData("rc-12", FoundKind.Receipt)]
    public async Task The_search_finds_each_thing_as_it_is_written(string typed, FoundKind kind)
    {
        await Database.ExecuteAsync(
            $"""
            INSERT INTO pqrs_categories (id, name) VALUES (77, 'Zonas');
            INSERT INTO pqrs (id, title, description, category_id, owner_id, status_id, number)
                VALUES (1, 'Daños en el ascensor', 'x', 77, {AuthorityWorld.OwnerRow(Who.Owner)}, 1, 'PQRS-2026-000123');
            INSERT INTO payments (id, amount, payment_date, status_id, owner_id, apartment_id, receipt_number)
                VALUES (1, 1, '2026-01-01', 1, {AuthorityWorld.OwnerRow(Who.Owner)}, {InOne}, 'RC-2026-000012')
            """
        );
        var admin = await _world.Get<SearchService>().FindAsync(typed, _world.As(Who.Admin), default);
        Assert.Equal(kind, Assert.Single(admin).Kind);
        var guard = await _world.Get<SearchService>().FindAsync(typed, _world.As(Who.Guard), default);
        Assert.DoesNotContain(guard, found => found.Kind is FoundKind.Receipt or FoundKind.Case || found.Title == "79.123.456");
        if (kind is FoundKind.Receipt or FoundKind.Case)
        {
            Assert.Single(await _world.Get<SearchService>().FindAsync(typed, _world.As(Who.Owner), default));
            Assert.Empty(await _world.Get<SearchService>().FindAsync(typed, _world.As(Who.Neighbour), default));
        }
    }

    private sealed class Neighbourhood : AreaMatrix
    {
        public override IEnumerable<Entry> Entries => [];

        public override async Task SeedAsync(PortalDb db, AuthorityWorld world)
        {
            db.Towers.Add(new Tower { Id = 2, Name = "Bloque 2" });
            db.Towers.Add(new Tower { Id = 3, Name = "1" });
            db.Towers.Add(new Tower { Id = 4, Name = "11" });
            var account = db.AddAccount("hernan", Roles.Owner, "Hernán Darío", "Muñoz Cárdenas", id: Lonely);
            db.Profiles.Local.Single(p => p.User == account).DocumentNumber = "79123456";
            db.AddOwner(account, id: Lonely);
            await db.SaveChangesAsync();
            foreach (var (id, tower, number, owner) in new[]
            {
                (InBlock, 2, "501", Lonely),
                (InOne, 3, "101", AuthorityWorld.OwnerRow(Who.Owner)),
                (InEleven, 4, "101", AuthorityWorld.OwnerRow(Who.Neighbour)),
            })
            {
                db.Apartments.Add(
                    new Apartment
                    {
                        Id = id,
                        TowerId = tower,
                        ApartmentNumber = number,
                        OwnerId = owner,
                        StatusId = OccupancyState.Occupied,
                    }
                );
            }

            db.Parking.Add(
                new ParkingSpace { SpaceNumber = "1", StatusId = ParkingState.Occupied, UserId = Lonely, LicensePlate = "abc-123" });
            db.Parking.Add(
                new ParkingSpace { SpaceNumber = "2", StatusId = ParkingState.Occupied, ApartmentId = InOne, LicensePlate = "KLM 20D" });
        }
    }
}

using Portal.Data.Facilities;
using Portal.Data.Guards;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Data.Pets;
using Portal.Data.Pictures;
using Pictures = Portal.Tests.Facilities.Pictures;

namespace Portal.Tests.Authority;

/// <summary>Parking spaces, pets and guards.</summary>
public sealed class CensusMatrix : AreaMatrix
{
    private const long Space = 841, OwnSpace = 842, OtherSpace = 843, Level = 845, Car = 847;
    private const long Dog = 851;
    private const long Edgar = 861;
    private const long Shift = 871;

    private static readonly ParkingInput Parked = new(ParkingState.Occupied, ParkingUse.Visitor, null, "ABC 123", null);
    private const long Inside = 849;

    private static readonly VehicleInput Mazda = new(AuthorityWorld.Apartment, "KLM 204", null, "Mazda", "rojo");
    private static readonly PetInput Luna = new("Luna", "Perro", null, null, null, AuthorityWorld.OwnerRow(Who.Owner));
    private static readonly GuardInput Night = new("Edgar", "1010", Data.Guards.Shift.Night, null, null, null, null, null);

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Parking.Add(
            new ParkingSpace
            {
                Id = Space,
                SpaceNumber = "V-01",
                StatusId = ParkingState.Available,
                UseKind = ParkingUse.Visitor,
            }
        );
        db.ParkingLevels.Add(ParkingLevel.Named("Sótano", 1).With(l => l.Id, Level));
        foreach (var id in new[] { OwnSpace, OtherSpace })
        {
            db.Parking.Add(
                new ParkingSpace
                {
                    Id = id, SpaceNumber = $"S-{id}", StatusId = ParkingState.Available, UseKind = ParkingUse.Resident, LevelId = Level,
                });
        }

        db.Vehicles.Add(Vehicle.Of(Mazda).With(v => v.Id, Car));
        var person = new VisitPerson(
            "Carla", "", VisitorKind.Guest, AuthorityWorld.OwnerRow(Who.Owner), AuthorityWorld.Apartment, 1, "KJH 482", null, null, null,
            null);
        var visit = Data.Gate.Visitor.Stay(person, world.Clock.Now);
        visit.Come(world.Clock.Now, null, new EntryNote(Guid.NewGuid().ToString(), false, false, VisitAuthority.Guard));
        db.Visitors.Add(visit.With(v => v.Id, Inside));
        db.Pets.Add(
            new Pet
            {
                Id = Dog,
                Name = "Luna",
                Species = "Perro",
                OwnerId = AuthorityWorld.OwnerRow(Who.Owner),
                Photos = "[]",
            }
        );
        var photo = PetPhoto.Of(Dog);
        photo.Show(new DrawnPicture("image/png", Pictures.Png, Pictures.Png, Pictures.Png), new string('a', 64));
        db.PetPhotos.Add(photo);
        var edgar = new Guard
        {
            Id = Edgar,
            Name = "Edgar",
            Identification = "1010",
        };
        db.Guards.Add(edgar);
        var tonight = world.Clock.Today.ToDateTime(new TimeOnly(22, 0));
        db.GuardShifts.Add(GuardShift.Of(edgar, tonight, tonight.AddHours(8), null).With(s => s.Id, Shift));
        return Task.CompletedTask;
    }

    public override IEnumerable<Entry> Entries =>
        [
            Method<ParkingService>(
                nameof(ParkingService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Space)), Who.Admin, Who.Staff,
                Who.Guard),
            Method<ParkingService>(
                nameof(ParkingService.VehicleTypesAsync), (s, user, _) => Of(s.VehicleTypesAsync(user, default), types => types.Count > 0),
                Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingService>(nameof(ParkingService.UnitsAsync), (s, user, _) => Of(s.UnitsAsync("101", user, default)), Office),
            Method<ParkingService>(nameof(ParkingService.SaveAsync), (s, user, _) => Of(s.SaveAsync(Space, Parked, user, default)), Office),
            Method<ParkingService>(
                nameof(ParkingService.ExportAsync), async (s, user, _) => await s.ExportAsync(new(), user, default).AnyAsync(r => r.Id == Space),
                Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(nameof(ParkingPlans.PlanAsync), (s, user, _) => Of(s.PlanAsync(null, user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(nameof(ParkingPlans.SpotAsync), (s, user, _) => Of(s.SpotAsync(Space, user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(
                nameof(ParkingPlans.AssignAsync), (s, user, _) => Of(s.AssignAsync(OwnSpace, AuthorityWorld.Apartment, false, user, default)), Office),
            Method<ParkingPlans>(nameof(ParkingPlans.FreeAsync), (s, user, _) => Of(s.FreeAsync(OwnSpace, user, default)), Office),
            Method<ParkingPlans>(
                nameof(ParkingPlans.ReportAsync), (s, user, _) => Of(s.ReportAsync(OtherSpace, "RDV 118", user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(
                nameof(ParkingPlans.ClearAsync), (s, user, _) => Of(s.ClearAsync(OtherSpace, user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(
                nameof(ParkingPlans.MoveAsync), (s, user, _) => Of(s.MoveAsync(Inside, Space, user, default)), Who.Admin, Who.Staff, Who.Guard),
            Method<ParkingPlans>(nameof(ParkingPlans.LayOutAsync), (s, user, _) => Of(s.LayOutAsync(Level, 10, user, default)), Office),
            Method<ParkingPlans>(
                nameof(ParkingPlans.AddLevelAsync), (s, user, _) => Of(s.AddLevelAsync($"Level {Guid.NewGuid():N}", null, user, default)), Office),
            Method<ParkingPlans>(
                nameof(ParkingPlans.RenameLevelAsync), (s, user, _) => Of(s.RenameLevelAsync(Level, $"{Guid.NewGuid():N}", user, default)), Office),
            Method<VehicleService>(
                nameof(VehicleService.ListAsync), (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Car)),
                Who.Admin, Who.Staff, Who.Guard),
            Method<VehicleService>(
                nameof(VehicleService.ExportAsync), async (s, user, _) => await s.ExportAsync(new(), user, default).AnyAsync(r => r.Id == Car),
                Who.Admin, Who.Staff, Who.Guard),
            Method<VehicleService>(nameof(VehicleService.SaveAsync), (s, user, _) => Of(s.SaveAsync(Car, Mazda, user, default)), Office),
            Method<VehicleService>(nameof(VehicleService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Car, user, default)), Office),
            Method<PetPhotos>(
                nameof(PetPhotos.FindAsync), (s, user, _) => Of(s.FindAsync(Dog, PhotoSize.Full, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<PetPhotos>(
                nameof(PetPhotos.SetAsync), (s, user, _) => Of(s.SetAsync(Dog, Pictures.Png, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<PetPhotos>(nameof(PetPhotos.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(Dog, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<PetCensus>(nameof(PetCensus.ReadAsync), (s, user, _) => Of(s.ReadAsync(user, default)), Office),
            Method<PetService>(
                nameof(PetService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Dog)), Who.Admin, Who.Staff,
                Who.Owner),
            Method<PetService>(
                nameof(PetService.ExportAsync), async (s, user, _) => await s.ExportAsync(new(), user, default).AnyAsync(r => r.Id == Dog),
                Who.Admin, Who.Staff, Who.Owner),
            Method<PetService>(
                nameof(PetService.SpeciesAsync), (s, user, _) => Of(s.SpeciesAsync(user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<PetService>(nameof(PetService.OwnersAsync), (s, user, _) => Of(s.OwnersAsync("Owner", user, default)), Office),
            Method<PetService>(
                nameof(PetService.SaveAsync), (s, user, _) => Of(s.SaveAsync(Dog, Luna, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<PetService>(
                nameof(PetService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Dog, user, default)), Who.Admin, Who.Staff, Who.Owner),
            Method<GuardService>(
                nameof(GuardService.ListAsync),
                (s, user, _) => Of(s.ListAsync(new(), user, default), page => page.Rows.Any(r => r.Id == Edgar)), Who.Admin, Who.Staff,
                Who.Guard),
            Method<GuardService>(nameof(GuardService.SaveAsync), (s, user, _) => Of(s.SaveAsync(Edgar, Night, user, default)), Office),
            Method<GuardService>(nameof(GuardService.CoversAsync), (s, user, _) => Of(s.CoversAsync(user, default)), Office),
            Method<RosterService>(
                nameof(RosterService.WeekAsync), (s, user, world) => Of(s.WeekAsync(world.Clock.Today, user, default)), Who.Admin, Who.Staff,
                Who.Guard),
            Method<RosterService>(
                nameof(RosterService.SaveAsync),
                (s, user, world) => Of(
                    s.SaveAsync(null, new ShiftInput(Edgar, world.Clock.Today.AddDays(2), new(6, 0), new(14, 0), null), user, default)),
                Office),
            Method<RosterService>(nameof(RosterService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Shift, user, default)), Office),
            Method<RosterService>(
                nameof(RosterService.CopyAsync), (s, user, world) => Of(s.CopyAsync(world.Clock.Today, user, default)), Office),
            Page("/guards/roster", Who.Admin, Who.Staff, Who.Guard),
            Method<GuardService>(nameof(GuardService.DeleteAsync), (s, user, _) => Of(s.DeleteAsync(Edgar, user, default)), Office),
            Page("/parking", Who.Admin, Who.Staff, Who.Guard),
            Page("/parking/vehicles", Who.Admin, Who.Staff, Who.Guard),
            Endpoint(HttpMethod.Get, "/parking/export", "/parking/export", Who.Admin, Who.Staff, Who.Guard),
            Endpoint(HttpMethod.Get, "/parking/vehicles/export", "/parking/vehicles/export", Who.Admin, Who.Staff, Who.Guard),
            Page("/pets/census", Office),
            Endpoint(HttpMethod.Get, "/pets/census/export", "/pets/census/export", Office),
            Endpoint(HttpMethod.Get, "/pets/{id:long}/photo", $"/pets/{Dog}/photo", Who.Admin, Who.Staff, Who.Owner),
            Page("/pets", Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant),
            Page("/guards", Who.Admin, Who.Staff, Who.Guard),
            Endpoint(HttpMethod.Get, "/pets/export", "/pets/export?format=csv", Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant),
        ];
}

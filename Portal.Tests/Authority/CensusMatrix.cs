using Portal.Data.Guards;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Data.Pets;

namespace Portal.Tests.Authority;

/// <summary>Parking spaces, pets and guards.</summary>
public sealed class CensusMatrix : AreaMatrix
{
    private const long Space = 841;
    private const long Dog = 851;
    private const long Edgar = 861;
    private const long Shift = 871;

    private static readonly ParkingInput Parked = new(ParkingState.Occupied, ParkingUse.Visitor, null, "ABC 123", null);
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
            Page("/pets", Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant),
            Page("/guards", Who.Admin, Who.Staff, Who.Guard),
            Endpoint(HttpMethod.Get, "/pets/export", "/pets/export?format=csv", Who.Admin, Who.Staff, Who.Owner, Who.Neighbour, Who.Tenant),
        ];
}

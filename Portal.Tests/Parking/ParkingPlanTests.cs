using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Gate;
using Portal.Data.Parking;
using Portal.Tests.Authority;
using Portal.Tests.Gate;
using Portal.Tests.Server;
using static Portal.Tests.Gate.GateWorld;

namespace Portal.Tests.Parking;

/// <summary>The plan, and visitors' cars that come and go through the gate. December 2026; a car may stand twelve hours, one an apartment.</summary>
public sealed class ParkingPlanTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly GateWorld _world = new(database);

    public async Task InitializeAsync()
    {
        await _world.BeginAsync();
        await database.ExecuteAsync(
            """
            INSERT INTO parking_levels (id, name, position) VALUES (1, 'Sótano 1', 1), (2, 'Sótano 2', 2);
            INSERT INTO parking (id, space_number, status_id, use_kind, level_id) VALUES
            (1, '1', 1, 'resident', 1), (2, '2', 1, 'resident', 1), (3, '10', 4, 'resident', 1), (4, 'V1', 1, 'visitor', 1),
            (5, 'V2', 1, 'visitor', 1), (6, '2-001', 1, 'resident', 2);
            """);
        _world.Now(4, 18, 0);
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    private ParkingPlans Plans => _world.Get<ParkingPlans>();

    private CurrentUser Staff => _world.People.As(Who.Staff);

    [Fact]
    public async Task A_visitors_car_stands_from_its_entry_to_its_exit_in_the_first_free_space()
    {
        var entered = await _world.A.SendAsync("enter", At(4, 18, 0), Terminal("Lina", "kjh-482"));
        Assert.Empty(entered.Flags);
        _world.Now(4, 20, 10);
        var plan = (await Plans.PlanAsync(1, Staff, default))!;
        var stay = Assert.Single(plan.Stays);
        Assert.Equal(("V1", "KJH 482", "A 101", At(4, 18, 0), 720), (stay.Space, stay.Plate, stay.Unit, stay.Since, stay.Limit));
        Assert.Equal(SpotState.VisitorInside, plan.Spots.Single(s => s.Number == "V1").State);
        Assert.Equal(SpotState.VisitorFree, plan.Spots.Single(s => s.Number == "V2").State);
        Assert.Equal(SpotState.Closed, plan.Spots.Single(s => s.Number == "10").State);

        _world.Now(5, 6, 1);
        Assert.Equal(SpotState.VisitorOver, (await Plans.PlanAsync(1, Staff, default))!.Spots.Single(s => s.Number == "V1").State);

        await _world.A.SendAsync("exit", At(5, 6, 1), new { plate = "KJH482" });
        plan = (await Plans.PlanAsync(1, Staff, default))!;
        Assert.Empty(plan.Stays);
        Assert.Equal(SpotState.VisitorFree, plan.Spots.Single(s => s.Number == "V1").State);
    }

    [Fact]
    public async Task A_second_car_of_an_apartment_and_one_without_a_space_come_in_and_the_terminal_is_told()
    {
        await _world.A.SendAsync("enter", At(4, 18, 0), Terminal("Lina", "KJH 482"));
        _world.Now(4, 18, 30);
        var second = await _world.A.SendAsync("enter", At(4, 18, 30), Terminal("Otto", "FTR 219"));
        Assert.Equal((EventOutcome.Applied, ParkingRules.Second), (second.Outcome, Assert.Single(second.Flags)));
        await database.ExecuteAsync(
            """
            INSERT INTO settings (name, value) VALUES ('parking_cars_per_apartment', '0') ON DUPLICATE KEY UPDATE value = '0'
            """);
        _world.Now(4, 18, 40);
        var third = await _world.A.SendAsync("enter", At(4, 18, 40), Terminal("Nina", "WLK 305"));
        Assert.Equal([ParkingRules.Full], third.Flags);
        var plan = (await Plans.PlanAsync(1, Staff, default))!;
        Assert.Equal([1, 2, 3], plan.Stays.OrderBy(s => s.Since).Select(s => s.Nth));

        // It stands elsewhere than the portal thought: where another is it cannot, nor where residents are.
        var nina = plan.Stays.Single(s => s.Plate == "WLK 305");
        Assert.Equal("parking.taken", (await Plans.MoveAsync(nina.VisitId, 4, _world.Guard, default)).Error!.Code);
        Assert.Equal("parking.residents", (await Plans.MoveAsync(nina.VisitId, 1, _world.Guard, default)).Error!.Code);
        await _world.A.SendAsync("exit", At(4, 18, 40), new { plate = "KJH 482" });
        Assert.True((await Plans.MoveAsync(nina.VisitId, 4, _world.Guard, default)).Ok);
        Assert.Equal("V1", (await Plans.PlanAsync(1, Staff, default))!.Stays.Single(s => s.VisitId == nina.VisitId).Space);
    }

    [Fact]
    public async Task A_residents_vehicle_is_found_in_every_spelling_and_takes_no_visitors_space()
    {
        var vehicles = _world.Get<VehicleService>();
        var made = await vehicles.SaveAsync(null, new(AuthorityWorld.Apartment, " klm-204 ", null, "Mazda", null), Staff, default);
        Assert.True(made.Ok, made.Error?.Code);
        foreach (var typed in new[] { "KLM204", "klm 204", "KLM-204", "klm.20" })
            Assert.Equal(["KLM 204"], (await vehicles.ListAsync(new ListQuery(typed), Staff, default)).Rows.Select(r => r.Plate));
        var taken = await vehicles.SaveAsync(null, new(AuthorityWorld.OtherApartment, "KLM 204", null, null, null), Staff, default);
        Assert.Equal(("vehicle.taken", "Torre A 101"), (taken.Error!.Code, taken.Error.Values[1]));
        var verdict = await _world.Get<GateLookup>().AskAsync("klm204", _world.Guard, default);
        Assert.Equal((VerdictKind.Resident, "Torre A 101"), (verdict.Kind, verdict.Unit));

        var entered = await _world.A.SendAsync("enter", At(4, 18, 0), Terminal("Andrea", "KLM 204"));
        Assert.Empty(entered.Flags);
        Assert.Empty((await Plans.PlanAsync(1, Staff, default))!.Stays);
        Assert.True((await vehicles.DeleteAsync(made.Value, Staff, default)).Ok);
        Assert.Equal("not_found", (await vehicles.DeleteAsync(made.Value, Staff, default)).Error!.Code);
    }

    [Fact]
    public async Task An_apartment_has_one_space_of_its_own_and_may_rent_others()
    {
        Assert.True((await Plans.AssignAsync(1, AuthorityWorld.Apartment, false, Staff, default)).Ok);
        var refused = (await Plans.AssignAsync(2, AuthorityWorld.Apartment, false, Staff, default)).Error!;
        Assert.Equal(("parking.has", "Torre A 101", 1, "1"), (refused.Code, refused.Values[0], refused.Values[1], refused.Values[2]));
        Assert.True((await Plans.AssignAsync(2, AuthorityWorld.Apartment, true, Staff, default)).Ok);
        Assert.Equal("parking.closed", (await Plans.AssignAsync(3, AuthorityWorld.Apartment, true, Staff, default)).Error!.Code);
        Assert.Equal("parking.visitors", (await Plans.AssignAsync(4, AuthorityWorld.Apartment, true, Staff, default)).Error!.Code);
        var spots = (await Plans.PlanAsync(1, Staff, default))!.Spots.ToDictionary(s => s.Number, s => s.State);
        Assert.Equal((SpotState.Assigned, SpotState.Leased), (spots["1"], spots["2"]));
        Assert.Equal("Owner Prueba", (await Plans.SpotAsync(1, Staff, default))!.Owner);

        Assert.True((await Plans.ReportAsync(1, "rdv118", _world.Guard, default)).Ok);
        var plan = (await Plans.PlanAsync(1, Staff, default))!;
        var invaded = Assert.Single(plan.Invaded);
        Assert.Equal((SpotState.Invaded, SpotState.Assigned, "RDV 118"), (invaded.State, invaded.Counted, invaded.Intruder));
        Assert.True((await Plans.ClearAsync(1, _world.Guard, default)).Ok);
        Assert.True((await Plans.FreeAsync(1, Staff, default)).Ok);
        Assert.Equal(SpotState.Unassigned, (await Plans.PlanAsync(1, Staff, default))!.Spots.Single(s => s.Number == "1").State);
    }

    [Fact]
    public async Task A_level_without_a_plan_is_drawn_in_the_order_of_its_numbers()
    {
        var plan = (await Plans.PlanAsync(1, Staff, default))!;
        Assert.Equal([(1L, 5, false), (2L, 1, false)], plan.Levels.Select(l => (l.Key, l.Spaces, l.Drawn)));
        Assert.Equal(5, (await Plans.LayOutAsync(1, 2, Staff, default)).Value);
        plan = (await Plans.PlanAsync(1, Staff, default))!;
        Assert.Equal(
            [("1", 1, 1), ("2", 1, 2), ("10", 2, 1), ("V1", 3, 1), ("V2", 3, 2)],
            plan.Spots.Select(s => (s.Number, s.Row!.Value, s.Column!.Value)));
        Assert.Equal("settings.range", (await Plans.LayOutAsync(1, 0, Staff, default)).Error!.Code);

        var level = (await Plans.AddLevelAsync("Calle", "2-", Staff, default)).Value;
        plan = (await Plans.PlanAsync(level, Staff, default))!;
        Assert.Equal(["2-001"], plan.Spots.Select(s => s.Number));
        Assert.Equal("parking.level_taken", (await Plans.RenameLevelAsync(level, "Sótano 1", Staff, default)).Error!.Code);
        var place = await _world.Get<ParkingService>().SaveAsync(
            2, new(ParkingState.Available, ParkingUse.Resident, null, null, null) { LevelId = 1, PlanRow = 1, PlanColumn = 1 }, Staff, default);
        Assert.Equal(("parking.place_taken", "1"), (place.Error!.Code, place.Error.Values[0]));
    }

    [Fact]
    public async Task The_host_and_the_office_hear_of_a_car_before_and_after_its_time_each_once()
    {
        await _world.A.SendAsync("enter", At(4, 18, 0), Terminal("Lina", "KJH 482"));
        var alarms = new ParkingAlarms(_world.Get<PortalStore>(), _world.Get<BuildingClock>());
        async Task<(int Ending, int Host, int Office)> ToldAsync(int day, int hour, int minute)
        {
            _world.Now(day, hour, minute);
            await alarms.RunAsync(default, default);
            await alarms.RunAsync(default, default);
            await using var db = await _world.Get<PortalStore>().OpenAsync(CurrentUser.System, default);
            return (
                await db.Notifications.CountAsync(n => n.Type == ParkingAlarms.Ending),
                await db.Notifications.CountAsync(n => n.Type == ParkingAlarms.HostOver),
                await db.Notifications.CountAsync(n => n.Type == ParkingAlarms.OfficeOver && n.RecipientId == AuthorityWorld.Id(Who.Staff)));
        }

        Assert.Equal((0, 0, 0), await ToldAsync(5, 5, 29));
        Assert.Equal((1, 0, 0), await ToldAsync(5, 5, 30));
        Assert.Equal((1, 1, 1), await ToldAsync(5, 6, 0));
        Assert.Equal((1, 1, 2), await ToldAsync(5, 6, 40));
        Assert.Equal((1, 1, 3), await ToldAsync(5, 9, 10));
        Assert.Equal((1, 1, 3), await ToldAsync(5, 23, 0));
    }

    [Fact]
    public void Nights_are_those_at_two_in_the_morning_of_the_month_and_two_cars_in_one_are_one()
    {
        (DateTime, DateTime?)[] stays =
        [
            (new(2026, 11, 29, 20, 0, 0), new DateTime(2026, 12, 2, 1, 59, 0)),
            (new(2026, 12, 4, 23, 0, 0), new DateTime(2026, 12, 5, 2, 0, 0)),
            (new(2026, 12, 4, 1, 0, 0), new DateTime(2026, 12, 5, 9, 0, 0)),
            (new(2026, 12, 10, 3, 0, 0), new DateTime(2026, 12, 10, 23, 0, 0)),
            (new(2026, 12, 11, 20, 0, 0), null),
        ];
        Assert.Equal(4, ParkingRules.CountNights(stays, new(2026, 12, 1), new(2026, 12, 13, 1, 0, 0)));
    }

    private static object Terminal(string name, string plate) => GateWorld.Terminal.WalkIn(name, plate: plate);
}

using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Facilities;
using Portal.Tests.Server;
using Xunit;
using static Portal.Tests.Facilities.FacilityWorld;

namespace Portal.Tests.Facilities;

public sealed class FacilityServiceTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly FacilityInput Hall = new()
    {
        Name = "Salón social",
        Kind = "Salón",
        Capacity = 80,
        SlotMinutes = 60,
        MinMinutes = 240,
        MaxMinutes = 480,
        HourlyRate = 60_000,
        Quotas = [new(QuotaSubject.Apartment, QuotaPeriod.Month, 1)],
        Hours = [new(5, new(9, 0), new(0, 0)), new(6, new(9, 0), new(13, 0)), new(6, new(15, 0), new(23, 0))],
    };

    [Fact]
    public async Task What_the_form_saves_is_what_it_shows_again()
    {
        await using var world = new FacilityWorld(Database);
        var id = (await world.Facilities.SaveAsync(null, Hall, Staff, default)).Value;
        Same(Hall, (await world.Facilities.GetAsync(id, Staff, default)).Value.Rules);

        var changed = Hall with { Kind = null, Quotas = [], Hours = [new(6, new(9, 0), new(14, 0)), new(7, new(10, 0), new(12, 0))] };
        Assert.True((await world.Facilities.SaveAsync(id, changed, Staff, default)).Ok);
        Same(changed, (await world.Facilities.GetAsync(id, Staff, default)).Value.Rules);
        Assert.Equal("Salón social", Assert.Single((await world.Facilities.ListAsync(new ListQuery("social"), Staff, default)).Rows).Name);
    }

    [Fact]
    public async Task A_kind_is_made_once_and_used_by_many()
    {
        await using var world = new FacilityWorld(Database);
        await world.Facilities.SaveAsync(null, Hall with { Name = "BBQ 1", Kind = "BBQ" }, Staff, default);
        await world.Facilities.SaveAsync(null, Hall with { Name = "BBQ 2", Kind = " BBQ " }, Staff, default);
        var kind = Assert.Single(await world.Kinds.ListAsync(Staff, default));
        Assert.Equal("BBQ", kind.Name);
        Assert.Equal(["BBQ 1", "BBQ 2"], kind.Facilities);
        Assert.Equal(
            "facility.name_taken",
            (await world.Facilities.SaveAsync(null, Hall with { Name = "BBQ 2" }, Staff, default)).Error!.Code
        );
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_at_its_field()
    {
        await using var world = new FacilityWorld(Database);
        var input = Hall with
        {
            Name = " ",
            SlotMinutes = 45,
            MaxMinutes = 200,
            CancelChargePercent = 101,
            Quotas = [new(QuotaSubject.Person, QuotaPeriod.Day, 0)],
            Hours = [new(6, new(20, 0), new(9, 0)), new(7, new(8, 0), new(12, 0)), new(7, new(11, 0), new(13, 0))],
        };
        var result = await world.Facilities.SaveAsync(null, input, Staff, default);
        Assert.Equal(
            [
                "required Name",
                "facility.max_below_min MaxMinutes",
                "facility.not_whole_slots MinMinutes",
                "facility.not_whole_slots MaxMinutes",
                "between CancelChargePercent",
                "between Quotas.Person.Day",
                "facility.hours_overlap Hours.7",
                "facility.hours_overlap Hours.7",
            ],
            result.Errors.Select(e => $"{e.Code} {e.Field}")
        );
    }

    [Fact]
    public async Task Only_the_office_changes_rules()
    {
        await using var world = new FacilityWorld(Database);
        var owner = await world.OwnerAsync();
        Assert.Equal(Error.Forbidden, (await world.Facilities.SaveAsync(null, Hall, owner, default)).Error);
        Assert.Equal(Error.Forbidden, (await world.Facilities.GetAsync(1, owner, default)).Error);
        Assert.Equal(0, await world.ReadAsync(db => db.Facilities.CountAsync()));
    }

    [Fact]
    public async Task Who_saves_what_somebody_else_changed_meanwhile_is_told_and_may_save_over_it()
    {
        await using var world = new FacilityWorld(Database);
        var id = (await world.Facilities.SaveAsync(null, Hall, Staff, default)).Value;
        var read = (await world.Facilities.GetAsync(id, Staff, default)).Value.Rules.Fingerprint();
        Assert.True((await world.Facilities.SaveAsync(id, Hall with { Capacity = 90, Version = read }, Staff, default)).Ok);
        Assert.Equal(Error.Stale, (await world.Facilities.SaveAsync(id, Hall with { Deposit = 1, Version = read }, Staff, default)).Error);
        Assert.Equal(90, (await world.Facilities.GetAsync(id, Staff, default)).Value.Rules.Capacity);

        var now = (await world.Facilities.GetAsync(id, Staff, default)).Value.Rules.Fingerprint();
        Assert.True((await world.Facilities.SaveAsync(id, Hall with { Deposit = 1, Version = now }, Staff, default)).Ok);
    }

    [Fact]
    public void Rules_are_the_same_whatever_zeros_the_database_adds() =>
        Assert.Equal(
            (Hall with { HourlyRate = 60_000m }).Fingerprint(),
            (Hall with { HourlyRate = 60_000.00m, Version = "x" }).Fingerprint()
        );

    [Fact]
    public async Task What_nobody_booked_is_deleted_whole_and_what_was_booked_stays()
    {
        await using var world = new FacilityWorld(Database);
        var unused = (await world.Facilities.SaveAsync(null, Hall, Staff, default)).Value;
        await world.Photos.SetAsync(unused, Pictures.Png, Staff, default);
        await world.Blackouts.AddAsync(unused, new BlackoutInput(At(25, 8), At(26, 8), "Pintura", false), Staff, default);
        var booked = await world.FacilityAsync();
        Assert.True((await world.BookAsync(booked, await world.OwnerAsync(), At(28, 12))).Ok);

        Assert.True((await world.Facilities.DeleteAsync(unused, Staff, default)).Ok);
        Assert.Equal("facility.has_bookings", (await world.Facilities.DeleteAsync(booked.Id, Staff, default)).Error!.Code);
        Assert.Equal([booked.Id], await world.ReadAsync(db => db.Facilities.Select(f => f.Id).ToListAsync()));
        Assert.Equal(0, await world.ReadAsync(db => db.FacilityPhotos.CountAsync()));
        Assert.Equal(1, await world.ReadAsync(db => db.AuditLog.CountAsync(a => a.TableName == "facilities" && a.Action == "delete")));
    }

    [Fact]
    public async Task The_list_shows_the_closure_that_is_next_and_the_photo()
    {
        await using var world = new FacilityWorld(Database);
        var id = (await world.Facilities.SaveAsync(null, Hall, Staff, default)).Value;
        await world.Blackouts.AddAsync(id, new BlackoutInput(At(28, 8), At(29, 8), "Fumigación", false), Staff, default);
        await world.Blackouts.AddAsync(id, new BlackoutInput(At(25, 8), At(26, 8), "Pintura", false), Staff, default);
        var digest = (await world.Photos.SetAsync(id, Pictures.Png, Staff, default)).Value;
        var row = Assert.Single((await world.Facilities.ListAsync(new(), Staff, default)).Rows);
        Assert.Equal(("Pintura", digest), (row.NextClosure!.Reason, row.Photo));
    }

    private static void Same(FacilityInput expected, FacilityInput actual)
    {
        Assert.Equal(expected.Hours, actual.Hours);
        Assert.Equal(expected.Quotas, actual.Quotas);
        Assert.Equal(expected with { Hours = [], Quotas = [] }, actual with { Hours = [], Quotas = [] });
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Building;
using Portal.Data.Gate;
using Portal.Data.Passes;
using Portal.Tests.Authority;
using Portal.Tests.Server;
using Xunit;

namespace Portal.Tests.Passes;

/// <summary>Making passes and taking them back, on a real server.</summary>
public sealed class PassServiceTests(TestDatabase database) : DatabaseTest(database)
{
    private AuthorityWorld _world = null!;

    private PassService Service => _world.Get<PassService>();

    private OwnPasses Own => _world.Get<OwnPasses>();

    private CurrentUser Owner => _world.As(Who.Owner);

    private DateTime Now => _world.Clock.Now;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _world = new AuthorityWorld(Database);
        await _world.BeginAsync(new PassesMatrix());
    }

    public override async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await base.DisposeAsync();
    }

    private Announcement Visit(string name = "Tomás", double hours = 4, string? document = null, string? plate = null) =>
        new(VisitorKind.Guest, AuthorityWorld.Apartment, name, document, 1, plate, null, Now, Now.Date.AddHours(Now.Hour + hours));

    private NewRecurring Weekly(int days = 30, byte weekdays = PassRules.EveryDay) =>
        new(
            AuthorityWorld.Apartment, "Rosa", VisitorKind.Domestic, null, null, weekdays, new(0, 0), new(23, 59), _world.Clock.Today,
            _world.Clock.Today.AddDays(days), true);

    private NewEvent Party(int guests, int unnamed = 0, long? booking = null) =>
        new(
            AuthorityWorld.Apartment, "Fiesta", Now.Date.AddDays(2).AddHours(15), Now.Date.AddDays(2).AddHours(22),
            [.. Enumerable.Range(1, guests).Select(n => new GuestLine($"Invitado {n}"))], unnamed, booking);

    [Fact]
    public async Task Two_presses_at_once_make_one_pass()
    {
        var visit = Visit();
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Service.InviteAsync(visit, Owner, default)));
        Assert.All(made, m => Assert.True(m.Ok, m.Error?.Code));
        Assert.Single(made.Select(m => m.Value.Id).Distinct());
        Assert.Equal(1, made.Count(m => !m.Value.Again));
        var events = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Service.CelebrateAsync(Party(20), Owner, default)));
        Assert.Single(events.Select(m => m.Value.Id).Distinct());
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.Visitors.CountAsync(v => v.Name == "Tomás"));
        Assert.Equal(20, await db.PassGuests.CountAsync(g => g.PassId == events[0].Value.Id));
        // Taken back, the same may be made again.
        Assert.True((await Own.RevokeAsync(made[0].Value.Id, Owner, default)).Ok);
        Assert.NotEqual(made[0].Value.Id, (await Service.InviteAsync(visit, Owner, default)).Value.Id);
    }

    [Fact]
    public async Task A_single_pass_has_its_announced_visit_and_revoking_ends_both_at_once()
    {
        var made = (await Service.InviteAsync(Visit(), Owner, default)).Value;
        var lookup = _world.Get<GateLookup>();
        Assert.Equal(Portal.Data.Gate.VerdictKind.Expected, (await lookup.AskAsync(made.Code!, _world.As(Who.Guard), default)).Kind);
        var view = (await Own.FindAsync(made.Id, Owner, default))!;
        Assert.Equal((PassState.Valid, true), (view.Row.State(Now), view.Row.Announced));
        Assert.Equal("not_found", (await Own.RevokeAsync(made.Id, _world.As(Who.Neighbour), default)).Error!.Code);
        Assert.True((await Own.RevokeAsync(made.Id, Owner, default)).Ok);
        Assert.Equal(Portal.Data.Gate.VerdictKind.Revoked, (await lookup.AskAsync(made.Code!, _world.As(Who.Guard), default)).Kind);
        Assert.Equal("pass.revoked", (await Own.RevokeAsync(made.Id, Owner, default)).Error!.Code);
        Assert.Null(await _world.Get<PublicPasses>().FindAsync(view.Token, default));
    }

    [Fact]
    public async Task Who_is_inside_stays_when_the_pass_is_revoked()
    {
        Assert.True((await Own.RevokeAsync(PassesMatrix.Weekly, Owner, default)).Ok);
        var view = (await Own.FindAsync(PassesMatrix.Weekly, Owner, default))!;
        Assert.Equal((PassState.Revoked, 2), (view.Row.State(Now), view.Row.Inside));
        Assert.Single((await Own.CameAsync(PassesMatrix.Weekly, new ListQuery(), Owner, default)).Rows);
    }

    [Fact]
    public async Task Refusals_name_rule_and_value()
    {
        Error Of(Result result) => Assert.Single(result.Errors);
        var far = Visit() with { From = Now.AddDays(91), Until = Now.AddDays(91).AddHours(1) };
        Assert.Equal([PassRules.FurthestDays], Of(await Service.InviteAsync(far, Owner, default)).Values);
        Assert.Equal([7, 8], Of(await Service.InviteAsync(Visit() with { Until = Now.AddDays(8) }, Owner, default)).Values);
        Assert.Equal("pass.year", Of(await Service.RecurAsync(Weekly(400), Owner, default)).Code);
        Assert.True((await Service.RecurAsync(Weekly(365), Owner, default)).Ok);
        Assert.Equal("required", Of(await Service.RecurAsync(Weekly(weekdays: 0), Owner, default)).Code);
        Assert.Equal([200, 201L], Of(await Service.CelebrateAsync(Party(200, 1), Owner, default)).Values);
        var delivery = new NewDelivery(AuthorityWorld.Apartment, "Rappi", Now, Now.AddHours(5), false);
        Assert.Equal([4, 5], Of(await Service.DeliveryAsync(delivery, Owner, default)).Values);
        Assert.True((await Service.DeliveryAsync(delivery with { Until = Now.AddHours(4) }, Owner, default)).Ok);
        var plate = new NewVehicle(AuthorityWorld.Apartment, "x1", null, Now, Now.AddDays(1));
        Assert.Equal("pass.plate", Of(await Service.VehicleAsync(plate, Owner, default)).Code);
        Assert.Equal(
            [nameof(Announcement.Name), nameof(Announcement.People), nameof(Announcement.Until)],
            (await Service.InviteAsync(Visit(" ") with { People = 0, Until = Now.AddHours(-1) }, Owner, default)).Errors.Select(e => e.Field).Distinct());
    }

    [Fact]
    public async Task An_event_counts_against_the_place_that_is_booked_and_has_a_code_for_each_name()
    {
        var made = await Service.CelebrateAsync(Party(34, 3, PassesMatrix.Booking), Owner, default);
        Assert.True(made.Ok, made.Error?.Code);
        var view = (await Own.FindAsync(made.Value.Id, Owner, default))!;
        Assert.Equal((37, 60, "Salón"), (view.Row.Invited, view.Row.Capacity, view.Facility));
        var guests = await Own.GuestsAsync(made.Value.Id, new ListQuery(Size: 100), Owner, default);
        Assert.Equal(34, guests.Total);
        Assert.Equal(35, guests.Rows.Select(g => g.Code).Append(view.Row.Code).Distinct().Count());

        // More names; those there are left out. With a booked place the capacity stays.
        var more = await Service.AddGuestsAsync(made.Value.Id, [new("invitado 1"), new("Paola")], Owner, default);
        Assert.Equal(1, more.Value);
        Assert.Equal(60, (await Own.FindAsync(made.Value.Id, Owner, default))!.Row.Capacity);
        Assert.Equal("pass.guests", (await Service.AddGuestsAsync(made.Value.Id, Party(200).Guests, Owner, default)).Error!.Code);

        // One name taken off: its page is gone, the others' are not.
        var pages = _world.Get<PublicPasses>();
        Assert.True((await Own.RevokeGuestAsync(made.Value.Id, guests.Rows[0].Id, Owner, default)).Ok);
        Assert.Null(await pages.FindAsync(guests.Rows[0].Token, default));
        Assert.True((await pages.FindAsync(guests.Rows[1].Token, default))!.Early);
        Assert.Equal("pass.booking", (await Service.CelebrateAsync(Party(1, 0, 999), Owner, default)).Error!.Code);
        Assert.Equal("pass.booking", (await Service.CelebrateAsync(Party(1, 0, PassesMatrix.Booking), _world.As(Who.Tenant), default)).Error!.Code);
    }

    [Fact]
    public async Task Who_is_on_the_apartments_own_list_gets_no_pass_and_the_gate_finds_them_on_both()
    {
        var blocks = _world.Get<GateBlockService>();
        var refused = await Service.InviteAsync(Visit("Carlos", document: "79.100"), Owner, default);
        Assert.Equal(("pass.blocked", "Carlos Pardo"), (refused.Error!.Code, refused.Error.Values[0]));
        // The building's list is the gate's.
        Assert.True((await Service.InviteAsync(Visit("Other", document: "900"), Owner, default)).Ok);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        Task<GateBlock?> FindAsync(string? document, string? plate, long? apartment) =>
            GateBlocks.FindAsync(db, document, plate, apartment, _world.Clock.Today, default);
        Assert.Equal(BlockEffect.Watch, (await FindAsync("900", null, AuthorityWorld.OtherApartment))!.Effect);
        Assert.Equal(BlockEffect.Block, (await FindAsync("79100", null, AuthorityWorld.Apartment))!.Effect);
        Assert.Null(await FindAsync("79100", null, AuthorityWorld.OtherApartment));
        Assert.Null(await FindAsync("79100", null, null));
        Assert.Null(await FindAsync(null, null, AuthorityWorld.Apartment));

        var plate = await blocks.AddAsync(
            new NewBlock(AuthorityWorld.Apartment, BlockEffect.Block, null, null, "kjh-999", "Why", _world.Clock.Today), Owner, default);
        Assert.Equal("pass.blocked", (await Service.CelebrateAsync(Party(1) with { Guests = [new("A", "KJH 999")] }, Owner, default)).Error!.Code);
        Assert.NotNull(await FindAsync("", "KJH999", AuthorityWorld.Apartment));
        Assert.Null(await GateBlocks.FindAsync(db, null, "KJH999", AuthorityWorld.Apartment, _world.Clock.Today.AddDays(1), default));
        Assert.Equal(
            "block.there",
            (await blocks.AddAsync(new NewBlock(AuthorityWorld.Apartment, BlockEffect.Block, null, null, "KJH999", "x", null), Owner, default)).Error!.Code);
        Assert.Equal("not_found", (await blocks.LiftAsync(plate.Value, _world.As(Who.Admin), default)).Error!.Code);
        Assert.True((await blocks.LiftAsync(plate.Value, _world.As(Who.Tenant), default)).Ok);
        Assert.Equal("block.lifted", (await blocks.LiftAsync(plate.Value, Owner, default)).Error!.Code);
        Assert.Null(await FindAsync(null, "KJH999", AuthorityWorld.Apartment));
        Assert.Equal(
            "block.who", (await blocks.AddAsync(new NewBlock(null, BlockEffect.Block, "Only a name", null, null, "x", null), _world.As(Who.Admin), default)).Error!.Code);
    }

    [Fact]
    public async Task The_list_is_paged_and_what_is_over_is_in_the_other()
    {
        foreach (var n in Enumerable.Range(1, 12)) Assert.True((await Service.InviteAsync(Visit($"Visita {n}"), Owner, default)).Ok);
        var page = await Own.ListAsync(new ListQuery(Size: 10), Owner, default);
        Assert.Equal((10, 15), (page.Rows.Count, page.Total));
        Assert.Equal(5, (await Own.ListAsync(new ListQuery(Size: 10, Page: 2), Owner, default)).Rows.Count);
        await Own.RevokeAsync(PassesMatrix.Party, Owner, default);
        var past = await Own.ListAsync(new ListQuery(Filters: new Dictionary<string, string> { ["state"] = "past" }), Owner, default);
        Assert.Equal([PassesMatrix.Party], past.Rows.Select(p => p.Id));
        Assert.Equal(14, (await Own.ListAsync(new ListQuery(), Owner, default)).Total);
        Assert.Equal(0, (await Own.ListAsync(new ListQuery(), _world.As(Who.Tenant), default)).Total);
    }

    [Fact]
    public async Task Known_visitors_come_back_with_what_is_known_of_them()
    {
        var known = Assert.Single(await Own.KnownAsync(Owner, default));
        Assert.Equal(("Nubia Torres", 1, "KJH 482", "52000001"), (known.Name, known.Times, known.Plate, known.Identification));
    }

    [Fact]
    public async Task The_audit_log_has_the_pass_and_neither_its_code_nor_its_address()
    {
        var made = (await Service.InviteAsync(Visit(), Owner, default)).Value;
        var view = (await Own.FindAsync(made.Id, Owner, default))!;
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        var rows = await db.AuditLog.Where(a => a.TableName == "passes" && a.RecordId == made.Id).ToListAsync();
        Assert.Single(rows);
        Assert.DoesNotContain(view.Token, rows[0].NewValue!, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Code!, rows[0].NewValue!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_older_than_visits_are_kept_is_deleted_with_what_the_audit_log_says_of_it()
    {
        var made = (await Service.CelebrateAsync(Party(2), Owner, default)).Value;
        var long_ago = _world.Clock.Now.AddDays(-400).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        await Database.ExecuteAsync($"UPDATE passes SET starts_at = '{long_ago}', ends_at = '{long_ago}' + INTERVAL 5 HOUR WHERE id IN ({made.Id}, {PassesMatrix.Weekly})");
        await Database.ExecuteAsync($"UPDATE gate_approvals SET asked_at = '{long_ago}'");
        await new ExpiredPasses(_world.Store, _world.Clock).RunAsync(_world.Clock.Today, default);
        await using var db = await _world.Store.OpenAsync(CurrentUser.System, default);
        // One with which somebody is inside stays.
        Assert.Equal([PassesMatrix.Single, PassesMatrix.Weekly, PassesMatrix.Party], await db.Passes.OrderBy(p => p.Id).Select(p => p.Id).ToListAsync());
        Assert.Equal((1, 0, 2), (await db.PassGuests.CountAsync(), await db.GateApprovals.CountAsync(), await db.GateBlocks.CountAsync()));
        var rows = await db.AuditLog.Where(a => a.TableName == "passes" && a.RecordId == made.Id || a.TableName == "pass_guests").ToListAsync();
        Assert.Equal(3, rows.Count(r => r.NewValue!.Contains("retention", StringComparison.Ordinal)));
        Assert.Single(await db.AuditLog.Where(a => a.Action == ExpiredPasses.Event).ToListAsync());
    }
}

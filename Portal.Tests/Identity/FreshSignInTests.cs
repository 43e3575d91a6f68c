using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>What is dangerous asks who it is when the last proof is older than five minutes, in the data layer.</summary>
public sealed class FreshSignInTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task Every_dangerous_act_is_refused_after_five_minutes_and_done_after_a_proof()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        var other = await world.AddAsync("carla", Roles.Staff);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var permission = (await world.Get<AccessService>().MatrixAsync(admin, default))!.Modules[0].Permissions[0].Id;
        var acts = new Dictionary<string, Func<Task<Result>>>
        {
            ["role"] = () => world.Get<AccountService>().SetRoleAsync(other, Roles.Security, admin, default),
            ["permission"] = () => world.Get<AccessService>().SetAsync(Roles.Owner, permission, true, admin, default),
            ["two steps of a role"] = () => world.Get<AccessService>().RequireTwoStepAsync(Roles.Security, true, 3, admin, default),
            ["a code for the office"] = async () => await world.Get<AccountService>().IssueCodeAsync(other, admin, default),
            ["another administrator"] = async () => await world.Get<AccountService>()
                .CreateAsync(new("berta", "Berta", "Prueba", null, RoleId: Roles.Admin), admin, default),
            ["state"] = () => world.Get<AccountService>().SetStatusAsync(other, UserState.Suspended, admin, default),
            ["unlock"] = () => world.Get<AccountService>().UnlockAsync(other, admin, default),
            ["own e-mail"] = () => world.Get<PeopleService>().SaveMineAsync(new("nueva@correo.example", null, null), admin, default),
            ["e-mail"] = () => world.Get<PeopleService>()
                .SaveContactAsync(other, new("Carla", "Prueba", "otra@correo.example", null), admin, default),
            ["remove"] = () => world.Get<TwoStepService>().RemoveAsync(enrolled.Id, admin, default),
            ["set up"] = async () => await world.Get<TwoStepService>().BeginAsync(admin, default),
        };
        world.Clock.Advance(FreshSignIn.LastsFor);
        Assert.Empty(await world.Get<PeopleService>().ExportAsync(new(), admin, default).ToListAsync());
        foreach (var (name, act) in acts) Assert.Equal((name, FreshSignIn.Needed), (name, (await act()).Error?.Code));

        Assert.True((await world.Get<FreshSignInService>().ProveAsync(new(IdentityWorld.Password, null), admin, default)).Ok);
        Assert.NotEmpty(await world.Get<PeopleService>().ExportAsync(new(), admin, default).ToListAsync());
        foreach (var (name, act) in acts) Assert.Equal((name, null), (name, (await act()).Error?.Code));
        Assert.Contains("proved", (await world.EventsAsync(admin.Id)).Select(e => e.Action));
    }

    [Fact]
    public async Task What_is_no_danger_asks_for_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var (staff, me) = (await world.InSessionAsync(await world.AddAsync("carla", Roles.Staff)), await world.InSessionAsync(id));
        world.Clock.Advance(TimeSpan.FromHours(1));

        // A telephone is not what one signs in with; a resident's code is the office's daily work.
        Assert.True((await world.Get<PeopleService>().SaveMineAsync(new("andrea@correo.example", "3001234567", null), me, default)).Ok);
        Assert.True((await world.Get<AccountService>().IssueCodeAsync(id, staff, default)).Ok);
        Assert.True((await world.Get<AccountService>().CreateAsync(new("juana", "Juana", "Prueba", null), staff, default)).Ok);
        Assert.True((await world.Get<AccountService>().UnlockAsync(id, staff, default)).Ok);
    }

    [Fact]
    public async Task A_proof_is_of_one_session_and_of_one_person()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("carolina", Roles.Admin);
        var (here, there) = (await world.InSessionAsync(id), await world.InSessionAsync(id));
        var stranger = await world.InSessionAsync(await world.AddAsync("berta", Roles.Admin));
        var fresh = world.Get<FreshSignInService>();
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.True((await fresh.ProveAsync(new(IdentityWorld.Password, null), here, default)).Ok);
        Assert.Equal(new FreshState(true, false), await fresh.StateAsync(here, default));
        Assert.Equal(new FreshState(false, false), await fresh.StateAsync(there, default));
        Assert.False((await fresh.StateAsync(stranger with { SessionId = here.SessionId }, default)).IsFresh);
        Assert.False((await fresh.StateAsync(here with { SessionId = 0 }, default)).IsFresh);

        // Ended, it is worth nothing.
        await world.Get<SessionService>().EndAsync(id, here.SessionId!.Value, there, default);
        Assert.False((await fresh.StateAsync(here, default)).IsFresh);
    }

    [Fact]
    public async Task With_a_second_step_the_password_alone_proves_nothing_and_a_code_is_used_up_with_the_right_password_only()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var me = await world.InSessionAsync(enrolled.Id);
        var fresh = world.Get<FreshSignInService>();
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(new FreshState(false, true, App: true), await fresh.StateAsync(me, default));
        Assert.Equal(FreshSignIn.Needed, (await world.Get<PasswordService>()
            .ChangeAsync(new(IdentityWorld.Password, "otra clave bien larga", "otra clave bien larga"), me, default)).Error!.Code);
        Assert.Equal("required", (await fresh.ProveAsync(new(IdentityWorld.Password, " "), me, default)).Error!.Code);
        Assert.Equal("fresh.wrong", (await fresh.ProveAsync(new(IdentityWorld.Password, "000000"), me, default)).Error!.Code);
        var code = world.CodeOf(enrolled.Secret);
        Assert.Equal("fresh.wrong", (await fresh.ProveAsync(new("not the password", code), me, default)).Error!.Code);
        Assert.True((await fresh.ProveAsync(new(IdentityWorld.Password, code), me, default)).Ok);
        Assert.True((await world.Get<PasswordService>()
            .ChangeAsync(new(IdentityWorld.Password, "otra clave bien larga", "otra clave bien larga"), me, default)).Ok);
    }

    [Fact]
    public async Task Wrong_proofs_wait_and_those_of_strangers_do_not_count_here()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var me = await world.InSessionAsync(await world.AddAsync("andrea"));
        var fresh = world.Get<FreshSignInService>();
        for (var i = 0; i < 6; i++) await world.SignInAsync("andrea", "wrong", "203.0.113.9");
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("fresh.wrong", (await fresh.ProveAsync(new("wrong", null), me, default)).Error!.Code);
            if (i < 8) world.Clock.Advance(TimeSpan.FromSeconds(40));
        }

        Assert.Equal("password.locked", (await fresh.ProveAsync(new(IdentityWorld.Password, null), me, default)).Error!.Code);
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True((await fresh.ProveAsync(new(IdentityWorld.Password, null), me, default)).Ok);
    }

    [Fact]
    public async Task A_guards_pin_proves_too_little()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("wilson", Roles.Security);
        var account = (await world.Accounts.LoadAsync(id, default))!;
        var ticket = await world.Get<SessionService>().BeginAsync(account, false, "192.0.2.7", null, null, SignInMethods.Pin, default);
        var me = account.User with { SessionId = ticket.SessionId };
        Assert.False((await world.Get<FreshSignInService>().StateAsync(me, default)).IsFresh);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(SignInMethods.Pin, await db.Sessions.Select(s => s.Methods).SingleAsync());
    }

    [Fact]
    public async Task The_office_is_out_after_an_hour_unused_and_after_a_day_others_after_twelve_hours_and_thirty_days()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (staffId, ownerId) = (await world.AddAsync("carla", Roles.Staff), await world.AddAsync("andrea"));
        var (idle, used) = (await world.BeginAsync(staffId, remember: true), await world.BeginAsync(staffId));
        var owner = await world.BeginAsync(ownerId);
        for (var minutes = 0; minutes < 23 * 60; minutes += 50)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(50));
            Assert.Equal(SessionState.Alive, await world.CheckAsync(used));
            await world.Get<SessionSource>().SeenAsync(used, null, default);
            if (minutes == 50) Assert.Equal(SessionState.Ended, await world.CheckAsync(idle));
            if (minutes == 600) Assert.Equal(SessionState.Alive, await world.CheckAsync(owner));
        }

        Assert.Equal(SessionState.Ended, await world.CheckAsync(owner));
        world.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(SessionState.Ended, await world.CheckAsync(used));

        var kept = await world.BeginAsync(ownerId, remember: true);
        for (var days = 0; days < 28; days += 14)
        {
            world.Clock.Advance(TimeSpan.FromDays(14));
            await world.Get<SessionSource>().SeenAsync(kept, null, default);
            Assert.Equal(SessionState.Alive, await world.CheckAsync(kept));
        }

        world.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(SessionState.Ended, await world.CheckAsync(kept));
    }
}

using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

public sealed class AccountTests(TestDatabase database) : DatabaseTest(database)
{
    private const string NewPassword = "otra clave bien larga";

    [Fact]
    public async Task A_new_account_is_activated_with_its_code_and_then_signs_in()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var staff = await world.AsAsync(await world.AddAsync("carla", Roles.Staff));
        var issued = (
            await world
                .Get<AccountService>()
                .CreateAsync(new NewAccount("andrea.ruiz", "Andrea", "Ruiz", "andrea@correo.example"), staff, default)
        ).Value;
        Assert.Equal(AccountCodeKind.Activation, issued.Kind);
        Assert.False((await world.SignInAsync("andrea.ruiz", "")).Ok);

        // As people type what they were told: small letters, spaces for dashes.
        var redeemed = await RedeemAsync(world, "andrea@correo.example", issued.Code.ToLowerInvariant().Replace('-', ' '));
        Assert.Equal(new Redeemed(issued.AccountId, MayEnter: true), redeemed.Value);
        Assert.True((await world.SignInAsync("andrea.ruiz", NewPassword)).Ok);
        Assert.Equal("code.used", (await RedeemAsync(world, "andrea.ruiz", issued.Code)).Error!.Code);
        Assert.Equal(["code_issued", "account_activated", "sign_in"], (await world.EventsAsync(issued.AccountId)).Select(e => e.Action));
    }

    [Fact]
    public async Task The_code_itself_is_kept_nowhere()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var staff = await world.AsAsync(await world.AddAsync("carla", Roles.Staff));
        var issued = (
            await world.Get<AccountService>().CreateAsync(new NewAccount("andrea", "Andrea", "Ruiz", null), staff, default)
        ).Value;
        await using var db = await world.Store.OpenAsync(staff, default);
        var texts = await db.AuditLog.Select(e => e.NewValue ?? "").ToListAsync();
        var hash = await db.AccountCodes.Select(c => c.CodeHash).SingleAsync();
        Assert.All(
            texts,
            text =>
                Assert.False(
                    text.Contains(issued.Code, StringComparison.OrdinalIgnoreCase) || text.Contains(hash, StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task A_code_expires_a_new_one_replaces_it_and_wrong_ones_make_wait()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var service = world.Get<AccountService>();
        var staff = await world.AsAsync(await world.AddAsync("carla", Roles.Staff));
        var id = await world.AddAsync("andrea");
        var first = (await service.IssueCodeAsync(id, staff, default)).Value;
        Assert.Equal(AccountCodeKind.Reset, first.Kind);
        var second = (await service.IssueCodeAsync(id, staff, default)).Value;
        Assert.Equal("code.used", (await RedeemAsync(world, "andrea", first.Code)).Error!.Code);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("code.expired", (await RedeemAsync(world, "andrea", second.Code)).Error!.Code);

        var third = (await service.IssueCodeAsync(id, staff, default)).Value;
        for (var i = 0; i < 14; i++)
        {
            Assert.Equal("code.wrong", (await RedeemAsync(world, "andrea", "AAAA-BBBB-CCCC")).Error!.Code);
            world.Clock.Advance(GuessDelay.After(i + 1) is { Ticks: > 0 } wait && i < 13 ? wait : TimeSpan.Zero);
        }

        Assert.Equal("sign_in.wait", (await RedeemAsync(world, "andrea", third.Code)).Error!.Code);
        Assert.Equal("code.wrong", (await RedeemAsync(world, "nobody", third.Code)).Error!.Code);
        third = (await service.IssueCodeAsync(id, staff, default)).Value;
        world.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.True((await RedeemAsync(world, "andrea", third.Code)).Ok);
        Assert.True((await world.SignInAsync("andrea", NewPassword)).Ok);
    }

    [Fact]
    public async Task A_reset_does_not_let_a_suspended_account_in()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("admin", Roles.Admin));
        var id = await world.AddAsync("andrea", state: UserState.Suspended);
        var issued = (await world.Get<AccountService>().IssueCodeAsync(id, admin, default)).Value;
        Assert.False((await RedeemAsync(world, "andrea", issued.Code)).Value.MayEnter);
        Assert.False((await world.SignInAsync("andrea", NewPassword)).Ok);
    }

    [Fact]
    public async Task Changing_the_password_needs_the_old_one_and_ends_other_sessions()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var user = await world.AsAsync(id);
        var before = (await world.Accounts.FindAsync(id, default))!.Stamp;
        var service = world.Get<PasswordService>();
        Assert.Equal("password.wrong", (await service.ChangeAsync(new("not it", NewPassword, NewPassword), user, default)).Error!.Code);
        Assert.Equal(
            "password.again",
            (await service.ChangeAsync(new(IdentityWorld.Password, NewPassword, "other"), user, default)).Error!.Code
        );
        Assert.Equal(
            "password.same",
            (await service.ChangeAsync(new(IdentityWorld.Password, IdentityWorld.Password, IdentityWorld.Password), user, default))
                .Error!
                .Code
        );
        Assert.True((await service.ChangeAsync(new(IdentityWorld.Password, NewPassword, NewPassword), user, default)).Ok);
        Assert.NotEqual(before, (await world.Accounts.FindAsync(id, default))!.Stamp);
        Assert.False((await world.SignInAsync("andrea")).Ok);
        Assert.True((await world.SignInAsync("andrea", NewPassword)).Ok);
        Assert.Equal(
            ["password_change_failed", "password_change", "sign_in_failed", "sign_in"],
            (await world.EventsAsync(id)).Select(e => e.Action)
        );
    }

    [Fact]
    public async Task A_clerk_manages_residents_accounts_and_no_others()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var service = world.Get<AccountService>();
        var staffId = await world.AddAsync("carla", Roles.Staff);
        var staff = await world.AsAsync(staffId);
        var admin = await world.AddAsync("admin", Roles.Admin);
        var owner = await world.AddAsync("andrea");

        Assert.True((await service.IssueCodeAsync(owner, staff, default)).Ok);
        Assert.True((await service.SetStatusAsync(owner, UserState.Suspended, staff, default)).Ok);
        Assert.Equal("forbidden", (await service.IssueCodeAsync(admin, staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await service.SetStatusAsync(admin, UserState.Suspended, staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await service.SetRoleAsync(staffId, Roles.Admin, staff, default)).Error!.Code);
        Assert.Equal("forbidden", (await service.SetRoleAsync(owner, Roles.Staff, staff, default)).Error!.Code);
        Assert.Equal(
            "forbidden",
            (await service.CreateAsync(new NewAccount("x.new", "X", "New", null, RoleId: Roles.Admin), staff, default)).Error!.Code
        );
        Assert.Equal("not_found", (await service.IssueCodeAsync(admin, await world.AsAsync(owner), default)).Error!.Code);
    }

    [Fact]
    public async Task A_taken_name_or_address_is_refused_at_its_field()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        var staff = await world.AsAsync(await world.AddAsync("carla", Roles.Staff));
        var refused = await world
            .Get<AccountService>()
            .CreateAsync(new NewAccount("Andrea", "Andrea", "Ruiz", "ANDREA@correo.example"), staff, default);
        Assert.Equal(
            [("account.username_taken", "Username"), ("account.email_taken", "Email")],
            refused.Errors.Select(e => (e.Code, e.Field!))
        );
        refused = await world.Get<AccountService>().CreateAsync(new NewAccount("a b", "", null, "no address"), staff, default);
        Assert.Equal(["account.username", "required", "required", "account.email"], refused.Errors.Select(e => e.Code));
    }

    [Fact]
    public async Task The_last_administrator_stays_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var service = world.Get<AccountService>();
        var id = await world.AddAsync("admin", Roles.Admin);
        await world.AddAsync("gone", Roles.Admin, UserState.Suspended);
        var admin = await world.AsAsync(id);
        Assert.Equal("account.last_admin", (await service.SetRoleAsync(id, Roles.Staff, admin, default)).Error!.Code);
        Assert.Equal("account.last_admin", (await service.SetStatusAsync(id, UserState.Suspended, admin, default)).Error!.Code);
        Assert.Equal((Roles.Admin, UserState.Active), ((await world.ReadAsync(id)).RoleId, (await world.ReadAsync(id)).UserStatusId));
    }

    [Fact]
    public async Task Two_administrators_who_demote_each_other_at_once_leave_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var service = world.Get<AccountService>();
        for (var round = 0; round < 10; round++)
        {
            var one = await world.AddAsync($"one{round}", Roles.Admin);
            var two = await world.AddAsync($"two{round}", Roles.Admin);
            var (asOne, asTwo) = (await world.AsAsync(one), await world.AsAsync(two));
            var done = await Task.WhenAll(
                service.SetRoleAsync(two, Roles.Staff, asOne, default),
                service.SetStatusAsync(one, UserState.Suspended, asTwo, default)
            );
            Assert.Single(done, r => r.Ok);
            Assert.Equal("account.last_admin", done.Single(r => !r.Ok).Error!.Code);
            await Database.ExecuteAsync("DELETE FROM users");
        }
    }

    [Fact]
    public async Task A_change_of_role_is_in_the_log_twice_by_the_portal_and_by_the_documented_trigger_with_who_did_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AddAsync("admin", Roles.Admin);
        var id = await world.AddAsync("andrea");
        Assert.True((await world.Get<AccountService>().SetRoleAsync(id, Roles.Staff, await world.AsAsync(admin), default)).Ok);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        var entries = await db
            .AuditLog.Where(e => e.RecordId == id && (e.Action == "update" || e.Action == "role_change"))
            .OrderBy(e => e.Action)
            .ToListAsync();
        Assert.Equal([("role_change", admin), ("update", admin)], entries.Select(e => (e.Action, e.UserId!.Value)));
        Assert.Equal(("3", "2"), (entries[0].OldValue, entries[0].NewValue));
        Assert.DoesNotContain((await world.ReadAsync(id)).SecurityStamp!, entries[1].NewValue);
    }

    [Fact]
    public async Task The_first_administrator_is_made_once_with_the_token_of_the_log()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var setup = world.Get<SetupService>();
        var input = new FirstAdmin(null, "jefe", "Ana", "Gil", "ana@correo.example", NewPassword, NewPassword, null);
        Assert.Equal("setup.done", (await setup.CreateAsync(input with { Token = "x" }, default)).Error!.Code);
        var token = (await setup.PrepareAsync(default))!;
        Assert.Equal("setup.token", (await setup.CreateAsync(input with { Token = "AAAA-BBBB-CCCC" }, default)).Error!.Code);
        var made = await Task.WhenAll(
            setup.CreateAsync(input with { Token = token }, default),
            setup.CreateAsync(input with { Token = token, Username = "otro", Email = null }, default)
        );
        Assert.Single(made, r => r.Ok);
        Assert.Equal(
            "setup.done",
            (await setup.CreateAsync(input with { Token = token, Username = "tercero", Email = null }, default)).Error!.Code
        );
        Assert.Null(await setup.PrepareAsync(default));
        Assert.True((await world.SignInAsync(made[0].Ok ? "jefe" : "otro", NewPassword)).Ok);
    }

    [Fact]
    public async Task The_stores_of_asp_net_identity_work_on_the_documented_tables()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var users = world.Get<UserManager<User>>();
        var roles = world.Get<RoleManager<Role>>();
        var user = new User { UserName = "nueva", UserStatusId = UserState.Active, RoleId = Roles.Owner };
        Assert.True((await users.CreateAsync(user, NewPassword)).Succeeded);
        user = (await users.FindByNameAsync("NUEVA"))!;
        Assert.True(await users.CheckPasswordAsync(user, NewPassword));
        Assert.Equal(["owner"], (await users.GetRolesAsync(user)).Select(r => r.ToLowerInvariant()));
        Assert.True((await users.AddToRoleAsync(user, "staff")).Succeeded);
        Assert.Equal(Roles.Staff, (await world.ReadAsync(user.Id)).RoleId);
        for (var i = 0; i < 5; i++) await users.AccessFailedAsync(user);
        Assert.True(await users.IsLockedOutAsync(user));

        var staff = (await roles.FindByNameAsync("staff"))!;
        var claims = await roles.GetClaimsAsync(staff);
        Assert.Contains(claims, c => c.Type == PortalClaims.Permission && c.Value == Permissions.PaymentsConfirm);
        Assert.DoesNotContain(claims, c => c.Value == Permissions.AccessManage);
        Assert.True((await roles.RemoveClaimAsync(staff, claims.Single(c => c.Value == Permissions.PaymentsConfirm))).Succeeded);
        Assert.DoesNotContain(await roles.GetClaimsAsync(staff), c => c.Value == Permissions.PaymentsConfirm);
        Assert.Equal((await world.AddAsync("andrea")), (await users.FindByEmailAsync("andrea@correo.example"))!.Id);
        Assert.Single(await users.GetUsersInRoleAsync("staff"));
    }

    private static Task<Result<Redeemed>> RedeemAsync(IdentityWorld world, string login, string code) =>
        world.Get<PasswordService>().RedeemAsync(new CodeRedemption(login, code, NewPassword, NewPassword, "192.0.2.7"), default);
}

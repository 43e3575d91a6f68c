using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Access;

public sealed class AccessTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task What_a_role_may_do_changes_at_once_for_who_is_signed_in()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));
        var guard = await world.AddAsync("wilson", Roles.Security);
        Assert.False((await world.Accounts.FindAsync(guard, default))!.User.Can(Permissions.PaymentsView));
        var service = world.Get<AccessService>();
        var id = await IdAsync(service, admin, Permissions.PaymentsView);

        Assert.True((await service.SetAsync(Roles.Security, id, true, admin, default)).Ok);
        Assert.True((await world.Accounts.FindAsync(guard, default))!.User.Can(Permissions.PaymentsView));

        // Twice is once.
        Assert.True((await service.SetAsync(Roles.Security, id, true, admin, default)).Ok);
        Assert.True((await service.SetAsync(Roles.Security, id, false, admin, default)).Ok);
        Assert.False((await world.Accounts.FindAsync(guard, default))!.User.Can(Permissions.PaymentsView));
    }

    [Fact]
    public async Task The_administrators_keep_what_gives_rights_back_and_the_last_of_them_stays()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("carolina", Roles.Admin);
        var admin = await world.AsAsync(id);
        var service = world.Get<AccessService>();

        foreach (var name in new[] { Permissions.AccessManage, Permissions.PeopleEdit })
        {
            Assert.Equal(
                "access.admin_keeps",
                (await service.SetAsync(Roles.Admin, await IdAsync(service, admin, name), false, admin, default)).Error!.Code
            );
        }

        Assert.True((await service.SetAsync(Roles.Admin, await IdAsync(service, admin, Permissions.AuditView), false, admin, default)).Ok);
        Assert.Equal("account.last_admin", (await world.Get<AccountService>().SetRoleAsync(id, Roles.Staff, admin, default)).Error!.Code);
        Assert.Equal(
            "account.last_admin",
            (await world.Get<AccountService>().SetStatusAsync(id, UserState.Suspended, admin, default)).Error!.Code
        );
    }

    [Fact]
    public async Task The_matrix_holds_every_permission_once()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("carolina", Roles.Admin));

        var matrix = (await world.Get<AccessService>().MatrixAsync(admin, default))!;

        Assert.Equal(Permissions.All, matrix.Modules.SelectMany(m => m.Permissions).Select(p => p.Name));
        Assert.Equal(1, matrix.Roles.Single(r => r.Id == Roles.Admin).People);
    }

    private static async Task<long> IdAsync(AccessService service, CurrentUser admin, string name) =>
        (await service.MatrixAsync(admin, default))!.Modules.SelectMany(m => m.Permissions).Single(p => p.Name == name).Id;
}

using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

public sealed class CurrentUserTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task Who_somebody_is_comes_from_the_tables_as_they_are_today()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var owner = await world.AddAsync("andrea");
        var tenant = await world.AddAsync("tomas");
        await Database.ExecuteAsync(
            $"""
            INSERT INTO towers (id, name, floors) VALUES (1, 'B', 14);
            INSERT INTO owners (id, user_id, is_tenant) VALUES (10, {owner}, 0), (11, {tenant}, 1);
            INSERT INTO apartments (id, apartment_number, status_id, tower_id, owner_id) VALUES (100, '1204', 1, 1, 10), (101, '1205', 1, 1, NULL), (102, '1206', 1, 1, NULL);
            INSERT INTO occupancies (apartment_id, owner_id, kind, started_on, ended_on) VALUES
                (100, 11, 'tenant', '2024-01-01', NULL), (101, 10, 'owner', '2020-01-01', NULL),
                (102, 10, 'owner', '2020-01-01', '2023-12-31'), (102, 11, 'tenant', '2999-01-01', NULL);
            """);
        var asOwner = (await world.Accounts.FindAsync(owner, default))!;
        Assert.Equal([10L], asOwner.User.OwnerIds);
        Assert.Equal([100L, 101L], asOwner.User.ApartmentIds);
        Assert.Equal([100L, 101L], asOwner.User.OwnedApartmentIds);
        Assert.True(asOwner.User.Can(Permissions.PaymentsViewOwn));
        Assert.False(asOwner.User.Can(Permissions.PaymentsView));
        Assert.Equal(("andrea Prueba", "andrea@correo.example"), (asOwner.User.Name, asOwner.Email));
        var asTenant = (await world.Accounts.FindAsync(tenant, default))!.User;
        Assert.Equal([100L], asTenant.ApartmentIds);
        Assert.Empty(asTenant.OwnedApartmentIds);
        Assert.Null(await world.Accounts.FindAsync(999_999, default));
    }

    [Fact]
    public async Task A_permission_taken_from_a_role_counts_at_once()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await world.StartFeedAsync();
        var id = await world.AddAsync("carla", Roles.Staff);
        await world.FeedReadAsync();
        Assert.True((await world.Accounts.FindAsync(id, default))!.User.Can(Permissions.PaymentsConfirm));

        // As another portal would do it: the row and its line in the log.
        await Database.ExecuteAsync(
            """
            DELETE rp FROM role_permissions AS rp JOIN permissions AS p ON p.id = rp.permission_id WHERE rp.role_id = 2 AND p.name = 'payments.confirm';
            INSERT INTO audit_log (table_name, action) VALUES ('role_permissions', 'delete')
            """);
        await EventuallyAsync(async () => !(await world.Accounts.FindAsync(id, default))!.User.Can(Permissions.PaymentsConfirm));
    }

    [Theory]
    [InlineData("UPDATE users SET user_status_id = 3")]
    [InlineData("UPDATE users SET role_id = 4")]
    [InlineData("UPDATE users SET password = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'")]
    [InlineData("DELETE FROM users")]
    public async Task What_another_system_changes_behind_the_portal_is_known_within_a_minute(string sql)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("carla", Roles.Staff);
        var before = await world.Accounts.FindAsync(id, default);
        await Database.ExecuteAsync(sql);
        Assert.Same(before, await world.Accounts.FindAsync(id, default));
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        var after = await world.Accounts.FindAsync(id, default);
        Assert.True(after is null || !after.IsActive || after.Stamp != before!.Stamp);
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> so)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await so()) return;
            await Task.Delay(100);
        }

        Assert.Fail("It did not happen within a minute.");
    }
}

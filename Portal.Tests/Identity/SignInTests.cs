using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

public sealed class SignInTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task The_username_and_the_e_mail_address_both_sign_in_in_any_case()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        foreach (var login in new[] { "andrea", "ANDREA", " andrea ", "andrea@correo.example", "Andrea@Correo.Example" })
        {
            Assert.Equal(id, (await world.SignInAsync(login)).Value);
        }

        Assert.Equal("sign_in", (await world.EventsAsync(id))[^1].Action);
        Assert.NotNull((await world.ReadAsync(id)).LastSignInAt);
    }

    [Fact]
    public async Task A_sign_in_is_in_the_log_with_who_and_from_where()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await world.SignInAsync("andrea");
        var entry = Assert.Single(await world.EventsAsync(id));
        Assert.Equal(("sign_in", id, "andrea Prueba", "192.0.2.7"), (entry.Action, entry.UserId, entry.ActorName, entry.IpAddress));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_fifteen_minutes()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        for (var i = 0; i < 5; i++) Assert.Equal("sign_in.wrong", (await world.SignInAsync("andrea", "wrong")).Error!.Code);
        Assert.Equal("sign_in.wrong", (await world.SignInAsync("andrea")).Error!.Code);

        world.Clock.Advance(TimeSpan.FromMinutes(14));
        Assert.False((await world.SignInAsync("andrea")).Ok);
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True((await world.SignInAsync("andrea")).Ok);
        Assert.Equal(
            [.. Enumerable.Repeat("sign_in_failed", 5), "account_locked", "sign_in_refused_locked", "sign_in_refused_locked", "sign_in"],
            (await world.EventsAsync(id)).Select(e => e.Action));
    }

    [Fact]
    public async Task A_right_password_begins_the_count_again()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++) await world.SignInAsync("andrea", "wrong");
            Assert.True((await world.SignInAsync("andrea")).Ok);
        }
    }

    [Fact]
    public async Task Guesses_sent_all_at_once_are_all_counted()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.SignInAsync("andrea", "guess " + i)));
        var events = (await world.EventsAsync(id)).Select(e => e.Action).ToList();
        Assert.Equal(5, events.Count(a => a == "sign_in_failed"));
        Assert.Equal(15, events.Count(a => a == "sign_in_refused_locked"));
        Assert.False((await world.SignInAsync("andrea")).Ok);
    }

    [Theory]
    [InlineData(UserState.Inactive, "sign_in_refused_inactive")]
    [InlineData(UserState.Suspended, "sign_in_refused_suspended")]
    [InlineData(UserState.Pending, "sign_in_refused_pending")]
    public async Task An_account_that_is_not_active_hears_the_same_as_with_a_wrong_password_and_the_log_says_why(
        UserState state,
        string action
    )
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea", state: state);
        Assert.Equal(new Error("sign_in.wrong").Code, (await world.SignInAsync("andrea")).Error!.Code);
        Assert.Equal(action, Assert.Single(await world.EventsAsync(id)).Action);
    }

    [Fact]
    public async Task Every_refusal_has_the_same_words_and_the_same_work()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.BcryptCost = 6);
        await world.AddAsync("active");
        await world.AddAsync("old", hash: Bcrypt.Hash(IdentityWorld.Password, 4));
        await world.AddAsync("suspended", state: UserState.Suspended);
        await world.AddAsync("fresh", state: UserState.Pending, hash: "");
        var locked = await world.AddAsync("locked");
        for (var i = 0; i < 5; i++) await world.SignInAsync("locked", "wrong");
        Assert.NotNull((await world.ReadAsync(locked)).LockoutEnd);

        var work = world.Get<PasswordWork>();
        foreach (var login in new[] { "active", "old", "suspended", "fresh", "locked", "nobody", "nobody@correo.example" })
        {
            var before = work.Rounds;
            var refused = await world.SignInAsync(login, "wrong");
            Assert.Equal("sign_in.wrong", refused.Error!.Code);
            Assert.Null(refused.Error.Field);
            Assert.Equal(64, work.Rounds - before);
        }
    }

    [Fact]
    public async Task An_unknown_name_is_logged_without_what_may_have_been_a_password()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.SignInAsync("MySecretPassword1");
        var entry = Assert.Single(await world.EventsAsync(null));
        Assert.Equal("sign_in_failed", entry.Action);
        Assert.DoesNotContain("Secret", entry.NewValue);
    }

    [Theory]
    [InlineData("$2a$")]
    [InlineData("$2b$")]
    [InlineData("$2y$")]
    public async Task A_cheap_hash_is_made_again_at_the_sign_in(string prefix)
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.BcryptCost = 6);
        var id = await world.AddAsync("andrea", hash: prefix + Bcrypt.Hash(IdentityWorld.Password, 4)[4..]);
        Assert.True((await world.SignInAsync("andrea")).Ok);
        var account = await world.ReadAsync(id);
        Assert.Equal(6, Bcrypt.CostOf(account.PasswordHash));
        Assert.True(Bcrypt.Verify(account.PasswordHash!, IdentityWorld.Password));
        Assert.True((await world.SignInAsync("andrea")).Ok);
        Assert.Equal(account.PasswordHash, (await world.ReadAsync(id)).PasswordHash);
    }

    [Fact]
    public async Task Signing_in_does_not_say_that_somebody_changed_the_account()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await Database.ExecuteAsync("UPDATE users SET updated_at = '2024-05-05 05:05:05'");
        await world.SignInAsync("andrea", "wrong");
        await world.SignInAsync("andrea");
        Assert.Equal(new DateTime(2024, 5, 5, 5, 5, 5), (await world.ReadAsync(id)).UpdatedAt);
    }

    [Fact]
    public async Task Empty_fields_are_said_one_by_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        Assert.Equal(["Login", "Password"], (await world.SignInAsync(" ", "")).Errors.Select(e => e.Field));
    }

    [Fact]
    public async Task Leaving_is_in_the_log()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea", Roles.Security);
        await world.Get<SignInService>().SignOutAsync(await world.AsAsync(id), default);
        Assert.Equal("sign_out", Assert.Single(await world.EventsAsync(id)).Action);
    }
}

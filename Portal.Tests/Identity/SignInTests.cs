using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.People;
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
    public async Task Each_wrong_password_makes_wait_longer_as_the_table_says()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        foreach (var login in new[] { "andrea", "nobody" })
        {
            // Failures 1 to 4 at once, 5 after 1 s, 6 after 3 s, 10 after 63 s, 14 after 1,023 s, 15 after 1,923 s: also for a name that
            // nobody has.
            var (at, times) = (0, new List<int>());
            for (var number = 1; number <= 15; number++)
            {
                times.Add(at);
                Assert.Equal("sign_in.wrong", (await world.SignInAsync(login, "wrong")).Error!.Code);
                var wait = GuessDelay.After(number);
                if (wait >= TimeSpan.FromMinutes(2))
                {
                    world.Clock.Advance(wait - TimeSpan.FromMinutes(1));
                    Assert.Equal("sign_in.wait", (await world.SignInAsync(login, "wrong")).Error!.Code);
                    world.Clock.Advance(TimeSpan.FromMinutes(1));
                }
                else
                {
                    world.Clock.Advance(wait);
                }

                at += (int)wait.TotalSeconds;
            }

            Assert.Equal([0, 0, 0, 0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 1923], times);
        }

        Assert.True((await world.SignInAsync("andrea")).Ok);
        Assert.Equal([.. Enumerable.Repeat("sign_in_failed", 15), "sign_in"], (await world.EventsAsync(id)).Select(e => e.Action));
    }

    [Fact]
    public async Task Who_must_wait_hears_until_when_even_with_the_right_password()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        var before = world.Get<BuildingClock>().Now;
        await FailAsync(world, "andrea", 14);
        var waiting = (await world.SignInAsync("andrea")).Error!;
        Assert.Equal("sign_in.wait", waiting.Code);
        Assert.InRange((DateTime)waiting.Values[0]!, before.AddSeconds(1023 + 890), before.AddSeconds(1023 + 960));
        Assert.InRange((int)waiting.Values[1]!, 800, 900);
    }

    [Fact]
    public async Task A_stranger_who_guesses_holds_back_nobody_but_themselves()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await world.AddAsync("berta");
        await FailAsync(world, "andrea", 14);

        // From elsewhere, and for a neighbour behind the same address, there is no wait.
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea")).Error!.Code);
        Assert.True((await world.SignInAsync("berta")).Ok);
        Assert.True((await world.SignInAsync("andrea", origin: "198.51.100.20")).Ok);

        // Behind the stranger's own address too, in a browser that is known.
        var home = new AttemptOrigin("192.0.2.7", new Dictionary<long, string> { [id] = "0123456789abcdef" });
        Assert.True((await world.SignInAsync("andrea", origin: home)).Ok);
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea")).Error!.Code);
    }

    [Fact]
    public async Task A_known_device_has_a_count_of_its_own()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var home = new AttemptOrigin("192.0.2.7", new Dictionary<long, string> { [id] = "0123456789abcdef" });
        for (var i = 0; i < 4; i++) Assert.Equal("sign_in.wrong", (await world.SignInAsync("andrea", "wrong", home)).Error!.Code);
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea", origin: home)).Error!.Code);
        Assert.True((await world.SignInAsync("andrea")).Ok);
    }

    [Fact]
    public async Task Very_many_networks_together_make_strange_devices_wait_and_known_ones_not()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.StrangersPerHour = 10);
        var id = await world.AddAsync("andrea");
        for (var i = 0; i < 10; i++)
            Assert.Equal("sign_in.wrong", (await world.SignInAsync("andrea", "wrong", $"198.51.100.{i}")).Error!.Code);
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea", origin: "203.0.113.9")).Error!.Code);
        var home = new AttemptOrigin("203.0.113.9", new Dictionary<long, string> { [id] = "0123456789abcdef" });
        Assert.True((await world.SignInAsync("andrea", origin: home)).Ok);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.True((await world.SignInAsync("andrea", origin: "203.0.113.9")).Ok);
    }

    [Fact]
    public async Task One_subscriber_of_IPv6_is_one_network()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        for (var i = 1; i <= 4; i++) Assert.Equal("sign_in.wrong", (await world.SignInAsync("andrea", "wrong", $"2001:db8:7:7::{i}")).Error!.Code);
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea", origin: "2001:db8:7:7:ffff::1")).Error!.Code);
        Assert.True((await world.SignInAsync("andrea", origin: "2001:db8:7:8::1")).Ok);
    }

    [Fact]
    public async Task A_right_password_begins_the_count_again()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 3; i++) await world.SignInAsync("andrea", "wrong");
            Assert.True((await world.SignInAsync("andrea")).Ok);
        }
    }

    [Fact]
    public async Task The_office_ends_the_wait()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var admin = await world.AsAsync(await world.AddAsync("admin", Roles.Admin));
        await FailAsync(world, "andrea", 14);
        var person = (await world.Get<PeopleService>().FindAsync(id, admin, default))!.Account!;
        Assert.True(person.GuessedUntil > world.Clock.GetUtcNow().UtcDateTime);
        Assert.Null(person.LockedUntil);
        Assert.True((await world.Get<AccountService>().UnlockAsync(id, admin, default)).Ok);
        Assert.True((await world.SignInAsync("andrea")).Ok);
        Assert.Null((await world.Get<PeopleService>().FindAsync(id, admin, default))!.Account!.GuessedUntil);
    }

    [Fact]
    public async Task Guesses_sent_all_at_once_are_all_counted()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.SignInAsync("andrea", "guess " + i)));

        // Four, and one more for each wait that ended while they were looked at: a second, two, four ...
        var wrong = answers.Count(a => a.Error!.Code == "sign_in.wrong");
        Assert.InRange(wrong, 4, 10);
        Assert.Equal(20 - wrong, answers.Count(a => a.Error!.Code == "sign_in.wait"));
        Assert.Equal(wrong, (await world.EventsAsync(id)).Count(e => e.Action == "sign_in_failed"));
    }

    [Fact]
    public async Task What_is_longer_than_a_name_or_a_password_can_be_is_not_worth_a_hash()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await world.AddAsync("andrea");
        var work = world.Get<PasswordWork>();
        var before = work.Rounds;
        var huge = new string('ñ', 1024 * 1024);
        Assert.Equal(("too_long", "Login"), Reason(await world.SignInAsync(huge)));
        Assert.Equal(("too_long", "Password"), Reason(await world.SignInAsync("andrea", huge)));
        var passwords = world.Get<PasswordService>();
        var code = new CodeRedemption(huge, "AAAA-BBBB-CCCC", "otra clave bien larga", "otra clave bien larga", "192.0.2.7");
        Assert.Equal(("too_long", "Login"), Reason(await passwords.RedeemAsync(code, default)));
        Assert.Equal(("too_long", "Code"), Reason(await passwords.RedeemAsync(code with { Login = "andrea", Code = huge }, default)));
        Assert.Equal(
            ("password.long", "New"), Reason(await passwords.RedeemAsync(code with { Login = "a", New = huge, Again = huge }, default)));
        Assert.Equal(before, work.Rounds);
        Assert.Empty(await world.EventsAsync(null));

        static (string, string?) Reason(Result result) => (result.Error!.Code, result.Error.Field);
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

        var work = world.Get<PasswordWork>();
        foreach (var login in new[] { "active", "old", "suspended", "fresh", "nobody", "nobody@correo.example" })
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
    public async Task An_account_that_another_program_locked_stays_locked_until_then()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await Database.ExecuteAsync("UPDATE users SET lockout_end = UTC_TIMESTAMP() + INTERVAL 10 MINUTE");
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea")).Error!.Code);
        Assert.Equal("sign_in_refused_locked", Assert.Single(await world.EventsAsync(id)).Action);
        world.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True((await world.SignInAsync("andrea")).Ok);
    }

    /// <summary>As fast as it is allowed: the last failure is a moment ago.</summary>
    private static async Task FailAsync(IdentityWorld world, string login, int times)
    {
        for (var number = 1; number <= times; number++)
        {
            Assert.Equal("sign_in.wrong", (await world.SignInAsync(login, "wrong")).Error!.Code);
            if (number < times) world.Clock.Advance(GuessDelay.After(number));
        }
    }
}

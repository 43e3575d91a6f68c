using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>Passkeys: made, signed in with, asked for as a second step and as a proof, lost and taken away.</summary>
public sealed class PasskeyTests(TestDatabase database) : DatabaseTest(database)
{
    private static readonly PasskeySite Site = PasskeyWorld.Site;

    [Fact]
    public async Task A_passkey_opens_the_door_alone_and_stands_in_log_bell_and_mail()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var elsewhere = await world.BeginAsync(id);
        var andrea = await world.GivePasskeyAsync(id);

        // Who came in with the password alone is out; codes are there for who loses the device.
        Assert.Equal(SessionState.Ended, await world.CheckAsync(elsewhere));
        Assert.Equal(10, andrea.Codes.Distinct().Count());
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.passkey_added"));

        Assert.Equal(id, (await world.EnterAsync(andrea.Device)).Value);
        var events = await world.EventsAsync(id);
        Assert.Contains("passkey_added", events.Select(e => e.Action));
        var entered = events.Single(e => e.Action == "sign_in");
        Assert.Contains("\"methods\":\"passkey\"", entered.NewValue!.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal((id, "192.0.2.7"), (entered.UserId, entered.IpAddress));
        Assert.NotNull((await world.ReadAsync(id)).LastSignInAt);
        var key = (await world.PasskeyAsync(andrea.PasskeyId))!;
        Assert.Equal((1, "Internal,Hybrid", Site.RpId, false), (key.SignCount, key.Transports, key.RpId, key.BackedUp));
        Assert.NotNull(key.LastUsedAt);

        // The session that begins with it may do what is dangerous at once, and says how it came in.
        var account = (await world.Accounts.LoadAsync(id, default))!;
        var ticket = await world.Get<SessionService>().BeginAsync(account, false, null, null, null, SignInMethods.Passkey, default);
        var me = account.User with { SessionId = ticket.SessionId };
        Assert.True((await world.Get<FreshSignInService>().StateAsync(me, default)).IsFresh);
    }

    [Fact]
    public async Task What_is_asked_names_nobody_at_the_door_and_wants_the_person_verified()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var door = JsonNode.Parse(await world.Get<PasskeySignInService>().AskAsync(Site, default))!;
        Assert.Equal((Site.RpId, "required"), (door["rpId"]!.GetValue<string>(), door["userVerification"]!.GetValue<string>()));
        Assert.Empty(door["allowCredentials"]?.AsArray() ?? []);
        Assert.Equal(32, Base64Url.DecodeFromChars(door["challenge"]!.GetValue<string>()).Length);

        var me = await world.InSessionAsync(andrea.Id);
        var again = JsonNode.Parse((await world.Get<PasskeyService>().BeginAsync(Site, me, default)).Value)!;
        Assert.Equal("none", again["attestation"]!.GetValue<string>());
        Assert.Equal("required", again["authenticatorSelection"]!["residentKey"]!.GetValue<string>());
        Assert.Equal("required", again["authenticatorSelection"]!["userVerification"]!.GetValue<string>());
        Assert.Equal(
            Base64Url.EncodeToString(andrea.Device.CredentialId),
            Assert.Single(again["excludeCredentials"]!.AsArray())!["id"]!.GetValue<string>());

        // The same handle as before, random, and not the account's number.
        var handle = Base64Url.DecodeFromChars(again["user"]!["id"]!.GetValue<string>());
        Assert.Equal(andrea.Device.UserHandle, handle);
        Assert.Equal(32, handle.Length);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.All(await db.PasskeyChallenges.Select(c => c.ChallengeHash).ToListAsync(), hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }

    public static TheoryData<string> Wrongs =>
    [
        "origin", "port", "rp id", "challenge", "type", "not present", "not verified", "count back", "count still", "user handle",
        "another key", "cross origin", "suspended", "pending", "removed", "no json", "empty",
    ];

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task What_is_not_as_it_should_be_opens_nothing_and_changes_nothing(string what)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        for (var i = 0; i < 3; i++) Assert.True((await world.EnterAsync(andrea.Device)).Ok);
        var device = andrea.Device;
        switch (what)
        {
            case "suspended": await SetStateAsync(UserState.Suspended); break;
            case "pending": await SetStateAsync(UserState.Pending); break;
            case "another key": device = new SoftAuthenticator { CredentialId = device.CredentialId }; break;
            case "removed":
                var me = await world.InSessionAsync(andrea.Id);
                Assert.True((await world.Get<PasskeyService>().RemoveAsync(andrea.PasskeyId, me, default)).Ok);
                break;
        }

        var (user, key, signIns) = (await world.ReadAsync(andrea.Id), await world.PasskeyAsync(andrea.PasskeyId), await SignInsAsync());
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var how = what switch
        {
            "origin" => new Ceremony { Origin = "https://portal.nogal.example.evil.example" },
            "port" => new Ceremony { Origin = "https://portal.nogal.example:8443" },
            "rp id" => new Ceremony { RpId = "nogal.example" },
            "challenge" => new Ceremony { Challenge = RandomNumberGenerator.GetBytes(32) },
            "type" => new Ceremony { Type = "webauthn.create" },
            "not present" => new Ceremony { Present = false },
            "not verified" => new Ceremony { Verified = false },
            "count back" => new Ceremony { Count = 1 },
            "count still" => new Ceremony { Count = 3 },
            "user handle" => new Ceremony { UserHandle = RandomNumberGenerator.GetBytes(32) },
            "cross origin" => new Ceremony { CrossOrigin = true },
            _ => new Ceremony(),
        };
        var result = what switch
        {
            "no json" => await world.AnswerAsync("{\"rawId\":"),
            "empty" => await world.AnswerAsync(null),
            _ => await world.EnterAsync(device, how),
        };

        Assert.Equal(what == "challenge" ? "passkey.over" : "passkey.refused", result.Error!.Code);
        Assert.Equal(user.LastSignInAt, (await world.ReadAsync(andrea.Id)).LastSignInAt);
        Assert.Equal(signIns, await SignInsAsync());
        var after = await world.PasskeyAsync(andrea.PasskeyId);
        Assert.Equal((key?.SignCount, key?.LastUsedAt), (after?.SignCount, after?.LastUsedAt));

        async Task<int> SignInsAsync() => (await world.EventsAsync(andrea.Id)).Count(e => e.Action == "sign_in");

        async Task SetStateAsync(UserState state)
        {
            await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
            await db.Users.Where(u => u.Id == andrea.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.UserStatusId, state));
        }
    }

    [Fact]
    public async Task A_challenge_is_good_once_for_five_minutes_and_for_what_it_was_asked_for()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var (door, fresh) = (world.Get<PasskeySignInService>(), world.Get<FreshSignInService>());
        var me = await world.InSessionAsync(andrea.Id);

        var answer = andrea.Device.Sign(await door.AskAsync(Site, default));
        Assert.True((await world.AnswerAsync(answer)).Ok);
        Assert.Equal("passkey.over", (await world.AnswerAsync(answer)).Error!.Code);

        var late = andrea.Device.Sign(await door.AskAsync(Site, default));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("passkey.over", (await world.AnswerAsync(late)).Error!.Code);

        // Refused, it is used up all the same: nobody tries twice with it.
        var asked = await door.AskAsync(Site, default);
        var unverified = andrea.Device.Sign(asked, new Ceremony { Verified = false });
        Assert.Equal("passkey.refused", (await world.AnswerAsync(unverified)).Error!.Code);
        Assert.Equal("passkey.over", (await world.AnswerAsync(andrea.Device.Sign(asked))).Error!.Code);

        // What was asked for a proof opens no door, and the other way about.
        var proof = andrea.Device.Sign((await fresh.AskAsync(Site, me, default)).Value);
        Assert.Equal("passkey.over", (await world.AnswerAsync(proof)).Error!.Code);
        var opened = andrea.Device.Sign(await door.AskAsync(Site, default));
        Assert.Equal("passkey.over", (await fresh.ProveAsync(opened, Site, me, default)).Error!.Code);

        // The rows of those that are over go with the next question.
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await door.AskAsync(Site, default);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal(1, await db.PasskeyChallenges.CountAsync());
    }

    [Fact]
    public async Task Of_two_who_send_one_answer_at_once_one_gets_in()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using var other = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var answer = andrea.Device.Sign(await world.Get<PasskeySignInService>().AskAsync(Site, default));
        var results = await Task.WhenAll(
            world.AnswerAsync(answer), other.AnswerAsync(answer, "192.0.2.8"), world.AnswerAsync(answer, "192.0.2.9"));
        Assert.Single(results, r => r.Ok);
    }

    [Fact]
    public async Task A_count_that_goes_back_is_noted_and_told_and_one_that_never_counts_is_not_asked_to()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        Assert.True((await world.EnterAsync(andrea.Device, new Ceremony { Count = 40 })).Ok);
        Assert.Equal("passkey.refused", (await world.EnterAsync(andrea.Device, new Ceremony { Count = 7 })).Error!.Code);
        Assert.Contains("passkey_copied", (await world.EventsAsync(andrea.Id)).Select(e => e.Action));
        Assert.Equal(1, await world.MailJobsAsync(andrea.Id, "urgent.passkey_copied"));

        // One that counted and says nothing now is no better.
        Assert.Equal("passkey.refused", (await world.EnterAsync(andrea.Device, new Ceremony { Count = 0 })).Error!.Code);
        Assert.Equal(40, (await world.PasskeyAsync(andrea.PasskeyId))!.SignCount);
        Assert.True((await world.EnterAsync(andrea.Device, new Ceremony { Count = 41 })).Ok);

        var berta = await world.GivePasskeyAsync(await world.AddAsync("berta"), new SoftAuthenticator(synced: true));
        Assert.True((await world.EnterAsync(berta.Device)).Ok);
        Assert.True((await world.EnterAsync(berta.Device)).Ok);
        Assert.True((await world.PasskeyAsync(berta.PasskeyId))!.BackedUp);
    }

    [Fact]
    public async Task Strangers_who_guess_passwords_keep_no_passkey_out()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        for (var i = 0; i < 100; i++) await world.SignInAsync("andrea", "not it at all", $"198.51.{i}.9");
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea", IdentityWorld.Password, "203.0.113.9")).Error!.Code);
        Assert.Equal(andrea.Id, (await world.EnterAsync(andrea.Device)).Value);
    }

    [Fact]
    public async Task Wrong_passkeys_wait_as_wrong_passwords_do()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        for (var i = 0; i < 9; i++)
        {
            Assert.Equal("passkey.refused", (await world.EnterAsync(andrea.Device, new Ceremony { Verified = false })).Error!.Code);
            if (i < 8) world.Clock.Advance(TimeSpan.FromSeconds(40));
        }

        Assert.Equal("sign_in.wait", (await world.EnterAsync(andrea.Device)).Error!.Code);
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea")).Error!.Code);
        Assert.True((await world.EnterAsync(andrea.Device, origin: "198.51.100.4")).Ok);
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True((await world.EnterAsync(andrea.Device)).Ok);
    }

    [Theory]
    [InlineData("origin")]
    [InlineData("rp id")]
    [InlineData("challenge")]
    [InlineData("not verified")]
    [InlineData("type")]
    [InlineData("session")]
    [InlineData("person")]
    [InlineData("late")]
    [InlineData("not fresh")]
    [InlineData("twice")]
    [InlineData("taken")]
    public async Task A_passkey_is_made_only_as_it_was_asked_for(string what)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (id, service) = (await world.AddAsync("andrea"), world.Get<PasskeyService>());
        var (me, there) = (await world.InSessionAsync(id), await world.InSessionAsync(id));
        var stranger = await world.InSessionAsync(await world.AddAsync("berta"));
        var device = new SoftAuthenticator();
        var options = (await service.BeginAsync(Site, me, default)).Value;
        var answer = device.Create(options, what switch
        {
            "origin" => new Ceremony { Origin = "https://portal.nogal.example:8443" },
            "rp id" => new Ceremony { RpId = "nogal.example" },
            "challenge" => new Ceremony { Challenge = RandomNumberGenerator.GetBytes(32) },
            "not verified" => new Ceremony { Verified = false },
            "type" => new Ceremony { Type = "webauthn.get" },
            _ => new Ceremony(),
        });
        var had = 0;
        if (what == "twice")
        {
            Assert.True((await service.FinishAsync(answer, "Uno", Site, me, default)).Ok);
            had = 1;
        }

        if (what == "taken")
        {
            var theirs = (await service.BeginAsync(Site, stranger, default)).Value;
            Assert.True((await service.FinishAsync(new SoftAuthenticator { CredentialId = device.CredentialId }
                .Create(theirs), "Otra", Site, stranger, default)).Ok);
        }

        if (what == "late") world.Clock.Advance(TimeSpan.FromSeconds(299));
        if (what == "not fresh") world.Clock.Advance(FreshSignIn.LastsFor);
        if (what == "late")
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True((await world.Get<FreshSignInService>().ProveAsync(new(IdentityWorld.Password, null), me, default)).Ok);
        }

        var who = what switch { "session" => there, "person" => stranger, _ => me };
        var made = await service.FinishAsync(answer, "Teléfono", Site, who, default);
        Assert.Equal(
            what switch
            {
                "challenge" or "session" or "person" or "late" or "twice" => "passkey.over",
                "not fresh" => FreshSignIn.Needed,
                _ => "passkey.refused",
            },
            made.Error!.Code);
        Assert.Equal(had, (await service.ListAsync(me, default)).Count);
        Assert.Equal(had == 1, (await world.Get<TwoStepService>().GetAsync(me, default))!.IsOn);
    }

    [Fact]
    public async Task A_name_is_asked_for_ten_are_enough_and_each_is_ones_own()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (id, service) = (await world.AddAsync("andrea"), world.Get<PasskeyService>());
        var me = await world.InSessionAsync(id);
        var stranger = await world.InSessionAsync(await world.AddAsync("berta"));
        var first = new SoftAuthenticator().Create((await service.BeginAsync(Site, me, default)).Value);
        Assert.Equal("required", (await service.FinishAsync(first, " ", Site, me, default)).Error!.Code);
        Assert.Equal("too_long", (await service.FinishAsync(first, new string('x', 61), Site, me, default)).Error!.Code);
        var waiting = new SoftAuthenticator().Create((await service.BeginAsync(Site, me, default)).Value);
        var key = (await service.FinishAsync(first, " Llavero ", Site, me, default)).Value;
        for (var i = 2; i <= Passkey.Most; i++)
        {
            var made = await service.FinishAsync(
                new SoftAuthenticator().Create((await service.BeginAsync(Site, me, default)).Value), $"Llave {i}", Site, me, default);
            Assert.Null(made.Value.Codes);
        }

        Assert.Equal("passkey.most", (await service.BeginAsync(Site, me, default)).Error!.Code);
        Assert.Equal("passkey.most", (await service.FinishAsync(waiting, "Once", Site, me, default)).Error!.Code);

        Assert.Equal("not_found", (await service.RenameAsync(key.Id, "Suya", stranger, default)).Error!.Code);
        Assert.Equal("not_found", (await service.RemoveAsync(key.Id, stranger, default)).Error!.Code);
        Assert.Empty(await service.ListAsync(stranger, default));
        Assert.True((await service.RenameAsync(key.Id, "Llavero azul", me, default)).Ok);
        var rows = await service.ListAsync(me, default);
        Assert.Equal((Passkey.Most, "Llavero azul"), (rows.Count, rows[0].Name));
        Assert.Contains("passkey_renamed", (await world.EventsAsync(id)).Select(e => e.Action));

        world.Clock.Advance(FreshSignIn.LastsFor);
        Assert.Equal(FreshSignIn.Needed, (await service.RemoveAsync(key.Id, me, default)).Error!.Code);
        Assert.Equal(FreshSignIn.Needed, (await service.BeginAsync(Site, me, default)).Error!.Code);
    }

    [Fact]
    public async Task After_the_password_the_passkey_is_asked_for_or_a_recovery_code_and_no_reset_skips_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var berta = await world.GivePasskeyAsync(await world.AddAsync("berta"));
        var steps = world.Get<SecondStepService>();
        var half = await world.HalfAsync("andrea");
        Assert.Equal(new SecondStepWays(App: false, Passkey: true), await steps.WaysAsync(half, Site, default));
        var other = new PasskeySite("other.example", "https://other.example", "");
        Assert.Equal(new SecondStepWays(false, false), await steps.WaysAsync(half, other, default));

        var asked = (await steps.AskAsync(half, Site, default)).Value;
        Assert.Equal(
            Base64Url.EncodeToString(andrea.Device.CredentialId),
            Assert.Single(JsonNode.Parse(asked)!["allowCredentials"]!.AsArray())!["id"]!.GetValue<string>());
        var done = await steps.EnterAsync(half, andrea.Device.Sign(asked), Site, "192.0.2.7", default);
        Assert.Equal(new SecondStepDone(andrea.Id, SignInMethods.PasswordAndPasskey, 10), done.Value);

        // Nobody else's, none that was asked of somebody else, and no code of an app.
        var again = (await steps.AskAsync(half, Site, default)).Value;
        Assert.Equal("passkey.refused", (await steps.EnterAsync(half, berta.Device.Sign(again), Site, "192.0.2.7", default)).Error!.Code);
        var bertas = (await steps.AskAsync(await world.HalfAsync("berta"), Site, default)).Value;
        Assert.Equal("passkey.over", (await steps.EnterAsync(half, andrea.Device.Sign(bertas), Site, "192.0.2.7", default)).Error!.Code);
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, "000000")).Error!.Code);
        Assert.True((await world.EnterAsync(half, andrea.Codes[0])).Ok);

        // A new password from the office opens nothing by itself, ends the half, and the passkey stays.
        var staff = await world.InSessionAsync(await world.AddAsync("carla", Roles.Staff));
        var code = (await world.Get<AccountService>().IssueCodeAsync(andrea.Id, staff, default)).Value;
        const string Other = "otra clave bien larga";
        Assert.True((await world.Get<PasswordService>().RedeemAsync(new("andrea", code.Code, Other, Other, "192.0.2.7"), default)).Ok);
        Assert.Equal(HalfSignIn.Code, (await world.SignInAsync("andrea", Other)).Error!.Code);
        var late = (await steps.AskAsync(half, Site, default)).Value;
        Assert.Equal("second_step.over", (await steps.EnterAsync(half, andrea.Device.Sign(late), Site, "192.0.2.7", default)).Error!.Code);
        Assert.True((await world.EnterAsync(andrea.Device)).Ok);
    }

    [Fact]
    public async Task A_role_that_asks_for_two_steps_is_content_with_a_passkey_and_keeps_the_last_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, true, 0, admin, default)).Ok);
        var id = await world.AddAsync("carla", Roles.Staff);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await world.Accounts.LoadAsync(id, default))!.MustEnrol);

        // Led here with nothing but the right to set one up.
        var carla = await world.GivePasskeyAsync(id);
        Assert.False((await world.Accounts.LoadAsync(id, default))!.MustEnrol);
        Assert.Null((await world.Accounts.LoadAsync(id, default))!.TwoStepDueAt);
        var matrix = (await world.Get<AccessService>().MatrixAsync(admin, default))!;
        Assert.Equal(1, matrix.Roles.Single(r => r.Id == Roles.Staff).WithTwoStep);

        var (passkeys, apps, me) = (world.Get<PasskeyService>(), world.Get<TwoStepService>(), await world.InSessionAsync(id));
        Assert.Equal("passkey.last", (await passkeys.RemoveAsync(carla.PasskeyId, me, default)).Error!.Code);
        Assert.Equal("not_found", (await apps.TurnOffAsync(me, default)).Error!.Code);

        // With an app besides, either may go; the codes of recovery stay as long as there is one of them.
        var secret = (await apps.BeginAsync(me, default)).Value.Secret;
        Assert.True((await apps.ConfirmAsync(world.CodeOf(secret), me, default)).Ok);
        Assert.True((await apps.TurnOffAsync(me, default)).Ok);
        Assert.Equal((false, true, 10), ((await apps.GetAsync(me, default))! is var s ? (s.HasApp, s.IsOn, s.CodesLeft) : default));
        Assert.True((await world.EnterAsync(carla.Device)).Ok);
        Assert.Equal("passkey.last", (await passkeys.RemoveAsync(carla.PasskeyId, me, default)).Error!.Code);

        // Not asked any more, the last one goes, and the codes with it.
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, false, 0, admin, default)).Ok);
        Assert.True((await passkeys.RemoveAsync(carla.PasskeyId, me, default)).Ok);
        Assert.Equal((false, 0), ((await apps.GetAsync(me, default))! is var t ? (t.IsOn, t.CodesLeft) : default));
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.passkey_removed"));
        Assert.Equal(id, (await world.SignInAsync("carla")).Value);
    }

    [Fact]
    public async Task A_passkey_of_an_address_that_the_portal_had_before_is_no_second_step_to_keep()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, true, 0, admin, default)).Ok);
        var id = await world.AddAsync("carla", Roles.Staff);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var (old, now) = (await world.GivePasskeyAsync(id, name: "Antes"), await world.GivePasskeyAsync(id, name: "Ahora"));
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
            await db.Passkeys.Where(p => p.Id == old.PasskeyId).ExecuteUpdateAsync(set => set.SetProperty(p => p.RpId, "before.example"));
        var (passkeys, apps, me) = (world.Get<PasskeyService>(), world.Get<TwoStepService>(), await world.InSessionAsync(id));

        // The one that works stays, whatever else there is; the other may go at any time.
        Assert.Equal("passkey.last", (await passkeys.RemoveAsync(now.PasskeyId, me, default)).Error!.Code);
        var secret = (await apps.BeginAsync(me, default)).Value.Secret;
        Assert.True((await apps.ConfirmAsync(world.CodeOf(secret), me, default)).Ok);
        Assert.True((await passkeys.RemoveAsync(now.PasskeyId, me, default)).Ok);
        Assert.Equal("two_step.required", (await apps.TurnOffAsync(me, default)).Error!.Code);

        // Where none is asked for, the rest goes with the last that works: nobody could give it.
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, false, 0, admin, default)).Ok);
        Assert.True((await apps.TurnOffAsync(me, default)).Ok);
        Assert.Empty(await passkeys.ListAsync(me, default));
        Assert.Equal(id, (await world.SignInAsync("carla")).Value);
    }

    [Fact]
    public async Task A_browser_that_signed_in_before_is_known_by_the_passkey_it_gives()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var signIns = world.Get<PasskeySignInService>();
        var answer = andrea.Device.Sign(await signIns.AskAsync(Site, default));
        Assert.True(await signIns.IsKnownDeviceAsync(answer,
            new AttemptOrigin("192.0.2.7", new Dictionary<long, string> { [andrea.Id] = "a" }), default));
        Assert.False(await signIns.IsKnownDeviceAsync(answer, new AttemptOrigin("192.0.2.7", new Dictionary<long, string> { [987] = "a" }),
            default));
        Assert.False(await signIns.IsKnownDeviceAsync(answer, "192.0.2.7", default));
        Assert.False(await signIns.IsKnownDeviceAsync("{}",
            new AttemptOrigin("192.0.2.7", new Dictionary<long, string> { [andrea.Id] = "a" }), default));
    }

    [Fact]
    public async Task An_administrator_who_takes_the_second_step_away_takes_the_passkeys_too()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var there = await world.BeginAsync(andrea.Id);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        Assert.True(await world.Get<TwoStepService>().IsOnAsync(andrea.Id, admin, default));
        Assert.True((await world.Get<TwoStepService>().RemoveAsync(andrea.Id, admin, default)).Ok);
        Assert.Equal("passkey.refused", (await world.EnterAsync(andrea.Device)).Error!.Code);
        Assert.Equal(SessionState.Ended, await world.CheckAsync(there));
        Assert.Equal(andrea.Id, (await world.SignInAsync("andrea")).Value);
        Assert.Equal(1, await world.MailJobsAsync(andrea.Id, "urgent.two_step_removed"));
    }

    [Fact]
    public async Task A_passkey_proves_freshly_in_the_session_it_was_asked_in_and_nowhere_else()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.GivePasskeyAsync(await world.AddAsync("andrea"));
        var berta = await world.GivePasskeyAsync(await world.AddAsync("berta"));
        var (here, there) = (await world.InSessionAsync(andrea.Id), await world.InSessionAsync(andrea.Id));
        var fresh = world.Get<FreshSignInService>();
        world.Clock.Advance(FreshSignIn.LastsFor);
        Assert.Equal(new FreshState(false, true), await fresh.StateAsync(here, default));

        var asked = (await fresh.AskAsync(Site, here, default)).Value;
        Assert.Equal("passkey.over", (await fresh.ProveAsync(andrea.Device.Sign(asked), Site, there, default)).Error!.Code);
        foreach (var (device, how) in new[]
        {
            (berta.Device, new Ceremony()), (andrea.Device, new Ceremony { Verified = false }),
            (andrea.Device, new Ceremony { Origin = "https://evil.example" }),
        })
        {
            asked = (await fresh.AskAsync(Site, here, default)).Value;
            Assert.Equal("passkey.refused", (await fresh.ProveAsync(device.Sign(asked, how), Site, here, default)).Error!.Code);
            world.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.False((await fresh.StateAsync(here, default)).IsFresh);
        Assert.False((await fresh.StateAsync(there, default)).IsFresh);
        asked = (await fresh.AskAsync(Site, here, default)).Value;
        Assert.True((await fresh.ProveAsync(andrea.Device.Sign(asked), Site, here, default)).Ok);
        Assert.True((await fresh.StateAsync(here, default)).IsFresh);
        Assert.False((await fresh.StateAsync(there, default)).IsFresh);
        Assert.Contains("proved", (await world.EventsAsync(andrea.Id)).Select(e => e.Action));

        // The password alone proves nothing of who has a passkey; with a recovery code it does.
        world.Clock.Advance(FreshSignIn.LastsFor);
        Assert.Equal("required", (await fresh.ProveAsync(new(IdentityWorld.Password, null), here, default)).Error!.Code);
        Assert.Equal("fresh.wrong", (await fresh.ProveAsync(new(IdentityWorld.Password, "000000"), here, default)).Error!.Code);
        Assert.True((await fresh.ProveAsync(new(IdentityWorld.Password, andrea.Codes[0]), here, default)).Ok);

        // Of who has none there is nothing to ask.
        var plain = await world.InSessionAsync(await world.AddAsync("juana"));
        Assert.Equal("not_found", (await fresh.AskAsync(Site, plain, default)).Error!.Code);
    }

    [Theory]
    [InlineData("", "https://localhost:5001/", null)]
    [InlineData("portal.nogal.example", "https://portal.nogal.example/", "https://portal.nogal.example")]
    [InlineData(" Portal.Nogal.example/ ", "http://portal.nogal.example:8080/", "https://portal.nogal.example")]
    [InlineData("https://portal.nogal.example:8443", "https://portal.nogal.example:8443/", "https://portal.nogal.example:8443")]
    [InlineData("portal.nogal.example", "https://evil.example/", null)]
    [InlineData("portal.nogal.example", "https://sub.portal.nogal.example/", null)]
    [InlineData("http://portal.nogal.example", "http://portal.nogal.example/", null)]
    [InlineData("192.0.2.10", "https://192.0.2.10/", null)]
    [InlineData("javascript://x", "https://x/", null)]
    public async Task Passkeys_belong_to_the_buildings_public_address_and_to_nothing_a_request_says(string told, string at, string? origin)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await Database.ExecuteAsync($"REPLACE INTO settings (name, value) VALUES ('public_address', '{told}')");
        var site = await world.Get<PasskeySites>().FindAsync(new Uri(at), default);
        Assert.Equal(origin, site?.Origin);
        if (site is not null) Assert.Equal("portal.nogal.example", site.RpId);
    }

    [Fact]
    public async Task Localhost_is_for_who_develops()
    {
        await using var off = new IdentityWorld(Database.ConnectionString);
        await using var on = new IdentityWorld(Database.ConnectionString, options => options.PasskeysOnLocalhost = true);
        var at = new Uri("http://localhost:5191/");
        Assert.Null(await off.Get<PasskeySites>().FindAsync(at, default));
        var site = (await on.Get<PasskeySites>().FindAsync(at, default))!;
        Assert.Equal(("localhost", "http://localhost:5191"), (site.RpId, site.Origin));
        Assert.Null(await on.Get<PasskeySites>().FindAsync(new Uri("http://127.0.0.1:5191/"), default));
    }
}

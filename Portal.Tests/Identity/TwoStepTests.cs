using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>The second step: set up, asked for at the door, lost and taken away.</summary>
public sealed class TwoStepTests(TestDatabase database) : DatabaseTest(database)
{
    [Fact]
    public async Task It_is_on_once_the_app_has_shown_a_code_and_not_before()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var (service, user) = (world.Get<TwoStepService>(), await world.InSessionAsync(id));
        var begun = (await service.BeginAsync(user, default)).Value;
        Assert.Equal("andrea", begun.Username);

        // Nothing is asked for yet.
        Assert.Equal(id, (await world.SignInAsync("andrea")).Value);
        Assert.Equal("required", (await service.ConfirmAsync(" ", user, default)).Error!.Code);
        Assert.Equal("two_step.wrong", (await service.ConfirmAsync("000000", user, default)).Error!.Code);
        Assert.False((await service.GetAsync(user, default))!.IsOn);

        var codes = (await service.ConfirmAsync(world.CodeOf(begun.Secret), user, default)).Value.All;
        Assert.Equal(10, codes.Distinct().Count());
        var state = (await service.GetAsync(user, default))!;
        Assert.True(state.IsOn);
        Assert.Equal((10, false, false), (state.CodesLeft, state.Required, state.FewCodes));
        Assert.Equal(HalfSignIn.Code, (await world.SignInAsync("andrea")).Error!.Code);
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.two_step_on"));
        Assert.Contains("two_step_on", (await world.EventsAsync(id)).Select(e => e.Action));
    }

    [Fact]
    public async Task Neither_the_secret_nor_the_codes_lie_in_the_database_as_they_are()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        var factor = await db.SecondFactors.SingleAsync();
        Assert.DoesNotContain(enrolled.Secret, factor.Secret!, StringComparison.OrdinalIgnoreCase);
        Assert.Null(factor.PendingSecret);
        var hashes = await db.RecoveryCodes.Select(c => c.CodeHash).ToListAsync();
        Assert.All(hashes, hash => Assert.Matches("^[0-9a-f]{64}$", hash));
        var log = string.Join('\n', (await db.AuditLog.ToListAsync()).Select(e => e.NewValue + e.OldValue));
        Assert.DoesNotContain(enrolled.Secret, log);
        Assert.DoesNotContain(enrolled.Codes[0], log);
    }

    [Fact]
    public async Task A_code_opens_once_also_within_its_half_minute_and_an_earlier_one_no_more()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        var code = world.CodeOf(enrolled.Secret);
        var earlier = TimeCodes.At(enrolled.Secret, world.Clock.GetUtcNow().UtcDateTime.AddSeconds(-30));
        var half = await world.HalfAsync("andrea");
        var done = await world.EnterAsync(half, code);
        Assert.Equal(new SecondStepDone(enrolled.Id, SignInMethods.Code, 10), done.Value);
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, code)).Error!.Code);
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, earlier)).Error!.Code);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await world.EnterAsync(half, world.CodeOf(enrolled.Secret))).Ok);
    }

    [Fact]
    public async Task Of_two_who_send_one_code_at_once_one_gets_in()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using var other = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var half = await world.HalfAsync("andrea");
        var code = enrolled.Codes[0];
        var answers = await Task.WhenAll(
            world.EnterAsync(half, code), other.EnterAsync(half, code, "192.0.2.8"), world.EnterAsync(half, code, "192.0.2.9"));
        Assert.Single(answers, a => a.Ok);
    }

    [Fact]
    public async Task The_code_of_another_account_opens_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var andrea = await world.EnrolAsync(await world.AddAsync("andrea"));
        var berta = await world.EnrolAsync(await world.AddAsync("berta"));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var half = await world.HalfAsync("andrea");
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, world.CodeOf(berta.Secret))).Error!.Code);
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, berta.Codes[0])).Error!.Code);
        Assert.True((await world.EnterAsync(half, andrea.Codes[0])).Ok);
    }

    [Fact]
    public async Task Wrong_codes_wait_as_wrong_passwords_do_and_the_right_password_does_not_begin_them_anew()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        for (var i = 0; i < 9; i++)
        {
            // As a thief with the password would: each time through the first step.
            Assert.Equal("second_step.wrong", (await world.EnterAsync(await world.HalfAsync("andrea"), "000000")).Error!.Code);
            if (i < 8) world.Clock.Advance(TimeSpan.FromSeconds(40));
        }

        // Half a minute after the ninth, which a slow machine does not reach meanwhile.
        Assert.Equal("sign_in.wait", (await world.SignInAsync("andrea")).Error!.Code);
        var half = new HalfSignIn(enrolled.Id, (await world.Accounts.LoadAsync(enrolled.Id, default))!.Stamp);
        Assert.Equal("sign_in.wait", (await world.EnterAsync(half, enrolled.Codes[0])).Error!.Code);
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True((await world.EnterAsync(half, enrolled.Codes[0])).Ok);

        // The count is gone with it.
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, "000000")).Error!.Code);
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, "000000")).Error!.Code);
        Assert.Equal(11, (await world.EventsAsync(enrolled.Id)).Count(e => e.Action == "second_step_failed"));
    }

    [Fact]
    public async Task A_recovery_code_opens_once_tells_the_person_and_warns_when_few_are_left()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        for (var used = 1; used <= 7; used++)
        {
            var done = await world.EnterAsync(await world.HalfAsync("andrea"), enrolled.Codes[used - 1].ToLowerInvariant());
            Assert.Equal(new SecondStepDone(enrolled.Id, SignInMethods.Recovery, 10 - used), done.Value);
            Assert.Equal(used == 7, done.Value.FewCodes);
        }

        Assert.Equal("second_step.wrong", (await world.EnterAsync(await world.HalfAsync("andrea"), enrolled.Codes[0])).Error!.Code);
        Assert.Equal(7, await world.MailJobsAsync(enrolled.Id, "urgent.recovery_code"));

        var (service, user) = (world.Get<TwoStepService>(), await world.InSessionAsync(enrolled.Id));
        Assert.True((await service.GetAsync(user, default))!.FewCodes);
        var renewed = (await service.RenewCodesAsync(user, default)).Value.All;
        Assert.Equal(1, await world.MailJobsAsync(enrolled.Id, "urgent.recovery_renewed"));
        Assert.Equal("second_step.wrong", (await world.EnterAsync(await world.HalfAsync("andrea"), enrolled.Codes[9])).Error!.Code);
        Assert.True((await world.EnterAsync(await world.HalfAsync("andrea"), renewed[9])).Ok);
    }

    [Fact]
    public async Task A_half_sign_in_is_worth_nothing_once_the_account_changed()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var half = await world.HalfAsync("andrea");
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
            await db.Users.Where(u => u.Id == enrolled.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, "another"));
        Assert.Equal("second_step.over", (await world.EnterAsync(half, enrolled.Codes[0])).Error!.Code);
        Assert.Equal("required", (await world.EnterAsync(half, " ")).Error!.Code);
        Assert.Equal("too_long", (await world.EnterAsync(half, new string('1', 41))).Error!.Code);
    }

    [Fact]
    public async Task A_new_password_does_not_open_what_asks_for_two_steps()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var staff = await world.InSessionAsync(await world.AddAsync("carla", Roles.Staff));
        var issued = (await world.Get<AccountService>().IssueCodeAsync(enrolled.Id, staff, default)).Value;
        const string another = "otra clave bien larga";
        Assert.True((await world.Get<PasswordService>()
            .RedeemAsync(new CodeRedemption("andrea", issued.Code, another, another, "192.0.2.7"), default)).Ok);
        var half = HalfSignIn.Of((await world.SignInAsync("andrea", another)).Error);
        Assert.NotNull(half);
        Assert.True((await world.EnterAsync(half, enrolled.Codes[0])).Ok);
    }

    [Fact]
    public async Task Another_app_takes_the_place_of_the_first_only_once_it_has_shown_a_code()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var (service, user) = (world.Get<TwoStepService>(), await world.InSessionAsync(enrolled.Id));
        var elsewhere = await world.BeginAsync(enrolled.Id);

        // One that somebody else was shown is never the one that is turned on.
        var shown = (await service.BeginAsync(user, default)).Value;
        var begun = (await service.BeginAsync(user, default)).Value;
        Assert.NotEqual(enrolled.Secret, begun.Secret);
        Assert.NotEqual(shown.Secret, begun.Secret);
        Assert.Equal("two_step.wrong", (await service.ConfirmAsync(world.CodeOf(shown.Secret), user, default)).Error!.Code);
        Assert.True((await world.EnterAsync(await world.HalfAsync("andrea"), world.CodeOf(enrolled.Secret))).Ok);
        Assert.True((await service.ConfirmAsync(world.CodeOf(begun.Secret), user, default)).Ok);

        // Who came in without it does not stay, but for the one who turned it on.
        Assert.Equal(SessionState.Ended, await world.Get<SessionSource>().CheckAsync(elsewhere, default));
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var left = db.Sessions.Where(s => s.UserId == enrolled.Id && s.EndedAt == null);
            Assert.Equal([user.SessionId!.Value], await left.Select(s => s.Id).ToListAsync());
        }

        Assert.Equal(1, await world.MailJobsAsync(enrolled.Id, "urgent.two_step_changed"));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var half = await world.HalfAsync("andrea");
        Assert.Equal("second_step.wrong", (await world.EnterAsync(half, world.CodeOf(enrolled.Secret))).Error!.Code);
        Assert.True((await world.EnterAsync(half, world.CodeOf(begun.Secret))).Ok);
    }

    [Fact]
    public async Task A_person_turns_their_own_off_unless_their_role_asks_for_it()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        var enrolled = await world.EnrolAsync(await world.AddAsync("carla", Roles.Staff));
        var (service, user) = (world.Get<TwoStepService>(), await world.InSessionAsync(enrolled.Id));
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, true, 7, admin, default)).Ok);
        Assert.Equal("two_step.required", (await service.TurnOffAsync(user, default)).Error!.Code);
        Assert.True((await world.Get<AccessService>().RequireTwoStepAsync(Roles.Staff, false, 7, admin, default)).Ok);
        Assert.True((await service.TurnOffAsync(user, default)).Ok);
        Assert.Equal("not_found", (await service.TurnOffAsync(user, default)).Error!.Code);
        Assert.Equal(enrolled.Id, (await world.SignInAsync("carla")).Value);
        Assert.Equal(1, await world.MailJobsAsync(enrolled.Id, "urgent.two_step_off"));
    }

    [Fact]
    public async Task An_administrator_takes_it_away_the_sessions_end_and_the_person_is_told()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var service = world.Get<TwoStepService>();
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        var staff = await world.InSessionAsync(await world.AddAsync("carla", Roles.Staff));
        var enrolled = await world.EnrolAsync(await world.AddAsync("andrea"));
        var session = await world.BeginAsync(enrolled.Id);
        Assert.Equal("forbidden", (await service.RemoveAsync(enrolled.Id, staff, default)).Error!.Code);
        Assert.Equal("two_step.own", (await service.RemoveAsync(admin.Id, admin, default)).Error!.Code);
        Assert.Null(await service.IsOnAsync(enrolled.Id, staff, default));
        Assert.True(await service.IsOnAsync(enrolled.Id, admin, default));

        Assert.True((await service.RemoveAsync(enrolled.Id, admin, default)).Ok);
        Assert.Equal("not_found", (await service.RemoveAsync(enrolled.Id, admin, default)).Error!.Code);
        Assert.Equal(SessionState.Ended, await world.CheckAsync(session));
        Assert.Equal(enrolled.Id, (await world.SignInAsync("andrea")).Value);
        Assert.Equal(1, await world.MailJobsAsync(enrolled.Id, "urgent.two_step_removed"));
        var entry = (await world.EventsAsync(enrolled.Id)).Single(e => e.Action == "two_step_removed");
        Assert.Equal(admin.Id, entry.UserId);
    }

    [Fact]
    public async Task A_role_that_asks_for_it_leaves_days_of_grace_and_then_nothing_until_it_is_set_up()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.InSessionAsync(await world.AddAsync("carolina", Roles.Admin));
        var id = await world.AddAsync("carla", Roles.Staff);
        var access = world.Get<AccessService>();
        Assert.Equal("access.grace", (await access.RequireTwoStepAsync(Roles.Staff, true, 61, admin, default)).Error!.Code);
        Assert.Equal("gone", (await access.RequireTwoStepAsync(99, true, 7, admin, default)).Error!.Code);
        Assert.True((await access.RequireTwoStepAsync(Roles.Staff, true, 7, admin, default)).Ok);

        var account = (await world.Accounts.LoadAsync(id, default))!;
        Assert.True(account.TwoStepRequired);
        Assert.False(account.MustEnrol);
        Assert.True(account.User.Can(Permissions.PeopleEdit));
        var left = account.TwoStepDueAt!.Value - world.Clock.GetUtcNow().UtcDateTime;
        Assert.InRange(left.TotalDays, 6.9, 7.1);

        world.Clock.Advance(TimeSpan.FromDays(7.1));
        account = (await world.Accounts.LoadAsync(id, default))!;
        Assert.True(account.MustEnrol);
        Assert.Empty(account.User.Permissions);
        Assert.True(account.IsOffice);

        // Nobody is locked out: the password opens, and the app can be set up.
        Assert.Equal(id, (await world.SignInAsync("carla")).Value);
        var enrolled = await world.EnrolAsync(id);
        account = (await world.Accounts.LoadAsync(id, default))!;
        Assert.False(account.MustEnrol);
        Assert.True(account.User.Can(Permissions.PeopleEdit));
        Assert.True((await world.EnterAsync(await world.HalfAsync("carla"), world.CodeOf(enrolled.Secret))).Ok);
        Assert.Equal(1, (await access.MatrixAsync(admin, default))!.Roles.Single(r => r.Id == Roles.Staff).WithTwoStep);
    }

    [Fact]
    public async Task A_new_portal_asks_its_office_for_it_and_one_that_was_there_does_not()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
            Assert.False(await db.Roles.AnyAsync(r => r.TwoStepRequired));
        var setup = world.Get<SetupService>();
        var token = await setup.PrepareAsync(default);
        var made = await setup.CreateAsync(
            new FirstAdmin(token, "carolina", "Carolina", "Mejía", null, IdentityWorld.Password, IdentityWorld.Password, "192.0.2.7"),
            default);
        Assert.True(made.Ok);
        await using var after = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal([Roles.Admin, Roles.Staff], await after.Roles.Where(r => r.TwoStepRequired).Select(r => r.Id).Order().ToListAsync());
        Assert.False((await world.Accounts.LoadAsync(made.Value, default))!.MustEnrol);
    }
}

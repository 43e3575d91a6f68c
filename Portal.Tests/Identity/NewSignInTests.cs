using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Areas.Notifications;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Identity;
using Portal.Data.Notifications;
using Portal.Data.Operations;
using Portal.Data.People;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>A sign-in from where the account never came from: who is asked, what the answer does, and for whom the link is good.</summary>
public sealed class NewSignInTests(TestDatabase database) : DatabaseTest(database)
{
    private const string Home = "192.0.2.7", Away = "198.51.100.23",
        Firefox = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task Only_a_browser_and_a_network_that_are_both_new_are_asked_about()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");

        // The very first sign-in, wherever it comes from.
        await SignInAsync(world, id, Away);
        Assert.Equal(0, await BellsAsync(world, id));

        // A known browser elsewhere; a new one in a network that is known; a PIN; a place that nobody can tell.
        await SignInAsync(world, id, "203.0.113.9", known: true);
        await SignInAsync(world, id, Away);
        await SignInAsync(world, id, Home, methods: SignInMethods.Pin);
        await SignInAsync(world, id, null);
        Assert.Equal(0, await BellsAsync(world, id));

        var strange = await SignInAsync(world, id, Home);
        Assert.Equal(1, await BellsAsync(world, id));
        Assert.Equal(1, await world.MailJobsAsync(id, NewSignInService.Told));
        var asked = (await world.Get<NewSignInService>().FindAsync(TokenOf(world, strange), default)).Value;
        Assert.Equal((Home, Firefox), (asked.Address, asked.UserAgent));
        Assert.Contains("sign_in_new_device", (await world.EventsAsync(id)).Select(e => e.Action));

        // Of IPv6 one subscriber has all addresses of a network.
        await SignInAsync(world, id, "2001:db8:1:2::5");
        await SignInAsync(world, id, "2001:db8:1:2:ffff::9");
        Assert.Equal(2, await BellsAsync(world, id));
    }

    [Fact]
    public async Task It_was_me_is_noted_once_and_ends_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await SignInAsync(world, id, Home);
        var session = await SignInAsync(world, id, Away);
        var (service, token) = (world.Get<NewSignInService>(), TokenOf(world, session));

        // Looking changes nothing, however often.
        Assert.True((await service.FindAsync(token, default)).Ok);
        Assert.True((await service.FindAsync(token, default)).Ok);
        Assert.True((await service.MineAsync(token, Away, default)).Ok);
        Assert.Equal(SessionState.Alive, await world.CheckAsync(session));
        Assert.Equal("new_sign_in.answered", (await service.MineAsync(token, Away, default)).Error!.Code);
        Assert.Equal("new_sign_in.answered", (await service.NotMineAsync(token, Away, default)).Error!.Code);
        Assert.Equal(SessionState.Alive, await world.CheckAsync(session));
        Assert.Equal(id, (await world.SignInAsync("andrea")).Value);
    }

    [Fact]
    public async Task It_was_not_me_ends_every_session_and_the_password_and_holds_the_keys()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("carolina", Roles.Admin);
        var own = await SignInAsync(world, id, Home);
        var key = (await world.Get<ApiKeyService>().MakeAsync(
            new("Una", [Permissions.BuildingView]), (await world.AsAsync(id)) with { SessionId = own.SessionId }, default)).Value;
        var strange = await SignInAsync(world, id, Away);
        var service = world.Get<NewSignInService>();

        // Two presses at once: it is done once, and whichever answer arrives has a code.
        var token = TokenOf(world, strange);
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            await using var scope = world.Get<IServiceScopeFactory>().CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<NewSignInService>().NotMineAsync(token, Home, default);
        }));
        Assert.All(both, b => Assert.True(b.Ok));
        Assert.Single(await world.EventsAsync(id), e => e.Action == "sign_in_denied");

        // An answer that never arrived is asked for again by the same link; the codes before it open nothing.
        Assert.True((await service.FindAsync(token, default)).Value.Denied);
        var done = (await service.NotMineAsync(token, Home, default)).Value;
        Assert.Equal(SessionState.Ended, await world.CheckAsync(own));
        Assert.Equal(SessionState.Ended, await world.CheckAsync(strange));
        Assert.Equal("sign_in.wrong", (await world.SignInAsync("carolina")).Error!.Code);
        Assert.Equal(ApiRefusal.Suspended, (await world.Get<ApiDoor>().EnterAsync(key.Secret, IPAddress.Parse(Home), default)).Refused);

        const string Chosen = "ten wild geese flew north";
        Assert.True((await world.Get<PasswordService>()
            .RedeemAsync(new CodeRedemption(done.Username, done.Code, Chosen, Chosen, Home), default)).Ok);
        Assert.Equal(id, (await world.SignInAsync("carolina", Chosen)).Value);
        Assert.Equal("new_sign_in.answered", (await service.NotMineAsync(token, Home, default)).Error!.Code);
        Assert.Equal(id, (await world.SignInAsync("carolina", Chosen)).Value);
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.password_reset"));
        Assert.Contains("sign_in_denied", (await world.EventsAsync(id)).Select(e => e.Action));

        // From there it is asked again, though browser and network are no longer new.
        await SignInAsync(world, id, Home, known: true);
        Assert.Equal(1, await BellsAsync(world, id));
        await SignInAsync(world, id, Away, known: true);
        Assert.Equal(2, await BellsAsync(world, id));

        // The stranger's browser is known by its cookie, also from elsewhere.
        await SignInAsync(world, id, "203.0.113.9", known: true);
        Assert.Equal(3, await BellsAsync(world, id));
    }

    [Fact]
    public async Task What_a_stranger_left_to_come_back_by_goes_and_no_mailbox_of_theirs_answers()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        await SignInAsync(world, id, Home);
        var strange = await SignInAsync(world, id, Away);
        var stranger = (await world.AsAsync(id)) with { SessionId = strange.SessionId };
        var two = world.Get<TwoStepService>();
        var enrolment = (await two.BeginAsync(stranger, default)).Value;
        Assert.True((await two.ConfirmAsync(TimeCodes.At(enrolment.Secret, world.Clock.GetUtcNow().UtcDateTime), stranger, default)).Ok);
        Assert.True((await world.Get<PeopleService>().SaveMineAsync(new OwnContactInput("ajeno@correo.example", null, null), stranger, default))
            .Ok);
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            db.Passkeys.Add(new Passkey
            {
                UserId = id, CredentialId = [1, 2, 3], PublicKey = [1], UserHandle = [1], RpId = "portal.example", Name = "Ajena",
                CreatedAt = world.Clock.GetUtcNow().UtcDateTime,
            }.Begun(0, false));
            await db.SaveChangesAsync();
            var parts = NotificationPart.Read((await db.Notifications.SingleAsync(n => n.RecipientId == id && n.Type == NewSignInService.Told)).Data);
            Assert.Equal(strange.SessionId, NewSignInService.AskedOf(parts, "andrea@correo.example"));
            Assert.Null(NewSignInService.AskedOf(parts, "ajeno@correo.example"));
            Assert.Null(NewSignInService.AskedOf(parts, null));
        }

        Assert.True((await world.Get<NewSignInService>().NotMineAsync(TokenOf(world, strange), Home, default)).Ok);
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            Assert.Equal("andrea@correo.example", await db.Profiles.Where(p => p.UserId == id).Select(p => p.Email).SingleAsync());
            Assert.False(await db.Passkeys.AnyAsync(p => p.UserId == id));
            Assert.False(await db.SecondFactors.AnyAsync(f => f.UserId == id));
            Assert.False(await db.RecoveryCodes.AnyAsync(c => c.UserId == id));
        }

        // What they have open adds nothing any more.
        Assert.Equal("fresh.needed", (await two.BeginAsync(stranger, default)).Error!.Code);
    }

    [Fact]
    public async Task Whoever_reads_an_address_that_the_office_replaced_answers_no_more()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (id, office) = (await world.AddAsync("andrea"), await world.AddAsync("carolina", Roles.Admin));
        await SignInAsync(world, id, Home);
        var session = await SignInAsync(world, id, Away);
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var profile = await db.Profiles.SingleAsync(p => p.UserId == id);
            var input = new ContactInput(profile.FirstName, profile.LastName, "nueva@correo.example", null, null, null, null, null);
            Assert.True((await world.Get<PeopleService>().SaveContactAsync(id, input, await world.InSessionAsync(office), default)).Ok);
        }

        Assert.Equal("new_sign_in.answered", (await world.Get<NewSignInService>().NotMineAsync(TokenOf(world, session), Home, default)).Error!.Code);
        Assert.Equal(id, (await world.SignInAsync("andrea")).Value);
    }

    [Fact]
    public async Task What_stood_before_the_stranger_came_stays()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var own = await SignInAsync(world, id, Home);
        var me = (await world.AsAsync(id)) with { SessionId = own.SessionId };
        var two = world.Get<TwoStepService>();
        var enrolment = (await two.BeginAsync(me, default)).Value;
        Assert.True((await two.ConfirmAsync(TimeCodes.At(enrolment.Secret, world.Clock.GetUtcNow().UtcDateTime), me, default)).Ok);
        world.Clock.Advance(TimeSpan.FromDays(1));
        var strange = await SignInAsync(world, id, Away);
        Assert.True((await world.Get<NewSignInService>().NotMineAsync(TokenOf(world, strange), Home, default)).Ok);
        await using var after = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.True(await after.SecondFactors.AnyAsync(f => f.UserId == id && f.ConfirmedAt != null));
        Assert.True(await after.RecoveryCodes.AnyAsync(c => c.UserId == id));
    }

    [Fact]
    public async Task A_link_is_good_for_its_own_sign_in_for_a_day_and_nobody_makes_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var (andrea, bruno) = (await world.AddAsync("andrea"), await world.AddAsync("bruno"));
        await SignInAsync(world, andrea, Home);
        await SignInAsync(world, bruno, Home);
        var (hers, his) = (await SignInAsync(world, andrea, Away), await SignInAsync(world, bruno, Away));
        var service = world.Get<NewSignInService>();
        foreach (var forged in new[] { null, "", "x", hers.SessionId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            TokenOf(world, hers)[..^3] + "AAA" })
        {
            Assert.Equal("new_sign_in.unknown", (await service.FindAsync(forged, default)).Error!.Code);
            Assert.Equal("new_sign_in.unknown", (await service.NotMineAsync(forged, Home, default)).Error!.Code);
        }

        // One that was made for a session of which nobody was asked.
        var quiet = await SignInAsync(world, andrea, Home, known: true);
        Assert.Equal("new_sign_in.unknown", (await service.NotMineAsync(TokenOf(world, quiet), Home, default)).Error!.Code);

        // Each reaches its own account and no other.
        Assert.Equal(andrea, (await service.NotMineAsync(TokenOf(world, hers), Home, default)).Value.AccountId);
        Assert.Equal(SessionState.Alive, await world.CheckAsync(his));
        Assert.Equal(bruno, (await world.SignInAsync("bruno")).Value);

        world.Clock.Advance(NewSignInService.Lasts);
        Assert.Equal("new_sign_in.over", (await service.FindAsync(TokenOf(world, his), default)).Error!.Code);
        Assert.Equal("new_sign_in.over", (await service.NotMineAsync(TokenOf(world, his), Home, default)).Error!.Code);
        Assert.Equal(bruno, (await world.SignInAsync("bruno")).Value);
    }

    [Fact]
    public async Task A_changed_password_and_address_are_told_the_address_also_to_the_old_one()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var me = await world.InSessionAsync(id);
        Assert.True((await world.Get<PeopleService>().SaveMineAsync(new OwnContactInput("nueva@correo.example", null, null), me, default))
            .Ok);
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.email_changed"));
        await using (var db = await world.Store.OpenAsync(CurrentUser.System, default))
        {
            var told = await db.Notifications.SingleAsync(n => n.RecipientId == id && n.Type == "urgent.email_changed");
            Assert.Equal("andrea@correo.example", NotificationPart.Read(told.Data)[0].Text);
            var job = await db.Jobs.SingleAsync(j => j.Kind == FormerAddressMail.JobKind.Name);
            Assert.Equal($"{told.Id}", job.Payload);
        }

        const string Chosen = "ten wild geese flew north";
        Assert.True((await world.Get<PasswordService>().ChangeAsync(new(IdentityWorld.Password, Chosen, Chosen), me, default)).Ok);
        Assert.Equal(1, await world.MailJobsAsync(id, "urgent.password_changed"));
    }

    [Fact]
    public async Task The_mail_alone_has_the_link_and_its_page_needs_no_sign_in()
    {
        var from = IPAddress.Parse(Home);
        await using var host = new PortalHost(
            Database.ConnectionString, services: services => services.AddSingleton<IStartupFilter>(new From(() => from)));
        await using (var scope = host.Services.CreateAsyncScope())
        await using (var db = await scope.ServiceProvider.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            // Without anybody who can set it up a portal asks for that first.
            db.AddAccount(
                "oficina", Roles.Admin, "Ana", "Oficina", "oficina@correo.example", Bcrypt.Hash(IdentityWorld.Password, Bcrypt.LowestCost),
                SessionStamp.New());
            db.AddAccount(
                "andrea", Roles.Owner, "Andrea", "Ruiz", "andrea@correo.example", Bcrypt.Hash(IdentityWorld.Password, Bcrypt.LowestCost),
                SessionStamp.New());
            await db.SaveChangesAsync();
        }

        await host.NewVisitor().SignInAsync("andrea", IdentityWorld.Password);
        from = IPAddress.Parse(Away);
        await host.NewVisitor().SignInAsync("andrea", IdentityWorld.Password);

        NotificationRow told;
        await using (var db = await host.Services.GetRequiredService<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            var row = await db.Notifications.AsNoTracking().SingleAsync(n => n.Type == NewSignInService.Told);
            told = new NotificationRow(row.Id, row.Title, row.Message, row.Type, false, row.Link, row.CreatedAt ?? default, row.Data);
        }

        Assert.DoesNotContain(NewSignInLinks.Path, $"{told.Link} {told.Data} {told.Message}", StringComparison.Ordinal);
        var mail = host.Services.GetRequiredService<NotificationMail>().Write(
            told, new MailReader("Andrea", "es", 1, NotificationKinds.Urgent, "andrea@correo.example"),
            new BuildingSettings { Name = "Nogal", PublicAddress = "portal.nogal.example" });
        Assert.DoesNotContain(
            NewSignInLinks.Path,
            host.Services.GetRequiredService<NotificationMail>().Write(
                told, new MailReader("Andrea", "es", 1, NotificationKinds.Urgent, "ajeno@correo.example"),
                new BuildingSettings { Name = "Nogal", PublicAddress = "portal.nogal.example" }).Text,
            StringComparison.Ordinal);
        Assert.Contains(Away, mail.Text, StringComparison.Ordinal);
        var begin = mail.Text.IndexOf("https://portal.nogal.example" + NewSignInLinks.Path, StringComparison.Ordinal);
        Assert.True(begin >= 0, mail.Text);
        var link = mail.Text[begin..].Split('\n')[0].Trim()["https://portal.nogal.example".Length..];

        from = IPAddress.Parse(Home);
        var stranger = host.NewVisitor();
        var page = await stranger.GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(Away, page.Text, StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Response.Headers.GetValues("Referrer-Policy").Single());

        // Pressed twice: the browser shows the second answer, and it has a code too.
        const string NotMe = "form[method=post]:has(input[value='not-me'])";
        Assert.Equal(HttpStatusCode.OK, (await stranger.SubmitAsync(page, new Dictionary<string, string>(), NotMe)).Status);
        page = await stranger.SubmitAsync(page, new Dictionary<string, string>(), NotMe);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        const string Chosen = "ten wild geese flew north";
        var entered = await stranger.SubmitAsync(page, new Dictionary<string, string> { ["Input.New"] = Chosen, ["Input.Again"] = Chosen });
        Assert.Equal("/", entered.To);
        Assert.Contains("notice-warn", (await host.NewVisitor().GetAsync(link)).Document.DocumentElement.OuterHtml,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.NewVisitor().GetAsync(NewSignInLinks.Path + "?t=forged")).Status);
    }

    private static async Task<SessionTicket> SignInAsync(
        IdentityWorld world, long id, string? address, bool known = false, string methods = SignInMethods.Password)
    {
        var account = (await world.Accounts.LoadAsync(id, default))!;
        var ticket = await world.Get<SessionService>().BeginAsync(account, false, address, Firefox, null, methods, default);
        await world.Get<NewSignInService>().AskAsync(account, ticket, methods, known, address, "Firefox · Windows");
        return ticket;
    }

    private static string TokenOf(IdentityWorld world, SessionTicket session) =>
        Uri.UnescapeDataString(world.Get<NewSignInLinks>().Make(session.SessionId).Split("?t=")[1]);

    private static async Task<int> BellsAsync(IdentityWorld world, long id)
    {
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        return await db.Notifications.CountAsync(n => n.RecipientId == id && n.Type == NewSignInService.Told);
    }

    /// <summary>A test's server has no network: requests come from where the test says.</summary>
    private sealed class From(Func<IPAddress> address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress = address();
                return rest(http);
            });
            next(app);
        };
    }
}

using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Data.Privacy;
using Portal.Tests.Server;

namespace Portal.Tests.Identity;

/// <summary>Sessions as the data layer keeps them; two worlds are two portals on one database.</summary>
public sealed class SessionTests(TestDatabase database) : DatabaseTest(database)
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    [Fact]
    public async Task Leaving_ends_the_session_here_at_once_and_in_another_portal_as_soon_as_its_feed_hears_of_it()
    {
        await using var here = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await using var there = new IdentityWorld(Database.ConnectionString, o => o.KnownFor = TimeSpan.FromHours(1));
        await there.StartFeedAsync();
        var id = await here.AddAsync("andrea");
        await there.FeedReadAsync();
        var (ticket, other) = (await here.BeginAsync(id), await here.BeginAsync(id));
        Assert.Equal(SessionState.Alive, await here.CheckAsync(ticket));
        Assert.Equal(SessionState.Alive, await there.CheckAsync(ticket));

        Assert.True((await here.Get<SessionService>().LeaveAsync(await AsAsync(here, ticket), default)).Ok);
        Assert.Equal(SessionState.Ended, await here.CheckAsync(ticket));
        await CurrentUserTests.EventuallyAsync(async () => await there.CheckAsync(ticket) == SessionState.Ended);
        Assert.Equal(SessionState.Alive, await here.CheckAsync(other));
        Assert.Equal(SessionState.Alive, await there.CheckAsync(other));
        Assert.Equal("sign_out", (await here.EventsAsync(id))[^1].Action);
    }

    [Fact]
    public async Task The_secret_of_a_session_is_kept_nowhere()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var ticket = await world.BeginAsync(await world.AddAsync("andrea"), Chrome);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        var row = await db.Sessions.SingleAsync();
        Assert.Equal(SessionSource.HashOf(ticket.Token), row.TokenHash);
        Assert.Equal((ticket.SessionId, ticket.AccountId, Chrome, "192.0.2.7"), (row.Id, row.UserId, row.UserAgent, row.IpAddress));
        Assert.Equal(43, ticket.Token.Length);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public async Task A_ticket_fits_only_its_own_account_and_session(int account, int session)
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var ticket = await world.BeginAsync(await world.AddAsync("andrea"));
        await world.AddAsync("berta");
        var forged = ticket with { AccountId = ticket.AccountId + account, SessionId = ticket.SessionId + session };
        Assert.Equal(SessionState.Ended, await world.CheckAsync(forged));
        Assert.Equal(SessionState.Ended, await world.CheckAsync(ticket with { Token = ticket.Token[1..] }));
    }

    [Fact]
    public async Task Changing_the_password_the_role_or_the_state_ends_the_sessions()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var admin = await world.AsAsync(await world.AddAsync("admin", Roles.Admin));
        var id = await world.AddAsync("carla", Roles.Staff);
        var accounts = world.Get<AccountService>();
        var changes = new Func<CurrentUser, Task<Result>>[]
        {
            user => world.Get<PasswordService>()
                .ChangeAsync(new(IdentityWorld.Password, "otra clave bien larga", "otra clave bien larga"), user, default),
            _ => accounts.SetRoleAsync(id, Roles.Security, admin, default),
            _ => accounts.SetStatusAsync(id, UserState.Suspended, admin, default),
        };
        foreach (var change in changes)
        {
            var ticket = await world.BeginAsync(id);
            Assert.Equal(SessionState.Alive, await world.CheckAsync(ticket));
            Assert.True((await change(await AsAsync(world, ticket))).Ok);
            Assert.Equal(SessionState.Ended, await world.CheckAsync(ticket));
        }

        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.False(await db.Sessions.AnyAsync(s => s.EndedAt == null));
    }

    [Fact]
    public async Task A_hash_made_again_because_it_was_cheap_ends_nobodys_session()
    {
        await using var world = new IdentityWorld(Database.ConnectionString, o => o.BcryptCost = 6);
        var id = await world.AddAsync("andrea", hash: Bcrypt.Hash(IdentityWorld.Password, 4));
        var ticket = await world.BeginAsync(id);
        Assert.True((await world.SignInAsync("andrea")).Ok);
        Assert.Equal(6, Bcrypt.CostOf((await world.ReadAsync(id)).PasswordHash));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(ticket));
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(ticket));
    }

    [Fact]
    public async Task A_hash_of_which_bcrypt_read_72_bytes_is_made_again_whole_and_ends_nobodys_session()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var password = new string('ñ', 64);
        var id = await world.AddAsync("andrea", hash: Bcrypt.Hash(password[..36], 5));
        var ticket = await world.BeginAsync(id);
        Assert.True((await world.SignInAsync("andrea", password)).Ok);
        Assert.StartsWith("$sha384$", (await world.ReadAsync(id)).PasswordHash);
        Assert.False((await world.SignInAsync("andrea", password[..36])).Ok);
        Assert.True((await world.SignInAsync("andrea", password)).Ok);
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(ticket));
    }

    [Fact]
    public async Task A_session_that_nobody_uses_runs_out_and_one_that_is_used_does_not()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var (idle, used, remembered) = (await world.BeginAsync(id), await world.BeginAsync(id), await world.BeginAsync(id, remember: true));
        for (var hours = 0; hours < 24; hours += 8)
        {
            world.Clock.Advance(TimeSpan.FromHours(8));
            await world.CheckAsync(used);
            await world.Get<SessionSource>().SeenAsync(used, "192.0.2.99", default);
        }

        Assert.Equal(SessionState.Ended, await world.CheckAsync(idle));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(used));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(remembered));
        var rows = await world.Get<SessionService>().ListAsync(id, await AsAsync(world, used), default);
        Assert.Equal([(used.SessionId, true), (remembered.SessionId, false)], rows.Select(r => (r.Id, r.Current)));
        Assert.Equal("192.0.2.99", rows[0].IpAddress);
        world.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(SessionState.Ended, await world.CheckAsync(remembered));
    }

    [Fact]
    public async Task A_person_ends_one_or_all_others_and_stays()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var tickets = new List<SessionTicket>();
        for (var i = 0; i < 4; i++) tickets.Add(await world.BeginAsync(id));
        var stranger = await world.BeginAsync(await world.AddAsync("berta"));
        var (service, me) = (world.Get<SessionService>(), await AsAsync(world, tickets[0]));

        Assert.True((await service.EndAsync(id, tickets[1].SessionId, me, default)).Ok);
        Assert.Equal("not_found", (await service.EndAsync(id, tickets[1].SessionId, me, default)).Error!.Code);
        Assert.Equal("not_found", (await service.EndAsync(id, stranger.SessionId, me, default)).Error!.Code);
        Assert.Equal("not_found", (await service.EndAsync(stranger.AccountId, stranger.SessionId, me, default)).Error!.Code);
        Assert.Equal(3, (await service.ListAsync(id, me, default)).Count);
        Assert.Empty(await service.ListAsync(stranger.AccountId, me, default));

        Assert.True((await service.EndOthersAsync(id, me, default)).Ok);
        Assert.Equal(SessionState.Alive, await world.CheckAsync(tickets[0]));
        foreach (var ended in tickets.Skip(1)) Assert.Equal(SessionState.Ended, await world.CheckAsync(ended));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(stranger));
        Assert.Equal(["session_ended", "session_ended"], (await world.EventsAsync(id)).Select(e => e.Action));
    }

    [Fact]
    public async Task Whoever_manages_an_account_ends_its_sessions_and_the_log_says_who_did()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var ticket = await world.BeginAsync(id);
        var (staffId, adminId) = (await world.AddAsync("carla", Roles.Staff), await world.AddAsync("admin", Roles.Admin));
        var adminTicket = await world.BeginAsync(adminId);
        var (service, staff) = (world.Get<SessionService>(), await AsAsync(world, await world.BeginAsync(staffId)));
        Assert.Single(await service.ListAsync(id, staff, default));
        Assert.Empty(await service.ListAsync(adminId, staff, default));
        Assert.Equal("not_found", (await service.EndOthersAsync(adminId, staff, default)).Error!.Code);

        Assert.True((await service.EndOthersAsync(id, staff, default)).Ok);
        Assert.Equal(SessionState.Ended, await world.CheckAsync(ticket));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(adminTicket));
        var entry = Assert.Single(await world.EventsAsync(id));
        Assert.Equal(("session_ended", staffId, "carla Prueba"), (entry.Action, entry.UserId, entry.ActorName));
    }

    [Fact]
    public async Task A_second_sign_in_in_one_browser_takes_the_place_of_the_first()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var first = await world.BeginAsync(id);
        var account = (await world.Accounts.LoadAsync(id, default))!;
        var second = await world.Get<SessionService>()
            .BeginAsync(account, false, "192.0.2.7", null, first, SignInMethods.Password, default);
        Assert.Equal(SessionState.Ended, await world.CheckAsync(first));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(second));
    }

    [Fact]
    public async Task That_the_database_cannot_be_asked_is_an_answer_and_ends_nothing()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var (known, unknown) = (await world.BeginAsync(id), await world.BeginAsync(id));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(known));
        await Database.ExecuteAsync("RENAME TABLE sessions TO sessions_away, users TO users_away");
        try
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(SessionState.Unknown, await world.CheckAsync(known));
            Assert.Equal(SessionState.Unknown, await world.CheckAsync(unknown));
            Assert.Equal("andrea Prueba", (await world.Accounts.FindAsync(id, default))!.User.Name);

            // After ten minutes what was known is used no more; the session is not ended for it.
            world.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.Equal(SessionState.Unknown, await world.CheckAsync(known));
            Assert.Equal(new Answer<Account>(false, null), await world.Accounts.LookAsync(id, default));
        }
        finally
        {
            await Database.ExecuteAsync("RENAME TABLE sessions_away TO sessions, users_away TO users");
        }

        world.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(known));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(unknown));
    }

    [Fact]
    public async Task What_was_ended_before_the_database_went_away_stays_ended()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var ticket = await world.BeginAsync(await world.AddAsync("andrea"));
        Assert.Equal(SessionState.Alive, await world.CheckAsync(ticket));
        await world.Get<SessionService>().LeaveAsync(await AsAsync(world, ticket), default);
        Assert.Equal(SessionState.Ended, await world.CheckAsync(ticket));
        await Database.ExecuteAsync("RENAME TABLE sessions TO sessions_away");
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        var state = await world.CheckAsync(ticket);
        await Database.ExecuteAsync("RENAME TABLE sessions_away TO sessions");
        Assert.Equal(SessionState.Ended, state);
    }

    [Fact]
    public async Task Old_sessions_and_yesterdays_failures_are_cleared_at_night()
    {
        await using var world = new IdentityWorld(Database.ConnectionString);
        var id = await world.AddAsync("andrea");
        var old = await world.BeginAsync(id);
        await world.SignInAsync("andrea", "wrong");
        await world.SignInAsync("nobody", "wrong");
        world.Clock.Advance(TimeSpan.FromDays(91));
        var fresh = await world.BeginAsync(id);
        await world.SignInAsync("somebody", "wrong");
        var retention = world.Get<IEnumerable<IJobHandler>>().OfType<RetentionJob>().Single();
        await retention.RunAsync(RetentionRule.Sessions, world.Get<BuildingClock>().Today, default);
        await retention.RunAsync(RetentionRule.Failures, world.Get<BuildingClock>().Today, default);
        await using var db = await world.Store.OpenAsync(CurrentUser.System, default);
        Assert.Equal([fresh.SessionId], await db.Sessions.Select(s => s.Id).ToListAsync());
        Assert.Single(await db.SignInFailures.ToListAsync());
        Assert.Equal(SessionState.Ended, await world.CheckAsync(old));
    }

    private static async Task<CurrentUser> AsAsync(IdentityWorld world, SessionTicket ticket) =>
        await world.AsAsync(ticket.AccountId) with { SessionId = ticket.SessionId };
}

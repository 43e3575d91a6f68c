using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;

namespace Portal.Tests.Authority;

/// <summary>Accounts, and the pages before and around signing in.</summary>
public sealed class IdentityMatrix : AreaMatrix
{
    private static readonly long Mine = AuthorityWorld.Id(Who.Owner);
    private static readonly long Chief = AuthorityWorld.Id(Who.Admin);

    private const long Session = 7001;
    private const long ChiefsSession = 7002;

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Sessions.Add(NewSession(Session, Who.Owner));
        db.Sessions.Add(NewSession(ChiefsSession, Who.Admin));
        return Task.CompletedTask;

        UserSession NewSession(long id, Who who) => new()
        {
            Id = id,
            UserId = AuthorityWorld.Id(who),
            TokenHash = SessionSource.HashOf(who.ToString()),
            Stamp = AuthorityWorld.Stamp(who),
            CreatedAt = world.Clock.UtcNow,
            SeenAt = world.Clock.UtcNow,
        };
    }

    public override IEnumerable<Entry> Entries =>
        [
            Open<SignInService>(nameof(SignInService.SignInAsync), "anybody may try to sign in"),
            Open<SignInService>(nameof(SignInService.IsKnownDeviceAsync), "tells a browser only what its own signed cookie proves"),
            Open<SessionService>(nameof(SessionService.BeginAsync), "called for who was let in a moment ago"),
            Method<SessionService>(
                nameof(SessionService.ListAsync),
                (s, user, _) => Of(s.ListAsync(Mine, user, default), rows => rows.Any(r => r.Id == Session)), Who.Owner, Who.Admin,
                Who.Staff),
            Method<SessionService>(
                nameof(SessionService.ListAsync),
                (s, user, _) => Of(s.ListAsync(Chief, user, default), rows => rows.Any(r => r.Id == ChiefsSession)), Who.Admin),
            Method<SessionService>(
                nameof(SessionService.EndAsync), (s, user, _) => Of(s.EndAsync(Mine, Session, user, default)), Who.Owner, Who.Admin,
                Who.Staff),
            Method<SessionService>(
                nameof(SessionService.EndAsync), (s, user, _) => Of(s.EndAsync(Chief, ChiefsSession, user, default)), Who.Admin),
            Method<SessionService>(
                nameof(SessionService.EndOthersAsync), (s, user, _) => Of(s.EndOthersAsync(Mine, user, default)), Who.Owner, Who.Admin,
                Who.Staff),
            Method<SessionService>(
                nameof(SessionService.LeaveAsync),
                (s, user, _) => Of(s.LeaveAsync(user with { SessionId = Session }, default)), Who.Owner),
            Method<PasswordService>(
                nameof(PasswordService.ChangeAsync),
                (s, user, _) => Of(s.ChangeAsync(new(AuthorityWorld.Password, "another password", "another password"), user, default)),
                SignedIn),
            Open<PasswordService>(nameof(PasswordService.RedeemAsync), "anybody who has the code"),
            Open<SetupService>(nameof(SetupService.IsNeededAsync), "the door asks before anybody is signed in"),
            Open<SetupService>(nameof(SetupService.PrepareAsync), "asked by the portal when it starts"),
            Open<SetupService>(nameof(SetupService.CreateAsync), "anybody who has the token of the log, while there is no administrator"),
            Method<AccountService>(
                "CreateAsync(NewAccount, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.CreateAsync(new NewAccount("somebody", "Some", "Body", null), user, default)), Office),
            Method<AccountService>(
                "CreateAsync(NewAccount, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.CreateAsync(new NewAccount("somebody", "Some", "Body", null, RoleId: Roles.Staff), user, default)),
                Who.Admin),
            Open<AccountService>("CreateAsync(PortalDb, NewAccount, CurrentUser, CancellationToken)", "the same, inside another write"),
            Method<AccountService>(
                nameof(AccountService.IssueCodeAsync), (s, user, _) => Of(s.IssueCodeAsync(Mine, user, default)), Office),
            Method<AccountService>(
                nameof(AccountService.IssueCodeAsync), (s, user, _) => Of(s.IssueCodeAsync(Chief, user, default)), Who.Admin),
            Method<AccountService>(
                nameof(AccountService.SetRoleAsync), (s, user, _) => Of(s.SetRoleAsync(Mine, Roles.Staff, user, default)), Who.Admin),
            Method<AccountService>(
                nameof(AccountService.SetStatusAsync), (s, user, _) => Of(s.SetStatusAsync(Mine, UserState.Suspended, user, default)),
                Office),
            Method<AccountService>(
                nameof(AccountService.SetStatusAsync), (s, user, _) => Of(s.SetStatusAsync(Chief, UserState.Suspended, user, default)),
                Who.Admin),
            Method<AccountService>(nameof(AccountService.UnlockAsync), (s, user, _) => Of(s.UnlockAsync(Mine, user, default)), Office),
            Method<AccountService>(
                nameof(AccountService.SetLanguageAsync), (s, user, _) => Of(s.SetLanguageAsync("en", user, default)), SignedIn),
            Page("/sign-in", Everybody),
            Page("/sign-out", Everybody),
            Page("/setup", Everybody),
            Page("/account/activate", Everybody),
            Page("/account/forgot", Everybody),
            Page("/account/password", SignedIn),
            Endpoint(HttpMethod.Post, "/sign-out", "/sign-out", Everybody),
        ];
}

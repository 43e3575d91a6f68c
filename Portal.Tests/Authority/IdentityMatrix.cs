using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Access;
using Portal.Data.Identity;
using Portal.Data.Operations;
using Portal.Tests.Server;

namespace Portal.Tests.Authority;

/// <summary>Accounts, and the pages before and around signing in.</summary>
public sealed class IdentityMatrix : AreaMatrix
{
    private static readonly long Mine = AuthorityWorld.Id(Who.Owner);
    private static readonly long Chief = AuthorityWorld.Id(Who.Admin);

    private const long Session = 7001;
    private const long ChiefsSession = 7002;
    private const long WithTwoSteps = 7003;
    private const long OwnersPasskey = 7004;

    private static readonly PasskeySite Site = new("localhost", "https://localhost", "Vallhalla");

    public override Task SeedAsync(PortalDb db, AuthorityWorld world)
    {
        db.Sessions.Add(NewSession(Session, Who.Owner));
        db.Sessions.Add(NewSession(ChiefsSession, Who.Admin));
        db.AddAccount("two.steps", Roles.Owner, "Dos", "Pasos", id: WithTwoSteps);
        var factor = new SecondFactor(WithTwoSteps);
        factor.Begin("protected elsewhere", world.Clock.UtcNow);
        factor.Confirm(1, world.Clock.UtcNow);
        db.SecondFactors.Add(factor);

        // Where the tests' browsers are.
        db.Settings.Add(new Setting { Name = "public_address", Value = "localhost" });
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
            Open<SecondStepService>(
                "EnterAsync(SecondStep, CancellationToken)", "anybody whose password was right, with a code of their own"),
            Open<SecondStepService>(
                "EnterAsync(HalfSignIn, String, PasskeySite, AttemptOrigin, CancellationToken)",
                "anybody whose password was right, with a passkey of their own"),
            Open<SecondStepService>(nameof(SecondStepService.WaysAsync), "anybody whose password was right"),
            Open<SecondStepService>(nameof(SecondStepService.AskAsync), "anybody whose password was right"),
            Open<PasskeySignInService>(nameof(PasskeySignInService.AskAsync), "anybody may try to sign in; nobody is named"),
            Open<PasskeySignInService>(nameof(PasskeySignInService.IsKnownDeviceAsync), "asked at the door, before anybody is let in"),
            Open<NewSignInService>(nameof(NewSignInService.AskAsync), "asked by the portal when a session begins"),
            Open<NewSignInService>(nameof(NewSignInService.FindAsync), "anybody who has the mail"),
            Open<NewSignInService>(nameof(NewSignInService.MineAsync), "anybody who has the mail"),
            Open<NewSignInService>(nameof(NewSignInService.NotMineAsync), "anybody who has the mail"),
            Open<PasskeySignInService>(nameof(PasskeySignInService.EnterAsync), "anybody may try to sign in"),
            Method<PasskeyService>(
                nameof(PasskeyService.ListAsync),
                (s, user, world) => Of(
                    WithPasskeyAsync(world, () => s.ListAsync(user, default)), rows => rows.Any(r => r.Id == OwnersPasskey)),
                Who.Owner),
            Method<PasskeyService>(nameof(PasskeyService.BeginAsync), (s, user, _) => Of(s.BeginAsync(Site, user, default)), SignedIn),
            Method<PasskeyService>(
                nameof(PasskeyService.FinishAsync), (s, user, _) => Of(s.FinishAsync("{}", "Otra", Site, user, default)), SignedIn),
            Method<PasskeyService>(
                nameof(PasskeyService.RenameAsync),
                (s, user, world) => Of(WithPasskeyAsync(world, () => s.RenameAsync(OwnersPasskey, "Otra", user, default))), Who.Owner),
            Method<PasskeyService>(
                nameof(PasskeyService.RemoveAsync),
                (s, user, world) => Of(WithPasskeyAsync(world, () => s.RemoveAsync(OwnersPasskey, user, default))), Who.Owner),
            Method<TwoStepService>(nameof(TwoStepService.GetAsync), (s, user, _) => Of(s.GetAsync(user, default)), SignedIn),
            Method<TwoStepService>(
                nameof(TwoStepService.IsOnAsync), (s, user, _) => Of(s.IsOnAsync(Mine, user, default), on => on is not null), Who.Admin),
            Method<TwoStepService>(nameof(TwoStepService.BeginAsync), (s, user, _) => Of(s.BeginAsync(user, default)), SignedIn),
            Method<TwoStepService>(nameof(TwoStepService.ConfirmAsync), (s, user, world) => Of(EnrolAsync(s, user, world)), SignedIn),
            Method<TwoStepService>(
                nameof(TwoStepService.RenewCodesAsync),
                (s, user, world) => Of(ThenAsync(s, user, world, async () => await s.RenewCodesAsync(user, default))), SignedIn),
            Method<TwoStepService>(
                nameof(TwoStepService.TurnOffAsync),
                (s, user, world) => Of(ThenAsync(s, user, world, () => s.TurnOffAsync(user, default))), SignedIn),
            Method<TwoStepService>(
                nameof(TwoStepService.RemoveAsync), (s, user, _) => Of(s.RemoveAsync(WithTwoSteps, user, default)), Who.Admin),
            Method<FreshSignInService>(
                nameof(FreshSignInService.StateAsync), (s, user, _) => Of(s.StateAsync(user, default), state => state.IsFresh), SignedIn),
            Method<FreshSignInService>(
                nameof(FreshSignInService.AskAsync),
                (s, user, world) => Of(WithPasskeyAsync(world, () => s.AskAsync(Site, user with { SessionId = Session }, default))),
                Who.Owner),
            Method<FreshSignInService>(
                "ProveAsync(String, PasskeySite, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.ProveAsync("{}", Site, user with { SessionId = Session }, default)), SignedIn),
            Method<FreshSignInService>(
                "ProveAsync(Proof, CurrentUser, CancellationToken)",
                (s, user, _) => Of(s.ProveAsync(new(AuthorityWorld.Password, null), user with { SessionId = Session }, default)), SignedIn),
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
            Page("/account/was-it-you", Everybody),
            Page("/account/password", SignedIn),
            Page("/account/confirm", SignedIn),
            Page("/account/security", SignedIn),
            Page("/sign-in/code", Everybody),
            Endpoint(HttpMethod.Post, "/sign-in/passkey", "/sign-in/passkey", Everybody),

            // For who is half in, and for who has a passkey: nobody here is, or has.
            Endpoint(HttpMethod.Post, "/sign-in/code/passkey", "/sign-in/code/passkey"),
            Endpoint(HttpMethod.Post, "/account/confirm/passkey", "/account/confirm/passkey"),
            Endpoint(HttpMethod.Post, "/sign-out", "/sign-out", Everybody),
        ];

    /// <summary>With a passkey of the owner's. Not from the beginning: who has one is asked for it at the door.</summary>
    private static async Task<T> WithPasskeyAsync<T>(AuthorityWorld world, Func<Task<T>> act)
    {
        await using (var db = await world.Get<PortalStore>().OpenAsync(CurrentUser.System, default))
        {
            var owner = AuthorityWorld.Id(Who.Owner);
            var rp = Site.RpId;
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO passkeys (id, user_id, credential_id, public_key, user_handle, rp_id, aaguid, name)
                VALUES ({OwnersPasskey}, {owner}, 'one', 'key', 'handle', {rp}, '', 'Llavero') ON DUPLICATE KEY UPDATE id = id
                """);
        }

        return await act();
    }

    /// <summary>Sets the person's own second step up.</summary>
    private static async Task<Result> EnrolAsync(TwoStepService service, CurrentUser user, AuthorityWorld world)
    {
        var begun = await service.BeginAsync(user, default);
        return begun.Ok ? await service.ConfirmAsync(TimeCodes.At(begun.Value.Secret, world.Clock.UtcNow), user, default) : begun;
    }

    private static async Task<Result> ThenAsync(TwoStepService service, CurrentUser user, AuthorityWorld world, Func<Task<Result>> act) =>
        await EnrolAsync(service, user, world) is { Ok: false } refused ? refused : await act();
}

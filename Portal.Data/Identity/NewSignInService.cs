using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Api;
using Portal.Data.Audit;
using Portal.Data.Database;
using Portal.Data.Notifications;

namespace Portal.Data.Identity;

/// <summary>A sign-in that somebody is asked about.</summary>
/// <param name="UserAgent">As the browser told it; a page says it in words.</param>
/// <param name="At">The building's wall clock.</param>
/// <param name="Denied">They said already that it was not them, and have no new password yet: they may have another code.</param>
public sealed record NewSignIn(string? UserAgent, string? Address, DateTime At, bool Denied);

/// <summary>
/// The address in the mail by which its reader answers, without signing in: signed, so that nobody makes one for another's sign-in. The
/// database has nothing that would open it, and neither has the bell, which whoever signed in can read.
/// </summary>
public sealed class NewSignInLinks(IDataProtectionProvider protection)
{
    public const string Path = "/account/was-it-you";

    private readonly IDataProtector _protector = protection.CreateProtector("Vallhalla.NewSignIn");

    /// <param name="session">The session that began.</param>
    public string Make(long session) =>
        $"{Path}?t={Uri.EscapeDataString(_protector.Protect(session.ToString(CultureInfo.InvariantCulture)))}";

    /// <summary>Null for what this portal has not signed.</summary>
    internal long? Read(string? token)
    {
        if (token is not { Length: > 0 and <= 1000 }) return null;
        try
        {
            return long.TryParse(_protector.Unprotect(token), NumberStyles.None, CultureInfo.InvariantCulture, out var session)
                ? session : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>
/// Asks people whether a sign-in was theirs, that came from a browser and a network which never signed in to the account, and does what
/// follows from the answer.
/// </summary>
public sealed class NewSignInService(
    PortalStore store, NewSignInLinks links, AccountService issuing, CurrentUserSource accounts, SessionSource sessions,
    BuildingClock clock, IOptions<AccountOptions> options)
{
    /// <summary>The notification that asks; its last part is the session, for the mail's link.</summary>
    public const string Told = "urgent.sign_in_new";

    /// <summary>For how long it can be answered by the mail.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(24);

    /// <summary>Refusals: the link is nobody's; it was answered; its time is over.</summary>
    private static readonly Error Unknown = new("new_sign_in.unknown"), Answered = new("new_sign_in.answered"),
        Over = new("new_sign_in.over");

    /// <summary>Of the networks of earlier sessions, the latest.</summary>
    private const int NetworksRead = 200;

    /// <summary>
    /// Tells the account's owner, where this sign-in came from nowhere that they came from before. Whoever hangs up meanwhile is asked about
    /// none the less.
    /// </summary>
    /// <param name="knownDevice">The browser has signed in to the account before.</param>
    /// <param name="browser">In names that are the same in every language.</param>
    /// <param name="address">Null, where it is not known, tells nothing that they could judge by.</param>
    /// <exception cref="DatabaseAwayException">It could not be asked: nobody is let in without that.</exception>
    public async Task AskAsync(
        Account account, SessionTicket ticket, string methods, bool knownDevice, string? address, string browser)
    {
        if (methods == SignInMethods.Pin || !IPAddress.TryParse(address, out var from)) return;
        var ct = CancellationToken.None;
        await using (var db = await store.OpenAsync(account.User, ct))
        {
            // Those before it, of which it is decided: of two at once each is asked about, rather than neither.
            var before = await db.Sessions.AsNoTracking()
                .Where(s => s.UserId == account.User.Id && s.Id < ticket.SessionId && s.BeganIp != null)
                .OrderByDescending(s => s.Id).Select(s => new { s.BeganIp, s.Denied }).Take(NetworksRead).ToListAsync(ct);
            var network = AddressGroup.Of(from);
            var same = before.FindAll(s => IPAddress.TryParse(s.BeganIp, out var one) && AddressGroup.Of(one).Equals(network));

            // Whoever came in once without being asked in has a browser that is known since, and a network: those are none to trust.
            var known = !same.Exists(s => s.Denied) && (same.Count > 0 || (knownDevice && !before.Exists(s => s.Denied)));

            // The very first is nobody's surprise. Sessions are forgotten some day, what the log says of them later.
            if (known || (before.Count == 0
                && await db.AuditLog.CountAsync(
                    e => e.TableName == "users" && e.RecordId == account.User.Id && e.Action == "sign_in", ct) < 2))
            {
                await db.Sessions.Where(s => s.Id == ticket.SessionId).ExecuteUpdateAsync(set => set.SetProperty(s => s.BeganIp, address), ct);
                return;
            }
        }

        var asked = await store.WriteAsync(account.User with { IpAddress = address }, async (db, token) =>
        {
            await db.LockAccountAsync(account.User.Id, token);
            var now = clock.UtcNow;
            var mail = await db.Profiles.Where(p => p.UserId == account.User.Id).OrderBy(p => p.Id).Select(p => p.Email).FirstOrDefaultAsync(token);
            await db.Sessions.Where(s => s.Id == ticket.SessionId).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.AskedAt, now).SetProperty(s => s.BeganIp, address).SetProperty(s => s.AskedMail, mail), token);
            await db.WriteEventAsync("sign_in_new_device", "users", account.User.Id, new { session = ticket.SessionId }, token);
            await TwoStepService.TellAsync(
                db, account.User.Id, Told, "Entrada desde un lugar nuevo",
                $"Alguien entró a tu cuenta desde {address}. Si no fuiste tú, termina esa sesión y cambia tu contraseña.", token,
                new NotificationPart(Until: now), new NotificationPart(Text: address), new NotificationPart(Text: browser),
                new NotificationPart(Text: mail), new NotificationPart(Text: ticket.SessionId.ToString(CultureInfo.InvariantCulture)));
            return Result.Done;
        }, ct);
        if (!asked.Ok) throw new DatabaseAwayException();
    }

    /// <summary>The session that a notification asks about; null where it asks of none, or asked another address than this.</summary>
    /// <param name="parts">What the notification says.</param>
    /// <param name="address">Where the mail goes now.</param>
    public static long? AskedOf(IReadOnlyList<NotificationPart> parts, string? address) =>
        parts is [.., { Text: { } mail }, { Text: { } session }] && string.Equals(mail, address, StringComparison.OrdinalIgnoreCase)
        && long.TryParse(session, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>What is asked about. Changes nothing.</summary>
    /// <returns>Refusals: <c>new_sign_in.unknown</c>, <c>.answered</c>, <c>.over</c>.</returns>
    public async Task<Result<NewSignIn>> FindAsync(string? token, CancellationToken ct)
    {
        if (links.Read(token) is not { } id) return Unknown;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        if (await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct) is not { AskedAt: { } at } session) return Unknown;
        var again = await IsUnfinishedAsync(db, session, ct);
        return again || Against(session) is not { } against
            ? new NewSignIn(session.UserAgent, session.BeganIp, clock.ToWall(at), again)
            : against;
    }

    /// <summary>It was them: nothing happens but that it is noted.</summary>
    /// <returns>Refusals: as <see cref="FindAsync"/>.</returns>
    public Task<Result> MineAsync(string? token, string? address, CancellationToken ct) =>
        AnswerAsync(token, address, async (db, session, stop) =>
        {
            await db.WriteEventAsync("sign_in_confirmed", "users", session.UserId, new { session = session.Id }, stop);
            return Result.Done;
        }, ct);

    /// <summary>
    /// It was not them: every session of the account ends, its password opens nothing any more, its API keys wait (decision 098), what was
    /// added to it since that sign-in to come back by (passkeys, an app, recovery codes, another mail address) is undone, and
    /// whoever has the mail sets a new password with the code that this gives. A second step that stood before is asked for as before.
    /// Whoever lost the answer has another code by the same link, as long as the first one would have lasted.
    /// </summary>
    /// <returns>The code, in clear this once; it lasts as long as the office's. Refusals: as <see cref="FindAsync"/>, and
    /// <c>new_sign_in.off</c> where the account is not in use.</returns>
    public async Task<Result<IssuedCode>> NotMineAsync(string? token, string? address, CancellationToken ct)
    {
        IssuedCode? issued = null;
        var done = await AnswerAsync(token, address, async (db, session, stop) =>
        {
            var account = await db.Users.SingleAsync(u => u.Id == session.UserId, stop);
            if (account.UserStatusId != UserState.Active) return new Error("new_sign_in.off");
            if (!session.Denied)
            {
                session.Denied = true;
                account.PasswordHash = "";
                account.SecurityStamp = SessionStamp.New();
                await db.EndSessionsAsync(account.Id, clock.UtcNow, stop);
                await db.SuspendKeysAsync(account.Id, stop);
                await UndoAsync(db, session, stop);
                await db.WriteEventAsync("sign_in_denied", "users", account.Id, new { session = session.Id }, stop);
            }

            issued = await issuing.IssueAsync(db, account, stop);
            return Result.Done;
        }, ct, again: true);
        if (!done.Ok) return Result<IssuedCode>.Refused(done);
        accounts.Forget();
        sessions.Forget(issued!.AccountId);
        return issued;
    }

    /// <summary>What somebody who is in for five minutes leaves behind to come back by.</summary>
    private static async Task UndoAsync(PortalDb db, UserSession session, CancellationToken ct)
    {
        var (id, since) = (session.UserId, session.CreatedAt);
        await db.Passkeys.Where(p => p.UserId == id && p.CreatedAt >= since).ExecuteDeleteAsync(ct);

        // The log has the database's clock, which need not be this one's.
        var logged = since.AddMinutes(-5);
        var set = await db.AuditLog.AnyAsync(
            e => e.TableName == "users" && e.RecordId == id && e.CreatedAt >= logged
                && (e.Action == TwoStepEvents.On || e.Action == TwoStepEvents.Changed), ct);
        if (set) await db.SecondFactors.Where(f => f.UserId == id).ExecuteDeleteAsync(ct);
        else if (await db.SecondFactors.FirstOrDefaultAsync(f => f.UserId == id && f.PendingAt >= since, ct) is { } pending) pending.Drop();
        var none = !await SecondStepCheck.IsOnAsync(db, id, ct);
        await db.RecoveryCodes.Where(c => c.UserId == id && (none || c.CreatedAt >= since)).ExecuteDeleteAsync(ct);
        var profile = await db.Profiles.Where(p => p.UserId == id).OrderBy(p => p.Id).FirstOrDefaultAsync(ct);
        if (profile is null || session.AskedMail is not { } mail || profile.Email == mail) return;
        if (!await db.Profiles.AnyAsync(p => p.Id != profile.Id && p.Email == mail, ct)) profile.Email = mail;
    }

    /// <param name="again">Whoever said no, and has no new password yet, may say it once more.</param>
    private async Task<Result> AnswerAsync(
        string? token, string? address, Func<PortalDb, UserSession, CancellationToken, Task<Result>> follow, CancellationToken ct,
        bool again = false)
    {
        if (links.Read(token) is not { } id) return Unknown;
        return await store.WriteAsync(CurrentUser.Nobody with { IpAddress = address }, async (db, stop) =>
        {
            var account = await db.Sessions.Where(s => s.Id == id).Select(s => (long?)s.UserId).FirstOrDefaultAsync(stop);
            if (account is not { } owner) return Unknown;

            // Two presses come one after the other; the second finds the answer of the first.
            await db.LockAccountAsync(owner, stop);
            var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, stop);
            if (session is null) return Unknown;
            if (Against(session) is { } against && !(again && await IsUnfinishedAsync(db, session, stop))) return against;
            session.AnsweredAt ??= clock.UtcNow;
            return await follow(db, session, stop);
        }, ct);
    }

    /// <summary>They said that it was not them, and the answer with the code was lost: no password opens the account since.</summary>
    private async Task<bool> IsUnfinishedAsync(PortalDb db, UserSession session, CancellationToken ct) =>
        session is { Denied: true, AnsweredAt: { } answered } && answered + options.Value.ResetLasts > clock.UtcNow
        && await db.Users.AnyAsync(u => u.Id == session.UserId && u.PasswordHash == "" && u.UserStatusId == UserState.Active, ct);

    private Error? Against(UserSession session) => session.AskedAt is not { } asked ? Unknown
        : session.AnsweredAt is not null ? Answered
        : asked + Lasts <= clock.UtcNow ? Over
        : null;
}

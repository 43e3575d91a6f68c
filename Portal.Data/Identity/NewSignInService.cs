using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Api;
using Portal.Data.Audit;
using Portal.Data.Notifications;

namespace Portal.Data.Identity;

/// <summary>A sign-in that somebody is asked about.</summary>
/// <param name="UserAgent">As the browser told it; a page says it in words.</param>
/// <param name="At">The building's wall clock.</param>
public sealed record NewSignIn(string? UserAgent, string? Address, DateTime At);

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
    BuildingClock clock)
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

    /// <summary>Tells the account's owner, where this sign-in came from nowhere that they came from before.</summary>
    /// <param name="knownDevice">The browser has signed in to the account before.</param>
    /// <param name="browser">In names that are the same in every language.</param>
    /// <param name="address">Null, where it is not known, tells nothing that they could judge by.</param>
    public async Task AskAsync(
        Account account, SessionTicket ticket, string methods, bool knownDevice, string? address, string browser, CancellationToken ct)
    {
        if (methods == SignInMethods.Pin || !IPAddress.TryParse(address, out var from)) return;
        await store.WriteAsync(account.User with { IpAddress = address }, async (db, token) =>
        {
            var before = await db.Sessions.AsNoTracking()
                .Where(s => s.UserId == account.User.Id && s.Id != ticket.SessionId && s.Methods != SignInMethods.Pin)
                .OrderByDescending(s => s.Id).Select(s => new { s.IpAddress, s.Denied }).Take(NetworksRead).ToListAsync(token);
            var network = AddressGroup.Of(from);
            var same = before.FindAll(s => IPAddress.TryParse(s.IpAddress, out var one) && AddressGroup.Of(one).Equals(network));

            // Whoever came in once without being asked in has a browser that is known, and a network too: those are none to trust.
            if (!same.Exists(s => s.Denied) && (knownDevice || same.Count > 0)) return Result.Done;

            // The very first is nobody's surprise. Sessions are forgotten some day, what the log says of them later.
            if (before.Count == 0
                && await db.AuditLog.CountAsync(
                    e => e.TableName == "users" && e.RecordId == account.User.Id && e.Action == "sign_in", token) < 2)
                return Result.Done;

            var now = clock.UtcNow;
            await db.Sessions.Where(s => s.Id == ticket.SessionId).ExecuteUpdateAsync(set => set.SetProperty(s => s.AskedAt, now), token);
            await db.WriteEventAsync("sign_in_new_device", "users", account.User.Id, new { session = ticket.SessionId }, token);
            await TwoStepService.TellAsync(
                db, account.User.Id, Told, "Entrada desde un lugar nuevo",
                $"Alguien entró a tu cuenta desde {address}. Si no fuiste tú, termina esa sesión y cambia tu contraseña.", token,
                new NotificationPart(Until: now), new NotificationPart(Text: address), new NotificationPart(Text: browser),
                new NotificationPart(Text: ticket.SessionId.ToString(CultureInfo.InvariantCulture)));
            return Result.Done;
        }, ct);
    }

    /// <summary>What is asked about. Changes nothing.</summary>
    /// <returns>Refusals: <c>new_sign_in.unknown</c>, <c>.answered</c>, <c>.over</c>.</returns>
    public async Task<Result<NewSignIn>> FindAsync(string? token, CancellationToken ct)
    {
        if (links.Read(token) is not { } id) return Unknown;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var session = await db.Sessions.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, ct);
        return Against(session) is { } against
            ? against
            : new NewSignIn(session!.UserAgent, session.IpAddress, clock.ToWall(session.AskedAt!.Value));
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
    /// It was not them: every session of the account ends, its password opens nothing any more, its API keys wait (decision 098), and
    /// whoever has the mail sets a new password with the code that this gives. A second step is asked for as before.
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
            session.Denied = true;
            account.PasswordHash = "";
            account.SecurityStamp = SessionStamp.New();
            await db.EndSessionsAsync(account.Id, clock.UtcNow, stop);
            await db.SuspendKeysAsync(account.Id, stop);
            await db.WriteEventAsync("sign_in_denied", "users", account.Id, new { session = session.Id }, stop);
            issued = await issuing.IssueAsync(db, account, stop);
            return Result.Done;
        }, ct);
        if (!done.Ok) return Result<IssuedCode>.Refused(done);
        accounts.Forget();
        sessions.Forget(issued!.AccountId);
        return issued;
    }

    private async Task<Result> AnswerAsync(
        string? token, string? address, Func<PortalDb, UserSession, CancellationToken, Task<Result>> follow, CancellationToken ct)
    {
        if (links.Read(token) is not { } id) return Unknown;
        return await store.WriteAsync(CurrentUser.Nobody with { IpAddress = address }, async (db, stop) =>
        {
            var account = await db.Sessions.Where(s => s.Id == id).Select(s => (long?)s.UserId).FirstOrDefaultAsync(stop);
            if (account is not { } owner) return Unknown;

            // Two presses come one after the other; the second finds the answer of the first.
            await db.LockAccountAsync(owner, stop);
            var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, stop);
            if (Against(session) is { } against) return against;
            session!.AnsweredAt = clock.UtcNow;
            return await follow(db, session, stop);
        }, ct);
    }

    private Error? Against(UserSession? session) => session?.AskedAt is not { } asked ? Unknown
        : session.AnsweredAt is not null ? Answered
        : asked + Lasts <= clock.UtcNow ? Over
        : null;
}

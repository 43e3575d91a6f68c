using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>What was typed on the sign-in page, and from where.</summary>
/// <param name="Login">Username or e-mail address.</param>
public sealed record Credentials(string? Login, string? Password, AttemptOrigin Origin)
{
    /// <summary>As long as an e-mail address may be; what is longer is nobody's, and not worth a hash.</summary>
    public const int LongestLogin = 255;
}

/// <summary>
/// Decides who gets in. On screen there is one answer to a wrong password, an unknown name and an inactive account; each takes the same
/// work, and makes wait alike; the audit log tells them apart.
/// </summary>
public sealed class SignInService(PortalStore store, PasswordWork passwords, BuildingClock clock, IOptions<AccountOptions> options)
{
    private readonly AccountOptions _options = options.Value;

    /// <summary>Gives the account's id when it may enter now.</summary>
    /// <returns>Where the account has a second step, <see cref="HalfSignIn.Code"/> with the <see cref="HalfSignIn"/>. Refusals:
    /// <c>required</c> on an empty field, <c>too_long</c>, <c>sign_in.wrong</c>, <c>sign_in.busy</c>, and
    /// <c>sign_in.wait</c> with the moment (wall clock) and the seconds until the next attempt.</returns>
    public async Task<Result<long>> SignInAsync(Credentials input, CancellationToken ct)
    {
        var result = await DecideAsync(input, ct);
        PortalTelemetry.SignedIn(result.Ok ? "success" : result.Error!.Code switch
        {
            HalfSignIn.Code => "second_step",
            "sign_in.wrong" => "failure",
            "sign_in.wait" => "wait",
            _ => "other",
        });
        return result;
    }

    private async Task<Result<long>> DecideAsync(Credentials input, CancellationToken ct)
    {
        var login = input.Login?.Trim() ?? "";
        var refused = new List<Error>();
        if (login.Length == 0) refused.Add(Error.Required(nameof(Credentials.Login)));
        else if (login.Length > Credentials.LongestLogin) refused.Add(Error.TooLong(nameof(Credentials.Login), Credentials.LongestLogin));
        if (string.IsNullOrEmpty(input.Password)) refused.Add(Error.Required(nameof(Credentials.Password)));
        else if (input.Password.Length > PasswordPolicy.LongestTyped)
            refused.Add(Error.TooLong(nameof(Credentials.Password), PasswordPolicy.LongestTyped));
        if (refused.Count > 0) return refused;

        var actor = CurrentUser.Nobody with { IpAddress = input.Origin.IpAddress };
        var (account, wait) = await FindAsync(login, input.Origin, actor, ct);

        // Before any work: who must wait costs nothing, and who exists does not show in it.
        if (wait is { } until) return Wait(until);
        var check = await passwords.CheckAsync(account?.Hash, input.Password!, ct);
        if (check == PasswordCheck.Busy) return new Error("sign_in.busy");

        // Made outside the transaction, which may run twice and must not hold a row for a tenth of a second.
        var rehash =
            check == PasswordCheck.RightButCheap && account!.State == UserState.Active
                ? await passwords.HashAsync(input.Password!, ct)
                : null;
        if (check != PasswordCheck.Wrong) actor = actor with { Id = account!.Id, Name = account.Name };
        var entered = await store.WriteAsync<Decision>(actor, async (db, token) =>
        {
            var failures = new SignInFailures(db, account?.Id, login, input.Origin, _options, clock.UtcNow);
            if (await failures.LockAsync(token) is { } later) return new Decision(false, later);
            return account is null
                ? await RefuseUnknownAsync(db, failures, login, token)
                : await DecideAsync(db, failures, account, check != PasswordCheck.Wrong, rehash, token);
        }, ct);
        if (!entered.Ok) return Result<long>.Refused(entered);
        return entered.Value switch
        {
            { Wait: { } later } => Wait(later),
            { Half: { } half } => half.AsError(),
            { Entered: true } => account!.Id,
            _ => new Error("sign_in.wrong"),
        };
    }

    /// <summary>
    /// Whether an attempt comes from a browser that signed in to the account it names before: such a one waits behind no stranger.
    /// </summary>
    public async Task<bool> IsKnownDeviceAsync(string? login, AttemptOrigin origin, CancellationToken ct)
    {
        if (origin.Devices is not { Count: > 0 } || login?.Trim() is not { Length: > 0 and <= Credentials.LongestLogin } name) return false;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return origin.DeviceOf(await db.FindAccountIdAsync(name, ct)) is not null;
    }

    /// <summary>That, and until when, no further attempt is looked at.</summary>
    internal Error Wait(DateTime until, string code = "sign_in.wait", string? field = null) =>
        new(code, field, clock.ToWall(until), (int)Math.Ceiling(Math.Max(1, (until - clock.UtcNow).TotalSeconds)));

    private async Task<Decision> DecideAsync(
        PortalDb db, SignInFailures failures, Found account, bool right, string? rehash, CancellationToken ct)
    {
        await db.LockAccountAsync(account.Id, ct);
        var now = await db.Users.AsNoTracking().Where(u => u.Id == account.Id)
            .Select(u => new { u.UserStatusId, u.LockoutEnd, u.PasswordHash, u.SecurityStamp, u.RoleId }).FirstOrDefaultAsync(ct);
        if (now is null) return new Decision(false);
        if (now.LockoutEnd is { } locked && locked.UtcDateTime > clock.UtcNow)
        {
            // Nothing of the portal's sets it: another program on the same database did.
            await db.WriteEventAsync("sign_in_refused_locked", "users", account.Id, null, ct);
            return new Decision(false, locked.UtcDateTime);
        }

        // A password changed while this one was being computed is compared with the old one no more.
        if (!right || now.PasswordHash != account.Hash)
        {
            await CountFailureAsync(db, failures, account.Id, "sign_in_failed", ct);
            return new Decision(false);
        }

        if (now.UserStatusId != UserState.Active)
        {
            // Counted as well: a wait that does not come would tell that the password was right.
            var state = now.UserStatusId switch { UserState.Inactive => "inactive", UserState.Suspended => "suspended", _ => "pending" };
            await CountFailureAsync(db, failures, account.Id, "sign_in_refused_" + state, ct);
            return new Decision(false);
        }

        // Technical columns: the event below is their audit, and updated_at keeps saying when somebody changed the account.
        var hash = rehash ?? now.PasswordHash;
        var half = await SecondStepCheck.IsOnAsync(db, account.Id, ct);
        await db.Users.Where(u => u.Id == account.Id).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.LastSignInAt, u => half ? u.LastSignInAt : clock.UtcNow)
            .SetProperty(u => u.AccessFailedCount, 0)
            .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null)
            .SetProperty(u => u.PasswordHash, hash)
            .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), ct);
        if (rehash is not null)
        {
            // The same password: sessions elsewhere go on, bound to its new hash.
            var before = SessionStamp.Of(now.SecurityStamp, now.PasswordHash, now.RoleId);
            var after = SessionStamp.Of(now.SecurityStamp, rehash, now.RoleId);
            await db.Sessions.Where(s => s.UserId == account.Id && s.Stamp == before)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.Stamp, after), ct);
        }

        if (half)
        {
            // The count stays until the second step: who knows the password must not begin anew at guessing codes each time
            // they type it.
            await db.WriteEventAsync("sign_in_first_step", "users", account.Id, null, ct);
            return new Decision(false, Half: new HalfSignIn(account.Id, SessionStamp.Of(now.SecurityStamp, hash, now.RoleId)));
        }

        await failures.ClearAsync(ct);
        await db.WriteEventAsync("sign_in", "users", account.Id, rehash is null ? null : new { rehashed = true }, ct);
        return new Decision(true);
    }

    /// <summary>Counts one more wrong password or code, and notes it.</summary>
    internal static async Task CountFailureAsync(
        PortalDb db, SignInFailures failures, long accountId, string action, CancellationToken ct) =>
        await db.WriteEventAsync(action, "users", accountId, new { failures = await failures.CountAsync(ct) }, ct);

    private static async Task<Decision> RefuseUnknownAsync(PortalDb db, SignInFailures failures, string login, CancellationToken ct)
    {
        // People type their password here by mistake: the log keeps no more than tells an attack from a slip.
        var hint = login.Length < 4 ? "…" : login[..2] + "…";
        await failures.CountAsync(ct);
        await db.WriteEventAsync("sign_in_failed", "users", null, new { unknown = hint }, ct);
        return new Decision(false);
    }

    private async Task<(Found? Account, DateTime? Wait)> FindAsync(
        string login, AttemptOrigin origin, CurrentUser actor, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(actor, ct);
        var id = await db.FindAccountIdAsync(login, ct);
        var wait = await new SignInFailures(db, id, login, origin, _options, clock.UtcNow).WaitAsync(ct);
        if (id is null || wait is not null) return (null, wait);
        var found = await db
            .Users.AsNoTracking()
            .Where(u => u.Id == id)
            .Select(u => new Found(
                u.Id,
                u.PasswordHash ?? "",
                u.UserStatusId,
                db.Profiles.Where(p => p.UserId == u.Id).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault()
                    ?? u.UserName!
            ))
            .FirstOrDefaultAsync(ct);
        return (found, null);
    }

    private sealed record Found(long Id, string Hash, UserState State, string Name);

    private sealed record Decision(bool Entered, DateTime? Wait = null, HalfSignIn? Half = null);
}

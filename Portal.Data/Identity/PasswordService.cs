using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Api;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

public sealed record PasswordChange(string? Current, string? New, string? Again);

/// <summary>A code from the office, and the password to set with it.</summary>
/// <param name="Login">Username or e-mail address.</param>
public sealed record CodeRedemption(string? Login, string? Code, string? New, string? Again, AttemptOrigin Origin)
{
    public const int LongestCode = 40;
}

/// <summary>Who redeemed a code, and whether they may enter with it right away.</summary>
public sealed record Redeemed(long AccountId, bool MayEnter);

/// <summary>Sets passwords: the person's own, or with a code that the office handed out.</summary>
public sealed class PasswordService(
    PortalStore store, PasswordWork passwords, SignInService signIns, CurrentUserSource accounts, SessionSource sessions, TimeProvider time,
    IOptions<AccountOptions> options)
{
    private static readonly Error WrongCode = new("code.wrong", nameof(CodeRedemption.Code));

    /// <summary>Changes the person's own password and ends all their sessions; the caller signs them in again where they are.</summary>
    /// <returns>Refusals: what <see cref="PasswordPolicy"/> says, <c>password.wrong</c>, <c>password.locked</c>, <c>password.same</c>,
    /// <c>password.again</c>, <c>fresh.needed</c> where the account has a second step.</returns>
    public async Task<Result> ChangeAsync(PasswordChange input, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || await accounts.LoadAsync(id, ct) is not { } account) return Error.NotFound;
        var errors = New(input.New, input.Again, account.Username, account.Email);
        if (string.IsNullOrEmpty(input.Current)) errors.Insert(0, Error.Required(nameof(input.Current)));
        else if (input.Current.Length > PasswordPolicy.LongestTyped)
            errors.Insert(0, Error.TooLong(nameof(input.Current), PasswordPolicy.LongestTyped));
        else if (errors.Count == 0 && input.Current == input.New) errors.Add(new Error("password.same", nameof(input.New)));
        if (errors.Count > 0) return errors;

        // With the current password alone nobody changes it whose account asks for more.
        await using (var db = await store.OpenAsync(user, ct))
        {
            if (await SecondStepCheck.IsOnAsync(db, id, ct) && await db.NotFreshAsync(user, ct) is { } stale) return stale;
        }

        // Somebody at an unattended screen gets no more tries than at the door; strangers elsewhere do not count here.
        var origin = new AttemptOrigin(user.IpAddress, new Dictionary<long, string> { [id] = $"session:{user.SessionId}" });
        var (stored, wait) = await StoredAsync(id, origin, user, ct);
        if (wait is { } until) return signIns.Wait(until, "password.locked", nameof(input.Current));
        var check = await passwords.CheckAsync(stored, input.Current!, ct);
        if (check == PasswordCheck.Busy) return new Error("sign_in.busy");
        var hash = check == PasswordCheck.Wrong ? null : await passwords.HashAsync(input.New!, ct);
        var changed = await store.WriteAsync<bool>(user, async (db, token) =>
        {
            var failures = Failures(db, id, "", origin);
            if (await failures.LockAsync(token) is { } later) return signIns.Wait(later, "password.locked", nameof(input.Current));
            await db.LockAccountAsync(id, token);
            var row = await db.Users.SingleAsync(u => u.Id == id, token);
            if (hash is null || row.PasswordHash != stored)
            {
                await SignInService.CountFailureAsync(db, failures, id, "password_change_failed", token);
                return false;
            }

            await SetAsync(db, row, hash, token);
            await failures.ClearAsync(token);
            await db.WriteEventAsync("password_change", "users", id, null, token);
            await TwoStepService.TellAsync(
                db, id, "urgent.password_changed", "Contraseña cambiada", "La contraseña de tu cuenta cambió. Si no fuiste tú, avisa.",
                token);
            return true;
        }, ct);
        if (!changed.Ok) return changed;
        Forget(id);
        return changed.Value ? Result.Done : new Error("password.wrong", nameof(input.Current));
    }

    /// <summary>Activates an account, or sets a new password, with a code that was handed out. A code works once.</summary>
    /// <returns>
    /// Refusals: <c>code.wrong</c> alike for a wrong code and an unknown account; <c>code.used</c> and <c>code.expired</c> only to who has
    /// the right one;
    /// what <see cref="PasswordPolicy"/> says.
    /// </returns>
    public async Task<Result<Redeemed>> RedeemAsync(CodeRedemption input, CancellationToken ct)
    {
        var login = input.Login?.Trim() ?? "";
        var errors = New(input.New, input.Again, login);
        if (string.IsNullOrWhiteSpace(input.Code)) errors.Insert(0, Error.Required(nameof(input.Code)));
        else if (input.Code.Length > CodeRedemption.LongestCode)
            errors.Insert(0, Error.TooLong(nameof(input.Code), CodeRedemption.LongestCode));
        if (login.Length == 0) errors.Insert(0, Error.Required(nameof(input.Login)));
        else if (login.Length > Credentials.LongestLogin)
            errors.Insert(0, Error.TooLong(nameof(input.Login), Credentials.LongestLogin));
        if (errors.Count > 0) return errors;

        var actor = CurrentUser.Nobody with { IpAddress = input.Origin.IpAddress };
        if (await WaitAsync(login, input.Origin, actor, ct) is { } until) return signIns.Wait(until);

        // Computed for everybody: whether the code was right must not show in the time taken.
        var hash = await passwords.HashAsync(input.New!, ct);
        var codeHash = OneTimeCodes.HashOf(input.Code);
        var done = await store.WriteAsync<(Redeemed? Who, List<Error> Errors)>(
            actor,
            async (db, token) =>
            {
                var found = await db.FindAccountIdAsync(login, token);
                var failures = Failures(db, found, login, input.Origin);
                if (await failures.LockAsync(token) is { } later) return (null, [signIns.Wait(later)]);
                if (found is not { } id)
                {
                    await failures.CountAsync(token);
                    return (null, [WrongCode]);
                }

                await db.LockAccountAsync(id, token);
                var account = await db.Users.SingleAsync(u => u.Id == id, token);
                var code = await db
                    .AccountCodes.Where(c => c.UserId == id && c.CodeHash == codeHash)
                    .OrderByDescending(c => c.Id)
                    .FirstOrDefaultAsync(token);
                if (code is null)
                {
                    await SignInService.CountFailureAsync(db, failures, id, "code_failed", token);
                    return (null, [WrongCode]);
                }

                var now = time.GetUtcNow().UtcDateTime;
                if (code.UsedAt is not null) return (null, [new Error("code.used", nameof(input.Code))]);
                if (code.ExpiresAt <= now) return (null, [new Error("code.expired", nameof(input.Code))]);
                var profile = await db.Profiles.AsNoTracking().Where(p => p.UserId == id).OrderBy(p => p.Id).FirstOrDefaultAsync(token);
                if (PasswordPolicy.Check(input.New, nameof(input.New), account.UserName, profile?.Email) is { Count: > 0 } weak)
                    return (null, weak);

                db.Actor = actor with { Id = id, Name = profile is null ? account.UserName! : profile.FullName };
                await SetAsync(db, account, hash, token);
                await db.SuspendKeysAsync(id, token);
                await failures.ClearAsync(token);
                if (account.UserStatusId == UserState.Pending && code.Kind == AccountCodeKind.Activation)
                    account.UserStatusId = UserState.Active;

                // The others that may still lie around stop working with this one.
                foreach (var open in await db.AccountCodes.Where(c => c.UserId == id && c.UsedAt == null).ToListAsync(token))
                    open.UsedAt = now;
                await db.WriteEventAsync(
                    code.Kind == AccountCodeKind.Activation ? "account_activated" : "password_reset", "users", id, null, token);
                if (code.Kind == AccountCodeKind.Reset)
                {
                    await TwoStepService.TellAsync(
                        db, id, "urgent.password_reset", "Contraseña restablecida",
                        "La contraseña de tu cuenta se restableció con un código. Si no fuiste tú, avisa.", token);
                }

                return (new Redeemed(id, account.UserStatusId == UserState.Active), new List<Error>());
            },
            ct
        );
        if (!done.Ok) return Result<Redeemed>.Refused(done);
        if (done.Value.Who is not { } who) return done.Value.Errors;
        Forget(who.AccountId);
        return who;
    }

    private static List<Error> New(string? password, string? again, params string?[] names)
    {
        var errors = PasswordPolicy.Check(password, nameof(PasswordChange.New), names);
        if (errors.Count == 0 && password != again) errors.Add(new Error("password.again", nameof(PasswordChange.Again)));
        return errors;
    }

    /// <summary>Every session of the account ends with its old password.</summary>
    private async Task SetAsync(PortalDb db, User account, string hash, CancellationToken ct)
    {
        account.PasswordHash = hash;
        account.SecurityStamp = SessionStamp.New();
        account.MustChangePassword = false;
        account.AccessFailedCount = 0;
        account.LockoutEnd = null;
        await db.EndSessionsAsync(account.Id, time.GetUtcNow().UtcDateTime, ct);
    }

    private void Forget(long accountId)
    {
        accounts.Forget();
        sessions.Forget(accountId);
    }

    private SignInFailures Failures(PortalDb db, long? accountId, string login, AttemptOrigin origin) =>
        new(db, accountId, login, origin, options.Value, time.GetUtcNow().UtcDateTime);

    private async Task<DateTime?> WaitAsync(string login, AttemptOrigin origin, CurrentUser actor, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(actor, ct);
        return await Failures(db, await db.FindAccountIdAsync(login, ct), login, origin).WaitAsync(ct);
    }

    private async Task<(string? Hash, DateTime? Wait)> StoredAsync(long id, AttemptOrigin origin, CurrentUser user, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(user, ct);
        var wait = await Failures(db, id, "", origin).WaitAsync(ct);
        return (await db.Users.Where(u => u.Id == id).Select(u => u.PasswordHash).FirstOrDefaultAsync(ct), wait);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>Somebody whose password was right, and whose account asks for more.</summary>
/// <param name="Stamp">The account's <see cref="SessionStamp"/> at that moment: a password changed meanwhile makes it worthless.</param>
public sealed record HalfSignIn(long AccountId, string Stamp)
{
    /// <summary>The refusal of <see cref="SignInService.SignInAsync"/> that is none: the way goes on to the second step.</summary>
    public const string Code = "sign_in.second_step";

    internal Error AsError() => new(Code, null, this);

    /// <summary>Null where the refusal is another one.</summary>
    public static HalfSignIn? Of(Error? error) => error is { Code: Code, Values: [HalfSignIn half] } ? half : null;
}

/// <param name="Code">Of the app, or for recovery.</param>
public sealed record SecondStep(HalfSignIn Half, string? Code, AttemptOrigin Origin);

/// <param name="Methods">One of <see cref="SignInMethods"/>.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
public sealed record SecondStepDone(long AccountId, string Methods, int CodesLeft)
{
    /// <summary>They came in with a recovery code, and few are left.</summary>
    public bool FewCodes => Methods == SignInMethods.Recovery && CodesLeft <= RecoveryCodes.Few;
}

/// <summary>With what somebody can take the second step, besides a recovery code.</summary>
/// <param name="App">A code of an app.</param>
/// <param name="Passkey">One that holds at this site.</param>
public sealed record SecondStepWays(bool App, bool Passkey);

/// <summary>The second step at the door. A wrong code counts as a wrong password does, and makes wait alike.</summary>
public sealed class SecondStepService(
    PortalStore store, SecondStepCheck steps, PasskeyCheck check, SignInService signIns, BuildingClock clock,
    IOptions<AccountOptions> options)
{
    /// <summary>What the page is to ask for. The caller made sure that the half is the portal's own.</summary>
    public async Task<SecondStepWays> WaysAsync(HalfSignIn half, PasskeySite? site, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var app = await SecondStepCheck.HasAppAsync(db, half.AccountId, ct);
        var passkey = site is not null && await db.Passkeys.AnyAsync(p => p.UserId == half.AccountId && p.RpId == site.RpId, ct);
        return new SecondStepWays(app, passkey);
    }

    /// <summary>
    /// What the browser is to ask the device: JSON for <c>navigator.credentials.get</c>, with the passkeys of the account alone.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c> where it has none for this site.</returns>
    public async Task<Result<string>> AskAsync(HalfSignIn half, PasskeySite site, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        var has = await PasskeyCheck.OfAsync(db, half.AccountId, site.RpId, ct);
        if (has.Count == 0) return Error.NotFound;
        return await check.AskAsync(db, PasskeyPurpose.SecondStep, site, half.AccountId, null, has, ct);
    }

    /// <summary>Lets in who has a passkey of the account.</summary>
    /// <param name="answer">JSON of what <c>navigator.credentials.get</c> gave.</param>
    /// <returns>Refusals: <c>passkey.refused</c>, <c>passkey.over</c> where the challenge is old or used, <c>second_step.over</c> where the
    /// account changed meanwhile, <c>sign_in.wait</c>.</returns>
    public Task<Result<SecondStepDone>> EnterAsync(
        HalfSignIn half, string? answer, PasskeySite site, AttemptOrigin origin, CancellationToken ct)
    {
        var given = PasskeyAnswer.Of(answer);
        return EnterAsync(half, origin, async (db, failures, token) =>
        {
            if (given is null) return new Error("passkey.refused");
            var taken = await check.TakeAsync(db, given.ChallengeHash, PasskeyPurpose.SecondStep, half.AccountId, null, token);
            if (taken is null) return new Error("passkey.over");
            var key = await db.Passkeys.FirstOrDefaultAsync(
                p => p.CredentialId == given.Raw.RawId && p.UserId == half.AccountId, token);
            var verdict = key is null ? PasskeyVerdict.Wrong : await check.VerifyAsync(key, given, site, token);
            if (verdict == PasskeyVerdict.Right) return SignInMethods.PasswordAndPasskey;
            if (key is not null) await PasskeySignInService.RefuseAsync(db, failures, key, verdict, token);
            else await SignInService.CountFailureAsync(db, failures, half.AccountId, PasskeyEvents.Failed, token);
            return new Error("passkey.refused");
        }, ct);
    }

    /// <summary>Lets in who has the right code. The caller made sure that the half is the portal's own.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>second_step.wrong</c> alike for a wrong and a used code,
    /// <c>second_step.over</c> where the account changed meanwhile, <c>sign_in.wait</c>.</returns>
    public async Task<Result<SecondStepDone>> EnterAsync(SecondStep input, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(input.Code)) return Error.Required(nameof(input.Code));
        if (input.Code.Length > CodeRedemption.LongestCode) return Error.TooLong(nameof(input.Code), CodeRedemption.LongestCode);
        return await EnterAsync(input.Half, input.Origin, async (db, failures, token) =>
        {
            if (await steps.UseAsync(db, input.Half.AccountId, input.Code, token) is { } methods) return methods;
            await SignInService.CountFailureAsync(db, failures, input.Half.AccountId, "second_step_failed", token);
            return new Error("second_step.wrong", nameof(input.Code));
        }, ct);
    }

    /// <param name="use">Looks at what was given, and counts where it is wrong; gives one of <see cref="SignInMethods"/>.</param>
    private async Task<Result<SecondStepDone>> EnterAsync(
        HalfSignIn half, AttemptOrigin origin, Func<PortalDb, SignInFailures, CancellationToken, Task<Result<string>>> use,
        CancellationToken ct)
    {
        var id = half.AccountId;
        var actor = CurrentUser.Nobody with { Id = id, IpAddress = origin.IpAddress };
        var entered = await store.WriteAsync<(SecondStepDone? Done, Error? Refused)>(actor, async (db, token) =>
        {
            var failures = new SignInFailures(db, id, "", origin, options.Value, clock.UtcNow);
            if (await failures.LockAsync(token) is { } later) return (null, signIns.Wait(later));
            var account = await db.Users.AsNoTracking().Where(u => u.Id == id).Select(u => new
            {
                u.UserStatusId, u.SecurityStamp, u.PasswordHash, u.RoleId, u.UserName,
                Name = db.Profiles.Where(p => p.UserId == u.Id).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            }).FirstOrDefaultAsync(token);
            if (account is null || account.UserStatusId != UserState.Active
                || SessionStamp.Of(account.SecurityStamp, account.PasswordHash, account.RoleId) != half.Stamp)
            {
                return (null, new Error("second_step.over"));
            }

            db.Actor = actor with { Name = account.Name ?? account.UserName! };

            // Taken away meanwhile: the password has to be typed again, and is enough then.
            if (!await SecondStepCheck.IsOnAsync(db, id, token)) return (null, new Error("second_step.over"));
            var used = await use(db, failures, token);
            if (!used.Ok) return (null, used.Error);
            var methods = used.Value;

            await db.Users.Where(u => u.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(u => u.LastSignInAt, clock.UtcNow)
                .SetProperty(u => u.AccessFailedCount, 0)
                .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), token);
            await failures.ClearAsync(token);
            await db.WriteEventAsync("sign_in", "users", id, new { methods }, token);
            var left = methods == SignInMethods.Recovery
                ? await TwoStepService.TellUsedAsync(db, id, token)
                : await db.RecoveryCodes.CountAsync(c => c.UserId == id && c.UsedAt == null, token);
            return (new SecondStepDone(id, methods, left), null);
        }, ct);
        if (!entered.Ok) return Result<SecondStepDone>.Refused(entered);
        return entered.Value.Done is { } done ? done : entered.Value.Refused!;
    }
}

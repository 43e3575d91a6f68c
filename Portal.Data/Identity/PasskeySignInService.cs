using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;
using Portal.Data.Operations;

namespace Portal.Data.Identity;

/// <summary>
/// The door for who has a passkey: no name and no password, and no code after it. Failures are counted and make wait as a wrong password
/// does, and an account that may not sign in hears the same as for a wrong passkey.
/// </summary>
public sealed class PasskeySignInService(
    PortalStore store, PasskeyCheck check, SignInService signIns, BuildingClock clock, IOptions<AccountOptions> options)
{
    /// <summary>
    /// What the browser is to ask the device: JSON for <c>navigator.credentials.get</c>. Nobody is named: the device shows what it has.
    /// </summary>
    public async Task<string> AskAsync(PasskeySite site, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return await check.AskAsync(db, PasskeyPurpose.SignIn, site, null, null, [], ct);
    }

    /// <summary>
    /// Whether an answer comes from a browser that signed in before to the account whose passkey it names: such a one waits behind no
    /// stranger. Who has not signed it is refused all the same.
    /// </summary>
    public async Task<bool> IsKnownDeviceAsync(string? answer, AttemptOrigin origin, CancellationToken ct)
    {
        if (origin.Devices is not { Count: > 0 } || PasskeyAnswer.Of(answer) is not { } given) return false;
        await using var db = await store.OpenAsync(CurrentUser.Nobody, ct);
        return origin.DeviceOf(await db.Passkeys.Where(p => p.CredentialId == given.Raw.RawId)
            .Select(p => (long?)p.UserId).FirstOrDefaultAsync(ct)) is not null;
    }

    /// <summary>Gives the account's id when it may enter now.</summary>
    /// <param name="answer">JSON of what <c>navigator.credentials.get</c> gave.</param>
    /// <returns>Refusals: <c>passkey.over</c> where the challenge is old or used, <c>passkey.refused</c> alike for a wrong signature, a
    /// passkey that nobody has (any more) and an account that may not sign in, <c>sign_in.wait</c>.</returns>
    public async Task<Result<long>> EnterAsync(string? answer, PasskeySite site, AttemptOrigin origin, CancellationToken ct)
    {
        var result = await DecideAsync(answer, site, origin, ct);
        PortalTelemetry.SignedIn(result.Ok ? "success" : result.Error!.Code switch
        {
            "passkey.refused" => "failure",
            "sign_in.wait" => "wait",
            _ => "other",
        });
        return result;
    }

    private async Task<Result<long>> DecideAsync(string? answer, PasskeySite site, AttemptOrigin origin, CancellationToken ct)
    {
        if (PasskeyAnswer.Of(answer) is not { } given) return new Error("passkey.refused");
        var actor = CurrentUser.Nobody with { IpAddress = origin.IpAddress };
        var entered = await store.WriteAsync<(long? Id, Error? Refused)>(actor, async (db, token) =>
        {
            var id = await db.Passkeys.Where(p => p.CredentialId == given.Raw.RawId)
                .Select(p => (long?)p.UserId).FirstOrDefaultAsync(token);
            var failures = new SignInFailures(db, id, "passkey", origin, options.Value, clock.UtcNow, bySignature: true);
            if (await failures.LockAsync(token) is { } later) return (null, signIns.Wait(later));
            if (await check.TakeAsync(db, given.ChallengeHash, PasskeyPurpose.SignIn, null, null, token) is null)
                return (null, new Error("passkey.over"));
            var key = await db.Passkeys.FirstOrDefaultAsync(p => p.CredentialId == given.Raw.RawId, token);
            if (key is null)
            {
                // Taken away, or never anybody's.
                await failures.CountAsync(token);
                await db.WriteEventAsync("sign_in_failed", "users", null, new { passkey = true }, token);
                return (null, new Error("passkey.refused"));
            }

            var account = await db.Users.AsNoTracking().Where(u => u.Id == key.UserId).Select(u => new
            {
                u.UserStatusId, u.LockoutEnd, u.UserName,
                Name = db.Profiles.Where(p => p.UserId == u.Id).OrderBy(p => p.Id).Select(p => p.FullName).FirstOrDefault(),
            }).FirstAsync(token);
            if (account.LockoutEnd is { } locked && locked.UtcDateTime > clock.UtcNow)
            {
                await db.WriteEventAsync("sign_in_refused_locked", "users", key.UserId, null, token);
                return (null, signIns.Wait(locked.UtcDateTime));
            }

            if (account.UserStatusId != UserState.Active)
            {
                var state = account.UserStatusId switch
                {
                    UserState.Inactive => "inactive", UserState.Suspended => "suspended", _ => "pending",
                };
                await SignInService.CountFailureAsync(db, failures, key.UserId, "sign_in_refused_" + state, token);
                return (null, new Error("passkey.refused"));
            }

            var verdict = await check.VerifyAsync(key, given, site, token);
            if (verdict != PasskeyVerdict.Right)
            {
                await RefuseAsync(db, failures, key, verdict, token);
                return (null, new Error("passkey.refused"));
            }

            db.Actor = actor with { Id = key.UserId, Name = account.Name ?? account.UserName! };
            await db.Users.Where(u => u.Id == key.UserId).ExecuteUpdateAsync(set => set
                .SetProperty(u => u.LastSignInAt, clock.UtcNow)
                .SetProperty(u => u.AccessFailedCount, 0)
                .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), token);
            await failures.ClearAsync(token);
            await db.WriteEventAsync("sign_in", "users", key.UserId, new { methods = SignInMethods.Passkey, passkey = key.Name }, token);
            return (key.UserId, null);
        }, ct);
        if (!entered.Ok) return Result<long>.Refused(entered);
        return entered.Value.Id is { } who ? who : entered.Value.Refused!;
    }

    /// <summary>
    /// Counts and notes a passkey that did not hold. One that somebody has a copy of is told to its owner.
    /// </summary>
    internal static async Task RefuseAsync(
        PortalDb db, SignInFailures failures, Passkey key, PasskeyVerdict verdict, CancellationToken ct)
    {
        var copied = verdict == PasskeyVerdict.Copied;
        await db.WriteEventAsync(
            copied ? PasskeyEvents.Copied : PasskeyEvents.Failed, "users", key.UserId,
            new { passkey = key.Name, failures = await failures.CountAsync(ct) }, ct);
        if (!copied) return;
        await TwoStepService.TellAsync(
            db, key.UserId, "urgent.passkey_copied", "Llave de acceso repetida", $"Puede haber una copia de tu llave «{key.Name}».", ct,
            new Notifications.NotificationPart(Text: key.Name));
    }
}

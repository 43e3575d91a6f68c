using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>What somebody types who proves again that it is they.</summary>
/// <param name="Code">Of the app or for recovery; only where the account has a second step.</param>
public sealed record Proof(string? Password, string? Code);

/// <param name="IsFresh">Nothing needs to be typed.</param>
/// <param name="AsksCode">The account has a second step.</param>
/// <param name="App">It has an app of codes; without one, a code is one for recovery.</param>
public sealed record FreshState(bool IsFresh, bool AsksCode, bool App = false);

/// <summary>
/// The check before what is dangerous: the last proof in this session must not be older than <see cref="LastsFor"/>. Who has found a screen
/// unattended cannot take the account with it.
/// </summary>
public static class FreshSignIn
{
    public static readonly TimeSpan LastsFor = TimeSpan.FromMinutes(5);

    /// <summary>The code of the refusal; prove it and ask again.</summary>
    public const string Needed = "fresh.needed";

    private static readonly Error Stale = new(Needed);

    /// <summary>
    /// Null where the proof is fresh. The portal itself, its verbs and jobs act in no session and are not asked; whoever comes through the
    /// web always has one.
    /// </summary>
    internal static async Task<Error?> NotFreshAsync(this PortalDb db, CurrentUser user, CancellationToken ct) =>
        await IsFreshAsync(db, user, ct) ? null : Stale;

    internal static async Task<bool> IsFreshAsync(PortalDb db, CurrentUser user, CancellationToken ct)
    {
        if (user.SessionId is not { } session) return true;
        var since = db.Clock.GetUtcNow().UtcDateTime - LastsFor;
        return await db.Sessions.AnyAsync(s => s.Id == session && s.UserId == user.Id && s.EndedAt == null && s.ProvedAt > since, ct);
    }
}

/// <summary>Takes the proof. Wrong ones wait as at the door, counted for the session they come from.</summary>
public sealed class FreshSignInService(
    PortalStore store, PasswordWork passwords, SecondStepCheck steps, PasskeyCheck passkeys, SignInService signIns, TimeProvider time,
    IOptions<AccountOptions> options)
{
    /// <summary>What is asked of a person before the next dangerous act.</summary>
    public async Task<FreshState> StateAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return new FreshState(false, false);
        await using var db = await store.OpenAsync(user, ct);
        return new FreshState(
            await FreshSignIn.IsFreshAsync(db, user, ct), await SecondStepCheck.IsOnAsync(db, id, ct),
            await SecondStepCheck.HasAppAsync(db, id, ct));
    }

    /// <summary>
    /// What the browser is to ask the device: JSON for <c>navigator.credentials.get</c>, with the person's own passkeys, for this session.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c> where they have none for this site.</returns>
    public async Task<Result<string>> AskAsync(PasskeySite site, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || user.SessionId is not { } session) return Error.NotFound;
        await using var db = await store.OpenAsync(user, ct);
        var has = await PasskeyCheck.OfAsync(db, id, site.RpId, ct);
        if (has.Count == 0) return Error.NotFound;
        return await passkeys.AskAsync(db, PasskeyPurpose.Prove, site, id, session, has, ct);
    }

    /// <summary>The same proof as <see cref="ProveAsync(Proof, CurrentUser, CancellationToken)"/>, with a passkey alone.</summary>
    /// <param name="answer">JSON of what <c>navigator.credentials.get</c> gave.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>passkey.over</c> where the challenge is old, used, or of another session,
    /// <c>passkey.refused</c>, <c>password.locked</c> with the moment and the seconds until the next attempt.</returns>
    public async Task<Result> ProveAsync(string? answer, PasskeySite site, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || user.SessionId is not { } session) return Error.NotFound;
        if (PasskeyAnswer.Of(answer) is not { } given) return new Error("passkey.refused");
        var origin = new AttemptOrigin(user.IpAddress, new Dictionary<long, string> { [id] = $"session:{session}" });
        var proved = await store.WriteAsync<(bool Right, Error? Refused)>(user, async (db, token) =>
        {
            var failures = new SignInFailures(db, id, "", origin, options.Value, time.GetUtcNow().UtcDateTime);
            if (await failures.LockAsync(token) is { } later) return signIns.Wait(later, "password.locked");
            if (await passkeys.TakeAsync(db, given.ChallengeHash, PasskeyPurpose.Prove, id, session, token) is null)
                return (false, new Error("passkey.over"));
            var key = await db.Passkeys.FirstOrDefaultAsync(p => p.CredentialId == given.Raw.RawId && p.UserId == id, token);
            var verdict = key is null ? PasskeyVerdict.Wrong : await passkeys.VerifyAsync(key, given, site, token);
            if (verdict != PasskeyVerdict.Right)
            {
                if (key is not null) await PasskeySignInService.RefuseAsync(db, failures, key, verdict, token);
                else await SignInService.CountFailureAsync(db, failures, id, PasskeyEvents.Failed, token);
                return (false, new Error("passkey.refused"));
            }

            await failures.ClearAsync(token);
            var at = time.GetUtcNow().UtcDateTime;
            await db.Sessions.Where(s => s.Id == session && s.UserId == id).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.ProvedAt, at), token);
            await db.WriteEventAsync("proved", "users", id, new { methods = SignInMethods.Passkey }, token);
            return (true, null);
        }, ct);
        if (!proved.Ok) return proved;
        return proved.Value.Refused is { } refused ? refused : Result.Done;
    }

    /// <summary>For the next five minutes the person may do what is dangerous, in this session only.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>required</c>, <c>too_long</c>, <c>fresh.wrong</c> alike for password and code,
    /// <c>sign_in.busy</c>, <c>password.locked</c> with the moment and the seconds until the next attempt.</returns>
    public async Task<Result> ProveAsync(Proof input, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || user.SessionId is not { } session) return Error.NotFound;
        var origin = new AttemptOrigin(user.IpAddress, new Dictionary<long, string> { [id] = $"session:{session}" });
        string? stored;
        await using (var db = await store.OpenAsync(user, ct))
        {
            var asksCode = await SecondStepCheck.IsOnAsync(db, id, ct);
            if (Check(input, asksCode) is { Count: > 0 } missing) return missing;
            if (await Failures(db).WaitAsync(ct) is { } until) return signIns.Wait(until, "password.locked", nameof(input.Password));
            stored = await db.Users.Where(u => u.Id == id).Select(u => u.PasswordHash).FirstOrDefaultAsync(ct);
        }

        var check = await passwords.CheckAsync(stored, input.Password!, ct);
        if (check == PasswordCheck.Busy) return new Error("sign_in.busy");
        var proved = await store.WriteAsync<bool>(user, async (db, token) =>
        {
            var failures = Failures(db);
            if (await failures.LockAsync(token) is { } later) return signIns.Wait(later, "password.locked", nameof(input.Password));
            await db.LockAccountAsync(id, token);
            var now = await db.Users.AsNoTracking().Where(u => u.Id == id).Select(u => u.PasswordHash).SingleAsync(token);
            var right = check != PasswordCheck.Wrong && now == stored;

            // A code is used up only together with the right password.
            var methods = SignInMethods.Password;
            if (right && await SecondStepCheck.IsOnAsync(db, id, token))
            {
                var used = await steps.UseAsync(db, id, input.Code, token);
                (right, methods) = (used is not null, used);
            }

            if (!right)
            {
                await SignInService.CountFailureAsync(db, failures, id, "proof_failed", token);
                return false;
            }

            await failures.ClearAsync(token);
            var at = time.GetUtcNow().UtcDateTime;
            await db.Sessions.Where(s => s.Id == session && s.UserId == id).ExecuteUpdateAsync(
                set => set.SetProperty(s => s.ProvedAt, at), token);
            await db.WriteEventAsync("proved", "users", id, new { methods }, token);
            if (methods == SignInMethods.Recovery) await TwoStepService.TellUsedAsync(db, id, token);
            return true;
        }, ct);
        if (!proved.Ok) return proved;
        return proved.Value ? Result.Done : new Error("fresh.wrong", nameof(input.Password));

        SignInFailures Failures(PortalDb db) => new(db, id, "", origin, options.Value, time.GetUtcNow().UtcDateTime);
    }

    private static List<Error> Check(Proof input, bool asksCode)
    {
        List<Error> errors = [];
        if (string.IsNullOrEmpty(input.Password)) errors.Add(Error.Required(nameof(input.Password)));
        else if (input.Password.Length > PasswordPolicy.LongestTyped)
            errors.Add(Error.TooLong(nameof(input.Password), PasswordPolicy.LongestTyped));
        if (asksCode && string.IsNullOrWhiteSpace(input.Code)) errors.Add(Error.Required(nameof(input.Code)));
        else if (input.Code?.Length > CodeRedemption.LongestCode)
            errors.Add(Error.TooLong(nameof(input.Code), CodeRedemption.LongestCode));
        return errors;
    }
}

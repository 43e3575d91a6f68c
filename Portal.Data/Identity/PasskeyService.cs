using System.Security.Cryptography;
using System.Text.Json;
using Fido2NetLib;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Audit;
using Portal.Data.Notifications;

namespace Portal.Data.Identity;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="RpId">The domain it was made for; at another address of the portal it does not work.</param>
/// <param name="BackedUp">It is there on the person's other devices too.</param>
/// <param name="CreatedAt">UTC, as is <paramref name="LastUsedAt"/>.</param>
public sealed record PasskeyRow(long Id, string Name, string RpId, bool BackedUp, DateTime CreatedAt, DateTime? LastUsedAt);

/// <param name="Codes">Recovery codes in clear, this once, where the account had none; otherwise null.</param>
public sealed record AddedPasskey(long Id, IssuedCodes? Codes);

/// <summary>A person's own passkeys. Adding and taking away asks for a fresh sign-in (<see cref="FreshSignIn"/>).</summary>
public sealed class PasskeyService(
    PortalStore store, PasskeyCheck check, PasskeySites sites, CurrentUserSource accounts, SessionSource sessions, TimeProvider time)
{
    /// <summary>An answer of the browser is never longer: no attestation is asked for.</summary>
    private const int LongestAnswer = 20_000;

    /// <summary>The person's own, oldest first.</summary>
    public async Task<IReadOnlyList<PasskeyRow>> ListAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return [];
        await using var db = await store.OpenAsync(user, ct);
        return await db.Passkeys.AsNoTracking().Where(p => p.UserId == id).OrderBy(p => p.Id)
            .Select(p => new PasskeyRow(p.Id, p.Name, p.RpId, p.BackedUp, p.CreatedAt, p.LastUsedAt)).ToListAsync(ct);
    }

    /// <summary>
    /// Begins to make one: JSON for <c>navigator.credentials.create</c>. A device that has one of the person's already is left out.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c>, <c>fresh.needed</c>, <c>passkey.most</c>.</returns>
    public async Task<Result<string>> BeginAsync(PasskeySite site, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || await accounts.LoadAsync(id, ct) is not { } account) return Error.NotFound;
        await using var db = await store.OpenAsync(user, ct);
        if (await db.NotFreshAsync(user, ct) is { } stale) return stale;
        if (await db.Passkeys.CountAsync(p => p.UserId == id, ct) >= Passkey.Most) return new Error("passkey.most", null, Passkey.Most);
        var handle = await db.Passkeys.Where(p => p.UserId == id).OrderBy(p => p.Id).Select(p => p.UserHandle).FirstOrDefaultAsync(ct)
            ?? RandomNumberGenerator.GetBytes(32);
        var challenge = await check.KeepAsync(db, PasskeyPurpose.Register, id, user.SessionId, handle, ct);
        var person = new Fido2User { Id = handle, Name = account.Username, DisplayName = account.User.Name };
        return check.NewOptions(site, person, challenge, await PasskeyCheck.OfAsync(db, id, site.RpId, ct)).ToJson();
    }

    /// <summary>
    /// Keeps the passkey that the browser made. Where it is the account's first second step it brings recovery codes, and every other
    /// session of the account ends: who came in with the password alone does not stay.
    /// </summary>
    /// <param name="answer">JSON of what <c>navigator.credentials.create</c> gave.</param>
    /// <param name="name">As the person calls it.</param>
    /// <returns>Refusals: <c>not_found</c>, <c>fresh.needed</c>, <c>required</c>, <c>too_long</c>, <c>passkey.most</c>, <c>passkey.over</c>
    /// where the challenge is old, used, or of another session, <c>passkey.refused</c>.</returns>
    public async Task<Result<AddedPasskey>> FinishAsync(
        string? answer, string? name, PasskeySite site, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.NotFound;
        if (CheckName(name, out var called) is { } wrong) return wrong;
        if (Read(answer) is not var (raw, challenge)) return new Error("passkey.refused");
        var added = await store.WriteAsync<(AddedPasskey? Added, Error? Refused)>(user, async (db, token) =>
        {
            await db.LockAccountAsync(id, token);
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var hash = PasskeyCheck.HashOf(challenge);
            var taken = await check.TakeAsync(db, hash, PasskeyPurpose.Register, id, user.SessionId, token);
            if (taken?.UserHandle is not { } handle) return (null, new Error("passkey.over"));
            var has = await db.Passkeys.CountAsync(p => p.UserId == id, token);
            if (has >= Passkey.Most) return (null, new Error("passkey.most", null, Passkey.Most));
            var person = new Fido2User { Id = handle, Name = "", DisplayName = "" };
            var made = await check.VerifyNewAsync(raw, check.NewOptions(site, person, challenge, []), site, token);
            if (made is null || await db.Passkeys.AnyAsync(p => p.CredentialId == made.Id, token))
                return (null, new Error("passkey.refused"));
            var now = time.GetUtcNow().UtcDateTime;
            var first = !await SecondStepCheck.IsOnAsync(db, id, token);
            var key = new Passkey
            {
                UserId = id, CredentialId = made.Id, PublicKey = made.PublicKey, UserHandle = handle, RpId = site.RpId, Name = called,
                Transports = made.Transports is { Length: > 0 } ways ? string.Join(',', ways.Distinct()) : null,
                Aaguid = made.AaGuid.ToString(), CreatedAt = now,
            }.Begun(made.SignCount, made.IsBackedUp);
            db.Passkeys.Add(key);
            await db.SaveChangesAsync(token);
            var codes = await db.RecoveryCodes.AnyAsync(c => c.UserId == id && c.UsedAt == null, token)
                ? null
                : await TwoStepService.NewCodesAsync(db, id, now, token);
            if (first) await db.EndSessionsAsync(id, now, token, except: user.SessionId);
            await db.WriteEventAsync(PasskeyEvents.Added, "users", id, new { passkey = key.Id, name = called }, token);
            await TwoStepService.TellAsync(
                db, id, "urgent.passkey_added", "Llave de acceso nueva", $"Tu cuenta se abre desde ahora con la llave «{called}».", token,
                new NotificationPart(Text: called));
            return (new AddedPasskey(key.Id, codes), null);
        }, ct);
        if (!added.Ok) return Result<AddedPasskey>.Refused(added);
        if (added.Value.Added is not { } done) return added.Value.Refused!;
        accounts.Forget();
        sessions.Forget(id);
        return done;
    }

    /// <summary>Calls one of the person's own by another name.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>required</c>, <c>too_long</c>.</returns>
    public async Task<Result> RenameAsync(long passkeyId, string? name, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.NotFound;
        if (CheckName(name, out var called) is { } wrong) return wrong;
        return await store.WriteAsync(user, async (db, token) =>
        {
            var key = await db.Passkeys.FirstOrDefaultAsync(p => p.Id == passkeyId && p.UserId == id, token);
            if (key is null) return Error.NotFound;
            var before = key.Name;
            if (before == called) return Result.Done;
            key.Name = called;
            await db.WriteEventAsync(PasskeyEvents.Renamed, "users", id, new { passkey = passkeyId, before, name = called }, token);
            return Result.Done;
        }, ct);
    }

    /// <summary>
    /// Takes one of the person's own away. With the last second step that works its recovery codes go too, and passkeys for an address that
    /// the portal no longer has: the account would ask for what nobody can give.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c>, <c>fresh.needed</c>, <c>passkey.last</c> where it is the only second step of somebody whose
    /// role asks for one.</returns>
    public async Task<Result> RemoveAsync(long passkeyId, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.NotFound;
        var current = await sites.CurrentAsync(ct);
        var removed = await store.WriteAsync(user, async (db, token) =>
        {
            await db.LockAccountAsync(id, token);
            var key = await db.Passkeys.FirstOrDefaultAsync(p => p.Id == passkeyId && p.UserId == id, token);
            if (key is null) return Error.NotFound;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var works = current.Contains(key.RpId);
            var last = !await db.SecondFactors.AnyAsync(f => f.UserId == id && f.ConfirmedAt != null, token)
                && !await db.Passkeys.AnyAsync(
                    p => p.UserId == id && p.Id != passkeyId && (!works || current.Contains(p.RpId)), token);
            if (last && await db.Users.AnyAsync(u => u.Id == id && u.Role!.TwoStepRequired, token)) return new Error("passkey.last");
            db.Passkeys.Remove(key);
            if (last)
            {
                await db.RecoveryCodes.Where(c => c.UserId == id).ExecuteDeleteAsync(token);
                await db.Passkeys.Where(p => p.UserId == id && p.Id != passkeyId).ExecuteDeleteAsync(token);
            }

            await db.WriteEventAsync(PasskeyEvents.Removed, "users", id, new { passkey = passkeyId, name = key.Name }, token);
            await TwoStepService.TellAsync(
                db, id, "urgent.passkey_removed", "Llave de acceso quitada", $"La llave «{key.Name}» ya no abre tu cuenta.", token,
                new NotificationPart(Text: key.Name));
            return Result.Done;
        }, ct);
        if (removed.Ok) accounts.Forget();
        return removed;
    }

    private static Error? CheckName(string? name, out string called)
    {
        called = name?.Trim() ?? "";
        return called.Length == 0 ? Error.Required("Name")
            : called.Length > Passkey.LongestName ? Error.TooLong("Name", Passkey.LongestName)
            : null;
    }

    private static (AuthenticatorAttestationRawResponse Raw, byte[] Challenge)? Read(string? json)
    {
        if (json is not { Length: > 0 and <= LongestAnswer }) return null;
        try
        {
            var raw = JsonSerializer.Deserialize<AuthenticatorAttestationRawResponse>(json);
            return raw is { Response.ClientDataJson: { } said } && PasskeyCheck.ChallengeIn(said) is { } challenge
                ? (raw, challenge)
                : null;
        }
        catch (Exception none) when (none is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}

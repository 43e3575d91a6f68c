using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;
using Portal.Data.Notifications;

namespace Portal.Data.Identity;

/// <summary>A person's second step as they see it.</summary>
/// <param name="Since">UTC; null: there is no app of codes.</param>
/// <param name="LastUsedAt">UTC.</param>
/// <param name="CodesLeft">Recovery codes that were not used.</param>
/// <param name="Required">Their role asks for it.</param>
/// <param name="DueAt">Until when (UTC) they may go without; null where nothing is due.</param>
/// <param name="Passkeys">How many they have.</param>
public sealed record TwoStepState(DateTime? Since, DateTime? LastUsedAt, int CodesLeft, bool Required, DateTime? DueAt, int Passkeys = 0)
{
    /// <summary>They have an app of codes.</summary>
    public bool HasApp => Since is not null;

    /// <summary>They have a second step, of either kind.</summary>
    public bool IsOn => HasApp || Passkeys > 0;

    public bool FewCodes => IsOn && CodesLeft <= RecoveryCodes.Few;
}

/// <summary>What a person gives their app, by the square or typed.</summary>
/// <param name="Secret">Base 32.</param>
public sealed record Enrolment(string Secret, string Username);

/// <summary>Recovery codes in clear, shown this once; only their hashes are kept.</summary>
public sealed record IssuedCodes(IReadOnlyList<string> All);

/// <summary>
/// Turns the second step of signing in on and off. Everything that changes it asks for a fresh sign-in (<see cref="FreshSignIn"/>).
/// </summary>
public sealed class TwoStepService(
    PortalStore store, SecondStepCheck steps, PasskeySites sites, CurrentUserSource accounts, SessionSource sessions, TimeProvider time)
{
    /// <summary>The person's own; null where nobody is signed in.</summary>
    public async Task<TwoStepState?> GetAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id || await accounts.LoadAsync(id, ct) is not { } account) return null;
        await using var db = await store.OpenAsync(user, ct);
        var factor = await db.SecondFactors.AsNoTracking().Where(f => f.UserId == id && f.ConfirmedAt != null)
            .Select(f => new { f.ConfirmedAt, f.LastUsedAt }).FirstOrDefaultAsync(ct);
        var left = await db.RecoveryCodes.CountAsync(c => c.UserId == id && c.UsedAt == null, ct);
        var passkeys = await db.Passkeys.CountAsync(p => p.UserId == id, ct);
        return new TwoStepState(factor?.ConfirmedAt, factor?.LastUsedAt, left, account.TwoStepRequired, account.TwoStepDueAt, passkeys);
    }

    /// <summary>Whether somebody else's account has a second step; null for who may not take it away.</summary>
    public async Task<bool?> IsOnAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AccessManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        return await SecondStepCheck.IsOnAsync(db, accountId, ct);
    }

    /// <summary>
    /// Begins to set up an app, or another one in place of it. Each time with a new secret: one that somebody else was shown, who knows the
    /// password too, is never the one that is turned on.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c>, <c>fresh.needed</c>.</returns>
    public Task<Result<Enrolment>> BeginAsync(CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<Enrolment>(user, async (db, token) =>
        {
            if (user.AccountId is not { } id) return Error.NotFound;
            await db.LockAccountAsync(id, token);
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var username = await db.Users.Where(u => u.Id == id).Select(u => u.UserName!).SingleAsync(token);
            var factor = await db.SecondFactors.FirstOrDefaultAsync(f => f.UserId == id, token);
            if (factor is null) db.SecondFactors.Add(factor = new SecondFactor(id));
            var secret = TimeCodes.NewSecret();
            factor.Begin(steps.Protect(secret), time.GetUtcNow().UtcDateTime);
            return new Enrolment(secret, username);
        }, ct);

    /// <summary>
    /// Turns it on, once the app has shown that it has the secret. Every other session of the account ends: who came in without the second
    /// step does not stay.
    /// </summary>
    /// <returns>Ten recovery codes in clear, this once; earlier ones stop working. Refusals: <c>not_found</c>, <c>fresh.needed</c>,
    /// <c>required</c>, <c>two_step.wrong</c>, <c>gone</c> where nothing is being set up.</returns>
    public async Task<Result<IssuedCodes>> ConfirmAsync(string? code, CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.NotFound;
        if (string.IsNullOrWhiteSpace(code)) return Error.Required("Code");
        var on = await store.WriteAsync<IssuedCodes>(user, async (db, token) =>
        {
            await db.LockAccountAsync(id, token);
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var factor = await db.SecondFactors.FirstOrDefaultAsync(f => f.UserId == id, token);
            if (factor?.PendingSecret is not { } pending || steps.Unprotect(pending) is not { } secret) return new Error("gone");
            var now = time.GetUtcNow().UtcDateTime;
            if (TimeCodes.StepOf(secret, code, now) is not { } step) return new Error("two_step.wrong", "Code");
            var first = factor.ConfirmedAt is null;
            factor.Confirm(step, now);
            var codes = await NewCodesAsync(db, id, now, token);
            await db.EndSessionsAsync(id, now, token, except: user.SessionId);
            await db.WriteEventAsync(first ? TwoStepEvents.On : TwoStepEvents.Changed, "users", id, null, token);
            var (type, title, text) = first
                ? ("urgent.two_step_on", "Dos pasos activados", "Tu cuenta pide un código al entrar.")
                : ("urgent.two_step_changed", "Aplicación cambiada", "Los códigos de tu cuenta salen de otra aplicación.");
            await TellAsync(db, id, type, title, text, token);
            return codes;
        }, ct);
        if (!on.Ok) return on;
        accounts.Forget();
        sessions.Forget(id);
        return on;
    }

    /// <summary>Ten new recovery codes; the ones before stop working.</summary>
    /// <returns>Refusals: <c>not_found</c> where it is off, <c>fresh.needed</c>.</returns>
    public Task<Result<IssuedCodes>> RenewCodesAsync(CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<IssuedCodes>(user, async (db, token) =>
        {
            if (user.AccountId is not { } id || !await SecondStepCheck.IsOnAsync(db, id, token)) return Error.NotFound;
            await db.LockAccountAsync(id, token);
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var codes = await NewCodesAsync(db, id, time.GetUtcNow().UtcDateTime, token);
            await db.WriteEventAsync(TwoStepEvents.Renewed, "users", id, null, token);
            await TellAsync(
                db, id, "urgent.recovery_renewed", "Códigos de recuperación nuevos", "Los códigos de recuperación de antes ya no sirven.",
                token);
            return codes;
        }, ct);

    /// <summary>
    /// Turns the person's own app off. Who has passkeys that work at the portal's address goes on with them, and keeps the recovery codes;
    /// those for an address of before go too.
    /// </summary>
    /// <returns>Refusals: <c>not_found</c> where it is off, <c>fresh.needed</c>, <c>two_step.required</c> where their role asks for
    /// a second step and they have no other.</returns>
    public async Task<Result> TurnOffAsync(CurrentUser user, CancellationToken ct)
    {
        if (user.AccountId is not { } id) return Error.NotFound;
        var current = await sites.CurrentAsync(ct);
        var off = await store.WriteAsync(user, async (db, token) =>
        {
            await db.LockAccountAsync(id, token);
            if (!await SecondStepCheck.HasAppAsync(db, id, token)) return Error.NotFound;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            var other = await db.Passkeys.AnyAsync(p => p.UserId == id && current.Contains(p.RpId), token);
            if (!other && await db.Users.AnyAsync(u => u.Id == id && u.Role!.TwoStepRequired, token)) return new Error("two_step.required");
            await db.SecondFactors.Where(f => f.UserId == id).ExecuteDeleteAsync(token);
            if (!other)
            {
                await db.RecoveryCodes.Where(c => c.UserId == id).ExecuteDeleteAsync(token);
                await db.Passkeys.Where(p => p.UserId == id).ExecuteDeleteAsync(token);
            }

            await db.WriteEventAsync(TwoStepEvents.Off, "users", id, null, token);
            await TellAsync(db, id, "urgent.two_step_off", "Dos pasos apagados", "Tu cuenta ya no pide un código al entrar.", token);
            return Result.Done;
        }, ct);
        if (off.Ok) accounts.Forget();
        return off;
    }

    /// <summary>
    /// Takes somebody's second step away, who lost what they had for it: app, passkeys and codes. Their sessions end; the person is told by
    /// bell and mail. Needs
    /// <see cref="Permissions.AccessManage"/>.
    /// </summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>not_found</c> where there is none, <c>fresh.needed</c>, <c>two_step.own</c> for one's own,
    /// which is turned off where it was turned on.</returns>
    public async Task<Result> RemoveAsync(long accountId, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AccessManage)) return Error.Forbidden;
        if (accountId == user.AccountId) return new Error("two_step.own");
        var removed = await store.WriteAsync(user, async (db, token) =>
        {
            await db.LockAccountAsync(accountId, token);
            if (!await SecondStepCheck.IsOnAsync(db, accountId, token)) return Error.NotFound;
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            await DeleteAsync(db, accountId, token);
            await db.EndSessionsAsync(accountId, time.GetUtcNow().UtcDateTime, token);
            await db.WriteEventAsync(TwoStepEvents.Removed, "users", accountId, null, token);
            await TellAsync(
                db, accountId, "urgent.two_step_removed", "Dos pasos quitados", $"{user.Name} quitó los dos pasos de tu cuenta.", token,
                new NotificationPart(Text: user.Name));
            return Result.Done;
        }, ct);
        if (!removed.Ok) return removed;
        accounts.Forget();
        sessions.Forget(accountId);
        return removed;
    }

    internal static Task TellAsync(
        PortalDb db, long accountId, string type, string title, string message, CancellationToken ct, params NotificationPart[] about) =>
        new NotificationDraft(type, RecipientType.Owner, title, message, "/account/security", about).AddAsync(db, [accountId], ct);

    /// <summary>A recovery code was used: the person hears of it, for it may have been found.</summary>
    /// <returns>How many are left.</returns>
    internal static async Task<int> TellUsedAsync(PortalDb db, long accountId, CancellationToken ct)
    {
        var left = await db.RecoveryCodes.CountAsync(c => c.UserId == accountId && c.UsedAt == null, ct);
        await db.WriteEventAsync(TwoStepEvents.RecoveryUsed, "users", accountId, new { left }, ct);
        await TellAsync(
            db, accountId, "urgent.recovery_code", "Código de recuperación usado", $"Quedan {left} códigos de recuperación.", ct,
            new NotificationPart(Text: left.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return left;
    }

    private static async Task DeleteAsync(PortalDb db, long accountId, CancellationToken ct)
    {
        await db.SecondFactors.Where(f => f.UserId == accountId).ExecuteDeleteAsync(ct);
        await db.Passkeys.Where(p => p.UserId == accountId).ExecuteDeleteAsync(ct);
        await db.RecoveryCodes.Where(c => c.UserId == accountId).ExecuteDeleteAsync(ct);
    }

    /// <summary>Ten new recovery codes; the ones before stop working. The caller saves.</summary>
    internal static async Task<IssuedCodes> NewCodesAsync(PortalDb db, long accountId, DateTime now, CancellationToken ct)
    {
        await db.RecoveryCodes.Where(c => c.UserId == accountId).ExecuteDeleteAsync(ct);
        List<string> codes = [.. Enumerable.Range(0, RecoveryCodes.Count).Select(_ => RecoveryCodes.New())];
        db.RecoveryCodes.AddRange(
            codes.Select(code => new RecoveryCode { UserId = accountId, CodeHash = RecoveryCodes.HashOf(code), CreatedAt = now }));
        return new IssuedCodes(codes);
    }
}

/// <summary>The events of an account by which every portal hears of its second step.</summary>
internal static class TwoStepEvents
{
    public const string On = "two_step_on";
    public const string Changed = "two_step_changed";
    public const string Off = "two_step_off";
    public const string Removed = "two_step_removed";
    public const string Renewed = "recovery_codes_renewed";
    public const string RecoveryUsed = "recovery_code_used";

    public static bool Matters(Change change) => change is
    {
        Table: "users", Action: On or Changed or Off or Removed or PasskeyEvents.Added or PasskeyEvents.Removed,
    };
}

using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <summary>What was typed on the sign-in page, and from where.</summary>
/// <param name="Login">Username or e-mail address.</param>
public sealed record Credentials(string? Login, string? Password, string? IpAddress);

/// <summary>
/// Decides who gets in. On screen there is one answer to a wrong password, an unknown name, a locked and an inactive account; each takes
/// the same
/// work; the audit log tells them apart.
/// </summary>
public sealed class SignInService(PortalStore store, PasswordWork passwords, TimeProvider time, IOptions<AccountOptions> options)
{
    private readonly AccountOptions _options = options.Value;

    /// <summary>Gives the account's id when it may enter now.</summary>
    /// <returns>Refusals: <c>required</c> on an empty field, <c>sign_in.wrong</c>, <c>sign_in.busy</c>.</returns>
    public async Task<Result<long>> SignInAsync(Credentials input, CancellationToken ct)
    {
        var login = input.Login?.Trim() ?? "";
        var missing = new List<Error>();
        if (login.Length == 0) missing.Add(Error.Required(nameof(Credentials.Login)));
        if (string.IsNullOrEmpty(input.Password)) missing.Add(Error.Required(nameof(Credentials.Password)));
        if (missing.Count > 0) return missing;

        var actor = CurrentUser.Nobody with { IpAddress = input.IpAddress };
        var account = await FindAsync(login, actor, ct);
        var check = await passwords.CheckAsync(account?.Hash, input.Password!, ct);
        if (check == PasswordCheck.Busy) return new Error("sign_in.busy");
        if (account is null) return await RefuseUnknownAsync(login, actor, ct);

        // Made outside the transaction, which may run twice and must not hold a row for a tenth of a second.
        var rehash =
            check == PasswordCheck.RightButCheap && account.State == UserState.Active
                ? await passwords.HashAsync(input.Password!, ct)
                : null;
        if (check != PasswordCheck.Wrong) actor = actor with { Id = account.Id, Name = account.Name };
        var entered = await store.WriteAsync<bool>(
            actor, async (db, token) => await DecideAsync(db, account, check != PasswordCheck.Wrong, rehash, token), ct);
        if (!entered.Ok) return Result<long>.Refused(entered);
        return entered.Value ? account.Id : Wrong;
    }

    /// <summary>Notes that a person left; the cookie is the web's to take away.</summary>
    public Task<Result> SignOutAsync(CurrentUser user, CancellationToken ct) => store.WriteAsync(user, async (db, token) =>
    {
        if (user.AccountId is { } id) await db.WriteEventAsync("sign_out", "users", id, null, token);
        return Result.Done;
    }, ct);

    private static Error Wrong { get; } = new("sign_in.wrong");

    private async Task<bool> DecideAsync(PortalDb db, Found account, bool right, string? rehash, CancellationToken ct)
    {
        // Attempts on one account wait for each other here: ten at once count as ten.
        await db.LockAccountAsync(account.Id, ct);
        var now = await db.Users.AsNoTracking().Where(u => u.Id == account.Id)
            .Select(u => new { u.UserStatusId, u.LockoutEnd, u.AccessFailedCount, u.PasswordHash }).FirstOrDefaultAsync(ct);
        if (now is null) return false;
        if (now.LockoutEnd > time.GetUtcNow())
        {
            await db.WriteEventAsync("sign_in_refused_locked", "users", account.Id, null, ct);
            return false;
        }

        // A password changed while this one was being computed is compared with the old one no more.
        if (!right || now.PasswordHash != account.Hash)
        {
            await CountFailureAsync(db, account.Id, now.AccessFailedCount + 1, "sign_in_failed", ct);
            return false;
        }

        if (now.UserStatusId != UserState.Active)
        {
            var state = now.UserStatusId switch { UserState.Inactive => "inactive", UserState.Suspended => "suspended", _ => "pending" };
            await db.WriteEventAsync("sign_in_refused_" + state, "users", account.Id, null, ct);
            return false;
        }

        // Technical columns: the event below is their audit, and updated_at keeps saying when somebody changed the account.
        var hash = rehash ?? now.PasswordHash;
        await db.Users.Where(u => u.Id == account.Id).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.LastSignInAt, time.GetUtcNow().UtcDateTime)
            .SetProperty(u => u.AccessFailedCount, 0)
            .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null)
            .SetProperty(u => u.PasswordHash, hash)
            .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), ct);
        await db.WriteEventAsync("sign_in", "users", account.Id, rehash is null ? null : new { rehashed = true }, ct);
        return true;
    }

    /// <summary>
    /// Counts one more wrong password or code, and locks the account when it was one too many. The caller holds the account's lock.
    /// </summary>
    internal async Task CountFailureAsync(PortalDb db, long accountId, int failures, string action, CancellationToken ct)
    {
        var locks = failures >= _options.LockoutFailures;
        DateTimeOffset? until = locks ? time.GetUtcNow() + _options.LockoutTime : null;
        var count = locks ? 0 : failures;
        await db.Users.Where(u => u.Id == accountId).ExecuteUpdateAsync(set => set
            .SetProperty(u => u.AccessFailedCount, count)
            .SetProperty(u => u.LockoutEnd, until)
            .SetProperty(u => u.UpdatedAt, u => u.UpdatedAt), ct);
        await db.WriteEventAsync(action, "users", accountId, new { failures }, ct);
        if (locks)
            await db.WriteEventAsync("account_locked", "users", accountId, new { minutes = (int)_options.LockoutTime.TotalMinutes }, ct);
    }

    private async Task<Result<long>> RefuseUnknownAsync(string login, CurrentUser actor, CancellationToken ct)
    {
        // People type their password here by mistake: the log keeps no more than tells an attack from a slip.
        var hint = login.Length < 4 ? "…" : login[..2] + "…";
        var noted = await store.WriteAsync(actor, async (db, token) =>
        {
            await db.WriteEventAsync("sign_in_failed", "users", null, new { unknown = hint }, token);
            return Result.Done;
        }, ct);
        return noted.Ok ? Wrong : Result<long>.Refused(noted);
    }

    private async Task<Found?> FindAsync(string login, CurrentUser actor, CancellationToken ct)
    {
        await using var db = await store.OpenAsync(actor, ct);
        if (await db.FindAccountIdAsync(login, ct) is not { } id) return null;
        return await db
            .Users.AsNoTracking()
            .Where(u => u.Id == id)
            .Select(u => new Found(
                u.Id,
                u.PasswordHash ?? "",
                u.UserStatusId,
                db.Profiles.Where(p => p.UserId == u.Id).OrderBy(p => p.Id).Select(p => p.FirstName + " " + p.LastName).FirstOrDefault()
                    ?? u.UserName!
            ))
            .FirstOrDefaultAsync(ct);
    }

    private sealed record Found(long Id, string Hash, UserState State, string Name);
}

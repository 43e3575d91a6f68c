using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;
using Portal.Data.Audit;

namespace Portal.Data.Identity;

/// <param name="Token">As printed in the portal's log at its start.</param>
public sealed record FirstAdmin(
    string? Token, string? Username, string? FirstName, string? LastName, string? Email, string? New, string? Again, string? IpAddress);

/// <summary>
/// Makes the first administrator of an empty building. Only while there is none that can sign in, and only with the token that this portal
/// printed to
/// its log when it started: who can read the log runs the portal.
/// </summary>
public sealed class SetupService(PortalStore store, PasswordWork passwords, CurrentUserSource accounts)
{
    private volatile bool _done;

    /// <summary>The token of this start; null until somebody asked whether one is needed.</summary>
    public string? Token { get; private set; }

    /// <summary>Whether no administrator can sign in. Once one can, no query is made any more.</summary>
    public async Task<bool> IsNeededAsync(CancellationToken ct)
    {
        if (_done) return false;
        await using var db = await store.OpenAsync(CurrentUser.System, ct);
        _done = await db.HasAdminAsync(except: 0, ct);
        return !_done;
    }

    /// <summary>Gives the token when an administrator is still to be made; the same one until the portal stops.</summary>
    public async Task<string?> PrepareAsync(CancellationToken ct)
    {
        if (!await IsNeededAsync(ct)) return null;
        return Token ??= OneTimeCodes.New();
    }

    /// <returns>The account's id. Refusals: <c>setup.done</c>, <c>setup.token</c>, those of
    /// <see cref="AccountService.CreateAsync(NewAccount, CurrentUser, CancellationToken)"/>, and what <see cref="PasswordPolicy"/>
    /// says.</returns>
    public async Task<Result<long>> CreateAsync(FirstAdmin input, CancellationToken ct)
    {
        if (Token is not { } token || !await IsNeededAsync(ct)) return new Error("setup.done");
        if (string.IsNullOrWhiteSpace(input.Token)) return Error.Required(nameof(input.Token));
        if (input.Token.Length > CodeRedemption.LongestCode) return Error.TooLong(nameof(input.Token), CodeRedemption.LongestCode);
        if (!OneTimeCodes.Same(token, input.Token)) return new Error("setup.token", nameof(input.Token));

        var clean = AccountService.Clean(new NewAccount(input.Username, input.FirstName, input.LastName, input.Email, RoleId: Roles.Admin));
        var errors = AccountService.Check(clean);
        errors.AddRange(PasswordPolicy.Check(input.New, nameof(input.New), clean.Username, clean.Email));
        if (errors.Count == 0 && input.New != input.Again) errors.Add(new Error("password.again", nameof(input.Again)));
        if (errors.Count > 0) return errors;

        var hash = await passwords.HashAsync(input.New!, ct);
        var made = await store.WriteAsync<long>(
            CurrentUser.System with
            {
                IpAddress = input.IpAddress,
            },
            async (db, ct) =>
            {
                await db.LockAdminsAsync(ct);
                if (await db.HasAdminAsync(except: 0, ct)) return new Error("setup.done");
                if (await db.Users.AnyAsync(u => u.UserName == clean.Username, ct))
                    return new Error("account.username_taken", nameof(input.Username));
                if (clean.Email is not null && await db.Profiles.AnyAsync(p => p.Email == clean.Email, ct))
                    return new Error("account.email_taken", nameof(input.Email));
                var account = AccountService.NewUser(clean.Username!, Roles.Admin, UserState.Active, hash);
                db.Users.Add(account);
                db.Profiles.Add(AccountService.NewProfile(account, clean));
                await db.SaveChangesAsync(ct);

                // A new portal begins with what the office should have; an older one is asked for it by its administrator.
                var now = db.Clock.GetUtcNow().UtcDateTime;
                foreach (var role in await db.Roles.Where(r => r.Id == Roles.Admin || r.Id == Roles.Staff).ToListAsync(ct))
                    role.RequireTwoStep(role.TwoStepGraceDays, now);
                await db.WriteEventAsync("first_admin", "users", account.Id, null, ct);
                return account.Id;
            },
            ct
        );
        if (made.Ok)
        {
            Token = null;
            accounts.Forget();
        }

        return made;
    }
}

using System.Net.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Data.Access;
using Portal.Data.Api;
using Portal.Data.Audit;
using Portal.Data.People;

namespace Portal.Data.Identity;

/// <summary>An account to be made. The person sets the password, with the code.</summary>
/// <param name="Email">May be left out; then the username alone signs in.</param>
public sealed record NewAccount(
    string? Username, string? FirstName, string? LastName, string? Email, string? Phone = null, int RoleId = Roles.Owner,
    int? DocumentTypeId = null, string? DocumentNumber = null);

/// <summary>A code in clear, shown this once; only its hash is kept.</summary>
public sealed record IssuedCode(long AccountId, string Username, AccountCodeKind Kind, string Code, DateTime ExpiresAt);

/// <summary>
/// Makes accounts, hands out codes, changes role and status. Whoever may edit people may do so with residents' accounts; accounts of any
/// other role are
/// for who manages access, or clerks could hand themselves the administrator's.
/// </summary>
public sealed class AccountService(
    PortalStore store, CurrentUserSource accounts, SessionSource sessions, TimeProvider time, IOptions<AccountOptions> options)
{
    private readonly AccountOptions _options = options.Value;

    /// <summary>Makes an account that waits for its activation.</summary>
    /// <returns>Refusals: <c>required</c>, <c>too_long</c>, <c>account.username</c>, <c>account.username_taken</c>, <c>account.email</c>,
    /// <c>account.email_taken</c>, <c>forbidden</c>, <c>fresh.needed</c> for all but residents.</returns>
    public Task<Result<IssuedCode>> CreateAsync(NewAccount input, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(user, (db, token) => CreateAsync(db, input, user, token), ct);

    /// <inheritdoc cref="CreateAsync(NewAccount, CurrentUser, CancellationToken)"/>
    /// <remarks>Inside another write, such as making an owner.</remarks>
    public async Task<Result<IssuedCode>> CreateAsync(PortalDb db, NewAccount input, CurrentUser user, CancellationToken ct)
    {
        if (!MayManage(user, input.RoleId)) return Error.Forbidden;
        if (await NotFreshAsync(db, input.RoleId, user, ct) is { } stale) return stale;
        var clean = Clean(input);
        var errors = Check(clean);
        if (errors.Count > 0) return errors;
        if (await db.Users.AnyAsync(u => u.UserName == clean.Username, ct))
            errors.Add(new Error("account.username_taken", nameof(input.Username)));
        if (clean.Email is not null && await db.Profiles.AnyAsync(p => p.Email == clean.Email, ct))
            errors.Add(new Error("account.email_taken", nameof(input.Email)));
        if (!await db.Roles.AnyAsync(r => r.Id == input.RoleId, ct)) errors.Add(new Error("gone", nameof(input.RoleId)));
        if (errors.Count > 0) return errors;

        var account = NewUser(clean.Username!, clean.RoleId, UserState.Pending, passwordHash: "");
        db.Users.Add(account);
        db.Profiles.Add(NewProfile(account, clean));
        await db.SaveChangesAsync(ct);
        return await IssueAsync(db, account, ct);
    }

    /// <summary>
    /// Hands out a code: one that activates a waiting account, or else one that sets a new password. Earlier ones stop working.
    /// </summary>
    public Task<Result<IssuedCode>> IssueCodeAsync(long accountId, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync<IssuedCode>(user, async (db, token) =>
        {
            if (!user.Can(Permissions.PeopleEdit)) return Error.NotFound;
            await db.LockAccountAsync(accountId, token);
            var account = await db.Users.FirstOrDefaultAsync(u => u.Id == accountId, token);
            if (account is null) return Error.NotFound;
            if (!MayManage(user, account.RoleId)) return Error.Forbidden;

            if (await NotFreshAsync(db, account.RoleId, user, token) is { } stale) return stale;
            return await IssueAsync(db, account, token);
        }, ct);

    /// <summary>Gives an account another role; its sessions end.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>forbidden</c>, <c>fresh.needed</c>, <c>account.last_admin</c>.</returns>
    public Task<Result> SetRoleAsync(long accountId, int roleId, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(
            accountId,
            user,
            async (db, account, token) =>
            {
                if (!user.Can(Permissions.AccessManage)) return Error.Forbidden;
                if (await db.NotFreshAsync(user, token) is { } stale) return stale;
                if (!await db.Roles.AnyAsync(r => r.Id == roleId, token)) return new Error("gone", "RoleId");
                if (account.RoleId == Roles.Admin && roleId != Roles.Admin && !await db.HasAdminAsync(accountId, token))
                    return new Error("account.last_admin", "RoleId");
                if (account.RoleId == roleId) return Result.Done;
                account.RoleId = roleId;
                account.SecurityStamp = SessionStamp.New();
                await db.EndSessionsAsync(accountId, time.GetUtcNow().UtcDateTime, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Activates, deactivates or suspends an account; its sessions end.</summary>
    /// <returns>Refusals: <c>not_found</c>, <c>forbidden</c>, <c>fresh.needed</c> for all but residents,
    /// <c>account.last_admin</c>.</returns>
    public Task<Result> SetStatusAsync(long accountId, UserState state, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(
            accountId,
            user,
            async (db, account, token) =>
            {
                if (!MayManage(user, account.RoleId)) return Error.Forbidden;
                if (await NotFreshAsync(db, account.RoleId, user, token) is { } stale) return stale;
                if (!Enum.IsDefined(state)) return new Error("gone", "UserStatusId");
                if (account.RoleId == Roles.Admin && state != UserState.Active && !await db.HasAdminAsync(accountId, token))
                    return new Error("account.last_admin", "UserStatusId");
                if (account.UserStatusId == state) return Result.Done;
                account.UserStatusId = state;
                account.SecurityStamp = SessionStamp.New();
                if (state != UserState.Active) await db.SuspendKeysAsync(accountId, token);
                await db.EndSessionsAsync(accountId, time.GetUtcNow().UtcDateTime, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Ends every wait after wrong passwords before its time.</summary>
    public Task<Result> UnlockAsync(long accountId, CurrentUser user, CancellationToken ct) =>
        ChangeAsync(
            accountId,
            user,
            async (db, account, token) =>
            {
                if (!MayManage(user, account.RoleId)) return Error.Forbidden;
                if (await NotFreshAsync(db, account.RoleId, user, token) is { } stale) return stale;
                account.LockoutEnd = null;
                account.AccessFailedCount = 0;
                await SignInFailures.ClearAllAsync(db, accountId, token);
                await db.WriteEventAsync("account_unlocked", "users", accountId, null, token);
                return Result.Done;
            },
            ct
        );

    /// <summary>Of a resident it is daily work; of everybody else, a way to more rights.</summary>
    private static async Task<Error?> NotFreshAsync(PortalDb db, int roleId, CurrentUser user, CancellationToken ct) =>
        roleId == Roles.Owner ? null : await db.NotFreshAsync(user, ct);

    /// <summary>Remembers the person's own language, <c>es</c> or <c>en</c>.</summary>
    public Task<Result> SetLanguageAsync(string language, CurrentUser user, CancellationToken ct) =>
        store.WriteAsync(
            user,
            async (db, token) =>
            {
                if (language is not ("es" or "en")) return new Error("gone", "Language");
                if (user.AccountId is not { } id || await db.Users.FirstOrDefaultAsync(u => u.Id == id, token) is not { } account)
                    return Error.NotFound;
                account.Language = language;
                return Result.Done;
            },
            ct
        );

    /// <summary>Whether somebody may make, suspend or hand codes to accounts of a role.</summary>
    public static bool MayManage(CurrentUser user, int roleId) =>
        user.Can(Permissions.PeopleEdit) && (roleId == Roles.Owner || user.Can(Permissions.AccessManage));

    internal static User NewUser(string username, int roleId, UserState state, string passwordHash) => new()
    {
        UserName = username,
        NormalizedUserName = username.ToUpperInvariant(),
        RoleId = roleId,
        UserStatusId = state,
        PasswordHash = passwordHash,
        SecurityStamp = SessionStamp.New(),
    };

    internal static Profile NewProfile(User account, NewAccount input) => new()
    {
        User = account,
        FirstName = input.FirstName!,
        LastName = input.LastName!,
        Email = input.Email,
        Phone = input.Phone,
        DocumentTypeId = input.DocumentTypeId,
        DocumentNumber = input.DocumentNumber,
    };

    internal static NewAccount Clean(NewAccount input) => input with
    {
        Username = input.Username.TrimToNull(), FirstName = input.FirstName.TrimToNull(), LastName = input.LastName.TrimToNull(),
        Email = input.Email.TrimToNull(), Phone = input.Phone.TrimToNull(), DocumentNumber = input.DocumentNumber.TrimToNull(),
    };

    internal static List<Error> Check(NewAccount input)
    {
        var errors = new List<Error>();
        if (input.Username is null) errors.Add(Error.Required(nameof(input.Username)));
        else if (
            input.Username.Length is < 3 or > 50
            || !input.Username.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or '+')
            // What those are called who were erased.
            || input.Username.StartsWith("suprimida-", StringComparison.OrdinalIgnoreCase)
        )
        {
            errors.Add(new Error("account.username", nameof(input.Username)));
        }

        Length(input.FirstName, nameof(input.FirstName), 100, required: true);
        Length(input.LastName, nameof(input.LastName), 100, required: true);
        Length(input.Phone, nameof(input.Phone), 20);
        Length(input.DocumentNumber, nameof(input.DocumentNumber), 50);
        Length(input.Email, nameof(input.Email), 255);
        if (input.Email is not null && !IsAddress(input.Email)) errors.Add(new Error("account.email", nameof(input.Email)));
        return errors;

        void Length(string? value, string field, int most, bool required = false)
        {
            if (value is null && required) errors.Add(Error.Required(field));
            else if (value?.Length > most) errors.Add(Error.TooLong(field, most));
        }
    }

    internal static bool IsAddress(string text) =>
        MailAddress.TryCreate(text, out var address) && address.Address == text && address.Host.Contains('.', StringComparison.Ordinal);

    private async Task<Result> ChangeAsync(
        long accountId, CurrentUser user, Func<PortalDb, User, CancellationToken, Task<Result>> change, CancellationToken ct)
    {
        if (!user.Can(Permissions.PeopleEdit)) return Error.NotFound;
        var result = await store.WriteAsync(user, async (db, token) =>
        {
            await db.LockAdminsAsync(token);
            await db.LockAccountAsync(accountId, token);
            var account = await db.Users.FirstOrDefaultAsync(u => u.Id == accountId, token);
            return account is null ? Error.NotFound : await change(db, account, token);
        }, ct);
        if (!result.Ok) return result;
        accounts.Forget();
        sessions.Forget(accountId);
        return result;
    }

    /// <summary>
    /// A code for the account, in another write; those that lie around stop working. The caller has seen to it that it may be.
    /// </summary>
    internal async Task<IssuedCode> IssueAsync(PortalDb db, User account, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        foreach (var earlier in await db.AccountCodes.Where(c => c.UserId == account.Id && c.UsedAt == null).ToListAsync(ct))
            earlier.UsedAt = now;
        var kind = account.UserStatusId == UserState.Pending ? AccountCodeKind.Activation : AccountCodeKind.Reset;
        var code = OneTimeCodes.New();
        var expires = now + (kind == AccountCodeKind.Activation ? _options.ActivationLasts : _options.ResetLasts);
        db.AccountCodes.Add(
            new AccountCode
            {
                UserId = account.Id,
                Kind = kind,
                CodeHash = OneTimeCodes.HashOf(code),
                ExpiresAt = expires,
            }
        );
        await db.WriteEventAsync(
            "code_issued", "users", account.Id, new { kind = kind == AccountCodeKind.Activation ? "activation" : "reset" }, ct);
        return new IssuedCode(account.Id, account.UserName!, kind, code, expires);
    }
}

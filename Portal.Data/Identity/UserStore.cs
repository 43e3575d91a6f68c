using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Identity;

/// <summary>
/// ASP.NET Identity's accounts on the documented tables: the one role is <c>users.role_id</c>, the e-mail address is <c>profile.email</c>,
/// claims are the role's permissions and are given through <see cref="RoleStore"/>. There are none of Identity's tables for outside
/// sign-ins, tokens or passkeys (the portal's own are <see cref="Passkey"/>), and saying so here is better than a missing table found at
/// run time. Lives as long as one request; circuits use the services instead.
/// </summary>
public sealed class UserStore(PortalStore portal, IdentityErrorDescriber describer)
    : UserOnlyStore<User, PortalDb, long>(portal.Open(CurrentUser.System), describer), IUserRoleStore<User>, IDisposable
{
    /// <summary>Ends the context too, which the base class leaves to whoever made it.</summary>
    public new void Dispose()
    {
        base.Dispose();
        Context.Dispose();
    }

    /// <summary>By the username as stored: rows that another system adds after an adoption have no normalized one.</summary>
    public override Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken = default) =>
        Users.FirstOrDefaultAsync(u => u.UserName == normalizedUserName, cancellationToken);

    public override Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken = default) =>
        Users.FirstOrDefaultAsync(u => Context.Profiles.Any(p => p.UserId == u.Id && p.Email == normalizedEmail), cancellationToken);

    public override Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken = default) =>
        Context.Profiles.Where(p => p.UserId == user.Id).OrderBy(p => p.Id).Select(p => p.Email).FirstOrDefaultAsync(cancellationToken);

    /// <summary>
    /// What a session is bound to (<see cref="SessionStamp"/>), so that it also ends when another system changes the password or the role.
    /// </summary>
    public override Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken = default) =>
        Task.FromResult<string?>(SessionStamp.Of(user.SecurityStamp, user.PasswordHash, user.RoleId));

    /// <summary>The documented accounts are always open to lockout.</summary>
    public override Task<bool> GetLockoutEnabledAsync(User user, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public override Task<bool> GetTwoFactorEnabledAsync(User user, CancellationToken cancellationToken = default) => Task.FromResult(false);

    public async Task AddToRoleAsync(User user, string roleName, CancellationToken cancellationToken)
    {
        var role = await Context.Roles.FirstOrDefaultAsync(r => r.Name == roleName, cancellationToken)
            ?? throw new InvalidOperationException($"There is no role '{roleName}'; add it to the table roles first.");
        user.RoleId = role.Id;
    }

    /// <summary>Not possible: an account has exactly one role, and is given another with <see cref="AddToRoleAsync"/>.</summary>
    public Task RemoveFromRoleAsync(User user, string roleName, CancellationToken cancellationToken) =>
        throw new NotSupportedException("An account always has one role (users.role_id); give it another with AddToRoleAsync.");

    public async Task<IList<string>> GetRolesAsync(User user, CancellationToken cancellationToken) =>
        await Context.Roles.Where(r => r.Id == user.RoleId).Select(r => r.Name!).ToListAsync(cancellationToken);

    public Task<bool> IsInRoleAsync(User user, string roleName, CancellationToken cancellationToken) =>
        Context.Roles.AnyAsync(r => r.Id == user.RoleId && r.Name == roleName, cancellationToken);

    public async Task<IList<User>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken) =>
        await Users.Where(u => u.Role!.Name == roleName).ToListAsync(cancellationToken);

    /// <summary>An account has no claims of its own: what it may do comes from its role.</summary>
    public override Task<IList<Claim>> GetClaimsAsync(User user, CancellationToken cancellationToken = default) =>
        Task.FromResult<IList<Claim>>([]);

    public override async Task<IList<User>> GetUsersForClaimAsync(Claim claim, CancellationToken cancellationToken = default) =>
        claim.Type != PortalClaims.Permission
            ? []
            : await Users
                .Where(u => Context.RolePermissions.Any(rp => rp.RoleId == u.RoleId && rp.Permission!.Name == claim.Value))
                .ToListAsync(cancellationToken);

    public override Task AddClaimsAsync(User user, IEnumerable<Claim> claims, CancellationToken cancellationToken = default) =>
        throw RoleDecides();

    public override Task ReplaceClaimAsync(User user, Claim claim, Claim newClaim, CancellationToken cancellationToken = default) =>
        throw RoleDecides();

    public override Task RemoveClaimsAsync(User user, IEnumerable<Claim> claims, CancellationToken cancellationToken = default) =>
        throw RoleDecides();

    public override Task<IList<UserLoginInfo>> GetLoginsAsync(User user, CancellationToken cancellationToken = default) =>
        Task.FromResult<IList<UserLoginInfo>>([]);

    public override Task AddLoginAsync(User user, UserLoginInfo login, CancellationToken cancellationToken = default) => throw NoTable();

    public override Task RemoveLoginAsync(
        User user, string loginProvider, string providerKey, CancellationToken cancellationToken = default) => throw NoTable();

    public override Task<User?> FindByLoginAsync(string loginProvider, string providerKey, CancellationToken cancellationToken = default) =>
        Task.FromResult<User?>(null);

    protected override Task<IdentityUserToken<long>?> FindTokenAsync(
        User user, string loginProvider, string name,
        CancellationToken cancellationToken) => Task.FromResult<IdentityUserToken<long>?>(null);

    protected override Task AddUserTokenAsync(IdentityUserToken<long> token) => throw NoTable();

    protected override Task RemoveUserTokenAsync(IdentityUserToken<long> token) => throw NoTable();

    private static NotSupportedException RoleDecides() =>
        new("Claims are permissions and belong to roles; change role_permissions instead.");

    private static NotSupportedException NoTable() => new("The documented schema has no table for this; accounts sign in with a password.");
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Identity;

internal static class AccountQueries
{
    /// <summary>
    /// The account of a username or an e-mail address; both columns compare without case. Both are asked every time, so that what was found
    /// does not
    /// show in the time taken; a username wins over somebody else's address.
    /// </summary>
    public static async Task<long?> FindAccountIdAsync(this PortalDb db, string login, CancellationToken ct)
    {
        var byName = await db.Users.Where(u => u.UserName == login).Select(u => (long?)u.Id).FirstOrDefaultAsync(ct);
        var byEmail = await db.Profiles.Where(p => p.Email == login).Select(p => (long?)p.UserId).FirstOrDefaultAsync(ct);
        return byName ?? byEmail;
    }

    /// <summary>Holds an account's row until the transaction ends.</summary>
    public static Task LockAccountAsync(this PortalDb db, long accountId, CancellationToken ct) =>
        db.Users.LockAsync(accountId, ct);

    /// <summary>
    /// Holds the administrators' role until the transaction ends. Whoever makes or unmakes an administrator takes it first, before any
    /// account: two
    /// such changes wait for each other, and the second sees what the first left.
    /// </summary>
    public static Task LockAdminsAsync(this PortalDb db, CancellationToken ct) =>
        db.LockRoleAsync(Roles.Admin, ct);

    /// <summary>Holds a role's row until the transaction ends.</summary>
    public static Task LockRoleAsync(this PortalDb db, int roleId, CancellationToken ct) =>
        db.Roles.Where(r => r.Id == roleId).Select(r => r.Id).ForUpdate().ToListAsync(ct);

    /// <summary>
    /// Whether an administrator is left who can sign in, leaving one account out. True only while <see cref="LockAdminsAsync"/> is held.
    /// </summary>
    public static Task<bool> HasAdminAsync(this PortalDb db, long except, CancellationToken ct) =>
        db.Users.AnyAsync(u => u.RoleId == Roles.Admin && u.UserStatusId == UserState.Active && u.Id != except, ct);
}

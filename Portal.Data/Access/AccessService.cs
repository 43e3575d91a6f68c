using Microsoft.EntityFrameworkCore;
using Portal.Data.Identity;

namespace Portal.Data.Access;

/// <param name="People">Accounts that have it and are active.</param>
/// <param name="TwoStepRequired">Who has it needs a second step at the sign-in.</param>
/// <param name="GraceDays">For who has none yet.</param>
/// <param name="WithTwoStep">How many of <paramref name="People"/> have one.</param>
public sealed record RoleColumn(int Id, string Name, int People, bool TwoStepRequired, int GraceDays, int WithTwoStep);

public sealed record PermissionRow(long Id, string Name, string? Description);

/// <param name="On">Off, its permissions count as given to nobody.</param>
/// <param name="Permissions">In the order in which the portal knows them; what an adopted database adds comes last.</param>
public sealed record ModuleRows(string Name, bool On, IReadOnlyList<PermissionRow> Permissions);

/// <summary>What each role may do.</summary>
public sealed record AccessMatrix(
    IReadOnlyList<RoleColumn> Roles, IReadOnlyList<ModuleRows> Modules, IReadOnlySet<(int RoleId, long PermissionId)> Granted);

/// <summary>
/// Says what each role may do. Everything here needs <see cref="Permissions.AccessManage"/>; the administrators always keep it.
/// </summary>
public sealed class AccessService(PortalStore store, CurrentUserSource accounts, TimeProvider time)
{
    public const int MostGraceDays = 60;

    private static readonly List<string> Known = [.. Permissions.All];

    /// <summary>What the administrators cannot lose: without these two nobody could give a role or a permission back.</summary>
    public static bool AlwaysKept(int roleId, string permission) =>
        roleId == Roles.Admin && permission is (Permissions.AccessManage or Permissions.PeopleEdit);

    /// <returns>Null for who does not manage access.</returns>
    public async Task<AccessMatrix?> MatrixAsync(CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AccessManage)) return null;
        await using var db = await store.OpenAsync(user, ct);
        var roles = await db
            .Roles.AsNoTracking()
            .OrderBy(r => r.Id)
            .Select(r => new RoleColumn(r.Id, r.Name!, db.Users.Count(u => u.RoleId == r.Id && u.UserStatusId == UserState.Active),
                r.TwoStepRequired, r.TwoStepGraceDays,
                db.Users.Count(u => u.RoleId == r.Id && u.UserStatusId == UserState.Active
                    && (db.SecondFactors.Any(f => f.UserId == u.Id && f.ConfirmedAt != null) || db.Passkeys.Any(p => p.UserId == u.Id)))))
            .ToListAsync(ct);
        var permissions = await db
            .Permissions.AsNoTracking()
            .Select(p => new
            {
                p.Id,
                p.Name,
                p.Description,
                p.Module,
            })
            .ToListAsync(ct);
        var granted = await db.RolePermissions.AsNoTracking().Select(g => new { g.RoleId, g.PermissionId }).ToListAsync(ct);
        var off = await db.ModulesOff().Select(m => m.Name).ToListAsync(ct);
        var modules = permissions
            .OrderBy(p => Known.IndexOf(p.Name) is var at && at < 0 ? int.MaxValue : at)
            .ThenBy(p => p.Name, StringComparer.Ordinal)
            .GroupBy(p => p.Module ?? p.Name.Split('.')[0])
            .Select(g => new ModuleRows(g.Key, !off.Contains(g.Key), [.. g.Select(p => new PermissionRow(p.Id, p.Name, p.Description))]));
        return new AccessMatrix(roles, [.. modules], granted.Select(g => (g.RoleId, g.PermissionId)).ToHashSet());
    }

    /// <summary>Allows a role something, or no longer. It holds at once, for people who are signed in too.</summary>
    /// <returns>Refusals: <c>forbidden</c>, <c>fresh.needed</c>, <c>gone</c>, <c>access.admin_keeps</c>.</returns>
    public async Task<Result> SetAsync(int roleId, long permissionId, bool allowed, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AccessManage)) return Error.Forbidden;
        var result = await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            await db.LockRoleAsync(roleId, token);
            var permission = await db.Permissions.AsNoTracking().FirstOrDefaultAsync(p => p.Id == permissionId, token);
            if (permission is null || !await db.Roles.AnyAsync(r => r.Id == roleId, token)) return new Error("gone");
            if (!allowed && AlwaysKept(roleId, permission.Name)) return new Error("access.admin_keeps");
            var there = await db.RolePermissions.Where(g => g.RoleId == roleId && g.PermissionId == permissionId).ToListAsync(token);
            if (!allowed) db.RolePermissions.RemoveRange(there);
            else if (there.Count == 0) db.RolePermissions.Add(new RolePermission { RoleId = roleId, PermissionId = permissionId });
            return Result.Done;
        }, ct);
        if (result.Ok) accounts.Forget();
        return result;
    }

    /// <summary>
    /// Asks everybody of a role for a second step at the sign-in, or no longer. Who has none is led to set one up, at the latest when the
    /// days of grace are over, and can do nothing else from then on.
    /// </summary>
    /// <param name="graceDays">From 0 to <see cref="MostGraceDays"/>.</param>
    /// <returns>Refusals: <c>forbidden</c>, <c>fresh.needed</c>, <c>gone</c>, <c>access.grace</c>.</returns>
    public async Task<Result> RequireTwoStepAsync(int roleId, bool required, int graceDays, CurrentUser user, CancellationToken ct)
    {
        if (!user.Can(Permissions.AccessManage)) return Error.Forbidden;
        if (graceDays is < 0 or > MostGraceDays) return new Error("access.grace", null, MostGraceDays);
        var result = await store.WriteAsync(user, async (db, token) =>
        {
            if (await db.NotFreshAsync(user, token) is { } stale) return stale;
            await db.LockRoleAsync(roleId, token);
            if (await db.Roles.FirstOrDefaultAsync(r => r.Id == roleId, token) is not { } role) return new Error("gone");
            if (required) role.RequireTwoStep(graceDays, time.GetUtcNow().UtcDateTime);
            else role.WaiveTwoStep();
            return Result.Done;
        }, ct);
        if (result.Ok) accounts.Forget();
        return result;
    }
}

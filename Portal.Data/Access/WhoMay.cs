using Portal.Data.Identity;

namespace Portal.Data.Access;

internal static class WhoMay
{
    /// <summary>The accounts in use whose role has a permission; nobody's where its module is off.</summary>
    public static IQueryable<User> UsersWith(this PortalDb db, string permission) => db.Users.Where(u =>
        u.UserStatusId == UserState.Active && db.RolePermissions.Any(r => r.RoleId == u.RoleId && r.Permission!.Name == permission
            && !db.Modules.Any(m => !m.Enabled && m.Name == r.Permission.Module && ModuleService.Switchable.Contains(m.Name))));
}

using Microsoft.EntityFrameworkCore;
using Portal.Data.Identity;

namespace Portal.Data.Access;

internal static class WhoMay
{
    /// <summary>The modules that are off. Whatever a row says of others, they are on.</summary>
    public static IQueryable<Module> ModulesOff(this PortalDb db) =>
        db.Modules.AsNoTracking().Where(m => !m.Enabled && ModuleService.Switchable.Contains(m.Name));

    /// <summary>The accounts in use whose role has a permission; nobody's where its module is off.</summary>
    public static IQueryable<User> UsersWith(this PortalDb db, string permission)
    {
        var off = db.ModulesOff();
        return db.Users.Where(u => u.UserStatusId == UserState.Active && db.RolePermissions.Any(r =>
            r.RoleId == u.RoleId && r.Permission!.Name == permission && !off.Any(m => m.Name == r.Permission.Module)));
    }
}

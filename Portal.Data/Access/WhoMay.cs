using Portal.Data.Identity;

namespace Portal.Data.Access;

internal static class WhoMay
{
    /// <summary>The accounts in use whose role has a permission.</summary>
    public static IQueryable<User> UsersWith(this PortalDb db, string permission) => db.Users.Where(u =>
        u.UserStatusId == UserState.Active && db.RolePermissions.Any(r => r.RoleId == u.RoleId && r.Permission!.Name == permission));
}

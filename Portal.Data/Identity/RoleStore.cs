using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Portal.Data.Access;

namespace Portal.Data.Identity;

/// <summary>
/// ASP.NET Identity's roles on <c>roles</c>; their claims are the names in <c>permissions</c> that <c>role_permissions</c> gives them.
/// </summary>
public sealed class RoleStore(PortalStore portal, IdentityErrorDescriber describer)
    : RoleStore<Role, PortalDb, int>(portal.Open(CurrentUser.System), describer), IDisposable
{
    /// <inheritdoc cref="UserStore.Dispose"/>
    public new void Dispose()
    {
        base.Dispose();
        Context.Dispose();
    }

    /// <inheritdoc cref="UserStore.FindByNameAsync"/>
    public override Task<Role?> FindByNameAsync(string normalizedName, CancellationToken cancellationToken = default) =>
        Roles.FirstOrDefaultAsync(r => r.Name == normalizedName, cancellationToken);

    public override async Task<IList<Claim>> GetClaimsAsync(Role role, CancellationToken cancellationToken = default) =>
        await Context.RolePermissions.Where(rp => rp.RoleId == role.Id).OrderBy(rp => rp.Permission!.Name)
            .Select(rp => new Claim(PortalClaims.Permission, rp.Permission!.Name)).ToListAsync(cancellationToken);

    public override async Task AddClaimAsync(Role role, Claim claim, CancellationToken cancellationToken = default)
    {
        var permission = await FindAsync(claim, cancellationToken);
        if (await Context.RolePermissions.AnyAsync(rp => rp.RoleId == role.Id && rp.PermissionId == permission.Id, cancellationToken))
            return;
        Context.RolePermissions.Add(new RolePermission { RoleId = role.Id, PermissionId = permission.Id });
    }

    public override async Task RemoveClaimAsync(Role role, Claim claim, CancellationToken cancellationToken = default)
    {
        var permission = await FindAsync(claim, cancellationToken);
        Context.RolePermissions.RemoveRange(await Context.RolePermissions
            .Where(rp => rp.RoleId == role.Id && rp.PermissionId == permission.Id).ToListAsync(cancellationToken));
    }

    private async Task<Permission> FindAsync(Claim claim, CancellationToken ct) =>
        claim.Type == PortalClaims.Permission
        && await Context.Permissions.FirstOrDefaultAsync(p => p.Name == claim.Value, ct) is { } permission
            ? permission
            : throw new InvalidOperationException(
                $"There is no permission '{claim.Value}'; claims of a role are names of the table permissions, of type '{PortalClaims.Permission}'."
            );
}

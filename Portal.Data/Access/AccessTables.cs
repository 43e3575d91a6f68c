using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Access;

internal sealed class RolesTable : IEntityTypeConfiguration<Role>
{
    public void Configure(EntityTypeBuilder<Role> table)
    {
        table.Property(r => r.Name).HasMaxLength(50).IsRequired();
        table.Property(r => r.NormalizedName).HasMaxLength(50);
        table.Property(r => r.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();
    }
}

internal sealed class RolePermissionsTable : IEntityTypeConfiguration<RolePermission>
{
    public void Configure(EntityTypeBuilder<RolePermission> table) =>
        table.HasIndex(p => new { p.RoleId, p.PermissionId }).IsUnique().HasDatabaseName("unique_role_permission");
}

internal sealed class PermissionsTable : IEntityTypeConfiguration<Permission>
{
    public void Configure(EntityTypeBuilder<Permission> table) =>
        table.HasIndex(p => p.Name).IsUnique().HasDatabaseName("uq_permissions_name");
}

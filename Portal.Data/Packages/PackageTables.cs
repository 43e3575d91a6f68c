using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Packages;

internal sealed class PackagesTable : IEntityTypeConfiguration<Package>
{
    public void Configure(EntityTypeBuilder<Package> table) =>
        table.HasIndex(p => p.Status).HasDatabaseName("idx_packages_status");
}

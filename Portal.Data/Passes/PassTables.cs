using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Passes;

internal sealed class PassesTable : IEntityTypeConfiguration<Pass>
{
    public void Configure(EntityTypeBuilder<Pass> table)
    {
        table.HasIndex(p => p.Token).IsUnique().HasDatabaseName("uq_passes_token");
        table.HasIndex(p => p.Code);
        table.HasIndex(p => new { p.HostId, p.EndsAt }).HasDatabaseName("idx_passes_host");
        table.HasIndex(p => p.EndsAt);
        table.HasIndex(p => p.LicensePlateKey);
    }
}

internal sealed class PassGuestsTable : IEntityTypeConfiguration<PassGuest>
{
    public void Configure(EntityTypeBuilder<PassGuest> table)
    {
        table.HasIndex(g => g.Token).IsUnique().HasDatabaseName("uq_pass_guests_token");
        table.HasIndex(g => g.Code);
    }
}

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

internal sealed class GateBlocksTable : IEntityTypeConfiguration<GateBlock>
{
    public void Configure(EntityTypeBuilder<GateBlock> table)
    {
        table.HasIndex(b => b.IdentificationKey);
        table.HasIndex(b => b.LicensePlateKey);
    }
}

internal sealed class GateApprovalsTable : IEntityTypeConfiguration<GateApproval>
{
    public void Configure(EntityTypeBuilder<GateApproval> table)
    {
        table.HasIndex(a => a.ClientKey).IsUnique().HasDatabaseName("uq_gate_approvals_client_key");
        table.HasIndex(a => new { a.ApartmentId, a.AskedAt }).HasDatabaseName("idx_gate_approvals_apartment");
        table.HasIndex(a => a.VisitorId).HasDatabaseName("idx_gate_approvals_visitor");
    }
}

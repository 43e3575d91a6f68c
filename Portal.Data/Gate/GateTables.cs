using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Data.Packages;

namespace Portal.Data.Gate;

internal sealed class VisitorsTable : IEntityTypeConfiguration<Visitor>
{
    public void Configure(EntityTypeBuilder<Visitor> table)
    {
        table.HasIndex(v => v.VisitDate).HasDatabaseName("idx_visitors_date");
        table.HasIndex(v => new { v.State, v.VisitDate }).HasDatabaseName("idx_visitors_state_date");
        table.HasIndex(v => v.PassCode).HasDatabaseName("idx_visitors_pass_code");
        table.HasIndex(v => v.IdentificationKey);
        table.HasIndex(v => v.LicensePlateKey);
        table.HasIndex(v => v.Name);
        table.HasIndex(v => v.ClientKey).IsUnique().HasDatabaseName("uq_visitors_client_key");
    }
}

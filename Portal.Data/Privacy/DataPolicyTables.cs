using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Privacy;

internal sealed class DataPoliciesTable : IEntityTypeConfiguration<DataPolicy>
{
    public void Configure(EntityTypeBuilder<DataPolicy> table)
    {
        table.HasIndex(p => p.Version).IsUnique().HasDatabaseName("uq_data_policies_version");
        table.HasOne(p => p.Publisher).WithMany().HasForeignKey(p => p.PublishedBy);
    }
}

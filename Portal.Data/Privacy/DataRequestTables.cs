using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Privacy;

internal sealed class DataRequestsTable : IEntityTypeConfiguration<DataRequest>
{
    public void Configure(EntityTypeBuilder<DataRequest> table)
    {
        table.HasIndex(r => r.Number).IsUnique().HasDatabaseName("uq_data_requests_number");
        table.HasIndex(r => new { r.State, r.DueOn });
        table.HasMany(r => r.Entries).WithOne(e => e.Request).HasForeignKey(e => e.RequestId);
    }
}

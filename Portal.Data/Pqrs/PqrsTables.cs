using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Pqrs;

internal sealed class PqrsTable : IEntityTypeConfiguration<PqrsCase>
{
    public void Configure(EntityTypeBuilder<PqrsCase> table)
    {
        table.HasOne(p => p.Assignee).WithMany().HasForeignKey(p => p.AssignedTo);
        table.HasMany(p => p.Tracking).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
        table.HasMany(p => p.Pauses).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
        table.HasIndex(p => p.StatusId).HasDatabaseName("idx_pqrs_status");
        table.HasIndex(p => p.Number).IsUnique().HasDatabaseName("uq_pqrs_number");
        table.HasIndex(p => p.VerificationCode).IsUnique().HasDatabaseName("uq_pqrs_verification_code");
        table.HasIndex(p => new { p.StatusId, p.DueOn }).HasDatabaseName("idx_pqrs_status_due");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Audit;

internal sealed class AuditLogTable : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> table)
    {
        table.HasIndex(e => new { e.TableName, e.RecordId }).HasDatabaseName("idx_audit_log_record");
        table.HasIndex(e => e.CreatedAt).HasDatabaseName("idx_audit_log_created_at");
        table.HasIndex(e => e.UserId).HasDatabaseName("idx_audit_log_user");
        table.HasIndex(e => new { e.Severity, e.Id }).HasDatabaseName("idx_audit_log_severity");
        table.HasIndex(e => e.Operation).HasDatabaseName("idx_audit_log_operation");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Pqrs;

internal sealed class PqrsTable : IEntityTypeConfiguration<PqrsCase>
{
    public void Configure(EntityTypeBuilder<PqrsCase> table)
    {
        table.HasOne(p => p.Assignee).WithMany().HasForeignKey(p => p.AssignedTo);
        table.HasOne(p => p.MergedInto).WithMany().HasForeignKey(p => p.MergedIntoId);
        table.HasMany(p => p.Tracking).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
        table.HasMany(p => p.Pauses).WithOne(t => t.Pqrs).HasForeignKey(t => t.PqrsId);
        table.HasIndex(p => p.StatusId).HasDatabaseName("idx_pqrs_status");
        table.HasIndex(p => p.Number).IsUnique().HasDatabaseName("uq_pqrs_number");
        table.HasIndex(p => p.VerificationCode).IsUnique().HasDatabaseName("uq_pqrs_verification_code");
        table.HasIndex(p => new { p.StatusId, p.DueOn }).HasDatabaseName("idx_pqrs_status_due");
        table.HasIndex(p => p.MergedIntoId).HasDatabaseName("idx_pqrs_merged_into");
        table.HasIndex(p => new { p.Title, p.Description }).IsFullText().HasDatabaseName("ft_pqrs");
    }
}

internal sealed class PqrsTrackingTable : IEntityTypeConfiguration<PqrsTracking>
{
    public void Configure(EntityTypeBuilder<PqrsTracking> table)
    {
        table.HasIndex(t => new { t.CreatedAt, t.PqrsId }).HasDatabaseName("idx_pqrs_tracking_created");
        table.HasIndex(t => t.Comments).IsFullText().HasDatabaseName("ft_pqrs_tracking");
    }
}

internal sealed class PqrsAlarmTable : IEntityTypeConfiguration<PqrsAlarm>
{
    public void Configure(EntityTypeBuilder<PqrsAlarm> table) =>
        table.HasIndex(a => new { a.PqrsId, a.DueOn, a.Step }).IsUnique().HasDatabaseName("uq_pqrs_alarms");
}

internal sealed class PqrsCannedAnswerTable : IEntityTypeConfiguration<PqrsCannedAnswer>
{
    public void Configure(EntityTypeBuilder<PqrsCannedAnswer> table) =>
        table.HasIndex(a => a.Title).IsUnique().HasDatabaseName("uq_pqrs_canned_answers_title");
}

internal sealed class PqrsFilterTable : IEntityTypeConfiguration<PqrsFilter>
{
    public void Configure(EntityTypeBuilder<PqrsFilter> table) =>
        table.HasIndex(f => new { f.UserId, f.Name }).IsUnique().HasDatabaseName("uq_pqrs_filters_name");
}

internal sealed class PqrsTurnTable : IEntityTypeConfiguration<PqrsTurn>
{
    public void Configure(EntityTypeBuilder<PqrsTurn> table)
    {
        table.Property(t => t.LastAt).HasColumnType("timestamp(6)");
        table.HasIndex(t => new { t.CategoryId, t.UserId }).IsUnique().HasDatabaseName("uq_pqrs_turns");
    }
}

internal sealed class PqrsPresenceTable : IEntityTypeConfiguration<PqrsPresence>
{
    public void Configure(EntityTypeBuilder<PqrsPresence> table) =>
        table.HasIndex(p => new { p.PqrsId, p.UserId }).IsUnique().HasDatabaseName("uq_pqrs_presence");
}

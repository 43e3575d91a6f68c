using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Operations;

internal sealed class SettingsTable : IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Setting> table) =>
        table.HasIndex(s => s.Name).IsUnique().HasDatabaseName("uq_settings_name");
}

internal sealed class SequencesTable : IEntityTypeConfiguration<Sequence>
{
    public void Configure(EntityTypeBuilder<Sequence> table) =>
        table.HasIndex(s => new { s.Name, s.Year }).IsUnique().HasDatabaseName("uq_sequences_name_year");
}

internal sealed class DailyFiguresTable : IEntityTypeConfiguration<DailyFigure>
{
    public void Configure(EntityTypeBuilder<DailyFigure> table) =>
        table.HasIndex(f => new { f.Name, f.Day }).IsUnique().HasDatabaseName("uq_daily_figures_name_day");
}

internal sealed class TableSizesTable : IEntityTypeConfiguration<TableSize>
{
    public void Configure(EntityTypeBuilder<TableSize> table) =>
        table.HasIndex(s => new { s.Day, s.Name }).IsUnique().HasDatabaseName("uq_table_sizes_day_name");
}

internal sealed class JobsTable : IEntityTypeConfiguration<Job>
{
    public void Configure(EntityTypeBuilder<Job> table)
    {
        table.HasIndex(j => new { j.State, j.RunAt }).HasDatabaseName("idx_jobs_state_run");
        table.HasIndex(j => j.UniqueKey).IsUnique().HasDatabaseName("uq_jobs_unique_key");
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Gate;

internal sealed class GateTerminalsTable : IEntityTypeConfiguration<GateTerminal>
{
    public void Configure(EntityTypeBuilder<GateTerminal> table)
    {
        table.HasIndex(t => t.CodeHash).IsUnique().HasDatabaseName("uq_gate_terminals_code_hash");
        table.HasIndex(t => t.SecretHash).IsUnique().HasDatabaseName("uq_gate_terminals_secret_hash");
    }
}

internal sealed class GatePinsTable : IEntityTypeConfiguration<GatePin>
{
    public void Configure(EntityTypeBuilder<GatePin> table) =>
        table.HasOne(p => p.User).WithOne().HasForeignKey<GatePin>(p => p.UserId);
}

internal sealed class GateEventsTable : IEntityTypeConfiguration<GateEvent>
{
    public void Configure(EntityTypeBuilder<GateEvent> table)
    {
        table.HasIndex(e => new { e.TerminalId, e.At }).HasDatabaseName("idx_gate_events_terminal");
        table.HasIndex(e => e.VisitorId);
    }
}

internal sealed class GateConflictsTable : IEntityTypeConfiguration<GateConflict>
{
    public void Configure(EntityTypeBuilder<GateConflict> table) =>
        table.HasIndex(c => new { c.SettledAt, c.OpenedAt }).HasDatabaseName("idx_gate_conflicts_settled_at");
}

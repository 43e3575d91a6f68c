using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.OnlinePayments;

internal sealed class OnlinePaymentsTable : IEntityTypeConfiguration<OnlinePayment>
{
    public void Configure(EntityTypeBuilder<OnlinePayment> table)
    {
        table.HasIndex(p => p.Code).IsUnique().HasDatabaseName("uq_online_payments_code");
        table.HasIndex(p => new { p.Provider, p.ProviderId }).IsUnique().HasDatabaseName("uq_online_payments_provider");
        table.HasIndex(p => new { p.State, p.AskedAt }).HasDatabaseName("idx_online_payments_state");
    }
}

internal sealed class OnlineEventsTable : IEntityTypeConfiguration<OnlineEvent>
{
    public void Configure(EntityTypeBuilder<OnlineEvent> table) =>
        table.HasIndex(e => new { e.Provider, e.EventId }).IsUnique().HasDatabaseName("uq_online_events_event");
}

internal sealed class OnlineSettlementsTable : IEntityTypeConfiguration<OnlineSettlement>
{
    public void Configure(EntityTypeBuilder<OnlineSettlement> table) =>
        table.HasIndex(s => new { s.Provider, s.SettlementId }).IsUnique().HasDatabaseName("uq_online_settlements_settlement");
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Maintenance;

internal sealed class AssetsTable : IEntityTypeConfiguration<Asset>
{
    public void Configure(EntityTypeBuilder<Asset> table)
    {
        table.HasIndex(a => a.Code).IsUnique().HasDatabaseName("uq_assets_code");
        table.HasIndex(a => a.Name).HasDatabaseName("idx_assets_name");
        table.HasIndex(a => a.Kind).HasDatabaseName("idx_assets_kind");
    }
}

internal sealed class InspectionKindsTable : IEntityTypeConfiguration<InspectionKind>
{
    public void Configure(EntityTypeBuilder<InspectionKind> table) =>
        table.HasIndex(k => k.Name).IsUnique().HasDatabaseName("uq_inspection_kinds_name");
}

internal sealed class InspectionDutiesTable : IEntityTypeConfiguration<InspectionDuty>
{
    public void Configure(EntityTypeBuilder<InspectionDuty> table) =>
        table.HasIndex(d => new { d.AssetId, d.KindId }).IsUnique().HasDatabaseName("uq_inspection_duties_asset_kind");
}

internal sealed class InspectionsTable : IEntityTypeConfiguration<Inspection>
{
    public void Configure(EntityTypeBuilder<Inspection> table) =>
        table.HasIndex(i => new { i.DutyId, i.DoneOn }).HasDatabaseName("idx_inspections_duty_done");
}

internal sealed class WorkOrdersTable : IEntityTypeConfiguration<WorkOrder>
{
    public void Configure(EntityTypeBuilder<WorkOrder> table)
    {
        table.HasIndex(o => o.Number).IsUnique().HasDatabaseName("uq_work_orders_number");
        table.HasIndex(o => new { o.Status, o.DueOn }).HasDatabaseName("idx_work_orders_status_due");
        table.HasIndex(o => new { o.SupplierId, o.ApprovedOn }).HasDatabaseName("idx_work_orders_supplier_approved");
    }
}

internal sealed class WorkOrderChecksTable : IEntityTypeConfiguration<WorkOrderCheck>
{
    public void Configure(EntityTypeBuilder<WorkOrderCheck> table) =>
        table.HasIndex(c => new { c.OrderId, c.Position }).IsUnique().HasDatabaseName("uq_work_order_checks_order_position");
}

internal sealed class WorkOrderQuotesTable : IEntityTypeConfiguration<WorkOrderQuote>
{
    public void Configure(EntityTypeBuilder<WorkOrderQuote> table) =>
        table.HasIndex(q => new { q.OrderId, q.SupplierId }).IsUnique().HasDatabaseName("uq_work_order_quotes_order_supplier");
}

internal sealed class WorkOrderCasesTable : IEntityTypeConfiguration<WorkOrderCase>
{
    public void Configure(EntityTypeBuilder<WorkOrderCase> table) =>
        table.HasIndex(c => new { c.OrderId, c.PqrsId }).IsUnique().HasDatabaseName("uq_work_order_cases_order_pqrs");
}

internal sealed class WorkOrderExpensesTable : IEntityTypeConfiguration<WorkOrderExpense>
{
    public void Configure(EntityTypeBuilder<WorkOrderExpense> table) =>
        table.HasIndex(e => e.ExpenseId).IsUnique().HasDatabaseName("uq_work_order_expenses_expense");
}

internal sealed class MaintenancePlansTable : IEntityTypeConfiguration<MaintenancePlan>
{
    public void Configure(EntityTypeBuilder<MaintenancePlan> table) =>
        table.HasIndex(p => new { p.Active, p.NextOn }).HasDatabaseName("idx_maintenance_plans_active_next");
}

internal sealed class PlanOccurrencesTable : IEntityTypeConfiguration<PlanOccurrence>
{
    public void Configure(EntityTypeBuilder<PlanOccurrence> table)
    {
        table.HasIndex(o => new { o.PlanId, o.DueOn }).IsUnique().HasDatabaseName("uq_plan_occurrences_plan_due");
        table.HasIndex(o => o.OrderId).IsUnique().HasDatabaseName("uq_plan_occurrences_order");
    }
}

internal sealed class AssetMetersTable : IEntityTypeConfiguration<AssetMeter>
{
    public void Configure(EntityTypeBuilder<AssetMeter> table) =>
        table.HasIndex(m => new { m.AssetId, m.Name }).IsUnique().HasDatabaseName("uq_asset_meters_asset_name");
}

internal sealed class AssetReadingsTable : IEntityTypeConfiguration<AssetReading>
{
    public void Configure(EntityTypeBuilder<AssetReading> table) =>
        table.HasIndex(r => new { r.MeterId, r.ReadOn }).IsUnique().HasDatabaseName("uq_asset_readings_meter_read");
}

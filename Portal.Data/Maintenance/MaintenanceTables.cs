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

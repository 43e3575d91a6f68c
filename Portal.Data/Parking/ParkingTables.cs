using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Parking;

internal sealed class ParkingTable : IEntityTypeConfiguration<ParkingSpace>
{
    public void Configure(EntityTypeBuilder<ParkingSpace> table)
    {
        table.HasIndex(p => p.SpaceNumber).IsUnique().HasDatabaseName("uq_parking_space_number");
        table.HasIndex(p => p.LicensePlateKey);
        table.HasOne(p => p.Level).WithMany().OnDelete(DeleteBehavior.SetNull);
    }
}

internal sealed class ParkingLevelsTable : IEntityTypeConfiguration<ParkingLevel>
{
    public void Configure(EntityTypeBuilder<ParkingLevel> table) =>
        table.HasIndex(l => l.Name).IsUnique().HasDatabaseName("uq_parking_levels_name");
}

internal sealed class VehiclesTable : IEntityTypeConfiguration<Vehicle>
{
    public void Configure(EntityTypeBuilder<Vehicle> table)
    {
        table.HasIndex(v => v.LicensePlateKey).IsUnique().HasDatabaseName("uq_vehicles_license_plate_key");
        table.HasOne(v => v.Apartment).WithMany().OnDelete(DeleteBehavior.Cascade);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Parking;

internal sealed class ParkingTable : IEntityTypeConfiguration<ParkingSpace>
{
    public void Configure(EntityTypeBuilder<ParkingSpace> table)
    {
        table.HasIndex(p => p.SpaceNumber).IsUnique().HasDatabaseName("uq_parking_space_number");
        table.HasIndex(p => p.LicensePlateKey);
    }
}

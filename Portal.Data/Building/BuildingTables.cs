using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Building;

internal sealed class ApartmentsTable : IEntityTypeConfiguration<Apartment>
{
    public void Configure(EntityTypeBuilder<Apartment> table)
    {
        table.HasIndex(a => new { a.ApartmentNumber, a.TowerId }).IsUnique().HasDatabaseName("chk_unique_apartment_tower");
        table.HasIndex(a => new { a.NumberKey, a.TowerId }).HasDatabaseName("idx_apartments_number_key");
    }
}

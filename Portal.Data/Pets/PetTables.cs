using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.Pets;

internal sealed class PetPhotosTable : IEntityTypeConfiguration<PetPhoto>
{
    public void Configure(EntityTypeBuilder<PetPhoto> table)
    {
        table.HasOne(p => p.Pet).WithOne().HasForeignKey<PetPhoto>(p => p.PetId);
        table.HasIndex(p => p.PetId).IsUnique().HasDatabaseName("uq_pet_photos_pet");
    }
}

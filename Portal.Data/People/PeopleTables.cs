using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Portal.Data.People;

internal sealed class ProfilesTable : IEntityTypeConfiguration<Profile>
{
    public void Configure(EntityTypeBuilder<Profile> table)
    {
        table.HasIndex(p => p.UserId).IsUnique().HasDatabaseName("uq_profile_user");
        table.HasIndex(p => p.Email).IsUnique().HasDatabaseName("email");
        table.HasIndex(p => p.DocumentNumberKey);
        table.HasIndex(p => new { p.FirstName, p.LastName }).HasDatabaseName("ft_profile_name");
    }
}

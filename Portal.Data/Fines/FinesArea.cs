using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.DependencyInjection;

namespace Portal.Data.Fines;

internal sealed class FinesArea : DataArea
{
    public override void Register(IServiceCollection services) => services
        .AddScoped<FineService>()
        .AddScoped<FineDesk>();
}

internal sealed class FinesTable : IEntityTypeConfiguration<Fine>
{
    public void Configure(EntityTypeBuilder<Fine> table)
    {
        table.HasIndex(f => f.Number).IsUnique().HasDatabaseName("uq_fines_number");
        table.HasIndex(f => f.ChargeId).IsUnique().HasDatabaseName("uq_fines_charge");
        table.HasIndex(f => new { f.ApartmentId, f.DecidedOn }).HasDatabaseName("idx_fines_apartment");
        table.HasIndex(f => f.State);
    }
}
